"""What a log held: the samples of one model, the files they came from, and what was left out."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pandas as pd

from ..samples import Samples


@dataclass(frozen=True)
class LogFile:
    """A file that was read: its hash, its format and the rows it holds."""

    path: str
    sha256: str
    format: str
    n_rows: int  # samples, or problems where the file holds counts


@dataclass(frozen=True)
class Exclusion:
    """Something in a log that is not in the samples, how often, and the first places."""

    reason: str  # such as "samples with an error"
    n: int
    where: str  # such as "run.json: problem 17"


@dataclass(frozen=True, eq=False)
class Log:
    """One model's run on one task under one grader. Made by `read_log`.

    Examples
    --------
    >>> Log("mine", Samples.from_counts(10, [0, 4, 10]), files=()).samples.n_correct.tolist()
    [0, 4, 10]
    """

    name: str  # what tells this log from the others
    samples: Samples  # counts per problem, the problems in natural order of their names
    files: tuple[LogFile, ...]
    excluded: tuple[Exclusion, ...] = ()
    answers: pd.DataFrame | None = None  # problem, sample, correct, answer, score, tokens, cost
    model: str = ""
    task: str = ""
    grader: str = ""

    def rows(self) -> Samples:
        """The samples with what was recorded of each one, for votes and best of n.

        Raises
        ------
        ValueError
            If the log holds no answers, scores, tokens or costs.
        """
        if self.answers is None:
            raise ValueError(f"{self.name}: the log holds grades alone, no answer, score, tokens "
                             "or cost of a sample, or they were not kept (answers=True keeps them)")
        return Samples.from_rows(self.answers.assign(model=self.model or self.name))


@dataclass(frozen=True)
class Options:
    """What a reader may be told."""

    columns: Mapping[str, str] | None = None  # of a table: our name -> its name
    grade: Callable[[str, Any], bool] | None = None  # (answer, reference) -> whether it is right
    step_score: str = "last"  # how the scores of steps become one
    ungraded: str = "exclude"  # what becomes of samples without a grade
    separate: bool = False  # files are separate runs, even where their samples have one number
    answers: bool | None = None  # keep what was recorded of each sample; None: of logs that fit
    engine: str | None = None  # for long tables; None: DuckDB where a file is long
    design: Mapping[str, Any] = field(default_factory=dict)


class Row(NamedTuple):
    """A sample as a reader found it; what a format does not say is None or empty."""

    problem: str
    correct: bool | None  # None: without a grade, and `why` says why
    at: str = ""  # place in the file, such as ":17" or ": record 3"
    sample: str | None = None  # number or name of the sample within its problem
    answer: Any = None
    score: float | None = None
    tokens: float | None = None
    cost: float | None = None
    model: str = ""
    task: str = ""
    grader: str = ""
    why: str = "samples without a grade"


class Counts(NamedTuple):
    """A problem of which a file holds the counts alone."""

    problem: str
    n_samples: int
    n_correct: int
    at: str = ""
    model: str = ""
    task: str = ""
    grader: str = ""
