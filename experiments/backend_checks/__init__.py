"""Eight small checks that tell what a backend and its model can do.

for result in check_backend(client):
    result.title, result.verdict        # "Streams", "works"
    result.sentence                     # what was seen
"""
