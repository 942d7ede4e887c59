"""Chats and runs as plain JSON values, in the shape of the files in `written_before/`."""

import hashlib
import json
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from conversations import (
    Answer,
    Conversation,
    Node,
    Picture,
    Question,
    Run,
    judge_answer,
    run_json,
    run_rows,
)
from experiments import Outcome
from workers_ai import Client, Cloudflare, Request, ToolSupport, WorkersAIError

WRITTEN = Path(__file__).parent / "written_before"
SUPPORTS = {
    "tool": ToolSupport(takes_tools=True, result_role="tool", streams=True),
    "user": ToolSupport(takes_tools=True, result_role="user", streams=False),
    "none": ToolSupport(takes_tools=False, result_role="user", streams=True),
}


@cache
def written(name: str) -> Any:
    """Return the value of a JSON file in the folder."""
    return json.loads((WRITTEN / name).read_text("utf-8"))


def plain(value: Any) -> Any:
    """Return a value as JSON has it: lists for tuples, objects for dataclasses."""
    return json.loads(TypeAdapter(type(value)).dump_json(value))


def body(request: Request) -> str:
    """Return the bytes that a call sends, as text."""
    with Client(Cloudflare("0" * 32, "token")) as client:
        return client.request_to_send(request).content.decode()


def chat_facts(chat: Conversation) -> dict[str, Any]:
    """Return everything about a chat."""
    nodes = chat.nodes.values()
    variants = [[each.id for each in chat.variants(node)] for node in nodes]
    return {
        "id": chat.id,
        "owner": chat.owner,
        "title": chat.title,
        "name": chat.name,
        "created": chat.created,
        "updated": chat.updated,
        "version": chat.version,
        "leaf": chat.leaf,
        "settings": plain(chat.settings),
        "turns": [
            [
                turn.question and turn.question.id,
                turn.answer and turn.answer.id,
                turn.answer_deleted,
            ]
            for turn in chat.turns
        ],
        "variants": [found for found in variants if len(found) > 1],
        "messages": [_node(node) for node in nodes],
        "verdicts": _verdicts(chat),
    }


def run_facts(run: Run[Any]) -> dict[str, Any]:
    """Return everything about a run."""
    outcomes = {key: run.outcome(key) for key in run.keys}
    verdicts = {key: run.judged(key) for key in run.keys}
    facts: dict[str, Any] = {
        "id": run.id,
        "owner": run.owner,
        "created": run.created,
        "kind": run.plan.kind,
        "keys": run.keys,
        "plan": plain(run.plan),
        "pictures": list(map(_picture, run.pictures)),
        "outcomes": {key: plain(outcome) for key, outcome in outcomes.items()},
        "errors": {key: _outcome_error(outcome) for key, outcome in outcomes.items()},
        "requests": {job.key: body(job.request()) for job in run.jobs(SUPPORTS["user"])},
        "verdicts": {
            key: found and [found.verdict, [fault.path for fault in found.faults]]
            for key, found in verdicts.items()
        },
    }
    if run.plan.kind == "pictures":
        facts |= {
            "rows": [_without("trouble", row) for row in run_rows(run)],
            "json": [_without("faults", each) for each in json.loads(run_json(run))],
        }
    return facts


def _without(sentences: str, row: dict[str, Any]) -> dict[str, Any]:
    """Leave out sentences that are made when the row is: their words may change."""
    return {name: value for name, value in row.items() if name != sentences}


def _node(node: Node) -> dict[str, Any]:
    facts = {
        "role": "tool",
        "id": node.id,
        "parent": node.parent,
        "created": node.created,
        "deleted": node.deleted,
        "text": node.text,
    }
    if isinstance(node, Answer):
        return facts | {"role": "assistant"} | _answer(node)
    if isinstance(node, Question):
        return facts | {"role": "user", "pictures": list(map(_picture, node.pictures))}
    return facts | {"said": node.said, "results": [asdict(each) for each in node.results]}


def _answer(answer: Answer) -> dict[str, Any]:
    snapshot, calls = answer.snapshot(), answer.calls
    return {
        "begun": answer.begun,
        "finish": snapshot.finish,
        "error": _error(snapshot.error),
        "record": plain(answer.recorded()),
        "calls": calls
        and {
            "said": calls.text,
            "recovered": calls.recovered,
            "calls": [asdict(each) for each in calls.calls],
        },
    }


def _picture(picture: Picture) -> dict[str, Any]:
    hashes = {
        "data": hashlib.sha256(picture.data).hexdigest(),
        "thumbnail": hashlib.sha256(picture.thumbnail).hexdigest(),
    }
    return {**plain(picture.facts()), **hashes}


def _outcome_error(outcome: Outcome) -> list[Any] | None:
    return _error(outcome.error and outcome.error.error())


def _error(error: WorkersAIError | None) -> list[Any] | None:
    if error is None:
        return None
    return [type(error).__name__, error.message, error.status_code, error.code, error.retry_after]


def _verdicts(chat: Conversation) -> list[str]:
    if not chat.settings.guided:
        return []
    answers = [turn.answer for turn in chat.turns if turn.answer]
    schema = chat.settings.schema
    ends = [(each.text, each.snapshot().finish or "done") for each in answers]
    return [judge_answer(text, schema, finish).verdict for text, finish in ends]
