"""The model's answers, at the documented defaults and with other settings."""

import itertools
import re
from collections.abc import Callable
from typing import Any

import pytest

from backends.builtin.answer import next_tokens
from tests.backends.builtin.questions import OFF_TOPIC, QUESTIONS

SEEDS = (1,)
SHARE = 0.9
ADMITS = re.compile(
    r"help pages|outside what|not with|no model here|cannot|only the English|few-shot",
    re.IGNORECASE,
)


def is_right(answer: str, facts: list[str]) -> bool:
    ends_well = answer.rstrip().endswith((".", "?", "!", '"'))
    return ends_well and all(re.search(fact, answer) for fact in facts)


def test_answers_about_the_playground_and_the_api_are_right(ask: Callable[..., str]) -> None:
    wrong = [
        (question, answer)
        for question, facts in QUESTIONS
        for seed in SEEDS
        if not is_right(answer := ask(question, seed=seed), facts)
    ]
    share = 1 - len(wrong) / (len(QUESTIONS) * len(SEEDS))
    assert share >= SHARE, f"{share:.1%} right; wrong: {wrong}"


def test_what_the_pages_do_not_hold_is_admitted(ask: Callable[..., str]) -> None:
    bold = [(q, a) for q in OFF_TOPIC if not ADMITS.search(a := ask(q, seed=1))]
    assert len(bold) <= 0.1 * len(OFF_TOPIC), bold


def test_it_names_what_it_has_not_read(ask: Callable[..., str]) -> None:
    assert '"photosynthesis"' in ask("What is photosynthesis?", temperature=0)


def test_it_never_claims_to_be_gemma(ask: Callable[..., str]) -> None:
    assert "not Gemma" in ask("Who are you?", temperature=0)
    assert ask("Are you Gemma?", temperature=0).startswith("No")


@pytest.mark.parametrize(
    ("spelling", "word"), [("What does temprature do?", "Temperature"), ("top k range", "top_k")]
)
def test_other_spellings_are_understood(ask: Callable[..., str], spelling: str, word: str) -> None:
    assert word in ask(spelling, temperature=0)


def chat(*turns: str, system: str | None = None) -> list[dict[str, str]]:
    roles = ("user", "assistant")
    messages = [{"role": roles[n % 2], "content": text} for n, text in enumerate(turns)]
    return ([{"role": "system", "content": system}] if system else []) + messages


def test_a_follow_up_is_read_with_what_came_before(ask: Callable[..., str]) -> None:
    first = ask("What range does temperature have?", temperature=0)
    messages = chat("What range does temperature have?", first, "and top_p?")
    assert "top_p" in ask(messages=messages, temperature=0)


def test_tell_me_more_brings_something_new_about_the_same(ask: Callable[..., str]) -> None:
    first = ask("How many tokens does an image cost?", temperature=0)
    more = ask(messages=chat("How many tokens does an image cost?", first, "tell me more"), seed=1)
    assert more != first
    assert re.search("image|picture|token", more)


def test_it_recalls_what_the_person_said(ask: Callable[..., str]) -> None:
    messages = chat("My name is Anna and I live in Oslo.", "Fine.", "What is my name?")
    assert (
        ask(messages=messages, temperature=0) == 'You wrote: "My name is Anna and I live in Oslo."'
    )


def test_it_answers_from_a_text_that_was_pasted(ask: Callable[..., str]) -> None:
    text = (
        "The invoice number is A-1234 and it was sent on 3 May. Payment is due in 30 days. "
        "The seller is Acme Ltd. It is a small firm. Who is the seller?"
    )
    assert ask(text, temperature=0) == 'Your text says: "The seller is Acme Ltd."'


def test_it_repeats_what_it_is_told_to(ask: Callable[..., str]) -> None:
    assert ask("Reply with exactly: pong", temperature=0) == "pong"


def test_a_system_message_can_ask_for_one_sentence(ask: Callable[..., str]) -> None:
    messages = chat("What is top_p?", system="Answer in one sentence.")
    answer = ask(messages=messages, temperature=0)
    assert answer.count(". ") == 0
    assert answer.endswith(".")


def test_everything_about_a_subject_is_several_paragraphs(ask: Callable[..., str]) -> None:
    answer = ask("Tell me everything about images", temperature=0, max_tokens=500)
    paragraphs = answer.split("\n\n")
    assert len(set(paragraphs)) == 3


def test_the_beginning_of_an_answer_is_continued(ask: Callable[..., str]) -> None:
    whole = ask("What is a neuron?", temperature=0)
    begun = whole[: whole.index("GPU")].rstrip()
    assert begun + ask(messages=chat("What is a neuron?", begun), temperature=0) == whole


def test_continue_goes_on_where_the_answer_was_cut(ask: Callable[..., str]) -> None:
    whole = ask("What is a neuron?", temperature=0)
    cut = ask("What is a neuron?", temperature=0, max_tokens=12)
    rest = ask(messages=chat("What is a neuron?", cut, "continue"), temperature=0)
    assert cut + rest == whole


def test_a_prompt_is_answered_like_a_message(ask: Callable[..., str]) -> None:
    assert ask(prompt="What is a neuron?", temperature=0) == ask("What is a neuron?", temperature=0)


def test_a_raw_prompt_with_turn_markers_is_read_as_a_conversation(ask: Callable[..., str]) -> None:
    raw = "<start_of_turn>user\nWhat is a neuron?<end_of_turn>\n<start_of_turn>model\n"
    assert ask(prompt=raw, raw=True, temperature=0) == ask("What is a neuron?", temperature=0)


def test_a_raw_prompt_without_turn_markers_is_continued(ask: Callable[..., str]) -> None:
    answer = ask(prompt="The temperature parameter controls", raw=True, temperature=0)
    assert answer.startswith(" how random the choice")


def test_a_seed_repeats_an_answer_and_no_seed_varies_it(ask: Callable[..., str]) -> None:
    question = "What does a long conversation cost?"
    assert ask(question, seed=9_999_999_999) == ask(question, seed=9_999_999_999)
    assert len({ask(question, temperature=1) for _ in range(12)}) > 1


def test_temperature_0_is_one_answer_whatever_the_seed(ask: Callable[..., str]) -> None:
    assert len({ask("What is a neuron?", temperature=0, seed=seed) for seed in SEEDS}) == 1


def pairs(text: str) -> set[tuple[str, str]]:
    words = text.split()
    return set(itertools.pairwise(words))


def test_the_higher_the_temperature_the_less_of_the_guide_is_left(ask: Callable[..., str]) -> None:
    greedy = pairs(ask("What does temperature do?", temperature=0))

    def kept(temperature: float) -> float:
        answers = (
            ask("What does temperature do?", temperature=temperature, seed=s) for s in range(1, 9)
        )
        return sum(len(pairs(answer) & greedy) for answer in answers) / (8 * len(greedy))

    shares = [kept(temperature) for temperature in (0.6, 1.5, 2, 5)]
    assert shares[0] > 0.95
    assert shares == sorted(shares, reverse=True)
    assert 0.1 < shares[1] < 0.9
    assert shares[3] < 0.02


@pytest.mark.parametrize("tamed", [{"top_k": 1}, {"top_p": 0}, {"top_p": 0.3}])
def test_a_narrow_choice_tames_a_high_temperature(
    ask: Callable[..., str], tamed: dict[str, float]
) -> None:
    question = "What is a neuron?"
    assert ask(question, temperature=1.5, seed=1, **tamed) == ask(question, temperature=0)


def repeats(text: str) -> float:
    words = re.findall(r"\w+", text.lower())[:60]
    return 1 - len(set(words)) / len(words)


@pytest.mark.parametrize("penalty", ["repetition_penalty", "frequency_penalty"])
def test_a_strong_penalty_lowers_repetition(ask: Callable[..., str], penalty: str) -> None:
    question = "What is the origin of the phrase Hello, World"
    free = ask(question, temperature=0)
    assert repeats(ask(question, temperature=0, **{penalty: 2})) < repeats(free)


@pytest.mark.parametrize("penalty", ["repetition_penalty", "frequency_penalty", "presence_penalty"])
def test_every_penalty_makes_a_used_word_less_likely(penalty: str) -> None:
    messages = [{"role": "user", "content": "What does temperature do?"}]
    written = "Temperature controls how random the choice of each token is. Low values make the"

    def chance(**parameters: Any) -> float:
        found = next_tokens({"messages": messages, **parameters}, written=written, most=6000)
        return next(token.probability for token in found if token.token == b" choice")

    assert 0 < chance(temperature=2, **{penalty: 2}) < chance(temperature=2)


def test_a_repetition_penalty_below_1_loops(ask: Callable[..., str]) -> None:
    assert repeats(ask("What is a neuron?", temperature=0, repetition_penalty=0.1)) > 0.6
