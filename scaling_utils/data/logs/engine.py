"""Group-by of long tables: one narwhals expression, on DuckDB or on the engine of a cluster.

DuckDB is embedded, works out of core within `MEMORY`, may read the one file it is given, and
neither uses a network nor installs an extension.
"""
from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import narwhals as nw
import pandas as pd

from . import columns, values

MEMORY, BATCH, PIECE = "700MB", 100, 500_000
HEAVY = ("samples", "prompt", "question", "gt_answer", "test_cases")
LONG = 500_000  # rows of a file, about, from which on they are counted by an engine
ENGINES = ("python", "pandas", "duckdb", "pyspark", "ibis", "polars")
KEYS = ("model", "task", "grader", "problem")
NEEDED = "needs DuckDB: pip install 'inference-scaling-compendium[logs]'"
TEXT = {"ibis": {"all_varchar": True}, "polars": {"infer_schema": False},
        "pyspark": {"header": True, "quote": '"', "escape": '"'}}  # columns as text


def grouped(frame, chosen: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Counts of each model, task, grader and problem in a table of samples, on its own engine.

    Parameters
    ----------
    frame : table
        Of any library that narwhals reads: DuckDB, ibis, PySpark, polars, pandas and others.
    chosen : mapping, optional
        Our names of columns and the table's, as in `read_log`.

    Returns
    -------
    pandas.DataFrame
        Columns model, task, grader, problem, n (samples with a grade), c (correct ones), missing
        (samples without a grade), bad (grades that are none, or rows without a problem) and
        repeated (samples beyond the first with their number).

    Examples
    --------
    >>> frame = pd.DataFrame({"problem": ["a", "a", "b"], "correct": [1, None, 0]})
    >>> grouped(frame)[["problem", "n", "c", "missing"]].to_numpy().tolist()
    [['a', 1, 1, 1], ['b', 1, 0, 0]]
    """
    try:
        frame = nw.from_native(frame).lazy()
    except TypeError:
        raise ValueError(f"{type(frame).__name__} is neither a path nor a table of samples; "
                         "counts that are at hand go to Samples.from_counts") from None
    types = frame.collect_schema()
    names = columns.found(types.names(), chosen)
    if (why := columns.needed(names)) or "correct" not in names:
        raise ValueError(f"{why or 'a table of counts is no table of samples'}: there are "
                         f"{values.shown(types.names(), 200)}")
    if types[names["problem"]].is_float():
        raise ValueError(f"{names['problem']} holds decimal numbers, which are no names: write "
                         "whole numbers or text")
    keys = [key for key in KEYS if key in names]
    table = frame.select(nw.col(names[key]).cast(nw.String).alias(key)
                         for key in (*keys, "correct", "sample") if key in names)
    found = _rows(table, [*keys, "correct"])
    if "sample" in names:
        table = table.filter(~nw.col("sample").is_null())
        twice = _rows(table, [*keys, "sample"], least=2)
        found = pd.concat([found, twice.assign(repeated=twice["rows"] - 1)])
    return _graded(found)


def _rows(table, keys, least=1):
    """How many rows have each value of the keys."""
    table = table.group_by(*keys).agg(nw.len().alias("rows")).filter(nw.col("rows") >= least)
    return table.collect("pandas").to_native()


def _graded(found):
    """Rows of each grade and problem as counts, the grades read as those of a file are."""
    found = pd.DataFrame({"repeated": 0, "sample": None} | dict.fromkeys(KEYS[:-1], "")
                         | {name: found[name].to_numpy() for name in found}).fillna({"repeated": 0})
    words = {word: _word(word) for word in found["correct"].unique()}
    word = found["correct"].map(words).where(found["sample"].isna(), "repeated")
    for key in KEYS:
        found[key] = found[key].astype(object).where(found[key].notna(), "").str.strip()
    word = word.where((found["problem"] != "") | (word == "repeated"), "bad")
    rows = found["rows"].where(word != "repeated", found["repeated"]).astype(int)
    parts = {name: rows.where(word == name, 0)
             for name in ("right", "wrong", "missing", "bad", "repeated")}
    sums = found[list(KEYS)].assign(**parts).groupby(list(KEYS), as_index=False).sum()
    return sums.assign(n=sums["right"] + sums["wrong"], c=sums["right"])[
        [*KEYS, "n", "c", "missing", "bad", "repeated"]]


def _word(word):
    """What a written grade counts as."""
    try:
        return {True: "right", False: "wrong", None: "missing"}[
            values.grade(None if pd.isna(word) else word)]
    except ValueError:
        return "bad"


def is_long(source, engine: str | None) -> bool:
    """Whether a file is counted by an engine rather than row by row."""
    if engine is None:
        size = os.path.getsize(source.path) * (5 if source.is_packed else 1)
        each = len(source.head) / max(source.head.count(b"\n"), 1)
        return size >= LONG * (16 if source.head.startswith(b"PAR1") else each)
    if engine not in ENGINES:
        raise ValueError(f"engine = {engine!r} must be one of {ENGINES}")
    return engine != "python"


def counted(source, options, first: dict) -> pd.DataFrame:
    """`grouped` of a file, on the engine of the options; `first` is a record of it."""
    parquet = source.head.startswith(b"PAR1")
    engine = options.engine or ("duckdb" if _duckdb() else "pandas")
    if engine == "pandas":
        return _in_pieces(source, options, first)
    if engine == "duckdb":
        with connection(source.path) as con:
            return grouped(_scanned(con, source, first, parquet), options.columns)
    more = {"session": _spark()} if engine == "pyspark" else {}
    if parquet:
        return grouped(nw.scan_parquet(source.path, backend=engine, **more), options.columns)
    if source.head.lstrip().startswith((b"{", b"[")):
        raise ValueError(f"{source.path}: engine = {engine!r} reads CSV and Parquet: convert the "
                         "JSON lines, or pass a table of that engine to read_log")
    return grouped(nw.scan_csv(source.path, backend=engine, **TEXT.get(engine, {}), **more),
                   options.columns)


def _in_pieces(source, options, first):
    """Counts of a CSV by pandas, a piece at a time; samples with numbers go row by row."""
    if source.head.lstrip().startswith((b"{", b"[", b"PAR1")) or "sample" in columns.found(
            first, options.columns):
        raise ValueError(f"{source.path}: a long table of this kind {NEEDED}")
    try:
        with pd.read_csv(source.path, dtype=str, keep_default_na=False, sep=source.delimiter,
                         compression="gzip" if source.is_packed else None, chunksize=PIECE,
                         encoding="utf-8-sig", skip_blank_lines=True) as pieces:
            parts = [grouped(piece, options.columns) for piece in pieces]
    except (pd.errors.ParserError, UnicodeDecodeError) as error:
        raise ValueError(f"{source.path}: {error}") from None
    return pd.concat(parts).groupby(list(KEYS), as_index=False).sum()


def _spark():
    """The Spark session there is, or one of the cluster that Spark's own settings name."""
    from pyspark.sql import SparkSession

    return SparkSession.builder.getOrCreate()


def _scanned(con, source, first, parquet):
    """A file as a table of DuckDB, with columns of text."""
    name = _literal(source.path)
    how = {"compression": "gzip" if source.is_packed else "none",
           "columns": dict.fromkeys(first, "VARCHAR")}
    if parquet:
        return con.read_parquet(name)
    if source.head.lstrip().startswith(b"{"):
        return con.read_json(name, format="newline_delimited", maximum_object_size=2**28,
                             **how)
    return con.read_csv(name, auto_detect=False, header=True, delimiter=source.delimiter,
                        quotechar='"', escapechar='"', **how)


@contextmanager
def connection(path: str, ordered: bool = False):
    """A DuckDB connection that may read one file and nothing else."""
    duckdb = _duckdb()
    if duckdb is None:
        raise ValueError(f"{path}: reading it {NEEDED}")
    with tempfile.TemporaryDirectory() as spill:
        settings = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false",
                    "memory_limit": MEMORY, "temp_directory": spill,
                    "preserve_insertion_order": str(ordered).lower()}
        with duckdb.connect(config=settings) as con:
            con.execute("SET allowed_paths = ?", [[os.fspath(path)]])
            con.execute("SET enable_progress_bar = false")  # it would write to the output
            con.execute("SET enable_external_access = false")
            con.execute("SET lock_configuration = true")
            try:
                yield con
            except duckdb.Error as error:
                raise ValueError(f"{path}: {str(error).splitlines()[0]}") from None


def parquet(source) -> Iterator[dict]:
    """Records of a Parquet file, in its order; of graded samples without their long texts."""
    with connection(source.path, ordered=True) as con:
        table = con.read_parquet(_literal(source.path))
        names = [name for name in table.columns
                 if name not in HEAVY or "is_corrects" not in table.columns]
        result = con.execute(f"SELECT {', '.join(map(_quoted, names))} FROM read_parquet(?)",
                             [_literal(source.path)])
        while batch := result.fetchmany(BATCH):
            yield from (dict(zip(names, row, strict=True)) for row in batch)


def _quoted(name):
    """A column's name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def _duckdb():
    """The package, or None where it is not installed."""
    try:
        import duckdb
    except ImportError:
        return None
    return duckdb


def _literal(path):
    """A path whose brackets and stars are no pattern."""
    return "".join(f"[{sign}]" if sign in "[*?" else sign for sign in os.fspath(path))
