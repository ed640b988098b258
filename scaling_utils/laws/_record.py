"""A law is a record: a pure function with its symbols, its limits and its sources."""
from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from .. import _check


@dataclass(frozen=True)
class Symbol:
    """One row of the symbol table.

    `log` marks a positive parameter that ranges over orders of magnitude: it is fitted as its
    logarithm.

    Examples
    --------
    >>> Symbol("k", "k", "samples per problem", bounds=(1, np.inf)).unit  # a pure number
    '1'
    """

    name: str  # in code: ASCII, the letter of the paper
    tex: str  # in formulas
    meaning: str
    unit: str = "1"
    bounds: tuple[float, float] = (-np.inf, np.inf)
    log: bool = False


@dataclass(frozen=True)
class Limit:
    """An analytic fact: printed in the law card, run by the tests.

    Examples
    --------
    >>> Limit("zero at zero", lambda f: f(0) == 0).holds(abs)
    True
    """

    claim: str
    holds: Callable[[Callable], bool]  # receives the law's function


@dataclass(frozen=True)
class Difficulty:
    """What a law knows when it comes from a distribution of success rates over problems.

    Examples
    --------
    >>> from scaling_utils import LAWS
    >>> known = LAWS["beta_failure"].difficulty
    >>> float(np.exp(known.log_pmf(3, 1, 1.0, 1.0)).round(12))  # uniform rates: 0, 1, 2, 3 alike
    0.25
    """

    log_pmf: Callable  # (n_samples, n_correct, *params): log-likelihood of one problem's count
    density: Callable  # (q, *params): density of the success rate q
    starts: Callable  # (n_samples, n_correct): start values by name, one dict per start
    derivatives: Callable | None = None  # closed forms for batched steps; see fit/objective.py
    edge: Callable | None = None  # (n, c, times): best limit that the parameters do not reach
    contains: Mapping[str, Mapping[str, float]] = field(default_factory=dict)  # law: held values


@dataclass(frozen=True)
class Law:
    """output = f(*inputs, *params), with everything needed to print, test and fit it.

    Raises
    ------
    TypeError
        If the arguments of `f` are not the symbols, in order.
    ValueError
        If a name is not ASCII, or `domain` and `example` do not name the symbols, in order.

    Examples
    --------
    >>> from scaling_utils import LAWS
    >>> float(LAWS["coverage_power_law"](1, a=0.0, b=0.5))
    1.0
    """

    key: str  # the file name in laws/, the stem of label, figures and result rows
    title: str
    tex: str
    f: Callable  # pure, numpy only, broadcasts: f(*inputs, *params)
    inputs: tuple[Symbol, ...]
    output: Symbol
    params: tuple[Symbol, ...]
    example: Mapping[str, float]  # parameter values that the tests must recover
    domain: Mapping[str, tuple[float, float]]  # range of each input for those tests
    limits: tuple[Limit, ...]
    references: tuple[str, ...]  # keys of references.bib
    chapter: str  # slug of the chapter that derives it
    guess: Callable | None = None  # (*inputs, y) -> start values by name; by default the example
    difficulty: Difficulty | None = field(default=None, repr=False)

    def __post_init__(self):
        if self.guess is None:
            object.__setattr__(self, "guess", _Constant(self.example))
        have = list(inspect.signature(self.f).parameters)
        want = [s.name for s in (*self.inputs, *self.params)]
        if have != want:
            raise TypeError(f"{self.key}: f takes {have}, the symbols say {want}")
        if not all(name.isascii() for name in have):
            raise ValueError(f"{self.key}: argument names must be ASCII")
        if [*self.domain, *self.example] != want:
            raise ValueError(f"{self.key}: domain and example must name {want}, in this order")

    def __call__(self, *inputs: ArrayLike, **named: ArrayLike) -> np.ndarray:
        """Value of the law; inputs by position or by name, parameters by name.

        Raises
        ------
        TypeError
            If an argument is missing, given twice, or unknown; it is named.
        ValueError
            If a number lies outside the range of its symbol, or is none; it is named.

        Examples
        --------
        >>> from scaling_utils import LAWS
        >>> law = LAWS["beta_failure"]
        >>> round(float(law(k=1, alpha=3.0, beta=1.0)), 12)
        0.25
        >>> law(1, alpha=3.0)
        Traceback (most recent call last):
        TypeError: beta_failure: missing beta; law(k, alpha=, beta=) is the call
        """
        given = {name: np.asarray(x, float) for name, x in self._bind(inputs, named).items()}
        for s in (*self.inputs, *self.params):
            _in_range(f"{self.key}: {s.name}", given[s.name], s.bounds)
        return self.f(**given)

    def _bind(self, inputs, named):
        """Arguments by name, all there and none unknown."""
        heads = [s.name for s in self.inputs]
        first = dict(zip(heads, inputs, strict=False))
        given, want = first | named, [*heads, *self.names]
        faults = [
            f"takes {len(heads)} inputs by position, not {len(inputs)}"
            if len(inputs) > len(heads) else "",
            _listed("given twice:", [name for name in named if name in first]),
            _listed("unknown:", [name for name in named if name not in want]),
            _listed("missing", [name for name in want if name not in given]),
        ]
        if any(faults):
            call = ", ".join([*heads, *(f"{name}=" for name in self.names)])
            why = "; ".join(filter(None, faults))
            raise TypeError(f"{self.key}: {why}; law({call}) is the call")
        return given

    def __hash__(self):
        return hash(self.key)

    def __reduce_ex__(self, protocol):
        from . import LAWS  # a registered law is stored as its key

        if LAWS.get(self.key) is self:
            return LAWS.__getitem__, (self.key,)
        return super().__reduce_ex__(protocol)

    @property
    def label(self) -> str:
        """Label of the law's equation in its chapter."""
        return "eq-" + self.key.replace("_", "-")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters, in order."""
        return tuple(s.name for s in self.params)

    def named(self, values: Iterable[float]) -> dict[str, float]:
        """Numbers in the order of the parameters, as a dict of floats."""
        return dict(zip(self.names, map(float, values), strict=True))

    def grid(self, n: int) -> tuple[np.ndarray, ...]:
        """n log-spaced points per input, as one flat array per input."""
        axes = [np.geomspace(*self.domain[s.name], n) for s in self.inputs]
        return tuple(axis.ravel() for axis in np.meshgrid(*axes, indexing="ij"))

    def _repr_markdown_(self):
        rows = [symbol_row(s) for s in (self.output, *self.inputs, *self.params)]
        limits = [f"- {limit.claim}" for limit in self.limits]
        head = ["| symbol | code | meaning | unit | range |", "|---|---|---|---|---|"]
        return "\n".join([f"$$ {self.tex} $$", "", *head, *rows, "", *limits])


@dataclass(frozen=True)
class _Constant:
    """A guess that is the same for all data."""

    values: Mapping[str, float]

    def __call__(self, *inputs_and_y):
        return dict(self.values)


def _listed(what, names):
    """A fault with the names that have it, or nothing."""
    return f"{what} {', '.join(names)}" if names else ""


def _in_range(name, value, bounds):
    """Refuse what is no number, or lies below or above the bounds."""
    low, high = bounds
    _check.refuse(np.isnan(value), name, value, "is not a number")
    least = "is negative" if low == 0 else f"is below {low:g}, the least that it can be"
    _check.refuse(value < low, name, value, least)
    _check.refuse(value > high, name, value, f"is above {high:g}, the most that it can be")


def symbol_row(s):
    """Row of a Markdown table: symbol, code, meaning, unit, range."""
    low, high = (f"{bound:g}".replace("inf", "∞") for bound in s.bounds)
    return f"| ${s.tex}$ | `{s.name}` | {s.meaning} | {s.unit} | {low} to {high} |"
