"""Read a log: find the format, take every row, tell models, tasks and graders apart."""
from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tqdm import tqdm

from . import columns as usual
from . import engine as engines
from . import find, monkeys, records, search_and_learn, table
from .gather import RECORDED, LeftOut, Tally
from .record import Counts, Exclusion, Log, LogFile, Options
from .source import Source

UNGRADED = ("exclude", "wrong", "error")
SCOPES = {"table": "run", "inspect": "world"}  # within what a sample's number is its own


def read_log(*paths: str | os.PathLike | Any, format: str | None = None,
             grader: str | None = None, model: str | None = None, task: str | None = None,
             columns: Mapping[str, str] | None = None, ungraded: str = "exclude",
             separate: bool = False, answers: bool | None = None,
             grade: Callable[[str, Any], bool] | None = None, step_score: str = "last",
             engine: str | None = None, progress: bool = False, design: str = "fixed",
             batch: int | None = None, cap: int | None = None) -> tuple[Log, ...]:
    """The samples of an evaluation log, one `Log` for each model, task and grader in it.

    Parameters
    ----------
    *paths : path or table
        Files, directories or patterns; all of them together are one run. A file may be gzipped.
        Or one table of samples of any library that narwhals reads, such as a Spark data frame:
        it is counted where it lies.
    format : str, optional
        Name of the format; left out, it is found from the content of each file.
    grader, model, task : str, optional
        Take this one alone, where a log holds several.
    columns : mapping, optional
        Of a plain table: our names of columns and the table's, as in ``{"problem": "doc"}``.
    ungraded : "exclude", "wrong" or "error"
        What becomes of a sample without a grade: left out and counted, taken as wrong, or refused.
    separate : bool
        Files are separate runs: samples with one number in two of them are two samples, and so
        are those of equal files. Else equal files are read once, and equal numbers are an error.
    answers : bool, optional
        Keep answer, score, tokens and cost of each sample; left out, of up to a million samples.
    grade : callable, optional
        (answer or response, reference) -> whether it is right, for logs that hold both.
    step_score : "last", "min", "prod" or "mean"
        How the scores of the steps of a solution become its score.
    engine : str, optional
        What counts the rows of a plain table: "python" row by row, "pandas" piece by piece,
        "duckdb", "polars", or what leads to a cluster, "pyspark" or "ibis". Left out, DuckDB
        counts long files, or pandas where it is not installed.
    progress : bool
        Show a bar while files are read.
    design, batch, cap :
        How the samples were drawn, as in `Samples.from_counts`.

    Returns
    -------
    tuple of Log
        In the order in which they are found.

    Raises
    ------
    ValueError
        If a file cannot be read, with its name, line and column; if nothing has a grade; or if a
        grader, model or task that was asked for is not there.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "run.csv"
    >>> _ = path.write_text("problem,correct\\na,1\\na,0\\nb,0\\n")
    >>> [log] = read_log(path)
    >>> log.samples.counts()[1].tolist()
    [1, 0]
    """
    for name, value, known in (("ungraded", ungraded, UNGRADED),
                               ("step_score", step_score, tuple(search_and_learn.SCORES))):
        if value not in known:
            raise ValueError(f"{name} = {value!r} must be one of {known}")
    options = Options(columns, grade, step_score, ungraded, separate, answers, engine,
                      {"design": design, "batch": batch, "cap": cap})
    run = _Run(options)
    run.read(paths, format, progress)
    return run.logs(model=model, task=task, grader=grader)


class _Run:
    """The logs of one run while its files are read."""

    def __init__(self, options):
        self.options, self.tallies, self.left_out = options, {}, LeftOut()
        self.hashes = {}

    def read(self, paths, format, progress):
        """Read every file, or the one table."""
        if not paths:
            raise ValueError("read_log needs a file, a directory, a pattern or a table")
        if len(paths) == 1 and not isinstance(paths[0], (str, os.PathLike)):
            return self._add_groups(engines.grouped(paths[0], self.options.columns), "table")
        for path, how in tqdm(find.files(paths).items(), disable=not progress, unit=" files"):
            if how == "hidden":
                self.left_out.add("hidden files", path)
                continue
            try:
                reader = find.chosen(path, format, self.options.columns)
            except find.NoLog as error:
                if how == "named":
                    raise
                self.left_out.add("files that are no log", str(error))
                continue
            self._read(Source(path), reader)
        return None

    def _read(self, source, reader):
        """The rows of one file."""
        key = source.sha256, Path(source.path).name if reader is monkeys else ""
        if not self.options.separate and self.hashes.setdefault(key, source.path) != source.path:
            self.left_out.add("files equal to another (separate=True reads both)",
                              f"{source.path} equals {self.hashes[key]}")
            return
        if reader is table and engines.is_long(source, self.options.engine):
            sizes = self._counted(source)
        else:
            sizes = self._rows(source, reader)
        for key, n in sizes.items():
            self.tallies[key].files.append(LogFile(source.path, source.sha256, reader.NAME, n))

    def _rows(self, source, reader):
        """Row by row; {key: rows}."""
        sizes, scope = {}, SCOPES.get(reader.NAME, "file")
        for row in reader.rows(source, self.options):
            if isinstance(row, Exclusion):
                self.left_out.add(row.reason, row.where, row.n)
                continue
            tally = self._tally(key := (row.model, row.task, row.grader))
            sizes[key] = sizes.get(key, 0) + 1
            if isinstance(row, Counts):
                tally.add_counts(row, source.path)
            else:
                tally.add(row, source.path, scope)
        if not sizes:
            raise source.error("holds no samples")
        return sizes

    def _counted(self, source):
        """By an engine; row by row after all where something must be placed."""
        first = records.first(source)
        found = self._groups(source, first)
        if found is None:
            return self._rows(source, table)
        names = usual.found(first, self.options.columns)
        if kept := [name for name in RECORDED if name in names]:
            self.left_out.add(f"columns of a long file that were not kept ({', '.join(kept)}; "
                              "answers=True keeps them)", source.path, len(kept))
        return self._add_groups(found, source.path, "sample" in names)

    def _groups(self, source, first):
        """Counts by an engine; None if they hold something that is wrong or cannot be placed."""
        if self.options.answers or "n_samples" in usual.found(first, self.options.columns):
            return None
        try:
            found = engines.counted(source, self.options, first)
        except ValueError:
            if self.options.engine not in (None, "duckdb", "pandas"):
                raise
            return None
        wrong = found[["bad", "repeated"]].to_numpy().any()
        missing = found["missing"].any() and self.options.ungraded == "error"
        return found if found["n"].any() and not wrong and not missing else None

    def _add_groups(self, found, path, numbered=False):
        """Counts by problem; {key: rows}."""
        if found["bad"].any():
            worst = found[found["bad"] > 0].iloc[0]
            raise ValueError(f"{path}: problem {worst.problem}: {worst.bad} rows hold no grade "
                             "that is 0 or 1, or no problem")
        sizes = {}
        for row in found.itertuples():
            tally = self._tally(key := (row.model, row.task, row.grader))
            if numbered:
                tally.add_numbered(row.problem, path)
            wrong = self.options.ungraded == "wrong"
            tally.n[row.problem] += row.n + row.missing * wrong
            tally.c[row.problem] += row.c
            if row.missing and not wrong:
                tally.left_out.add("samples without a grade", f"{path}: problem {row.problem}",
                                   row.missing)
            tally.kept = None
            sizes[key] = sizes.get(key, 0) + row.n + row.missing
        return sizes

    def _tally(self, key):
        if key not in self.tallies:
            self.tallies[key] = Tally(self.options)
        return self.tallies[key]

    def logs(self, **wanted):
        """A `Log` for each model, task and grader that is wanted."""
        chosen = _chosen(self.tallies, wanted)
        shared = self.left_out.exclusions()
        logs = {key: tally for key, tally in chosen.items() if any(tally.n.values())}
        empty = [f"{e.n} {e.reason} ({e.where})" for tally in chosen.values()
                 for e in tally.left_out.exclusions()]
        if not logs:
            raise ValueError("; ".join(["no sample has a grade", *empty,
                                        *(f"{e.n} {e.reason} ({e.where})" for e in shared)]))
        for key in chosen.keys() - logs.keys():
            self.left_out.add("graders without a grade", ", ".join(filter(None, key)))
        return tuple(_log(key, tally, self.left_out) for key, tally in logs.items())


def _chosen(tallies, wanted):
    """Those of the wanted model, task and grader; an error that lists what there is."""
    for i, name in enumerate(("model", "task", "grader")):
        there = list(dict.fromkeys(key[i] for key in tallies))
        if wanted[name] is not None:
            tallies = {key: tally for key, tally in tallies.items() if key[i] == wanted[name]}
            if not tallies:
                raise ValueError(f"{name} = {wanted[name]!r} is not in the log; there are {there}")
    return tallies


def _log(key, tally, shared):
    """One finished record."""
    files = tuple(tally.files)
    name = ", ".join(filter(None, key)) or (Path(files[0].path).name if files else "table")
    samples = tally.samples(key[0])
    return Log(name, samples, files, tally.left_out.exclusions() + shared.exclusions(),
               tally.answers(), *key)
