"""The results of a picture run as rows, for a table and for files."""

import json
from dataclasses import asdict
from typing import Any

from schemas import GuidedAnswer, to_csv

from .run import Run
from .run_plans import PicturePlan

STATES = {
    "waiting": "waiting",
    "running": "being asked",
    "done": "answered",
    "failed": "failed",
    "stopped": "stopped",
}


def run_rows(run: Run[PicturePlan]) -> list[dict[str, Any]]:
    """Return a row of plain values for each call; JSON answers get one column per name."""
    return [_row(run, key) for key in run.keys]


def run_csv(run: Run[PicturePlan]) -> str:
    """Return the rows as CSV in which no cell can run as a spreadsheet formula."""
    return to_csv(run_rows(run))


def run_json(run: Run[PicturePlan]) -> str:
    """Return all calls as JSON: the question, the answer, and the verdict on it."""
    calls = [_call(run, key) for key in run.keys]
    return json.dumps(calls, indent=2, ensure_ascii=False)


def verdict(run: Run[PicturePlan], key: str) -> str:
    """Return a short text with the state of a call or the verdict on its answer."""
    judged, found = run.judged(key), run.outcome(key)
    if judged is None:
        cut = found.state == "done" and found.finish == "length"
        return "cut off" if cut else STATES[found.state]
    if judged.verdict != "faulty":
        return judged.verdict
    count = len(judged.faults)
    return "1 error" if count == 1 else f"{count} errors"


def _row(run: Run[PicturePlan], key: str) -> dict[str, Any]:
    picture, question = run.plan.place(key)
    found, judged = run.outcome(key), run.judged(key)
    row: dict[str, Any] = {"picture": run.pictures[picture].name}
    if len(run.plan.questions) > 1:
        row["question"] = run.plan.questions[question]
    row["state"] = verdict(run, key)
    row |= _answer(found.text, judged)
    if found.error:
        row["trouble"] = found.error.message
    elif judged and judged.faults:
        row["trouble"] = "; ".join(map(str, judged.faults))
    return row


def _answer(text: str, judged: GuidedAnswer | None) -> dict[str, Any]:
    if judged is None or not judged.has_value:
        return {"answer": text} if text else {}
    if not isinstance(judged.value, dict):
        return {"answer": _cell(judged.value)}
    return {f"answer.{name}": _cell(value) for name, value in judged.value.items()}


def _cell(value: Any) -> Any:
    """Return a value for a cell, with lists and objects as JSON."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _call(run: Run[PicturePlan], key: str) -> dict[str, Any]:
    at, question = run.plan.place(key)
    picture, found, judged = run.pictures[at], run.outcome(key), run.judged(key)
    call: dict[str, Any] = {
        "picture": {
            "name": picture.name,
            "sha256": picture.sha256,
            "width": picture.width,
            "height": picture.height,
        },
        "question": run.plan.questions[question],
        "state": found.state,
        "finish": found.finish,
        "text": found.text,
        "seconds": found.seconds,
        "attempts": found.attempts,
        "error": found.error.message if found.error else None,
        "usage": asdict(found.usage) if found.usage else None,
    }
    if judged is not None:
        call |= {"verdict": judged.verdict, "faults": [str(fault) for fault in judged.faults]}
        if judged.has_value:
            call["value"] = judged.value
    return call
