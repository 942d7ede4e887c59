"""Ready-made sweeps that show what each parameter does, on any backend."""

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
    """What to observe, in two sentences that are true on the built-in model."""

    parameters: Parameters = Parameters()  # noqa: RUF009 - it is immutable
    """The other parameters, the same in all cells."""

    @property
    def request(self) -> ChatRequest:
        """The request to vary."""
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
                "At 0 all five answers are identical, and with each step up they share fewer "
                "words. "
                "At 0.6 all of them stay on topic, and at 1 most do; at 5 any word can follow any "
                "other, and hardly any word appears twice."
            ),
            Parameters(max_tokens=80),
        ),
        "top_k": Lesson(
            "How many candidates: top_k",
            _PIZZA,
            _values("top_k", 1, 10, 50),
            (
                "With one candidate all answers are identical, although the temperature is 2: "
                "there is nothing to choose from. "
                "The more candidates, the fewer words the answers share."
            ),
            Parameters(max_tokens=80, temperature=2),
        ),
        "top_p": Lesson(
            "Nucleus: top_p",
            _PIZZA,
            _values("top_p", 0, 0.5, 1, 2),
            (
                "At 0 only the most likely token remains, so all answers are identical; at 0.5 "
                "they still share more words than at 1. "
                "1 cuts nothing off, and neither do higher values: with the same seed, 1 and 2 "
                "give the same answer."
            ),
            Parameters(max_tokens=80, temperature=2),
        ),
        "repetition_penalty": Lesson(
            "Against repetition: repetition_penalty",
            _PEP_8,
            _values("repetition_penalty", 0.5, 1, 2),
            (
                "1 is neutral; below it, used words become more likely, and at 0.5 most of the "
                "answer repeats itself. "
                "At 2 the words are the most varied, because even words that the answer needs "
                "again become less likely."
            ),
            Parameters(max_tokens=120),
        ),
        "frequency_penalty": Lesson(
            "Against the same word again and again: frequency_penalty",
            _SONG,
            _values("frequency_penalty", 0, 1, 2),
            (
                'At 0 the song is repeated exactly, with "row" nine times; each use makes the next '
                "one less likely, so with each step there are fewer. "
                "From 1 up, most answers leave the song for other words."
            ),
            Parameters(max_tokens=80, temperature=0.6),
        ),
        "presence_penalty": Lesson(
            "Toward new words: presence_penalty",
            _PEP_8,
            _values("presence_penalty", 0, 1, 2, samples=10),
            (
                "A repetition_penalty of 0.6 makes the answer go in circles here; with each step "
                "up, less of it repeats itself. "
                "It depends on whether a word was used, not how often, so it does not suppress "
                "the words that every sentence needs."
            ),
            Parameters(max_tokens=120, repetition_penalty=0.6),
        ),
        "seed": Lesson(
            "Repeatability: seed",
            _PIZZA,
            Sweep([Axis("seed", (1, 2, 3, 4))], samples=2),
            (
                "The two answers for each seed are identical. "
                "Different seeds give different answers, although nothing else differs."
            ),
            Parameters(max_tokens=80, temperature=1.5),
        ),
        "max_tokens": Lesson(
            "Where the answer is cut: max_tokens",
            _PIZZA,
            Sweep([Axis("max_tokens", (8, 32, 256))], seeds="fixed"),
            (
                "At 8 and 32 the answer ends in mid-sentence: the model does not plan for the "
                "limit, it is cut off there. "
                "With the same seed, each short answer is the beginning of the longer one; at 256 "
                "the answer ends on its own."
            ),
        ),
    }
)
"""By subject."""
