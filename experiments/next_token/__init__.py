"""The next token: the probability of each candidate, and how every parameter changes it.

    from experiments import moments, shape

    for moment in moments(request, answer.text):
        shaped = shape(moment, request)
        shaped.rows(10)     # each token's probability after each stage, and what cut it

The built-in model has scores for its whole vocabulary. Other engines report at most the most
likely tokens: `reported_moments` reads them from an answer, and `Reported.shares` calculates what
is known about them, and within which bounds.
"""
