"""Asks a model to repair its answer."""

from .guided_answer import GuidedAnswer

MOST_TOLD = 20


def repair_request(answer: GuidedAnswer) -> str:
    """Return a message that lists the faults and asks for the whole answer again."""
    listed = "\n".join(f"- {fault}" for fault in answer.faults[:MOST_TOLD])
    more = len(answer.faults) - MOST_TOLD
    rest = f"\n- and {more} more" if more > 0 else ""
    return (
        "Your answer does not follow the schema:\n"
        f"{listed}{rest}\n"
        "Write the whole answer again as JSON that follows it, and nothing else."
    )
