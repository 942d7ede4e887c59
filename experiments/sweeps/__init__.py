"""The same request with many settings: which cells there are, what they cost, and their link.

    from workers_ai.sweeps import Sweep, forecast, read_axis

    sweep = Sweep([read_axis("temperature", "0..1 step 0.25")], samples=3, seeds="per sample")
    forecast(sweep, request).calls      # 15
    for key, make in sweep.requests(request):
        ...                             # make() builds the request of one cell

Whoever runs them needs no more than keys and requests.
"""
