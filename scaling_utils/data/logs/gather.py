"""Samples of several files, told apart by model, task and grader, and counted by problem."""
from __future__ import annotations

import re
from collections import Counter

import pandas as pd

from ..samples import Samples
from .record import Counts, Exclusion, Options, Row

PLACES = 3  # of an exclusion are named
RECORDED = ("answer", "score", "tokens", "cost")
MOST_KEPT = 10**6  # samples whose answers are kept unless one asks for more


class LeftOut:
    """What is not in the samples: how often, and the first places."""

    def __init__(self):
        self.entries = {}

    def add(self, reason: str, place: str, n: int = 1) -> None:
        """Count something that is left out."""
        total, places = self.entries.get(reason, (0, ()))
        self.entries[reason] = total + n, (*places, place) if len(places) < PLACES else places

    def exclusions(self) -> tuple[Exclusion, ...]:
        """One record for each reason."""
        return tuple(Exclusion(reason, n, "; ".join(places) + "; ..." * (n > len(places)))
                     for reason, (n, places) in self.entries.items())


class Tally:
    """The counts of one log while its rows are read."""

    def __init__(self, options: Options):
        self.options = options
        self.n, self.c = Counter(), Counter()
        self.files = []
        self.left_out = LeftOut()
        self.seen = {}  # (file or run, problem, sample) -> (grade, file, place)
        self.counted = {}  # (file, problem) -> place of its counts
        self.numbered = {}  # problem -> long file with its samples, whose numbers are not at hand
        self.kept = None if options.answers is False else []

    def add(self, row: Row, path: str, scope: str) -> None:
        """One more sample; `scope` says within what its number is its own."""
        self.n[row.problem] += 0  # a problem without samples is noticed
        if row.sample is not None and self._is_repeated(row, path, scope):
            return
        correct = row.correct
        if correct is None:
            if self.options.ungraded == "error":
                raise ValueError(f"{path}{row.at}: {row.why} (problem {row.problem})")
            if self.options.ungraded == "exclude":
                self.left_out.add(row.why, f"{path}{row.at}, problem {row.problem}")
                return
            correct = False
        self.n[row.problem] += 1
        self.c[row.problem] += correct
        if self.kept is not None:
            self._keep(row, int(correct), path)

    def add_counts(self, row: Counts, path: str) -> None:
        """One more problem with its counts."""
        place = f"{path}{row.at}"
        before = self.counted.setdefault((path, row.problem), place)
        if before != place:
            raise ValueError(f"{place}: problem {row.problem} has counts already, at {before}; if "
                             "a row is a sample, say which column is its grade, "
                             "columns={'correct': ...}")
        self.n[row.problem] += row.n_samples
        self.c[row.problem] += row.n_correct
        self.kept = None

    def add_numbered(self, problem: str, path: str) -> None:
        """Note that a long file holds numbered samples of a problem; an error if another does."""
        if not self.options.separate and self.n[problem]:
            raise ValueError(f"{path}: problem {problem} has samples in another file as well, and "
                             "numbers of samples are not compared across long files: say "
                             "separate=True if the files are separate runs")
        self.numbered[problem] = path

    def _keep(self, row, correct, path):
        """Keep what was recorded of a sample, as long as there are not too many."""
        self.kept.append((row.problem, row.sample, correct, row.answer, row.score, row.tokens,
                          row.cost))
        if self.options.answers is None and len(self.kept) > MOST_KEPT:
            self.kept = None
            self.left_out.add("logs whose answers, scores, tokens and costs were too many to keep "
                              "(answers=True keeps them)", path)

    def _is_repeated(self, row, path, scope):
        """Whether the sample was read before; an error if it cannot be the same one."""
        if row.problem in self.numbered and not self.options.separate:
            self.add_numbered(row.problem, path)
        own_file = scope == "file" or self.options.separate
        key = path if own_file else "", row.problem, row.sample
        grade, file, before = self.seen.setdefault(key, (row.correct, path, row.at))
        if before == row.at and file == path:
            return False
        place = f"{path}{row.at}: sample {row.sample} of problem {row.problem}"
        if file != path and scope != "world":
            raise ValueError(f"{place} is in {file}{before} as well: say separate=True if the "
                             "files are separate runs, else leave one out")
        if grade != row.correct:
            raise ValueError(f"{place} was graded {grade} at {file}{before} and is {row.correct} "
                             "here: keep one")
        self.left_out.add("samples that occur twice", f"{place}, as at {file}{before}")
        return True

    def samples(self, model: str) -> Samples:
        """Counts of the problems that have samples, in natural order."""
        for problem in [p for p, n in self.n.items() if n == 0]:
            self.left_out.add("problems without a graded sample", f"problem {problem}")
            del self.n[problem]
        names = sorted(self.n, key=natural)
        return Samples.from_counts([self.n[p] for p in names], [self.c[p] for p in names],
                                   problem=names, model=model, **self.options.design)

    def answers(self) -> pd.DataFrame | None:
        """The kept rows, with the columns of which at least one row has a value."""
        names = ("problem", "sample", "correct", *RECORDED)
        frame = pd.DataFrame(self.kept or [], columns=names).astype({"sample": object})
        there = [name for name in RECORDED if frame[name].notna().any()]
        if not there:
            return None
        places = {problem: i for i, problem in enumerate(sorted(self.n, key=natural))}
        order = frame["problem"].map(places).argsort(kind="stable")
        frame = frame.loc[order, [*names[:3], *there]].reset_index(drop=True)
        if frame["sample"].isna().any() or frame.duplicated(["problem", "sample"]).any():
            counted = frame.groupby("problem", sort=False).cumcount()
            frame = frame.assign(sample=counted.astype(str).astype(object))
        return frame


def natural(name: str) -> tuple:
    """Key that sorts "p2" before "p10".

    Examples
    --------
    >>> sorted(["p10", "p2", "p1"], key=natural)
    ['p1', 'p2', 'p10']
    """
    parts = re.split(r"([0-9]+)", name)
    return tuple((0, int(part), part) if part.isdecimal() else (1, 0, part) for part in parts), name
