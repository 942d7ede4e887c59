"""The view of a run of many calls."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, TypeVar

from experiments import Job, Outcome
from schemas import GuidedAnswer
from workers_ai import Request, ToolSupport

from .answer_record import Record
from .picture import Picture
from .run_plans import Plan
from .schema_text import judge_answer
from .tree import Conversation, new_conversation_id
from .tree_nodes import Answer, Ended, Node

P = TypeVar("P", bound=Plan)


@dataclass
class Run(Generic[P]):
    """A plan and its outcomes so far. This is a view; the store has the data."""

    plan: P
    owner: str = ""
    pictures: tuple[Picture, ...] = ()
    id: str = field(default_factory=new_conversation_id)
    created: float = field(default_factory=time.time)
    """Seconds since 1970."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    """By job key; jobs that were never started are absent."""

    def jobs(self, support: ToolSupport) -> Iterator[Job]:
        """Yield all calls, whether or not they have been made."""
        for key in self.keys:
            yield Job(key, partial(self._request, key, support))

    @property
    def keys(self) -> list[str]:
        """The keys of all jobs, in order."""
        return self.plan.keys(len(self.pictures))

    def outcome(self, key: str) -> Outcome:
        """Return the outcome of a job; a waiting one if it was never started."""
        return self.outcomes.get(key) or Outcome(key)

    def judged(self, key: str) -> GuidedAnswer | None:
        """Return a call's answer checked against the schema; None without an answer or schema."""
        found = self.outcome(key)
        if not self.plan.settings.guided or found.state != "done":
            return None
        return judge_answer(found.text, self.plan.settings.schema, found.finish or "done")

    def conversation(self, key: str, before: Sequence[Node] = ()) -> Conversation:
        """Return a call and its answer as a chat that can be continued.

        `before` has the messages before the call, from first to last.
        """
        asked = self.plan.question(key, self.pictures)
        asked.parent = before[-1].id if before else None
        found, settings = self.outcome(key), self.plan.settings_of(key)
        record = Record(
            self.plan.maker,
            settings,
            finish=found.finish or ("error" if found.error else "stopped"),
            seconds=found.seconds,
            first_text=found.first_text,
            usage=found.usage,
            tool_calls=found.tool_calls,
            damaged=found.damaged,
            failure=found.error,
        )
        answer = Answer(record, Ended(record.snapshot(found.text)), asked.id)
        nodes: list[Node] = [*before, asked, answer]
        return Conversation(
            owner=self.owner,
            settings=settings,
            leaf=answer.id,
            nodes={node.id: node for node in nodes},
        )

    def _request(self, key: str, support: ToolSupport) -> Request:
        return self.plan.request(key, self.pictures, support)


@dataclass(frozen=True)
class RunSummary(Generic[P]):
    """A run in a list."""

    id: str
    created: float
    plan: P
