"""An answer that should be JSON: extracted, checked against its schema, and sent for repair."""

import json
import re
from dataclasses import dataclass, replace
from typing import Any, Literal

from workers_ai import Fault, Finish
from workers_ai.json_text import JSONTextError, read_json

from ..checks.answer_check import check_answer
from .partial_json import partial_json

Verdict = Literal["valid", "faulty", "cut off", "no json"]

LONGEST_ANSWER = 1_000_000
"""Characters. The context window holds less."""

_FENCE = re.compile(
    r"\A(.*?)^```[ \t]*(?:json|JSON)?[ \t]*\n(.*?)(?:^```[ \t]*$(.*)|\Z)", re.DOTALL | re.MULTILINE
)
_CUT: frozenset[Finish] = frozenset({"length", "ended_early", "stopped", "error"})


@dataclass(frozen=True, slots=True)
class GuidedAnswer:
    """An answer that should follow a schema."""

    verdict: Verdict
    value: Any = None
    """The JSON value. None may also mean that there is no value: see `has_value`."""

    has_value: bool = False
    text: str = ""
    """The text that was read as JSON."""

    notices: tuple[str, ...] = ()
    """Sentences on what was removed to get to the JSON."""

    faults: tuple[Fault, ...] = ()
    partial: Any = None
    """The part of a truncated answer that arrived; for display only."""


def read_guided_answer(text: str, schema: Any, finish: Finish = "done") -> GuidedAnswer:
    """Check the text of an answer against the schema that it should follow.

    A code fence and text around the JSON are removed, with a notice. So are quotes around the whole
    JSON if the schema does not accept a string (wire.md 1.3). Nothing is raised.
    """
    if len(text) > LONGEST_ANSWER:
        fault = Fault("", f"the answer has more than {LONGEST_ANSWER:,} characters")
        return GuidedAnswer("no json", text=text, faults=(fault,))
    inner, notices = _unfenced(text.strip())
    try:
        value = read_json(inner)
    except JSONTextError as error:
        return _unreadable(inner, notices, finish, error)
    value, unquoted = _unquoted(value, schema)
    found = GuidedAnswer(
        "valid", value=value, has_value=True, text=inner, notices=(*notices, *unquoted)
    )
    faults = (*_repeated(inner), *check_answer(value, schema))
    return replace(found, verdict="faulty", faults=faults) if faults else found


def _unreadable(
    text: str, notices: tuple[str, ...], finish: Finish, error: JSONTextError
) -> GuidedAnswer:
    begun = partial_json(text)
    if begun is not None and (finish in _CUT or not text.rstrip().endswith(("}", "]"))):
        where = f" in {begun.place}" if begun.place else ""
        fault = Fault(begun.place, "the answer is cut off here")
        notice = f"The answer was cut off{where}: raise `max_tokens`, or ask for less."
        return GuidedAnswer(
            "cut off", text=text, notices=(*notices, notice), faults=(fault,), partial=begun.value
        )
    return GuidedAnswer("no json", text=text, notices=notices, faults=(Fault("", error.message),))


def _unfenced(text: str) -> tuple[str, tuple[str, ...]]:
    if text[:1] in ("{", "["):
        return text, ()
    found = _FENCE.match(text)
    if not found:
        return _without_words(text)
    around = " ".join(filter(None, ((found[1] or "").strip(), (found[3] or "").strip())))
    notices = ["The code fence around the JSON was removed."]
    if around:
        notices.append("Text around the JSON was removed.")
    return found[2].strip(), tuple(notices)


def _without_words(text: str) -> tuple[str, tuple[str, ...]]:
    """Remove a sentence before a list or object that runs to the end."""
    starts = [at for at in (text.find("{"), text.find("[")) if at > 0]
    if starts and text[-1:] in ("}", "]"):
        inner = text[min(starts) :]
        try:
            read_json(inner)
        except JSONTextError:
            return text, ()
        return inner, ("Text before the JSON was removed.",)
    return text, ()


def _unquoted(value: Any, schema: Any) -> tuple[Any, tuple[str, ...]]:
    if not isinstance(value, str) or not check_answer(value, schema):
        return value, ()
    try:
        inner = read_json(value)
    except JSONTextError:
        return value, ()
    if isinstance(inner, str):
        return value, ()
    return inner, ("The JSON was inside a string and was unwrapped.",)


def _repeated(text: str) -> tuple[Fault, ...]:
    twice: list[str] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(found)
        if len(made) < len(found):
            names = [name for name, _ in found]
            twice.extend(name for name in made if names.count(name) > 1)
        return made

    json.loads(text, object_pairs_hook=pairs)
    return tuple(Fault("", f"the key {json.dumps(name)} appears twice") for name in twice[:5])


MOST_LISTED_FAULTS = 20


def repair_request(answer: GuidedAnswer) -> str:
    """Return a message that lists the faults and asks for the whole answer again."""
    listed = "\n".join(f"- {fault}" for fault in answer.faults[:MOST_LISTED_FAULTS])
    more = len(answer.faults) - MOST_LISTED_FAULTS
    rest = f"\n- and {more} more" if more > 0 else ""
    return (
        "Your answer does not follow the schema:\n"
        f"{listed}{rest}\n"
        "Write the whole answer again as JSON that follows it, and nothing else."
    )
