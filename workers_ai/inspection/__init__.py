"""What a call was, for looking into it and for taking it along.

    from workers_ai.inspection import events_of, timeline, to_curl, to_har

    for event in events_of(reply.exchange).events:
        print(event.at, event.data)

No secret of the backend is in any of it, however the server has written it.
"""

from .curl import to_curl
from .events import MOST_EVENTS, Event, Events, events_of
from .har import to_har
from .hiding import hidden
from .timelines import Retry, Timeline, timeline

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
