"""Local engines, called through the documented API.

    from backends import LocalEngine, find_engines

    for found in find_engines():
        backend = LocalEngine.of(found, found.models[0])

A transport takes a documented request, calls the engine's own API, and answers in the documented
bytes. The differences between engines are one table.
"""
