"""Turns, their answers, and the one that is being produced."""

import threading

import pytest

from conversations import Answer, Conversation, Conversations, Picture, Turn
from tests.components.pictures import png
from workers_ai import BuiltIn, ChatRequest, Client, Reply, read_image

HELLO = ChatRequest(messages=[{"role": "user", "content": "Hello"}], stream=True)  # type: ignore[list-item]


def an_answer(pace: float | None = None, begun: str = "") -> Answer:
    return Answer(Reply(Client(BuiltIn(pace)), HELLO), begun)


def ended(answer: Answer) -> str:
    *_, last = answer.reply.updates()
    return str(last.finish)


def test_a_conversation_is_found_by_an_id_that_cannot_be_guessed() -> None:
    ids = {Conversation().id for _ in range(100)}

    assert len(ids) == 100
    assert min(map(len, ids)) >= 20


def test_a_turn_runs_until_its_answer_has_ended() -> None:
    conversation, turn, answer = Conversation(), Turn("a"), an_answer()
    assert conversation.running is None
    assert not turn.running
    assert conversation.add(turn, answer)
    assert ended(answer) == "done"

    assert conversation.running is None
    assert conversation.turns == [turn]
    assert turn.answer.text


def test_there_is_never_more_than_one_answer_running() -> None:
    conversation, slow = Conversation(), an_answer(pace=0.5)
    assert conversation.add(Turn("a"), slow)
    assert conversation.running is conversation.turns[0]
    assert not conversation.add(Turn("b"), an_answer())
    assert not conversation.add(conversation.turns[0], an_answer())
    assert len(conversation.turns) == 1
    slow.reply.stop()

    assert conversation.add(Turn("b"), last := an_answer())
    assert ended(last) == "done"
    assert [turn.text for turn in conversation.turns] == ["a", "b"]


def test_six_threads_that_ask_at_once_start_one_answer() -> None:
    conversation = Conversation()
    answers = [an_answer(pace=0.5) for _ in range(6)]
    together = threading.Barrier(6)
    accepted: list[bool] = []

    def ask(answer: Answer) -> None:
        together.wait(5)
        accepted.append(conversation.add(Turn("a"), answer))

    threads = [threading.Thread(target=ask, args=(answer,)) for answer in answers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    conversation.turns[0].answer.reply.stop()

    assert sorted(accepted) == [False] * 5 + [True]
    assert len(conversation.turns) == 1


def test_a_new_answer_to_a_turn_keeps_the_former_one() -> None:
    conversation, turn = Conversation(), Turn("a")
    for _ in range(2):
        answer = an_answer()
        assert conversation.add(turn, answer)
        ended(answer)

    assert conversation.turns == [turn]
    assert len(turn.answers) == 2
    assert turn.answer is turn.answers[1]


def test_equal_turns_are_two_turns() -> None:
    conversation = Conversation()
    for _ in range(2):
        answer = an_answer()
        assert conversation.add(Turn("Same"), answer)
        ended(answer)

    assert len(conversation.turns) == 2


def test_an_answer_that_goes_on_has_the_whole_text() -> None:
    answer = an_answer(begun="Begun ")
    answer.reply._grow("and done")

    assert answer.text == "Begun and done"
    assert answer.snapshot().text == "and done"


def test_a_picture_has_a_small_copy_that_is_made_once() -> None:
    picture = Picture("a.png", read_image(png(900, 600)))

    assert picture.thumbnail is picture.thumbnail
    assert len(picture.thumbnail) < len(png(900, 600, "white")) * 4
    assert picture.image.width == 900


@pytest.mark.parametrize("unknown", ["", "none", "../x", "x" * 10_000])
def test_what_is_not_kept_is_not_found(unknown: str) -> None:
    assert Conversations().find(unknown) is None


def test_a_kept_conversation_is_found_as_itself() -> None:
    kept, conversation = Conversations(), Conversation()
    kept.keep(conversation)
    kept.keep(conversation)

    assert kept.find(conversation.id) is conversation


def test_when_it_is_full_empty_and_old_ones_go_first() -> None:
    kept = Conversations(most=3)
    said = [Conversation(turns=[Turn("a", answers=[done()])]) for _ in range(3)]
    empty = Conversation()
    kept.keep(said[0])
    kept.keep(empty)
    kept.keep(said[1])
    kept.keep(said[2])
    assert kept.find(empty.id) is None
    assert kept.find(said[0].id) is said[0]
    kept.keep(newest := Conversation(turns=[Turn("b", answers=[done()])]))

    assert kept.find(said[1].id) is None, "the one that was not looked at for longest"
    assert all(kept.find(one.id) for one in (said[0], said[2], newest))


def test_a_running_conversation_is_never_dropped() -> None:
    kept, running, slow = Conversations(most=1), Conversation(), an_answer(pace=0.5)
    running.add(Turn("a"), slow)
    kept.keep(running)
    for _ in range(5):
        kept.keep(Conversation())

    assert kept.find(running.id) is running
    slow.reply.stop()


def test_the_conversation_that_was_just_kept_is_not_the_one_that_goes() -> None:
    kept = Conversations(most=2)
    for _ in range(2):
        kept.keep(Conversation(turns=[Turn("a", answers=[done()])]))
    kept.keep(empty := Conversation())

    assert kept.find(empty.id) is empty


def done() -> Answer:
    answer = an_answer()
    answer.reply.stop()
    return answer
