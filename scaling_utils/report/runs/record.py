"""What was found in one's own runs, as a record that every form of it is made from."""
from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from ... import __version__
from ...forecasting.designs import refuse_stopped

FORMAT = 1  # of the JSON: raised when a name is changed or removed
PACKAGE = "inference-scaling-compendium"


class Written(NamedTuple):
    """Files that were written, and what could not be."""

    files: tuple[Path, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Result:
    """What a command found: tables, words, and what they were made from."""

    command: str
    logs: Sequence  # of `Log`, in the order of the tables
    tables: Mapping[str, pd.DataFrame]  # the answer first; each is one CSV
    verdicts: Sequence[str]  # the answer in words
    limits: Sequence[str]  # what it cannot know
    seed: int = 0
    settings: Mapping[str, object] = field(default_factory=dict)
    history: Sequence = ()  # logs that helped and were not judged
    missing: Sequence[str] = ()  # what the log does not allow, and why
    alt: str = ""  # the picture in words; empty where there is none

    @property
    def runs(self) -> pd.DataFrame:
        """One row per log: problems, samples, how many were right, design."""
        return pd.DataFrame([_run(log) for log in self.logs])

    @property
    def inputs(self) -> pd.DataFrame:
        """One row per file that was read, with its SHA-256."""
        rows = [dict(run=log.name, use=use, path=str(file.path), sha256=file.sha256,
                     format=file.format, n_rows=file.n_rows)
                for use, logs in (("judged", self.logs), ("history", self.history))
                for log in logs for file in log.files]
        return pd.DataFrame(rows, columns=["run", "use", "path", "sha256", "format", "n_rows"])

    @property
    def excluded(self) -> pd.DataFrame:
        """One row per reason for which something in a log was not counted."""
        rows = [dict(run=log.name, reason=item.reason, n=item.n, where=str(item.where or ""))
                for log in (*self.logs, *self.history) for item in log.excluded]
        return pd.DataFrame(rows, columns=["run", "reason", "n", "where"])

    def to_dict(self) -> dict:
        """Plain numbers and words, as the schema of the format says."""
        frames = {"inputs": self.inputs, "runs": self.runs, "excluded": self.excluded}
        return {
            "format": "scaling-laws-result", "format_version": FORMAT,
            "package": {"name": PACKAGE, "version": __version__},
            "command": self.command, "seed": self.seed, "settings": plain(dict(self.settings)),
            **{name: rows(frame) for name, frame in frames.items()},
            "result": {name: rows(frame) for name, frame in self.tables.items()},
            "verdicts": list(self.verdicts), "missing": list(self.missing),
            "limits": list(self.limits),
        }

    def to_json(self) -> str:
        """`to_dict` as JSON; the same inputs and seed give the same text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1, allow_nan=False)

    def text(self) -> str:
        """Tables and words for a terminal."""
        from .text import text

        return text(self)

    def write(self, folder: str | Path) -> Written:
        """Write result.json, a CSV per table, figure.svg, figure.png and report.html.

        Parameters
        ----------
        folder : path-like
            Made if it is not there; files of these names are written over.

        Returns
        -------
        Written
            The files, and a note for each part that needs a package that is not installed.
        """
        from .write import write

        return write(self, Path(folder))


def schema() -> dict:
    """The JSON Schema that `Result.to_dict` follows.

    Examples
    --------
    >>> schema()["properties"]["format_version"]["const"] == FORMAT
    True
    """
    return json.loads((files(__package__) / "result.schema.json").read_text("utf-8"))


def told_apart(logs: Sequence) -> None:
    """An error if two logs have one name, or if counts of a fixed plan look as if they stopped."""
    names = [log.name for log in logs]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"two runs are named {name!r}: give each once, or rename a file")
    for log in logs:
        if log.samples.design == "fixed":
            refuse_stopped(log.samples.n_samples, log.samples.n_correct)


def rows(frame: pd.DataFrame) -> list[dict]:
    """Rows of a table as plain values; a missing number is None.

    Examples
    --------
    >>> rows(pd.DataFrame({"k": [1], "low": [np.nan]}))
    [{'k': 1, 'low': None}]
    """
    return [{name: plain(value) for name, value in row.items()}
            for row in frame.to_dict(orient="records")]


def plain(value):
    """A value that JSON knows: no array, no numpy number, no NaN."""
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not np.isfinite(value) else value


def _run(log):
    """What was read of one log."""
    samples = log.samples
    n, c = samples.n_samples, samples.n_correct
    return dict(run=log.name, n_problems=len(samples), least_samples=int(n.min()),
                most_samples=int(n.max()), n_samples=int(n.sum()), n_correct=int(c.sum()),
                n_solved=int((c > 0).sum()), seen=float((c > 0).mean()), design=samples.design,
                counts_sha256=samples.digest())
