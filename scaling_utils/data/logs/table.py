"""Plain tables: a row per sample, or a row per problem with its counts."""
from __future__ import annotations

from collections.abc import Iterator

from . import columns, values
from .record import Counts, Options, Row
from .records import records
from .source import Source

NAME = "table"
READ = {"problem": values.name, "sample": values.name, "correct": values.grade,
        "answer": lambda value: None if value == "" else value, "score": values.amount,
        "tokens": values.size, "cost": values.size, "model": values.name,
        "task": values.name, "grader": values.name, "n_correct": values.count,
        "n_samples": lambda value: values.count(value, least=1)}


def fits(record: dict) -> bool:
    """Whether a record has a problem and a grade or counts, under any of the usual names."""
    try:
        return not columns.needed(columns.found(record))
    except ValueError:  # two columns would do: reading says which
        return True


def rows(source: Source, options: Options) -> Iterator[Row | Counts]:
    """Samples or counts in the order of the file."""
    names, keys = {}, None
    for at, record in records(source):
        try:
            if keys != record.keys():
                names, keys = _names(record, names, options.columns), record.keys()
            yield _read(record, names, at)
        except ValueError as error:
            raise ValueError(f"{source.path}{at}: {error}") from None


def _names(record, before, chosen):
    """Columns of a record; a later one may lack all but the problem."""
    names = columns.found(record, {k: v for k, v in (chosen or {}).items()
                                   if v in record or not before})
    if why := columns.needed(names if "problem" not in names else before | names):
        raise ValueError(f"{why}: there are {values.shown(list(record), 200)}; choose, for "
                         f"instance columns={{'problem': {values.shown(next(iter(record), ''))}}}")
    if before and (changed := {k for k in names.keys() & before.keys() if names[k] != before[k]}):
        raise ValueError(f"the column of {sorted(changed)} has another name than in earlier rows")
    return names


def _read(record, names, at):
    """One record as a sample or as counts."""
    found = {}
    for ours, theirs in names.items():
        try:
            found[ours] = READ[ours](record[theirs])
        except ValueError as error:
            raise ValueError(f"{theirs} = {error}") from None
    if "n_samples" not in found:
        return Row(at=at, **{"correct": None} | found)
    if found["n_correct"] > found["n_samples"]:
        raise ValueError(f"{names['n_correct']} = {found['n_correct']} exceeds "
                         f"{names['n_samples']} = {found['n_samples']}")
    return Counts(at=at, **{k: v for k, v in found.items() if k in Counts._fields})
