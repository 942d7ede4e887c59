"""Eight checks, ten calls: what a backend and its model support.

for result in check_backend(client):
    result.title, result.verdict        # "Streams", "works"
    result.sentence                     # what was seen
"""
