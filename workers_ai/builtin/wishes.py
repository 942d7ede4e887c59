"""How a person wants the answer: short, thorough, or only further."""

import re

_BRIEF = re.compile(
    r"\b((in )?(one|a single) sentence|briefly|(be|keep it) brief|concise(ly)?|short answer"
    r"|keep it short|in short|in (a )?few words|answer shortly)\b",
    re.IGNORECASE,
)
_THOROUGH = re.compile(
    r"\b(in (more )?detail|(every|any)thing (you know )?about|all about|at length|elaborate( on)?"
    r"|thorough(ly)?)\b",
    re.IGNORECASE,
)
_WISHES = re.compile(f"{_BRIEF.pattern}|{_THOROUGH.pattern}", re.IGNORECASE)
_MORE = re.compile(
    r"\W*((and|but|so|ok|okay|yes|please|hm+)\W+)*"
    r"(why( not| is that| so)?|how (so|come)|(tell|show|give) me (some )?more|more|go on"
    r"|(what|anything) else|(explain|elaborate|expand)( on)?( it| that| this)?( more| further)?"
    r"|(give me |tell me |write )?(another|one more)( one)?|in more detail|really|and then)"
    r"(\s+please)?\W*",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"^\W*(and|but|or|what about|how about)\b|\b(it|its|that|this|them|they|those|these)\b",
    re.IGNORECASE,
)


def wants_it_brief(text: str) -> bool:
    """Tell whether a sentence is enough."""
    return _BRIEF.search(text) is not None


def wants_all(text: str) -> bool:
    """Tell whether several passages are welcome."""
    return _THOROUGH.search(text) is not None


def without_wishes(text: str) -> str:
    """Leave the topic: the words that only say how to answer are taken out."""
    return _WISHES.sub(" ", text)


def wants_more(text: str) -> bool:
    """Tell whether a question says nothing but to go on about the same."""
    return _MORE.fullmatch(text) is not None


def points_back(text: str) -> bool:
    """Tell whether a question needs the one before to be understood."""
    return _POINTS_BACK.search(text) is not None
