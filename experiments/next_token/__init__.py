"""The next token: how likely each one is, and what every parameter makes of that.

    from workers_ai.next_token import moments, shape

    for moment in moments(request, answer.text):
        shaped = shape(moment, request)
        shaped.rows(10)     # each token's probability after each stage, and what cut it

The built-in model knows all of its vocabulary. Of other engines there are at most the likeliest
tokens: `reported_moments` reads them out of an answer, and `Reported.shares` tells of those what
can be told, and within which bounds.
"""
