"""The texts of earlier turns in a long chat: a short question, an answer of two paragraphs."""


def question(number: int) -> str:
    return f"Question {number}: what does it do?"


def answer(number: int) -> str:
    return (
        f"Answer {number} begins with a **strong** word, some `code` and a plain sentence about"
        " what was asked.\n\nA second paragraph goes on for a while, so that a long chat has the"
        " weight of one: it says a little more than the first, and then it ends."
    )
