"""Ready sweeps that show what each parameter does, on any backend and on the built-in model too."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from workers_ai import ChatRequest, Message, Parameters

from .sweeps.axis import Axis
from .sweeps.sweep import Sweep


@dataclass(frozen=True, slots=True)
class Lesson:
    """One question, asked with several values of a parameter."""

    title: str
    prompt: str
    sweep: Sweep
    look: str
    """What to look at, in two sentences. They are true on the built-in model."""

    parameters: Parameters = Parameters()  # noqa: RUF009 - it cannot be changed
    """What is set besides, the same for every cell."""

    @property
    def request(self) -> ChatRequest:
        """What is swept."""
        return ChatRequest(
            messages=[Message(role="user", content=self.prompt)], **self.parameters.body()
        )


_PIZZA = "Why is pizza so good?"
_PEP_8 = "Tell me all about PEP-8"
_SONG = "Repeat exactly: row, row, row your boat, row, row, row to the sea, row, row, row and sing"


def _values(parameter: str, *values: float, samples: int = 5) -> Sweep:
    return Sweep([Axis(parameter, values)], samples, "per sample")


LESSONS: Mapping[str, Lesson] = MappingProxyType(
    {
        "temperature": Lesson(
            "How random: temperature",
            _PIZZA,
            _values("temperature", 0, 0.6, 1, 2, 5),
            (
                "At 0 all five answers are the same, and with every step up they share fewer "
                "words. "
                "At 0.6 they keep to the subject, and at 1 most of them; at 5 any word may follow "
                "any other, and hardly one comes twice."
            ),
            Parameters(max_tokens=80),
        ),
        "top_k": Lesson(
            "How many candidates: top_k",
            _PIZZA,
            _values("top_k", 1, 10, 50),
            (
                "With one candidate the answers are all the same, although the temperature is "
                "2: there is nothing to draw from. "
                "The more candidates, the fewer words the answers share."
            ),
            Parameters(max_tokens=80, temperature=2),
        ),
        "top_p": Lesson(
            "How much of the likely: top_p",
            _PIZZA,
            _values("top_p", 0, 0.5, 1, 2),
            (
                "At 0 only the likeliest token is left, so the answers are all the same; at 0.5 "
                "they still share more words than at 1. "
                "1 cuts nothing off, and nor does more: with the same seed, 1 and 2 give the same "
                "answer."
            ),
            Parameters(max_tokens=80, temperature=2),
        ),
        "repetition_penalty": Lesson(
            "Against any repeating: repetition_penalty",
            _PEP_8,
            _values("repetition_penalty", 0.5, 1, 2),
            (
                "1 is neutral; below it used words are invited back, and at 0.5 most of the answer "
                "repeats itself. "
                "At 2 the words are the most varied, because even those that the answer needs "
                "again are pushed away."
            ),
            Parameters(max_tokens=120),
        ),
        "frequency_penalty": Lesson(
            "Against the same word again and again: frequency_penalty",
            _SONG,
            _values("frequency_penalty", 0, 1, 2),
            (
                'At 0 the song comes back as it is, with "row" nine times; each use makes the next '
                "one less likely, so with every step there are fewer. "
                "From 1 on most answers leave the song for other words."
            ),
            Parameters(max_tokens=80, temperature=0.6),
        ),
        "presence_penalty": Lesson(
            "Towards something new: presence_penalty",
            _PEP_8,
            _values("presence_penalty", 0, 1, 2, samples=10),
            (
                "A repetition_penalty of 0.6 makes the answer walk in circles here; with every "
                "step up less of it repeats itself. "
                "It counts whether a word was used, and not how often, so it does not forbid the "
                "words that every sentence needs."
            ),
            Parameters(max_tokens=120, repetition_penalty=0.6),
        ),
        "seed": Lesson(
            "The same again: seed",
            _PIZZA,
            Sweep([Axis("seed", (1, 2, 3, 4))], samples=2),
            (
                "The two answers to one seed are the same to the letter. "
                "Other seeds give other answers, although nothing else is different."
            ),
            Parameters(max_tokens=80, temperature=1.5),
        ),
        "max_tokens": Lesson(
            "Where the answer is cut: max_tokens",
            _PIZZA,
            Sweep([Axis("max_tokens", (8, 32, 256))], seeds="fixed"),
            (
                "At 8 and 32 the answer ends in the middle of a sentence: the model does not plan "
                "for the limit, it is cut there. "
                "With the same seed each short answer is the beginning of the longer one; with 256 "
                "it comes to its own end."
            ),
        ),
    }
)
"""By what each is about."""
