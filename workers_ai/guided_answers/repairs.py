"""Asking a model to mend its answer."""

from .reading import GuidedAnswer

MOST_TOLD = 20


def repair_request(answer: GuidedAnswer) -> str:
    """Return the message that tells what is wrong, and asks for the whole answer again."""
    told = "\n".join(f"- {fault}" for fault in answer.faults[:MOST_TOLD])
    more = len(answer.faults) - MOST_TOLD
    rest = f"\n- and {more} more" if more > 0 else ""
    return (
        "Your answer does not follow the schema:\n"
        f"{told}{rest}\n"
        "Write the whole answer again as JSON that follows it, and nothing else."
    )
