"""A run of many calls, as it is looked at."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, TypeVar

from experiments import Job, Outcome
from workers_ai import GuidedAnswer, Request, ToolSupport

from .guided import judge
from .nodes import Answer, Ended, Node
from .pictures import Picture
from .plans import Plan
from .records import Record
from .tree import Conversation, new_conversation_id

P = TypeVar("P", bound=Plan)


@dataclass
class Run(Generic[P]):
    """What is asked, and what has come of it so far. It is a view: the store has what is kept."""

    plan: P
    owner: str = ""
    pictures: tuple[Picture, ...] = ()
    id: str = field(default_factory=new_conversation_id)
    created: float = field(default_factory=time.time)
    """Seconds since 1970."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    """By the key of the job; what was never begun is not here."""

    def jobs(self, support: ToolSupport) -> Iterator[Job]:
        """Yield every call, whether or not it has been made."""
        for key in self.keys:
            yield Job(key, partial(self._request, key, support))

    @property
    def keys(self) -> list[str]:
        """The keys of all jobs, in order."""
        return self.plan.keys(len(self.pictures))

    def outcome(self, key: str) -> Outcome:
        """Return what has become of a job."""
        return self.outcomes.get(key) or Outcome(key)

    def judged(self, key: str) -> GuidedAnswer | None:
        """Check a call's answer by its schema; None before it is there, and without a schema."""
        found = self.outcome(key)
        if not self.plan.settings.guided or found.state != "done":
            return None
        return judge(found.text, self.plan.settings.schema, found.finish or "done")

    def conversation(self, key: str, before: Sequence[Node] = ()) -> Conversation:
        """Return a call and its answer as a chat that can be gone on with.

        `before` is what had been said, from the first message to the last.
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
