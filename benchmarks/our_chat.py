"""The playground's own front page; `?turns=N` begins after N finished turns."""

import json
from dataclasses import dataclass

import httpx
import streamlit as st

from benchmarks.history import answer, question
from benchmarks.upstream import ROOT
from components.session import Session, session
from conversations import Answer, Conversation, Turn
from workers_ai import ChatRequest, Client, Cloudflare, Reply


@dataclass(frozen=True, slots=True)
class Remembered(Cloudflare):
    """A backend without a network: its answer is the one that the question's number asks for."""

    def transport(self) -> httpx.BaseTransport:
        return httpx.MockTransport(_answer)


def _answer(request: httpx.Request) -> httpx.Response:
    text = answer(int(request.headers["cf-aig-gateway-id"]))
    body = json.dumps({"result": {"response": text}, "success": True}).encode()
    return httpx.Response(200, stream=httpx.ByteStream(body))


def finished_turn(number: int) -> Turn:
    """Return a turn as it stands after its reply has ended, made by a reply that really ran."""
    backend = Remembered("0" * 32, "made-up", gateway_id=str(number))
    request = ChatRequest(messages=[{"role": "user", "content": question(number)}])
    reply = Reply(Client(backend), request).start()
    for _ in reply.updates():
        pass
    turn = Turn(question(number), answers=[Answer(reply)])
    assert turn.answer.text == answer(number)
    return turn


@st.cache_resource(max_entries=4)
def finished_turns(count: int) -> list[Turn]:
    return [finished_turn(number) for number in range(count)]


def _begin(current: Session) -> None:
    count = int(st.query_params.get("turns", "0"))
    if count and not current.conversation.turns:
        current.conversation = Conversation(turns=list(finished_turns(count)))


_begin(session())
st.navigation([st.Page(ROOT / "pages" / "playground.py")], position="top").run()
