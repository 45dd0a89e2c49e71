"""A text that a pattern of a contract fits, for the headings and sheet names of blank templates."""

import re
from itertools import islice, product

# The standard library's own parser: it knows every pattern that `re` takes, and has no public name.
from re import _constants as kinds
from re import _parser as parser

MOST_DIGITS = 10


def fitting(pattern: str, count: int = 1) -> list[str]:
    """At most `count` different texts that `pattern` matches whole, the shortest forms first.

    Repetitions are taken at their least, so `Cohort.*` gives `Cohort`. Parts that stand for "anything but"
    are left out; a text that does not fit is never returned.
    """
    texts = (text for text in _texts(parser.parse(pattern)) if text.strip() and re.fullmatch(pattern, text))
    return list(islice(dict.fromkeys(islice(texts, 50 * count)), count))


def _texts(tokens):
    return ("".join(parts) for parts in product(*(list(_token(*token)) for token in tokens)))


def _token(kind, value):
    if kind is kinds.LITERAL:
        yield chr(value)
    elif kind is kinds.ANY:
        yield "x"
    elif kind is kinds.IN:
        for member, what in value:
            yield from _in_class(member, what)
    elif kind is kinds.BRANCH:
        for branch in value[1]:
            yield from _texts(branch)
    elif kind is kinds.SUBPATTERN:
        yield from _texts(value[-1])
    elif kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT):
        least, _, repeated = value
        yield from islice(_texts(list(repeated) * least), MOST_DIGITS**2)
    else:
        yield ""


def _in_class(member, what):
    if member is kinds.LITERAL:
        yield chr(what)
    elif member is kinds.RANGE:
        yield from map(chr, range(what[0], min(what[1], what[0] + MOST_DIGITS) + 1))
    elif member is kinds.CATEGORY and what is kinds.CATEGORY_DIGIT:
        yield from "0123456789"
    else:
        yield "x"
