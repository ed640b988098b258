"""Plain tables: a row per sample, or a row per problem with its counts; CSV, JSON lines, JSON."""
from __future__ import annotations

import csv
from collections.abc import Iterator

from . import columns, values
from .record import Counts, Row
from .source import MOST_LINE, Source

NAME = "table"
DELIMITERS = ",\t;|"
READ = {"problem": values.name, "sample": values.name, "correct": values.grade,
        "answer": lambda value: None if value == "" else value, "score": values.amount,
        "tokens": values.amount, "cost": values.amount, "model": values.name,
        "task": values.name, "grader": values.name, "n_correct": values.count,
        "n_samples": lambda value: values.count(value, least=1)}


def fits(record: dict) -> bool:
    """Whether a record has a problem and a grade or counts, under any of the usual names."""
    try:
        return not columns.needed(columns.found(record))
    except ValueError:  # two columns would do: reading says which
        return True


def rows(source: Source, options) -> Iterator[Row | Counts]:
    """Samples or counts in the order of the file."""
    names, keys = {}, None
    for at, record in records(source):
        try:
            if keys != record.keys():
                names, keys = _names(record, names, options.columns), record.keys()
            yield _read(record, names, at)
        except ValueError as error:
            raise ValueError(f"{source.path}{at}: {error}") from None


def records(source: Source) -> Iterator[tuple[str, dict]]:
    """(place, record) of a table in CSV, of JSON lines, or of a list of JSON records."""
    start = source.head.lstrip()[:1]
    if start == b"[":
        yield from _listed(source)
    elif start == b"{":
        yield from json_lines(source)
    else:
        yield from _csv(source)


def json_lines(source: Source) -> Iterator[tuple[str, dict]]:
    """(place, record) of each line that is not empty."""
    for line, text in source.lines():
        if text.strip():
            record = source.json(text, line)
            if not isinstance(record, dict):
                raise source.error(f"{values.shown(record)} is no record", line)
            yield f":{line}", record


def _listed(source):
    for i, record in enumerate(source.document()):
        if not isinstance(record, dict):
            raise source.error(f"record {i} is no record but {values.shown(record)}")
        yield f": record {i}", record


def _csv(source):
    """Rows as records of text; every row must have as many fields as the header."""
    lines = (text for _, text in source.lines())
    delimiter = delimiter_of(source)
    before = csv.field_size_limit(MOST_LINE)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        names = [name.strip() for name in next(reader)]
        if len(set(names)) < len(names):
            raise source.error(f"a column name occurs twice: {names}", 1)
        line = reader.line_num + 1
        for fields in reader:
            if len(fields) != len(names) and fields:
                raise source.error(f"{len(fields)} fields where the header names {len(names)}",
                                   line)
            if fields:
                yield f":{line}", dict(zip(names, fields, strict=True))
            line = reader.line_num + 1
    except csv.Error as error:
        raise source.error(f"{error}: is a quotation mark missing?", reader.line_num) from None
    finally:
        csv.field_size_limit(before)


def header(source: Source) -> list[str]:
    """Names of the columns of a CSV."""
    line = source.head.split(b"\n")[0].decode("utf-8", "replace")
    return [name.strip() for name in next(csv.reader([line], delimiter=delimiter_of(source)), [])]


def delimiter_of(source: Source) -> str:
    """The sign that cuts the header line into most columns."""
    header = source.head.split(b"\n")[0]
    return max(DELIMITERS, key=lambda sign: header.count(sign.encode()))


def _names(record, before, chosen):
    """Columns of a record; a later record may lack some of those of the first."""
    names = columns.found(record, {k: v for k, v in (chosen or {}).items()
                                   if v in record or not before})
    if why := columns.needed(names):
        raise ValueError(f"{why}: there are {list(record)}; choose, for instance "
                         f"columns={{'problem': {next(iter(record), '')!r}}}")
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
        return Row(at=at, **found)
    if found["n_correct"] > found["n_samples"]:
        raise ValueError(f"{names['n_correct']} = {found['n_correct']} exceeds "
                         f"{names['n_samples']} = {found['n_samples']}")
    return Counts(at=at, **{k: v for k, v in found.items() if k in Counts._fields})
