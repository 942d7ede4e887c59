"""Code for one request, in one language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Images = Literal["inline", "file"]
"""Where the pictures of a request are: in the code, or in files beside it."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """Code that makes a request, and what it takes to run it."""

    name: str
    """The key, as `python-requests`."""

    title: str
    """The name on screen."""

    language: str
    """The language to highlight it as."""

    file_name: str
    code: str
    needs: str = ""
    """The command that installs what the code imports; "" where nothing has to be."""

    note: str = ""
    """What to set, to know or to have beside it; "" where there is nothing to say."""

    files: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    """What has to lie beside the code, by the name of the file."""


@dataclass(frozen=True, slots=True)
class SnippetSet:
    """The code for one request in every language that can make it."""

    snippets: tuple[Snippet, ...]
    absent: Mapping[str, str]
    """The reason for each that cannot be written, by its name."""

    def __getitem__(self, name: str) -> Snippet:
        """Return the one of that name; raises KeyError with the reason if it is absent."""
        for snippet in self.snippets:
            if snippet.name == name:
                return snippet
        raise KeyError(self.absent.get(name, name))
