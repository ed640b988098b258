"""Samples of several files, told apart by model, task and grader, and counted by problem."""
from __future__ import annotations

import re
from collections import Counter, defaultdict

import pandas as pd

from ..samples import Samples
from .record import Counts, Exclusion, Row

PLACES = 3  # of an exclusion are named
RECORDED = ("answer", "score", "tokens", "cost")


class Tally:
    """The counts of one log while its rows are read."""

    def __init__(self, keep):
        self.n, self.c = Counter(), Counter()
        self.files = []
        self.left_out = defaultdict(list)  # reason -> [n, places]
        self.seen = {}  # (problem, sample) -> (grade, place)
        self.problems = {}  # of counts: place of each problem
        self.kept = [] if keep else None

    def add(self, row: Row | Counts, path: str, options) -> None:
        """One more row, at a place in a file."""
        place = f"{path}{row.at}"
        if isinstance(row, Counts):
            return self._add_counts(row, path, place)
        self.n[row.problem] += 0  # a problem without samples is noticed
        if row.sample is not None and self._is_repeated(row, place):
            return None
        correct = row.correct
        if correct is None:
            if options.ungraded == "error":
                raise ValueError(f"{place}: {row.why} (problem {row.problem})")
            if options.ungraded == "exclude":
                return self.exclude(row.why, f"{place}, problem {row.problem}")
            correct = False
        self.n[row.problem] += 1
        self.c[row.problem] += correct
        if self.kept is not None:
            self.kept.append((row.problem, row.sample, int(correct), row.answer, row.score,
                              row.tokens, row.cost))
        return None

    def exclude(self, reason: str, place: str, n: int = 1) -> None:
        """Count something that is left out."""
        entry = self.left_out.setdefault(reason, [0, []])
        entry[0] += n
        if len(entry[1]) < PLACES:
            entry[1].append(place)

    def _add_counts(self, row, path, place):
        before = self.problems.setdefault((path, row.problem), place)
        if before != place:
            raise ValueError(f"{place}: problem {row.problem} has counts already, at {before}")
        self.n[row.problem] += row.n_samples
        self.c[row.problem] += row.n_correct

    def _is_repeated(self, row, place):
        """Whether the sample was read before; an error if it was graded otherwise then."""
        grade, before = self.seen.setdefault((row.problem, row.sample), (row.correct, place))
        if before == place:
            return False
        if grade != row.correct:
            raise ValueError(f"{place}: sample {row.sample} of problem {row.problem} was graded "
                             f"{grade} at {before} and is {row.correct} here: keep one, or number "
                             "the samples of separate runs apart")
        self.exclude("samples that occur twice", f"{place}, as at {before}")
        return True

    def samples(self, model, options) -> Samples:
        """Counts of the problems that have samples, in natural order."""
        for problem in [p for p, n in self.n.items() if n == 0]:
            self.exclude("problems without a graded sample", f"problem {problem}")
            del self.n[problem]
        if not self.n:
            raise ValueError("no sample has a grade: " + "; ".join(self.words()))
        names = sorted(self.n, key=natural)
        return Samples.from_counts([self.n[p] for p in names], [self.c[p] for p in names],
                                   problem=names, model=model, **options.design)

    def words(self):
        """Exclusions as sentences."""
        return [f"{n} {reason} ({where})" for reason, n, where in
                ((e.reason, e.n, e.where) for e in self.exclusions())]

    def exclusions(self) -> tuple[Exclusion, ...]:
        """What was left out, and where first."""
        return tuple(Exclusion(reason, n, "; ".join(places) + "; ..." * (n > len(places)))
                     for reason, (n, places) in self.left_out.items())

    def answers(self) -> pd.DataFrame | None:
        """The kept rows, with the columns of which at least one row has a value."""
        names = ("problem", "sample", "correct", *RECORDED)
        frame = pd.DataFrame(self.kept or [], columns=names)
        there = [name for name in names[3:] if frame[name].notna().any()]
        order = sorted(range(len(frame)), key=lambda i: natural(frame.problem.iat[i]))
        if not there:
            return None
        frame = frame.loc[order, [*names[:3], *there]].reset_index(drop=True)
        counted = frame.groupby("problem", sort=False).cumcount()
        return frame.assign(sample=frame["sample"].fillna(counted).astype(str))


def natural(name: str) -> tuple:
    """Key that sorts "p2" before "p10".

    Examples
    --------
    >>> sorted(["p10", "p2", "p1"], key=natural)
    ['p1', 'p2', 'p10']
    """
    parts = re.split(r"([0-9]+)", name)
    return tuple((0, int(part), part) if part.isdecimal() else (1, 0, part) for part in parts), name
