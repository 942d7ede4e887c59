"""Builders of all kinds of conversations for tests."""

import io
import string
from typing import Any

from hypothesis import strategies as st
from PIL import Image

from backends import BuiltIn
from conversations import (
    Answer,
    Conversation,
    DefinedFunction,
    DefinedTool,
    Maker,
    Node,
    Picture,
    Question,
    Settings,
    ToolResults,
)
from conversations.answer_record import Record
from conversations.tree_nodes import Ended
from experiments import SerializedError
from tests.components.pictures import png
from workers_ai import Client, Parameters, PromptRequest, Reply, ToolCall, Usage, read_image
from workers_ai.call_trace import Attempt
from workers_ai.tool_calls import ToolResult

GEMMA = Maker("cloudflare", "Workers AI", "@cf/google/gemma-3-12b-it")
SETTINGS = Settings(
    parameters=Parameters(temperature=0.2, top_k=40, stream=True),
    system="Be brief, {{name}}.",
    variables={"name": "Ada"},
)
ODD_TEXTS = ("\0", "\ufdd0", "a\u2028b", "👩‍🚀", "\r\n", "\ufeff", '"\\', "e\u0301", "🏳️‍🌈 مرحبا")


def jpeg(width: int = 40, height: int = 30, **options: Any) -> bytes:
    """Draw a picture with a gradient."""
    file = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(file, "JPEG", **options)
    return file.getvalue()


RED = Picture.of("red.png", read_image(png(32, 20), name="red.png"))
GRAY = Picture.of("IMG 1.jpg", read_image(jpeg(), name="IMG 1.jpg"))
SMALL = Picture.of("небольшой ☺.png", read_image(png(4, 4, "blue"), name="x"))
PICTURES = (RED, GRAY, SMALL)


def question(text: str, *pictures: Picture, id: str, **place: Any) -> Question:  # noqa: A002
    return Question(text, pictures, id=id, **place)


def answer(text: str, record: Record | None = None, *, id: str, **place: Any) -> Answer:  # noqa: A002
    """Return an answer that has ended."""
    record = record or Record(GEMMA, SETTINGS, finish="done", seconds=1.5)
    ended = Ended(record.snapshot(text))
    return Answer(record, ended, begun=text[: record.begun], id=id, **place)


def growing(text: str, *, begun: str = "", **place: Any) -> Answer:
    """Return an answer that is being written in this process, and will not end."""
    reply = Reply(Client(BuiltIn()), PromptRequest(prompt="x"))
    reply._grow(text)
    record = Record(Maker.of(BuiltIn()), SETTINGS, begun=len(begun))
    return Answer(record, reply, begun=begun, **place)


def conversation(*nodes: Node, leaf: str | None = None, **kept: Any) -> Conversation:
    """Return a conversation of these messages that shows the path to the last one."""
    shown = leaf or (nodes[-1].id if nodes else None)
    return Conversation(nodes={node.id: node for node in nodes}, leaf=shown, **kept)


FULL = Record(
    GEMMA,
    SETTINGS,
    begun=4,
    finish="length",
    seconds=2.25,
    first_text=0.5,
    usage=Usage(12, 34, 46, 1.5),
    tool_calls=(
        ToolCall("weather", {"city": "Zürich", "days": [1, None, 2.5]}, "call_1"),
        ToolCall("broken", '{"city": ', "call_2"),
    ),
    damaged=2,
    attempts=(Attempt("Busy", 429, 0.5),),
)
FAILED = Record(
    GEMMA,
    SETTINGS,
    finish="error",
    seconds=0.25,
    failure=SerializedError("RateLimitError", "Too many calls.", 429, 3040, 7.5),
)


def a_conversation() -> Conversation:
    """Return a conversation with everything in it, identical each time except for its id."""
    return conversation(
        question("Which color?", RED, GRAY, id="q1", created=1.0),
        answer("The color is red.", FULL, id="a1", parent="q1", created=2.0),
        answer("Red!", id="a1b", parent="q1", created=3.5),
        question("And now?", id="q2", parent="a1", created=4.0),
        answer("", FAILED, id="a2", parent="q2", created=5.0),
        question("My secret", SMALL, id="q3", parent="a2", created=6.0, deleted=9.0),
        answer("Your secret", FULL, id="a3", parent="q3", created=7.0, deleted=9.0),
        question("Go on", RED, id="q4", parent="a3", created=8.0),
        answer("Gone on.", id="a4", parent="q4", created=9.0),
        title="Colors",
        created=0.5,
        settings=SETTINGS,
        owner="somebody-s-name",
    )


# Random conversations

texts = (
    st.text(max_size=30)
    | st.sampled_from(ODD_TEXTS)
    | st.sampled_from(ODD_TEXTS).map("a{}z".format)
)
times = st.floats(0, 4e9)
figures = st.none() | st.floats(0, 1e6)
counts = st.integers(0, 2**53)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(texts, inside, max_size=3),
    max_leaves=6,
)
settings_of_any_kind = st.builds(
    Settings,
    parameters=st.builds(
        Parameters,
        max_tokens=st.none() | st.integers(-5, 10**30),
        temperature=st.none() | st.floats(0, 5) | st.integers(0, 5),
        seed=st.none() | st.integers(1, 9_999_999_999),
        raw=st.none() | st.booleans(),
    ),
    system=texts,
    form=st.sampled_from(["messages", "prompt"]),
    lora=texts,
    prefill=texts,
    variables=st.dictionaries(texts, texts, max_size=2),
    tools=st.lists(
        st.builds(
            DefinedTool,
            texts,
            st.booleans(),
            st.sampled_from(["hand", "run", "fixed"]),
            st.integers(100, 599),
            texts,
            st.floats(0, 10),
        ),
        max_size=2,
    ).map(tuple),
    offering=st.sampled_from(["auto", "tools", "prompt"]),
    instructions=texts,
    functions=st.lists(st.builds(DefinedFunction, texts, texts), max_size=1).map(tuple),
)
_call = st.builds(
    ToolCall, texts, st.dictionaries(texts, json_values, max_size=3) | texts, texts.filter(bool)
)
_calls = st.lists(_call, max_size=2, unique_by=lambda call: call.id)
_failures = st.builds(
    SerializedError,
    st.sampled_from(["RateLimitError", "ResponseError", "InvalidRequestError", "Unheard"]),
    texts,
    st.none() | st.integers(100, 599),
    st.none() | st.integers(-9999, 9999),
    figures,
)


@st.composite
def records(draw: st.DrawFn, text: str) -> Record:
    """Records of an answer with this text, however it ended."""
    finish = draw(st.sampled_from(["done", "length", "ended_early", "stopped", "error"]))
    return Record(
        draw(st.sampled_from([GEMMA, Maker.of(BuiltIn()), Maker("person", "Edited by hand")])),
        draw(settings_of_any_kind),
        begun=draw(st.integers(0, len(text))),
        finish=finish,
        seconds=draw(st.floats(0, 1e6)),
        first_text=draw(figures),
        usage=draw(st.none() | st.builds(Usage, counts, counts, counts, figures)),
        tool_calls=tuple(draw(_calls)),
        damaged=draw(counts),
        failure=draw(_failures) if finish == "error" else None,
        attempts=tuple(
            draw(
                st.lists(
                    st.builds(Attempt, texts, st.none() | counts, st.floats(0, 60)), max_size=2
                )
            )
        ),
    )


@st.composite
def conversations_of_any_kind(draw: st.DrawFn) -> Conversation:
    """Trees with branches, variants, deleted messages and pictures."""
    nodes: list[Node] = []
    for number in range(draw(st.integers(0, 7))):
        ending = draw(st.text(string.ascii_letters + string.digits + "_-", max_size=8))
        place = {
            "id": f"{number}{ending}",
            "created": draw(times),
            "deleted": draw(st.none() | st.none() | times),
        }
        text = draw(texts)
        asked = [node.id for node in nodes if not isinstance(node, Answer)]
        answers = [node.id for node in nodes if isinstance(node, Answer)]
        if asked and draw(st.booleans()):
            parent = draw(st.sampled_from(asked))
            nodes.append(answer(text, draw(records(text)), parent=parent, **place))
        elif answers and draw(st.booleans()):
            result = ToolResult(draw(_call), draw(texts))
            nodes.append(ToolResults((result,), draw(st.sampled_from(answers)), text, **place))
        else:
            parent = draw(st.sampled_from([None, *(node.id for node in nodes)]))
            pictures = draw(st.lists(st.sampled_from(PICTURES), max_size=2))
            nodes.append(question(text, *pictures, parent=parent, **place))
    return Conversation(
        title=draw(texts),
        created=draw(times),
        settings=draw(settings_of_any_kind),
        leaf=draw(st.sampled_from([None, *(node.id for node in nodes)])),
        nodes={node.id: node for node in nodes},
    )
