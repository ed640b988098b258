"""Sealed forecasts: written before the long run exists, scored when it does."""
from __future__ import annotations

import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from ..data.samples import Samples
from . import designs

LEVELS = (0.5, 0.9)


def fingerprint(evidence: designs.Evidence) -> str:
    """SHA-256 of the distinct counts: the same for any order of the problems.

    Examples
    --------
    >>> fingerprint(designs.read((9, [1, 2]))) == fingerprint(designs.read((9, [2, 1])))
    True
    """
    rows = np.stack([evidence.n, evidence.c, evidence.times]).astype("<i8")
    return hashlib.sha256(rows.tobytes()).hexdigest()


def seal(forecast, path) -> Path:
    """Write a forecast with its intervals, hash of the data, version and date, as JSON.

    Parameters
    ----------
    forecast : Forecast
    path : path-like
        A file that does not exist yet: a sealed forecast is not written over.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    FileExistsError
        If there is a file already.
    """
    from .. import __version__

    content = forecast.to_dict() | {
        "intervals": {f"{level:g}": np.round(forecast.interval(level), 6).T.tolist()
                      for level in LEVELS},
        "version": __version__,
        "sealed": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    path = Path(path)
    with path.open("x", encoding="utf-8") as stream:
        json.dump(content | {"hash": _hash(content)}, stream, indent=1)
    return path


def open_seal(path: str | os.PathLike, samples: Samples | tuple) -> pd.DataFrame:
    """Score a sealed forecast against the long run: truth at each k, and whether intervals held.

    Parameters
    ----------
    path : path-like
        Written by `seal`.
    samples : Samples or (n_samples, n_correct)
        The long run, at least the largest k of the forecast.

    Returns
    -------
    pandas.DataFrame
        Columns k, median, truth, error and, for 50 % and 90 %, low, high, held.

    Raises
    ------
    ValueError
        If the file was changed after it was sealed, or the run is another set or too short.

    Examples
    --------
    >>> import tempfile
    >>> from scaling_utils import forecast
    >>> promise = forecast((10, [0, 1, 2, 3, 4, 5, 6]), k=[50])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sealed = promise.seal(Path(folder) / "promise.json")
    ...     open_seal(sealed, (50, [2, 4, 9, 14, 21, 26, 31])).truth.round(6).tolist()
    [1.0]
    """
    content = json.loads(Path(path).read_text(encoding="utf-8"))
    if content.pop("hash", None) != _hash(content):
        raise ValueError(f"{path} was changed after it was sealed")
    evidence = designs.read(samples)
    if evidence.n_problems != content["n_problems"] and content["question"] != "new set":
        raise ValueError(f"the run has {evidence.n_problems} problems, the forecast "
                         f"{content['n_problems']}: give the same problems")
    k = np.array(content["k"])
    table = pd.DataFrame({"k": k, "median": np.array(content["median"], float),
                          "truth": designs.curve(evidence, k)})
    table["method"] = content["method"] + (", history" if content["history"] else "")
    table["m"] = content["n_samples"][0]
    table["error"] = table["median"] - table["truth"]
    for level, ends in content["intervals"].items():
        low, high = np.array(ends).T
        name = f"{100 * float(level):g}"
        table[f"low_{name}"], table[f"high_{name}"] = low, high
        table[f"held_{name}"] = (table.truth >= low - 1e-6) & (table.truth <= high + 1e-6)
    return table


def _hash(content):
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
