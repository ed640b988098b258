"""Read a log: find the format, take every row, tell models, tasks and graders apart."""
from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from . import find
from .gather import Tally
from .record import Log, LogFile

UNGRADED = ("exclude", "wrong", "error")


@dataclass(frozen=True)
class Options:
    """What a reader may be told."""

    columns: Mapping[str, str] | None = None
    ungraded: str = "exclude"
    design: Mapping = field(default_factory=dict)


def read_log(*paths: str | os.PathLike, format: str | None = None, grader: str | None = None,
             model: str | None = None, task: str | None = None,
             columns: Mapping[str, str] | None = None, ungraded: str = "exclude",
             answers: bool = True, design: str = "fixed", batch: int | None = None,
             cap: int | None = None) -> tuple[Log, ...]:
    """The samples of an evaluation log, one `Log` for each model, task and grader in it.

    Parameters
    ----------
    *paths : path
        Files, directories or patterns; all of them together are one run. A file may be gzipped.
    format : str, optional
        Name of the format; left out, it is found from the content of each file.
    grader, model, task : str, optional
        Take this one alone, where a log holds several.
    columns : mapping, optional
        Of a plain table: our names of columns and the table's, as in ``{"problem": "doc"}``.
    ungraded : "exclude", "wrong" or "error"
        What becomes of a sample without a grade: left out and counted, taken as wrong, or refused.
    answers : bool
        Keep answer, score, tokens and cost of each sample, where the log holds them.
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
    if ungraded not in UNGRADED:
        raise ValueError(f"ungraded = {ungraded!r} must be one of {UNGRADED}")
    if not paths:
        raise ValueError("read_log needs a file, a directory or a pattern")
    options = Options(columns, ungraded, {"design": design, "batch": batch, "cap": cap})
    tallies = _tallies(find.files(paths), format, options, answers)
    chosen = _chosen(tallies, model=model, task=task, grader=grader)
    return tuple(_log(key, tally, options, len(chosen)) for key, tally in chosen.items())


def _tallies(files, format, options, keep):
    """Rows of all files, counted by (model, task, grader)."""
    tallies = {}
    for path in files:
        source = find.Source(path)
        reader = find.reader(format or find.find_format(path, options.columns))
        sizes = {}
        for row in reader.rows(source, options):
            key = row.model, row.task, row.grader
            tally = tallies.setdefault(key, Tally(keep))
            tally.add(row, path, options)
            sizes[key] = sizes.get(key, 0) + 1
        for key, n in sizes.items():
            tallies[key].files.append(LogFile(path, source.sha256, reader.NAME, n))
    return tallies


def _chosen(tallies, **wanted):
    """Those of the wanted model, task and grader; an error that lists what there is."""
    for i, (name, value) in enumerate(wanted.items()):
        there = list(dict.fromkeys(key[i] for key in tallies))
        if value is not None:
            tallies = {key: tally for key, tally in tallies.items() if key[i] == value}
            if not tallies:
                raise ValueError(f"{name} = {value!r} is not in the log; there are {there}")
    if not tallies:
        raise ValueError("the log holds no samples")
    return tallies


def _log(key, tally, options, n_logs):
    model, task, grader = key
    name = ", ".join(part for part in key if part) or os.path.basename(tally.files[0].path)
    samples = tally.samples(model, options)
    return Log(name, samples, tuple(tally.files), tally.exclusions(), tally.answers(), *key)
