"""Single values of a log: names, grades, numbers, counts; each refused in words if it is wrong."""
from __future__ import annotations

import math
import reprlib
from numbers import Number

TRUE = ("1", "true", "pass", "passed", "correct", "yes", "1.0")
FALSE = ("0", "false", "fail", "failed", "incorrect", "no", "0.0", "wrong")
LONGEST = 1_000  # characters of a name
NONE = ("", "nan", "none", "null", "na", "n/a", "<na>")
WORDS = dict.fromkeys(TRUE, True) | dict.fromkeys(FALSE, False) | dict.fromkeys(NONE, None)


def name(value) -> str:
    """A problem, sample or model as text."""
    if type(value) is str and 0 < len(text := value.strip()) <= LONGEST:
        return text
    if value is None or isinstance(value, (bool, dict, list, float)) or not str(value).strip():
        raise ValueError(f"{shown(value)} is no name")
    if len(str(value)) > LONGEST:
        raise ValueError(f"{shown(value)} is longer than {LONGEST:,} characters: no name")
    return str(value).strip()


def grade(value) -> bool | None:
    """True or False; None where there is none.

    Raises
    ------
    ValueError
        If it is neither, such as a share, a percentage or a letter.

    Examples
    --------
    >>> [grade(value) for value in (1, "False", "passed", 0.0, "")]
    [True, False, True, False, None]
    """
    if value is True or value is False or value is None:
        return value
    if isinstance(value, Number):
        if value in (0, 1):
            return bool(value)
        if value != value:
            return None
    elif isinstance(value, str):
        word = value.strip().lower()
        if word in WORDS:
            return WORDS[word]
    raise ValueError(f"{shown(value)} is no grade: it must be 0 or 1 (or false, true, fail, pass)"
                     + "; a share or percentage belongs to several samples: give their counts, "
                       "n_samples and n_correct" * is_number(value))


def count(value, least: int = 0) -> int:
    """A whole number of samples."""
    if is_number(value) and not isinstance(value, bool):
        number = float(value)
        if number.is_integer() and least <= number <= 10**9:
            return int(number)
        if 0 < number < 1 or "%" in str(value):
            raise ValueError(f"{shown(value)} is a share, not a count of samples")
    raise ValueError(f"{shown(value)} is no whole number of samples from {least} on")


def size(value) -> float | None:
    """A number that is not negative; None where there is none."""
    number = amount(value)
    if number is not None and number < 0:
        raise ValueError(f"{shown(value)} is negative")
    return number


def amount(value) -> float | None:
    """A number; None where there is none."""
    if value is None or isinstance(value, str) and value.strip().lower() in NONE:
        return None
    if isinstance(value, bool) or not is_number(value):
        raise ValueError(f"{shown(value)} is no number")
    return None if math.isnan(number := float(value)) else number


def shown(value, most: int = 60) -> str:
    """A value on one short line."""
    text = reprlib.repr(value)  # of bounded length, whatever is nested in it
    return text if len(text) <= most else text[:most - 3] + "..."


def is_number(value) -> bool:
    """Whether it is a number, or text that reads as one."""
    try:
        float(value)
    except (TypeError, ValueError, OverflowError):
        return False
    return True
