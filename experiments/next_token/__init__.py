"""The next token: the probability of each candidate, and how every parameter changes it.

    from experiments import next_tokens, sampling_stages

    for step in next_tokens(request, answer.text):
        stages = sampling_stages(step, request)
        stages.rows(10)     # each token's probability after each stage, and what cut it

The built-in model has scores for its whole vocabulary. Other engines report at most the most
likely tokens: `reported_tokens` reads them from an answer, and `Reported.shares` calculates what
is known about them, and within which bounds.
"""
