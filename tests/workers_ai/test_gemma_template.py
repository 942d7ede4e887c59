"""Gemma's chat template, for raw prompts."""

import pytest

from workers_ai import Message
from workers_ai.gemma_template import gemma_prompt, has_turn_markers


def turns(*texts: str) -> list[Message]:
    roles = ["user", "assistant"] * len(texts)
    return [Message(role=role, content=text) for role, text in zip(roles, texts, strict=False)]


def test_turns_are_written_as_the_template_has_them() -> None:
    assert gemma_prompt(turns("Hi", " Hello \n", "And?")) == (
        "<start_of_turn>user\nHi<end_of_turn>\n"
        "<start_of_turn>model\nHello<end_of_turn>\n"
        "<start_of_turn>user\nAnd?<end_of_turn>\n"
        "<start_of_turn>model\n"
    )


def test_instructions_precede_the_first_message() -> None:
    assert gemma_prompt(turns("Hi"), "Be brief.") == (
        "<start_of_turn>user\nBe brief.\n\nHi<end_of_turn>\n<start_of_turn>model\n"
    )


def test_a_chat_that_waits_for_the_person_leaves_room_for_a_turn() -> None:
    assert gemma_prompt(turns("Hi", "Hello")).endswith(
        "<start_of_turn>user\n<end_of_turn>\n<start_of_turn>model\n"
    )
    assert gemma_prompt([]) == "<start_of_turn>user\n<end_of_turn>\n<start_of_turn>model\n"


@pytest.mark.parametrize(
    ("text", "has"),
    [("<start_of_turn>", True), ("a<end_of_turn>b", True), ("<bos>", True), ("<b>", False)],
)
def test_control_tokens_are_noticed(text: str, has: bool) -> None:  # noqa: FBT001 - a case
    assert has_turn_markers(text) is has
