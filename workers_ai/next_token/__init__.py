"""The next token: the probability of each candidate, and how every parameter changes it.

    from workers_ai.next_token import moments, shape

    for moment in moments(request, answer.text):
        shaped = shape(moment, request)
        shaped.rows(10)     # each token's probability after each stage, and what cut it

The built-in model has scores for its whole vocabulary. Other engines report at most the most
likely tokens: `reported_moments` reads them from an answer, and `Reported.shares` calculates what
is known about them, and within which bounds.
"""

from workers_ai.builtin.retracing import Moment
from workers_ai.next_token.answered import LOGPROBS, ReportedMoment, reported_moments
from workers_ai.next_token.bounds import Bounds, Share, Shares
from workers_ai.next_token.built_in import moments
from workers_ai.next_token.reported import MOVABLE, Reported, from_logprobs
from workers_ai.next_token.shaping import STAGES, Row, Shaped, Stage, StageName, shape
from workers_ai.next_token.spelling import spelled

__all__ = [
    "LOGPROBS",
    "MOVABLE",
    "STAGES",
    "Bounds",
    "Moment",
    "Reported",
    "ReportedMoment",
    "Row",
    "Shaped",
    "Share",
    "Shares",
    "Stage",
    "StageName",
    "from_logprobs",
    "moments",
    "reported_moments",
    "shape",
    "spelled",
]
