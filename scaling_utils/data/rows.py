"""Columns with one entry per sample, and their reading from a table."""
from __future__ import annotations

from dataclasses import dataclass, fields

import narwhals as nw
import numpy as np
import pandas as pd

from .. import _check


@dataclass(frozen=True, eq=False)
class Rows:
    """Samples in the order of their problems; a column that was not recorded is None."""

    correct: np.ndarray  # 0 or 1
    answer: np.ndarray | None = None  # of objects; None where no answer was found
    score: np.ndarray | None = None  # higher is better
    tokens: np.ndarray | None = None
    cost: np.ndarray | None = None

    @property
    def columns(self) -> dict[str, np.ndarray]:
        """The recorded columns by name."""
        pairs = ((f.name, getattr(self, f.name)) for f in fields(self))
        return {name: column for name, column in pairs if column is not None}

    def take(self, index) -> Rows:
        """The rows at an index."""
        return Rows(**{name: column[index] for name, column in self.columns.items()})


def joined(parts):
    """Several `Rows` as one, with the columns that all of them have; None if one is None."""
    if any(part is None for part in parts):
        return None
    names = [name for name in parts[0].columns if all(name in p.columns for p in parts)]
    return Rows(**{name: np.concatenate([p.columns[name] for p in parts]) for name in names})


def read(frame, names):
    """Problem and model of each row and its `Rows`, in the order of the table.

    `names` gives the table's name of each of problem, model, correct, answer, score, tokens, cost.
    """
    frame = nw.from_native(frame, eager_only=True)
    for needed in ("problem", "correct"):
        if names[needed] not in frame.columns:
            raise ValueError(f"the table has no column {names[needed]!r}, but {frame.columns}: say "
                             f"which one is {needed}, for instance {needed}={frame.columns[0]!r}")
    if not len(frame):
        raise ValueError("the table has no rows")
    found = {name: frame[column].to_list() for name, column in names.items()
             if column in frame.columns}
    problem = labels("problem", found.pop("problem"))
    model = labels("model", found.pop("model", [""] * len(problem)))
    return problem, model, Rows(**{name: _READ[name](name, x) for name, x in found.items()})


def names(name, values, n_problems):
    """Names as text, one for each problem; a single text stands for all."""
    values = [values] * n_problems if isinstance(values, str) else list(values)
    if len(values) != n_problems:
        raise ValueError(f"{name} holds {len(values)} names for {n_problems} problems")
    return labels(name, values)


def no_duplicates(problem, model):
    """An error if a problem occurs twice for a model."""
    seen = {}
    for i, pair in enumerate(zip(problem, model, strict=True)):
        if pair in seen:
            who = f" of model {pair[1]!r}" if pair[1] else ""
            raise ValueError(f"problem {pair[0]!r}{who} occurs twice, at {seen[pair]} and {i}: add "
                             "up its counts, or give its samples as rows")
        seen[pair] = i


def _missing(value):
    """None, NaN, NaT, or text without a letter."""
    if value is None or value is pd.NA or value != value:
        return True
    return isinstance(value, str) and not value.strip()


def labels(name, values):
    """Names as an array of text, or an error where one is missing."""
    for i, value in enumerate(values):
        if value is None or value is pd.NA or value != value:
            raise ValueError(f"{name}[{i}] is missing: every row needs one")
    return np.array([str(value) for value in values], dtype=object)


def _correct(name, values):
    """0 or 1 of each sample."""
    for i, value in enumerate(values):
        if _missing(value):
            raise ValueError(f"{name}[{i}] is missing: grade the sample, or leave its row out and "
                             "say so")
        if value not in (0, 1):
            raise ValueError(f"{name}[{i}] = {value!r} is neither 0 nor 1 (or False, True)")
    return np.array([int(value) for value in values])


def _answers(name, values):
    """Answers as they are; None where there is none."""
    column = np.empty(len(values), dtype=object)
    column[:] = [None if _missing(value) else value for value in values]
    return column


def _scores(name, values):
    """Numbers of which minus infinity is the worst."""
    scores = _check.real(name, [np.nan if value is None else value for value in values])
    _check.refuse(np.isnan(scores), name, scores, "is missing: leave the column out, or score all")
    _check.refuse(scores == np.inf, name, scores, "is infinite")
    return scores


def _amounts(name, values):
    """Numbers that are not negative; NaN where they were not recorded."""
    amounts = _check.real(name, [np.nan if value is None else value for value in values])
    _check.refuse(amounts < 0, name, amounts, "is negative")
    return amounts


_READ = {"correct": _correct, "answer": _answers, "score": _scores, "tokens": _amounts,
         "cost": _amounts}
