r"""The answer in a worked solution, and when two written answers are one.

A light rule of our own: the last \boxed{...}, spacing and units of LaTeX removed, numbers compared
exactly. Symbolic equality is not tried, so it grades a little lower than a computer algebra does.
"""
from __future__ import annotations

import re

from ..merge import canonical

SPACING = re.compile(r"\\left|\\right|\\[!,;: ]|\\(?:text|mathrm|mbox)\{ *([^{}]*?) *\}"
                     r"|\^\{?\\circ\}?|\\?%|\\?\$|\s")
SHORT = re.compile(r"\\[dt]?frac *([0-9]) *([0-9])(?![0-9])")


def boxed(text: str) -> str | None:
    r"""What stands in the last \boxed{...}; None if there is none, or it never closes.

    Examples
    --------
    >>> boxed(r"so \boxed{1} and then $\boxed{\frac{1}{2}}$.")
    '\\frac{1}{2}'
    """
    start = text.rfind("\\boxed{")
    if start < 0:
        return None
    depth, begin = 1, start + len("\\boxed{")
    for i in range(begin, len(text)):
        depth += (text[i] == "{") - (text[i] == "}")
        if depth == 0:
            return text[begin:i]
    return None


def tidy(answer: str) -> str:
    r"""An answer without spacing, sizes, units of LaTeX and a leading "x =".

    Examples
    --------
    >>> tidy(r"x = \left( 3, \dfrac{1}{2} \right)"), tidy(r"\frac12")
    ('(3,\\frac{1}{2})', '1/2')
    """
    text = SPACING.sub(lambda match: match.group(1) or "", answer.strip().rstrip("."))
    text = SHORT.sub(r"\\frac{\1}{\2}", text).replace("\\dfrac", "\\frac")
    text = re.sub(r"^[a-zA-Z](?:\\in|=)", "", text.replace("\\tfrac", "\\frac"))
    if re.fullmatch(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?", text):
        text = text.replace(",", "")
    return canonical(text)


def same(answer: str, reference: str) -> bool:
    r"""Whether a solution's boxed answer, or an answer by itself, is the reference.

    Examples
    --------
    >>> same(r"The answer is $\boxed{0.5}$", r"\frac{1}{2}")
    True
    """
    found = boxed(answer) if "\\boxed" in answer else answer
    return found is not None and tidy(found) == tidy(reference)
