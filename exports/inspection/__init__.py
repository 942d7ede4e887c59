"""Inspection and export of a call.

    from exports import events_of, timeline, to_curl

    for event in events_of(reply.trace).events:
        print(event.at, event.data)

The backend's secrets are removed everywhere, however the server has encoded them.
"""
