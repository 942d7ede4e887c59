"""A conversation: a tree of messages, with one path that is shown and sent.

An edit or another answer adds a branch. Nothing is overwritten.
"""

import secrets
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from .settings import Settings
from .tree_nodes import Answer, Node, Question, Turn, UserTurn

LONGEST_TITLE = 80


def new_conversation_id() -> str:
    """Return an id that cannot be guessed: anyone who has it can read the conversation."""
    return secrets.token_urlsafe(16)


@dataclass
class Conversation:
    """Messages by id, and the last one of the shown path.

    This is a view; the store has the data, and others may write there too.
    """

    id: str = field(default_factory=new_conversation_id)
    owner: str = ""
    """Who owns it; others who have the id can read it."""

    title: str = ""
    """Its title; "" means the first question."""

    created: float = field(default_factory=time.time)
    updated: float = field(default_factory=time.time)
    settings: Settings = field(default_factory=Settings)
    """The settings when it was last used."""

    leaf: str | None = None
    """The last message of the shown path."""

    version: int = 0
    """Grows with each change in the store; 0 until it is stored."""

    nodes: dict[str, Node] = field(default_factory=dict)
    writable: bool = True
    """Whether the viewer may change it."""

    temporary: bool = False
    """Whether it is kept in memory only."""

    problem: str = ""
    """Why it is not being saved, or ""."""

    _children: dict[str | None, list[str]] = field(default_factory=dict, init=False, repr=False)
    _turns: list[Turn] | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self.replace_nodes(self.nodes.values())

    @property
    def name(self) -> str:
        """Its name in lists: the title, or the beginning of the first question."""
        return self.title or named_after(self.nodes.values())

    @property
    def running(self) -> Answer | None:
        """The answer on the shown path that is being written, if any."""
        last = self.turns[-1].answer if self.turns else None
        return last if last and last.running else None

    @property
    def turns(self) -> Sequence[Turn]:
        """The shown path as turns, without deleted messages."""
        if self._turns is None:
            self._turns = list(_turns(self.path()))
        return self._turns

    def path(self, leaf: str | None = None) -> list[Node]:
        """Return the messages from the first to the leaf, deleted ones included."""
        found: list[Node] = []
        node = self.nodes.get(leaf or self.leaf or "")
        while node is not None:
            found.append(node)
            node = self.nodes.get(node.parent) if node.parent else None
        found.reverse()
        return found

    def variants(self, node: Node) -> list[Node]:
        """Return the variants of a message, including itself, oldest first; no deleted ones."""
        siblings = (self.nodes[each] for each in self._children.get(node.parent, ()))
        answers = isinstance(node, Answer)
        return [
            each
            for each in siblings
            if each.deleted is None and isinstance(each, Answer) is answers
        ]

    def path_to(self, leaf: str) -> list[Node]:
        """Return the messages from the first to this one; none if it is not in the tree."""
        path: list[Node] = []
        node = self.nodes.get(leaf)
        while node is not None:
            path.insert(0, node)
            node = self.nodes.get(node.parent or "")
        return path

    def newest_below(self, node: Node) -> Node:
        """Return the end of the path through the newest messages below this one."""
        while children := [self.nodes[each] for each in self._children.get(node.id, ())]:
            node = ([each for each in children if each.deleted is None] or children)[-1]
        return node

    def add(self, node: Node) -> None:
        """Add a message to the tree."""
        self.nodes[node.id] = node
        self._children.setdefault(node.parent, []).append(node.id)
        self._turns = None

    def show(self, leaf: str | None) -> None:
        """Show the path that ends with this message."""
        self.leaf = leaf
        self._turns = None

    def mark_deleted(self, node: Node, when: float | None) -> None:
        """Mark a message as deleted, or restore it with None."""
        node.deleted = when
        self._turns = None

    def replace_nodes(self, nodes: Iterable[Node]) -> None:
        """Replace all messages with these."""
        self.nodes, self._children = {}, {}
        for node in sorted(nodes, key=lambda each: (each.created, each.id)):
            self.add(node)
        self._turns = None


def named_after(nodes: Iterable[Node]) -> str:
    """Return the beginning of the first question, as a name for the conversation."""
    for node in nodes:
        if isinstance(node, Question) and node.deleted is None:
            line = " ".join(node.text.split())
            if line:
                return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1]}…"
            return node.pictures[0].name if node.pictures else "A message"
    return "New chat"


def _turns(path: Iterable[Node]) -> Iterator[Turn]:
    question: UserTurn | None = None
    for node in path:
        if not isinstance(node, Answer):
            if question:
                yield Turn(question)
            question = None if node.deleted else node
        elif node.deleted is None:
            yield Turn(question, node)
            question = None
        elif question:
            yield Turn(question, answer_deleted=True)
            question = None
    if question:
        yield Turn(question)
