"""Any log in the plain format: a row per sample, or a row per problem with its counts."""
from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

KINDS = (".csv", ".jsonl", ".parquet")


def plain(logs: Sequence, *, counts: bool = False) -> pd.DataFrame:
    """Logs as one table, which `read_log` reads back.

    Parameters
    ----------
    logs : sequence of Log
    counts : bool
        A row per problem (problem, n_samples, n_correct) instead of one per sample (problem,
        correct and what else was recorded). A log without its single samples has counts alone.

    Returns
    -------
    DataFrame
        With the columns model, task and grader where a log has them, or where there are several.

    Raises
    ------
    ValueError
        If single samples are asked for and a log beside others has counts alone.
    """
    bare = [log.name for log in logs if log.answers is None]
    if not counts and bare and len(bare) < len(logs):
        raise ValueError(f"{bare[0]} holds counts alone, others single samples: convert counts "
                         "(--counts), or each by itself")
    parts = [_labelled(log, log.samples.to_frame().drop(columns="model") if counts or bare
                       else log.answers, len(logs)) for log in logs]
    return pd.concat(parts, ignore_index=True)


def write(logs: Sequence, path: str | Path | None = None, *, counts: bool = False) -> str:
    """Write `plain` to a file, as its name says, and return nothing; or return it as CSV.

    Parameters
    ----------
    logs : sequence of Log
    path : path-like, optional
        Ends in .csv, .jsonl or .parquet.
    counts : bool

    Returns
    -------
    str
        The table as CSV without a path, else an empty text.

    Raises
    ------
    ValueError
        If the name ends otherwise.
    """
    if path is not None and Path(path).suffix not in KINDS:
        raise ValueError(f"{path} must end in one of {', '.join(KINDS)}")
    table = plain(logs, counts=counts)
    if path is None:
        return table.to_csv(index=False, lineterminator="\n")
    kind = Path(path).suffix
    if kind == ".csv":
        table.to_csv(path, index=False, lineterminator="\n")
    elif kind == ".jsonl":
        table.to_json(path, orient="records", lines=True, force_ascii=False)
    else:
        _parquet(table, path)
    return ""


def _parquet(table, path):
    """A Parquet file; answers of mixed kinds are written as text."""
    mixed = [name for name in table if pd.api.types.infer_dtype(table[name]).startswith("mixed")]
    try:
        table.astype(dict.fromkeys(mixed, "string")).to_parquet(path, index=False)
    except ImportError:
        raise ImportError("a Parquet file needs pyarrow: pip install pyarrow, or write .csv or "
                          ".jsonl") from None


def _labelled(log, table, n_logs):
    """A table with the columns that tell its log from others, where there are any."""
    labels = {"model": log.model or (log.name if n_logs > 1 else ""), "task": log.task,
              "grader": log.grader}
    return table.assign(**{name: label for name, label in labels.items() if label})
