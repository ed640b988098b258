"""Validation of counts: every refusal names the argument and the position."""
import numpy as np

MOST = 10**9  # more samples than anyone draws; beyond it pairs of counts would overflow


def whole(name, values, least=0):
    """`values` as an integer array, or a ValueError that names the first bad entry."""
    try:
        array = np.asarray(values)
    except (ValueError, OverflowError):
        raise ValueError(f"{name} must be an array of whole numbers") from None
    if array.dtype.kind not in "iuf":
        raise ValueError(f"{name} must hold whole numbers, not {array.dtype}")
    if array.size == 0:
        raise ValueError(f"{name} is empty")
    if array.dtype.kind == "f":
        refuse(~np.isfinite(array), name, array, "is not a number")
        refuse(array != np.floor(array), name, array, "is not a whole number")
    if array.min() < least:
        refuse(array < least, name, array, f"is below {least}")
    if array.max() > MOST:
        refuse(array > MOST, name, array, f"is above {MOST:,}")
    return array.astype(np.int64)


def counts(n_samples, n_correct):
    """Both as integer arrays with 0 <= n_correct <= n_samples and n_samples >= 1."""
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
    array = np.asarray(values)
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{name} must hold numbers, not {array.dtype}")
    refuse(~np.isfinite(array), name, array, "is not a finite number")
    return array.astype(float)


def amount(name, values, positive=False):
    """`values` as an array of floats, finite and not negative."""
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must hold numbers") from None
    refuse(~np.isfinite(array), name, array, "is not a finite number")
    refuse(array < 0, name, array, "is negative")
    if positive:
        refuse(array == 0, name, array, "must be positive")
    return array


def refuse(bad, name, array, why):
    """A ValueError at the first bad entry, if there is one; in a table rows are problems."""
    if bad.any():
        at = _first(bad)
        problem = f" (problem {at[0]})" if array.ndim == 2 else ""
        raise ValueError(f"{name}{_place(at)} = {_shown(array[at])} {why}{problem}")


def _shown(value):
    """A number as short as it can be."""
    return f"{value:.12g}" if isinstance(value, np.floating) else str(value)


def _first(flags):
    """Index of the first true entry."""
    return np.unravel_index(int(np.argmax(flags)), np.shape(flags))


def _place(at):
    """Position for a message; empty for a single number."""
    return f"[{', '.join(map(str, at))}]" if at else ""
