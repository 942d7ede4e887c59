"""Inspection and export of a call.

    from workers_ai.inspection import events_of, timeline, to_curl, to_har

    for event in events_of(reply.exchange).events:
        print(event.at, event.data)

The backend's secrets are removed everywhere, however the server has encoded them.
"""

from workers_ai.inspection.curl import to_curl
from workers_ai.inspection.events import MOST_EVENTS, Event, Events, events_of
from workers_ai.inspection.har import to_har
from workers_ai.inspection.hiding import hidden
from workers_ai.inspection.timelines import Retry, Timeline, timeline

__all__ = [
    "MOST_EVENTS",
    "Event",
    "Events",
    "Retry",
    "Timeline",
    "events_of",
    "hidden",
    "timeline",
    "to_curl",
    "to_har",
]
