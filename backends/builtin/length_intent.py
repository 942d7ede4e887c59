"""The kind of answer a person wants: short, thorough, or a continuation."""

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
    """Return whether one sentence is enough."""
    return _BRIEF.search(text) is not None


def wants_all(text: str) -> bool:
    """Return whether several passages are wanted."""
    return _THOROUGH.search(text) is not None


def without_wishes(text: str) -> str:
    """Return the topic, without the words that only describe the kind of answer."""
    return _WISHES.sub(" ", text)


def wants_more(text: str) -> bool:
    """Return whether a question only asks for more on the same topic."""
    return _MORE.fullmatch(text) is not None


def points_back(text: str) -> bool:
    """Return whether a question refers to the previous one."""
    return _POINTS_BACK.search(text) is not None
