import pytest

from backends.builtin.conversation import Turn, read_conversation


def user(text: str) -> dict[str, str]:
    return {"role": "user", "content": text}


def model(text: str) -> dict[str, str]:
    return {"role": "assistant", "content": text}


def test_the_last_user_turn_is_the_question_and_the_others_are_earlier() -> None:
    found = read_conversation({"messages": [user("a"), model("b"), user("c")]})
    assert (found.question, found.earlier, found.said) == ("c", ["a"], ["b"])


def test_system_messages_are_set_apart() -> None:
    found = read_conversation({"messages": [{"role": "system", "content": "be kind"}, user("a")]})
    assert found.system == "be kind"
    assert [turn.text for turn in found.turns] == ["a"]
    assert len(found.all_turns) == 2


def test_an_assistant_turn_at_the_end_is_to_be_continued() -> None:
    found = read_conversation({"messages": [user("a"), model("It is")]})
    assert (found.question, found.prefill) == ("a", "It is")


@pytest.mark.parametrize("wish", ["continue", "Please continue.", "go on", "Keep going!"])
def test_a_wish_to_go_on_continues_the_last_answer(wish: str) -> None:
    found = read_conversation({"messages": [user("a"), model("It is"), user(wish)]})
    assert (found.question, found.prefill) == ("a", "It is")


def test_continue_as_a_first_message_is_only_a_message() -> None:
    assert read_conversation({"messages": [user("continue")]}).question == "continue"


@pytest.mark.parametrize(
    "content",
    [
        [{"type": "text", "text": "a"}, {"type": "image_url", "image_url": {"url": "data:,x"}}],
        [{"type": "image_url", "image_url": {"url": "data:,x"}}, {"type": "text", "text": "a"}],
    ],
)
def test_parts_are_texts_and_pictures(content: object) -> None:
    found = read_conversation({"messages": [{"role": "user", "content": content}]})
    assert found.turns == (Turn("user", "a", ("data:,x",)),)


def test_a_single_part_and_an_empty_message_are_read() -> None:
    part = {"type": "text", "text": "a"}
    found = read_conversation({"messages": [{"role": "user", "content": part}, {}]})
    assert [turn.text for turn in found.turns] == ["a", ""]


def test_turn_markers_are_understood_in_a_raw_prompt() -> None:
    raw = (
        "<bos><start_of_turn>user\na<end_of_turn>\n<start_of_turn>model\nb<end_of_turn>\n"
        "<start_of_turn>user\nc<end_of_turn>\n<start_of_turn>model\nIt"
    )
    found = read_conversation({"prompt": raw, "raw": True})
    assert (found.question, found.said, found.prefill) == ("c", ["b"], "It")


def test_turn_markers_are_plain_text_unless_the_prompt_is_raw() -> None:
    found = read_conversation({"prompt": "<start_of_turn>user\na<end_of_turn>"})
    assert found.question.startswith("<start_of_turn>")


def test_a_raw_prompt_without_turn_markers_is_text_to_continue() -> None:
    found = read_conversation({"prompt": "Once upon", "raw": True})
    assert (found.plain, found.prefill, found.turns) == (True, "Once upon", ())
