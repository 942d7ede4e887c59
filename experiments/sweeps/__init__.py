"""The same request with many settings: its cells, their cost, and a link to it.

    from experiments import Sweep, forecast, read_axis

    sweep = Sweep([read_axis("temperature", "0..1 step 0.25")], samples=3, seeds="per sample")
    forecast(sweep, request).calls      # 15
    for key, make in sweep.requests(request):
        ...                             # make() builds the request of one cell

Running a sweep requires only keys and requests.
"""
