"""Code for one request, in one language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Images = Literal["inline", "file"]
"""Where the pictures of a request are: in the code, or in files next to it."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """Code that sends a request, and what it needs to run."""

    name: str
    """The key, such as `python-requests`."""

    title: str
    """The name on screen."""

    language: str
    """The language for syntax highlighting."""

    file_name: str
    code: str
    needs: str = ""
    """The command that installs the code's dependencies; "" if there are none."""

    note: str = ""
    """What to set up or know before running it; "" if nothing."""

    files: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    """The files needed next to the code, by file name."""


@dataclass(frozen=True, slots=True)
class SnippetSet:
    """The code for one request in every language that can send it."""

    snippets: tuple[Snippet, ...]
    absent: Mapping[str, str]
    """The reasons for the absent snippets, by name."""

    def __getitem__(self, name: str) -> Snippet:
        """Return the snippet of that name; raises KeyError with the reason if it is absent."""
        for snippet in self.snippets:
            if snippet.name == name:
                return snippet
        raise KeyError(self.absent.get(name, name))
