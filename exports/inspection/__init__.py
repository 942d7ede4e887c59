"""What a call was, for looking into it and for taking it along.

    from workers_ai.inspection import events_of, timeline, to_curl, to_har

    for event in events_of(reply.exchange).events:
        print(event.at, event.data)

No secret of the backend is in any of it, however the server has written it.
"""
