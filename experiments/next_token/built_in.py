"""The state of the built-in model at each token of an answer."""

from collections.abc import Iterator

from backends import Moment, PromptTooLongError, SchemaError, retrace
from workers_ai import Fault, InvalidRequestError, Request


def moments(request: Request, text: str) -> Iterator[Moment]:
    """Yield the moment before each token of a built-in model's answer, and after the last one.

    `text` is its answer to `request`, or the beginning of it; "" gives only the first token. A
    moment has the logits of the whole vocabulary, so do not keep them all; `shape` turns them into
    probabilities. Answers that call tools have no moments. Raises `InvalidRequestError` for a
    request that the built-in model refuses, and `InvalidImageError` for unreadable pictures.
    """
    try:
        yield from retrace(request.body(), text)
    except (PromptTooLongError, SchemaError) as error:
        sentence = f"the built-in model does not accept this request: {error}"
        raise InvalidRequestError([Fault("", sentence)]) from error
