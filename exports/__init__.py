"""Exports of a call: code in several languages, a curl command, and its events.

    from exports import events_of, snippets

    snippets(request, backend)["python"]
    for event in events_of(reply.trace).events:
        print(event.at, event.data)

Strings in a request always stay string literals in the code, the code sends what the app sends,
and none of it contains a secret of the backend.
"""

from .code_snippets.snippet import Snippet, SnippetSet
from .code_snippets.snippet_writer import snippets, write_snippets
from .code_snippets.targets import LOCAL_ENDPOINT
from .inspection.curl_replay import to_curl
from .inspection.events import Events, events_of
from .inspection.redaction import redact_all_forms
from .inspection.timelines import Timeline, timeline

__all__ = [
    "LOCAL_ENDPOINT",
    "Events",
    "Snippet",
    "SnippetSet",
    "Timeline",
    "events_of",
    "redact_all_forms",
    "snippets",
    "timeline",
    "to_curl",
    "write_snippets",
]
