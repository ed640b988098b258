"""When two answers are one: the rule before a vote."""
from __future__ import annotations

import re
from fractions import Fraction

LONGEST = 100  # characters of a number that is read as one
_BOXES = (("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]"), ("\\boxed{", "}"))
_FRACTION = re.compile(r"([+-]?) *\\[dt]?frac *(?:\{ *([+-]?[0-9]+) *\}|([0-9]))"
                       r" *(?:\{ *([0-9]*[1-9][0-9]*) *\}|([1-9]))")
_NUMBER = re.compile(r"([+-]?) *(?:([0-9]+ */ *[0-9]*[1-9][0-9]*)|"
                     r"((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?))")


def canonical(answer) -> str:
    r"""One text for all ways of writing the same number: "1/2", " 0.50 " and "\frac{1}{2}".

    Parameters
    ----------
    answer : str or number

    Returns
    -------
    str
        A number as a fraction in lowest terms; any other answer as it is, without surrounding
        white space, dollar signs or a box, and with one blank for each run of white space.

    Notes
    -----
    Whole numbers, decimals (trailing zeros and powers of ten included), quotients of whole numbers
    and LaTeX fractions of them are compared exactly; different numbers stay different. What may
    mean two things is left alone: "1,000" (a list or a thousand), "50%", "1 1/2", letters in
    either case. Pass a rule of your own where answers need one, for instance
    ``lambda a: canonical(a.replace(",", ""))``.

    Examples
    --------
    >>> [canonical(x) for x in ("0.50", r"$\frac{2}{4}$", 3, "3.", "x  + 1")]
    ['1/2', '1/2', '3', '3', 'x + 1']
    """
    text = " ".join(str(answer).replace("\N{MINUS SIGN}", "-").split())
    inner = _unpacked(text)
    while inner != text:
        text, inner = inner, _unpacked(inner)
    number = _number(text) if len(text) <= LONGEST else None
    return text if number is None else str(number)


def _unpacked(text):
    """The text without one layer of dollar signs, LaTeX delimiters or a box around all of it."""
    for start, end in _BOXES:
        inner = text[len(start):-len(end)].strip()
        if text == start + text[len(start):-len(end)] + end and inner and _whole(inner, start):
            return inner
    return text


def _whole(inner, start):
    """Whether what opens before `inner` closes only after it: no dollar, no brace left over."""
    depths = [inner[:i].count("{") - inner[:i].count("}") for i in range(len(inner) + 1)]
    return start.strip("{") not in inner and min(depths) >= 0


def _number(text):
    """The text as an exact fraction, or None if it is no number."""
    if match := _FRACTION.fullmatch(text):
        sign, *parts = match.groups()
        above, below = (int(part) for part in parts if part is not None)
        return Fraction(-above if sign == "-" else above, below)
    if match := _NUMBER.fullmatch(text):
        sign, quotient, decimal = match.groups()
        return Fraction(sign + (quotient or decimal).replace(" ", ""))
    return None


def coded(merged, correct, problem):
    """Merged answers of one problem as numbers: 0 is right, 1, 2, ... are wrong, -1 is none."""
    right = {answer for answer, y in zip(merged, correct, strict=True) if y}
    if None in right:
        raise ValueError(f"problem {problem}: a sample without an answer is graded correct")
    numbers = dict.fromkeys(right, 0) | {None: -1}
    codes = []
    for answer, y in zip(merged, correct, strict=True):
        if answer in right and not y:
            raise ValueError(f"problem {problem}: answer {answer!r} is graded correct and wrong; "
                             "grade equal answers alike, or merge fewer by a rule of your own")
        codes.append(numbers.setdefault(answer, len(numbers) - len(right)))
    return codes
