"""What a caller gives to a fit, bound to names and checked."""
from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping

import numpy as np

from .. import _check
from ..laws import LAWS
from ..laws._record import Law


def law_of(law: Law | str) -> Law:
    """A law, or the one of that key."""
    found = LAWS.get(law) if isinstance(law, str) else law
    if not isinstance(found, Law):
        raise ValueError(f"law {law!r} is none of {list(LAWS)}")
    return found


def bind(law: Law, inputs, named: Mapping) -> list[np.ndarray]:
    """Inputs of a law by position or name, as arrays in their range.

    Examples
    --------
    >>> from scaling_utils import LAWS
    >>> [x.tolist() for x in bind(LAWS["beta_failure"], (), {"k": 3})]
    [3.0]
    """
    names = [s.name for s in law.inputs]
    given = dict(zip(names, inputs, strict=False)) | named
    if len(inputs) + len(named) != len(names) or set(given) != set(names):
        raise ValueError(f"{law.key} is predicted from {names}, one value or array each; "
                         f"got {len(inputs)} by position and {sorted(named)} by name")
    return [in_range(s, given[s.name]) for s in law.inputs]


def flat(law: Law, inputs) -> tuple[np.ndarray, ...]:
    """One array per input of a law, in its range; a bare array is the only input."""
    arrays = isinstance(inputs, tuple) and all(np.ndim(x) for x in inputs)
    if len(law.inputs) == 1 and not arrays:
        inputs = (inputs[0] if np.ndim(inputs) == 2 and len(inputs) == 1 else inputs,)
    if len(inputs) != len(law.inputs):
        names = [s.name for s in law.inputs]
        raise ValueError(f"inputs must be a tuple of {len(names)} arrays, {names}, "
                         f"not of {len(inputs)}")
    inputs = tuple(in_range(s, x) for s, x in zip(law.inputs, inputs, strict=True))
    for s, x in zip(law.inputs, inputs, strict=True):
        if s.unit == "samples":
            _check.refuse(x == 0, s.name, x, "must be positive: no samples, no curve")
    return inputs


def in_range(symbol, x) -> np.ndarray:
    """An input as an array; refused if it is no number, or negative where that has no meaning."""
    try:
        x = np.asarray(x, float)
    except (TypeError, ValueError):
        raise ValueError(f"{symbol.name} must hold numbers, not {x!r}") from None
    _check.refuse(~np.isfinite(x), symbol.name, x, "is not a finite number")
    if symbol.bounds[0] >= 0:
        _check.refuse(x < 0, symbol.name, x, "is negative")
    return x


def asked(function: Callable, values: Mapping[str, float]) -> Mapping[str, float]:
    """The parameters that a function asks for by name, all of them if it takes any.

    Examples
    --------
    >>> asked(lambda b: b, {"a": 1.0, "b": 2.0})
    {'b': 2.0}
    """
    wanted = inspect.signature(function).parameters.values()
    if any(p.kind is p.VAR_KEYWORD for p in wanted):
        return values
    missing = [p.name for p in wanted if p.default is p.empty and p.name not in values]
    if missing:
        raise ValueError(f"the function asks for {missing}, but the law has {list(values)}")
    return {p.name: values[p.name] for p in wanted if p.name in values}
