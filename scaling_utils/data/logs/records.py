"""Records of a file, one by one, with their places: JSON lines, a list in JSON, CSV, Parquet."""
from __future__ import annotations

import csv
import json
from collections.abc import Iterator

from . import engine, listed, values
from .source import MOST_LINE, Source

PARQUET = b"PAR1"


def records(source: Source) -> Iterator[tuple[str, dict]]:
    """(place, record) of a table, in the order of the file."""
    start = source.head.lstrip()
    if start.startswith(PARQUET):
        yield from ((f": row {i}", record) for i, record in enumerate(engine.parquet(source)))
    elif start.startswith(b"["):
        yield from _listed(source)
    elif start.startswith(b"{"):
        yield from _json_lines(source)
    else:
        yield from _csv(source)


def first(source: Source) -> dict:
    """The first record: of the first line, of a list, or the whole document; a CSV's header."""
    start = source.head.lstrip()
    if start.startswith(PARQUET):
        return next(engine.parquet(source), {})
    if start.startswith(b"[") and listed.is_long(source):
        found = next(listed.elements(source), {})
        return found if isinstance(found, dict) else {}
    if not start.startswith((b"{", b"[")):
        return dict.fromkeys(_header(source), "")
    try:
        found = json.loads(start.split(b"\n")[0])
    except (ValueError, RecursionError):
        found = source.document()
    found = found[0] if isinstance(found, list) and found else found
    return found if isinstance(found, dict) else {}


def _json_lines(source):
    for line, text in source.lines():
        if text.strip():
            record = source.json(text, line)
            if not isinstance(record, dict):
                raise source.error(f"{values.shown(record)} is no record", line)
            yield f":{line}", record


def _listed(source):
    found = listed.elements(source) if listed.is_long(source) else source.document()
    for i, record in enumerate(found):
        if not isinstance(record, dict):
            raise source.error(f"record {i} is no record but {values.shown(record)}")
        yield f": record {i}", record


def _csv(source):
    """Rows as records of text; every row must have as many fields as the header."""
    lines = (text for _, text in source.lines())
    before = csv.field_size_limit(MOST_LINE)
    reader = csv.reader(lines, delimiter=source.delimiter, strict=True)
    try:
        names = [name.strip() for name in next(reader, [])]
        if len(set(names)) < len(names):
            raise source.error(f"a column name occurs twice: {values.shown(names, 200)}", 1)
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


def _header(source):
    """Names of the columns of a CSV."""
    line = source.head.split(b"\n")[0].decode("utf-8", "replace")
    try:
        names = next(csv.reader([line], delimiter=source.delimiter), [])
    except csv.Error:
        names = []
    if len(names) > 1 and all(values.is_number(name) for name in names):
        raise source.error("the first line holds numbers, not names of columns: a table of "
                           "outcomes needs a row per sample (problem, correct), or counts "
                           "(problem, n_samples, n_correct)", 1)
    return [name.strip() for name in names]
