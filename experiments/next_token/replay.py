"""The built-in model's candidates at each token of an answer, and tokens as text."""

from collections.abc import Iterator

from backends import GrammarError, PromptTooLongError, TokenStep, replay_answer
from workers_ai import Fault, InvalidRequestError, Request


def token_text(token: bytes) -> str:
    r"""Return a token as text; parts of a character are written like `\xe6\x97`."""
    return token.decode("utf-8", "backslashreplace")


def next_tokens(request: Request, text: str) -> Iterator[TokenStep]:
    """Yield the step before each token of a built-in model's answer, and after the last one.

    `text` is its answer to `request`, or the beginning of it; "" gives only the first token. A
    step has the logits of the whole vocabulary, so do not keep them all; `sampling_stages` turns
    them into probabilities. Answers that call tools have no steps. Raises `InvalidRequestError`
    for a request that the built-in model refuses, and `InvalidImageError` for unreadable pictures.
    """
    try:
        yield from replay_answer(request.body(), text)
    except (PromptTooLongError, GrammarError) as error:
        sentence = f"the built-in model does not accept this request: {error}"
        raise InvalidRequestError([Fault("", sentence)]) from error
