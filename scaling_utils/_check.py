"""Validation of input: every refusal names the argument, the position and what to do."""
from __future__ import annotations

import numpy as np

MOST = 10**9  # more samples than anyone draws; beyond it pairs of counts would overflow


def array(name, values, dtype=None):
    """`values` as an array; ragged rows and masked entries are refused by name."""
    if np.ma.is_masked(values):
        at = _first(np.ma.getmaskarray(values))
        raise ValueError(f"{name}{_place(at)} is masked: drop masked entries first, for instance "
                         "by .compressed()")
    try:
        return np.asarray(values, dtype)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{name} must be an array of numbers{_ragged(values)}") from None


def _ragged(values):
    """Which row of a table has a length of its own; empty if that is not what is wrong."""
    try:
        lengths = [len(row) for row in values]
    except TypeError:
        return ""
    for i, length in enumerate(lengths):
        if length != lengths[0]:
            return f": row 0 holds {lengths[0]}, row {i} holds {length} (problem {i})"
    return ""


def whole(name, values, least=0):
    """`values` as an integer array, or a ValueError that names the first bad entry."""
    numbers = array(name, values)
    if numbers.dtype.kind not in "iuf":
        raise ValueError(f"{name} must hold whole numbers, not {numbers.dtype}")
    if numbers.size == 0:
        raise ValueError(f"{name} is empty")
    if numbers.dtype.kind == "f":
        refuse(~np.isfinite(numbers), name, numbers, "is not a number")
        refuse(numbers != np.floor(numbers), name, numbers, "is not a whole number")
    if numbers.min() < least:
        refuse(numbers < least, name, numbers, f"is below {least}")
    if numbers.max() > MOST:
        refuse(numbers > MOST, name, numbers, f"is above {MOST:,}")
    return numbers.astype(np.int64)


def counts(n_samples, n_correct):
    """Both as integer arrays with 0 <= n_correct <= n_samples and n_samples >= 1."""
    aligned(n_samples=n_samples, n_correct=n_correct)
    n, c = whole("n_samples", n_samples, least=1), whole("n_correct", n_correct)
    try:
        over = c > n
    except ValueError:
        raise ValueError(f"n_samples {n.shape} and n_correct {c.shape} do not broadcast") from None
    if over.any():
        at = _first(over)
        where, (n, c) = _place(at), np.broadcast_arrays(n, c)
        raise ValueError(f"n_correct{where} = {c[at]} exceeds n_samples{where} = {n[at]}")
    return n, c


def problem_counts(n_samples, n_correct):
    """The same as flat arrays with one count per problem."""
    n, c = counts(n_samples, n_correct)
    for name, x in (("n_samples", n), ("n_correct", c)):
        if x.ndim > 1:
            raise ValueError(f"{name} is {x.shape}: give one count per problem; of 0/1 outcomes, "
                             "one row per problem, take .sum(axis=1)")
    return tuple(np.atleast_1d(*np.broadcast_arrays(n, c)))


def aligned(**columns):
    """A ValueError if two pandas columns carry different labels, which would be joined by place."""
    labelled = [(name, x.index) for name, x in columns.items()
                if hasattr(getattr(x, "index", None), "equals")]
    for name, index in labelled[1:]:
        if len(index) == len(labelled[0][1]) and not index.equals(labelled[0][1]):
            first = labelled[0][0]
            raise ValueError(f"{first} and {name} have different indices, and would be joined by "
                             f"place: align them first, {name}.reindex({first}.index), or pass "
                             ".to_numpy() of both")


def draws(k, n_samples, name="k"):
    """k as an integer array with 1 <= k <= the smallest n_samples."""
    k = whole(name, k, least=1)
    least = n_samples.min()
    if (k > least).any():
        at, where = _first(k > least), _place(_first(n_samples == least))
        raise ValueError(
            f"{name}{_place(at)} = {k[at]} exceeds n_samples{where} = {least}: "
            "more samples than were drawn cannot be judged"
        )
    return k


def finite(name, values):
    """`values` as a float array, or a ValueError that names the first entry that is no number."""
    numbers = real(name, values)
    refuse(~np.isfinite(numbers), name, numbers, "is not a finite number")
    return numbers


def real(name, values):
    """`values` as a float array that may hold infinities and missing values."""
    numbers = array(name, values)
    if numbers.dtype.kind not in "biuf":
        raise ValueError(f"{name} must hold numbers, not {numbers.dtype}")
    return numbers.astype(float)


def amount(name, values, positive=False):
    """`values` as an array of floats, finite and not negative."""
    try:
        numbers = array(name, values, float)
    except ValueError as error:
        raise ValueError(str(error).replace("be an array of", "hold")) from None
    refuse(~np.isfinite(numbers), name, numbers, "is not a finite number")
    refuse(numbers < 0, name, numbers, "is negative")
    if positive:
        refuse(numbers == 0, name, numbers, "must be positive")
    return numbers


def between(name, values, low, high, inside=False):
    """`values` as floats from low to high, or strictly inside; one number comes back as a float."""
    numbers = real(name, values)
    bad = ~((numbers > low) & (numbers < high) if inside else (numbers >= low) & (numbers <= high))
    where = f"must be between {low:g} and {high:g}" + (", both excluded" if inside else "")
    refuse(bad, name, numbers, where)
    return float(numbers) if numbers.ndim == 0 else numbers


def resampling(n_resamples, level):
    """Both checked: a level inside (0, 1) and enough resamples for one beyond each end."""
    level = between("level", level, 0, 1, inside=True)
    n_resamples = int(whole("n_resamples", n_resamples))
    least = int(np.ceil(round(2 / (1 - level), 6)))
    if n_resamples < least:
        raise ValueError(f"n_resamples = {n_resamples} is too few for level = {level:g}: "
                         f"at least {least} leave one beyond each end")
    return n_resamples, level


def generator(rng):
    """A numpy Generator from a seed or a Generator."""
    try:
        return np.random.default_rng(rng)
    except (TypeError, ValueError):
        raise ValueError(f"rng = {rng!r} must be a whole number from 0 on or a numpy Generator"
                         ) from None


def refuse(bad, name, numbers, why):
    """A ValueError at the first bad entry, if there is one; in a table rows are problems."""
    if bad.any():
        at = _first(bad)
        problem = f" (problem {at[0]})" if numbers.ndim == 2 else ""
        raise ValueError(f"{name}{_place(at)} = {_shown(numbers[at])} {why}{problem}")


def _shown(value):
    """A number as short as it can be."""
    return f"{value:.12g}" if isinstance(value, np.floating) else str(value)


def _first(flags):
    """Index of the first true entry."""
    return np.unravel_index(int(np.argmax(flags)), np.shape(flags))


def _place(at):
    """Position for a message; empty for a single number."""
    return f"[{', '.join(map(str, at))}]" if at else ""
