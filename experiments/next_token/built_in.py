"""What the built-in model knew at each token of an answer."""

from collections.abc import Iterator

from workers_ai import (
    Fault,
    InvalidRequestError,
    Moment,
    PromptTooLongError,
    Request,
    SchemaError,
    retrace,
)


def moments(request: Request, text: str) -> Iterator[Moment]:
    """Give the moment before each token of an answer of the built-in model, and after the last.

    `text` is what it answered to `request`, or the beginning of that; "" gives the first token
    alone. A moment holds the logits of the whole vocabulary, so do not keep them all; `shape` makes
    probabilities of them. Answers that call tools have no moments. Raises InvalidRequestError for a
    request that the built-in model refuses, and InvalidImageError for pictures that it cannot read.
    """
    try:
        yield from retrace(request.body(), text)
    except (PromptTooLongError, SchemaError) as error:
        told = f"the built-in model does not take this request: {error}"
        raise InvalidRequestError([Fault("", told)]) from error
