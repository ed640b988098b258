"""What was sampled: one record of problems, samples and sampling design."""
from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from .. import _check
from . import rows as _rows
from .design import check_design, in_words
from .merge import canonical, coded
from .rows import Rows

COLUMNS = ("problem", "model", "n_samples", "n_correct")

class Votes(NamedTuple):
    """Samples that gave each answer, for `majority_at_k`."""

    answer_counts: np.ndarray  # shape (n_problems, n_answers); column 0 is the right answer
    n_abstain: np.ndarray  # shape (n_problems,): samples without an answer


@dataclass(frozen=True, eq=False, repr=False)
class Samples:
    """Samples of each problem, how many were right, and by which design they were drawn.

    Made by `Samples.from_counts` or `Samples.from_rows`; estimators and fits take it in place of
    (n_samples, n_correct).
    """

    problem: np.ndarray  # names, shape (n_problems,); each once for a model
    model: np.ndarray  # names, same shape; empty text where none was given
    n_samples: np.ndarray
    n_correct: np.ndarray
    design: str = "fixed"  # "fixed", "first_success" or "adaptive"
    batch: int | None = None  # first success: samples drawn at once
    cap: int | None = None  # first success: most samples of a problem
    rows: Rows | None = None  # per sample, in the order of the problems

    def __post_init__(self):
        for name in COLUMNS:
            column = np.array(getattr(self, name))  # a copy that nobody can change
            column.setflags(write=False)
            object.__setattr__(self, name, column)
        _rows.no_duplicates(self.problem, self.model)
        check_design(self)

    @classmethod
    def from_counts(cls, n_samples: np.typing.ArrayLike, n_correct: np.typing.ArrayLike, *,
                    problem: Iterable[Hashable] | None = None,
                    model: str | Iterable[str] | None = None, design: str = "fixed",
                    batch: int | None = None, cap: int | None = None) -> Samples:
        """n samples of each problem, c of them correct.

        Parameters
        ----------
        n_samples, n_correct : array_like of int, shape (n_problems,)
            Of the two, n_samples may be one number.
        problem : iterable, shape (n_problems,), optional
            Names; left out, the problems are numbered from 0.
        model : str or iterable of str, optional
        design : "fixed", "first_success" or "adaptive"
            Whether n was set beforehand, sampling went on until the first success (in batches of
            `batch`, at most `cap` samples), or samples were given where earlier ones called for
            them.
        batch, cap : int, optional
            Of the first-success design; left out, one sample at a time and no cap.

        Returns
        -------
        Samples

        Raises
        ------
        ValueError
            If a count is missing, fractional, negative or 2-D, n is zero, c exceeds n, a problem
            occurs twice for a model, or the counts contradict the design.

        Examples
        --------
        >>> print(Samples.from_counts(10, [0, 3, 7]))
        Samples of 3 problems: 10 each, 10 of 30 correct, 2 problems solved; design fixed
        """
        n, c = _check.problem_counts(n_samples, n_correct)
        names = range(len(n)) if problem is None else problem
        columns = _rows.names("problem", names, len(n)), _rows.names("model", model or "", len(n))
        return cls(*columns, n, c, design, batch, cap)

    @classmethod
    def from_rows(cls, frame: Any, *, design: str = "fixed", batch: int | None = None,
                  cap: int | None = None, **names: str) -> Samples:
        """One row per sample: a data frame with the columns problem and correct.

        Parameters
        ----------
        frame : DataFrame
            Of pandas, polars, pyarrow or any other library that narwhals reads.
        design, batch, cap :
            As in `from_counts`.
        **names : str
            The frame's own names of problem, correct, model, answer, score, tokens, cost, as in
            ``problem="doc_id"``; the last five may be missing.

        Returns
        -------
        Samples
            With `rows`; problems in the order of their first samples.

        Raises
        ------
        ValueError
            If a column or a grade is missing, a grade is neither 0 nor 1, or a score is no number.

        Examples
        --------
        >>> frame = pd.DataFrame({"problem": ["a", "a", "b"], "correct": [1, 0, 0]})
        >>> Samples.from_rows(frame).counts()[1].tolist()
        [1, 0]
        """
        usual = {name: name for name in ("problem", "model", *_rows.Rows.__dataclass_fields__)}
        if unknown := set(names) - set(usual):
            raise ValueError(f"{sorted(unknown)} are no columns of samples; these are "
                             f"{list(usual)}")
        problem, model, rows = _rows.read(frame, usual | names)
        keys = pd.MultiIndex.from_arrays([problem, model])
        code, _ = pd.factorize(keys)
        order = np.argsort(code, kind="stable")
        starts = np.unique(code[order], return_index=True)[1]
        n, c = np.bincount(code), np.bincount(code, rows.correct).astype(int)
        first = order[starts]
        return cls(problem[first], model[first], n, c, design, batch, cap, rows.take(order))

    def __len__(self) -> int:
        return len(self.problem)

    def counts(self) -> tuple[np.ndarray, np.ndarray]:
        """(n_samples, n_correct), each of shape (n_problems,), of the one model there is."""
        self._one_model()
        return self.n_samples, self.n_correct

    def votes(self, merge: Callable[[Hashable], Hashable] = canonical) -> Votes:
        """How many samples gave each answer, after equal answers are merged.

        Parameters
        ----------
        merge : callable
            answer -> what stands for it; answers with equal results are one. `canonical` merges
            ways of writing the same number.

        Returns
        -------
        Votes
            `answer_counts`, whose column 0 is the right answer and whose short rows end in zeros,
            and `n_abstain`, the samples without an answer.

        Raises
        ------
        ValueError
            If answers were not recorded, a correct sample has none, or a merged answer is graded
            both ways; the problem is named.

        Notes
        -----
        All answers that were graded correct are one answer, the right one; wrong ones follow,
        the most frequent first.

        Examples
        --------
        >>> frame = pd.DataFrame({"correct": [1, 1, 0, 0], "answer": ["1/2", ".50", "2", None]})
        >>> Samples.from_rows(frame.assign(problem="a")).votes()
        Votes(answer_counts=array([[2, 1]]), n_abstain=array([1]))
        """
        codes = np.split(self.ballots(merge), self._ends())
        right = [np.sum(code == 0) for code in codes]
        wrong = [np.sort(np.bincount(code[code > 0])[1:])[::-1] for code in codes]
        table = np.zeros((len(self), 1 + max(map(len, wrong))), int)
        for row, first, others in zip(table, right, wrong, strict=True):
            row[0], row[1 : 1 + len(others)] = first, others
        return Votes(table, np.array([np.sum(code < 0) for code in codes]))

    def ballots(self, merge: Callable[[Hashable], Hashable] = canonical) -> np.ndarray:
        """Answer of each row as a number: 0 is right, 1, 2, ... are wrong, -1 is none."""
        self._one_model()
        answers, correct = self.column("answer"), self.rows.correct
        merged = [None if answer is None else merge(answer) for answer in answers]
        parts = zip(np.split(np.arange(len(merged)), self._ends()), self.problem, strict=True)
        return np.concatenate([coded([merged[i] for i in at], correct[at], name)
                               for at, name in parts])

    def scored(self) -> tuple[np.ndarray, np.ndarray]:
        """(scores, correct), each of shape (n_problems, n_samples), for `best_of_n`.

        Raises
        ------
        ValueError
            If scores were not recorded, or problems differ in their number of samples.
        """
        self._one_model()
        scores, n = self.column("score"), self.n_samples
        if n.min() < n.max():
            raise ValueError(f"problems have {n.min()} to {n.max()} samples: take as many of "
                             f"each, samples.thin({n.min()}, rng=0).scored()")
        return scores.reshape(len(self), -1), self.rows.correct.reshape(len(self), -1)

    def thin(self, m: int, rng: int | np.random.Generator = 0) -> Samples:
        """m samples of each problem, drawn without replacement from those there are.

        Examples
        --------
        >>> Samples.from_counts([8, 10], [0, 10]).thin(4).counts()[1].tolist()
        [0, 4]
        """
        if self.design != "fixed":
            raise ValueError(f"samples of a {self.design} design are no random sample of fewer: "
                             "only fixed designs can be thinned")
        m, rng = int(_check.draws(m, self.n_samples, name="m")), _check.generator(rng)
        n = np.full(len(self), m)
        if self.rows is None:
            c = rng.hypergeometric(self.n_correct, self.n_samples - self.n_correct, m)
            return Samples(self.problem, self.model, n, c)
        starts = np.append(0, self._ends())
        kept = [start + np.sort(rng.choice(size, m, replace=False))
                for start, size in zip(starts, self.n_samples, strict=True)]
        rows = self.rows.take(np.concatenate(kept))
        c = rows.correct.reshape(-1, m).sum(axis=1)
        return Samples(self.problem, self.model, n, c, rows=rows)

    @staticmethod
    def concat(parts: Iterable[Samples]) -> Samples:
        """Problems of several records as one; rows with the columns that all parts have."""
        parts = list(parts)
        designs = {(part.design, part.batch, part.cap) for part in parts}
        if len(designs) != 1:
            raise ValueError(f"parts of one design can be joined, not of {len(designs)}: {designs}")
        columns: dict = {x: np.concatenate([getattr(part, x) for part in parts]) for x in COLUMNS}
        return replace(parts[0], **columns, rows=_rows.joined([part.rows for part in parts]))

    def take(self, index: np.typing.ArrayLike) -> Samples:
        """The problems at a mask or at an array of places."""
        chosen = np.arange(len(self))[index]
        pieces = np.split(np.arange(self.n_samples.sum()), self._ends())
        rows = self.rows and self.rows.take(np.concatenate([pieces[i] for i in chosen]))
        columns: dict = {name: getattr(self, name)[chosen] for name in COLUMNS}
        return replace(self, **columns, rows=rows)

    def by_model(self) -> dict[str, Samples]:
        """One record for each model, in the order of their first problems."""
        return {name: self.take(self.model == name) for name in dict.fromkeys(self.model)}

    def to_frame(self) -> pd.DataFrame:
        """A row per sample where rows were recorded, else one per problem with its counts."""
        names = pd.DataFrame({"problem": self.problem, "model": self.model})
        if self.rows is None:
            return names.assign(n_samples=self.n_samples, n_correct=self.n_correct)
        repeated = names.loc[np.repeat(names.index, self.n_samples)].reset_index(drop=True)
        return repeated.assign(**self.rows.columns)

    def digest(self) -> str:
        """SHA-256 of the content: names, counts, design and rows, in their order."""
        content = hashlib.sha256()
        head = [self.design, self.batch, self.cap, self.problem.tolist(), self.model.tolist(),
                self.n_samples.tolist(), self.n_correct.tolist()]
        content.update(json.dumps(head).encode())
        for name, column in (self.rows.columns if self.rows else {}).items():
            content.update(json.dumps([name, [str(x) for x in column.tolist()]]).encode())
        return content.hexdigest()

    def __eq__(self, other):
        return self.digest() == other.digest() if isinstance(other, Samples) else NotImplemented

    def __hash__(self):
        return hash(self.digest())

    def __repr__(self):
        return in_words(self)

    def _one_model(self):
        """An error if problems of several models would be thrown together."""
        models = list(dict.fromkeys(self.model))
        if len(models) > 1:
            raise ValueError(f"samples are of {len(models)} models ({', '.join(models[:3])}, ...): "
                             "take one, samples.by_model()[name]")

    def column(self, name: str) -> np.ndarray:
        """A recorded column, or an error that says how to record it."""
        column = None if self.rows is None else getattr(self.rows, name)
        if column is None:
            raise ValueError(f"samples hold no {name} of each sample: read them by "
                             f"Samples.from_rows with a column {name}")
        return column

    def _ends(self):
        """Places in the rows at which a new problem begins, without the first."""
        return np.cumsum(self.n_samples)[:-1]
