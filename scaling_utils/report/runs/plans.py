"""What to buy, as one result: the plan of a plan file."""
from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from ...planning.files import example, read_plan, schema
from .limits import limits
from .record import Result

PRICES = ("Prices and tokens per sample are those of the plan file; nobody checked them, and they "
          "change.")
ALIKE = "It holds for problems such as these: others have other curves, and other crossovers."


def plans(path: str | Path, *, seed: int | None = None) -> Result:
    """The plan of a plan file.

    Parameters
    ----------
    path : path-like
    seed : int, optional
        In place of the file's own.

    Returns
    -------
    Result
        Tables `plan`, a row for the best of each model and strategy (role, model, strategy, k,
        cost, tokens_per_sample, accuracy, low, high, beyond), and `curve`, every k compared.

    Raises
    ------
    ValueError
        As in `plan_from_file`.
    """
    asked = read_plan(path)
    asked = asked if seed is None else replace(asked, seed=seed)
    found = asked.plan()
    settings = {"title": asked.title, "file": asked.path, "file_sha256": asked.sha256,
                "budget": asked.budget, "unit": found.unit, **asked.options,
                "p_runner_up_better": found.p_runner_up_better,
                "p_target": found.p_target, "verdict": found.doubt.word}
    settings = {key: value for key, value in settings.items() if _told(value)}
    return Result(
        "plan", asked.logs, {"plan": _options(found), "curve": _renamed(found.curve_table())},
        [found.verdict], limits(asked.logs, PRICES, ALIKE), asked.seed, settings,
        missing=found.assumes,
        alt=f"Accuracy against {found.column.replace('_', ' ')}, one line for each model and "
            "strategy, with bands for the choice, which is marked, and the runner-up.")


def printed(what: str) -> str:
    """The example of a plan file, or the schema of all, as text.

    Examples
    --------
    >>> "candidates:" in printed("example"), "$schema" in printed("schema")
    (True, True)
    """
    if what == "example":
        return example().read_text("utf-8")
    return json.dumps(schema(), indent=1) + "\n"


def _told(value):
    """Whether a setting says something."""
    return value not in (None, "") and not (isinstance(value, float) and np.isnan(value))


def _options(found):
    """The table of the plan, with the role of each row."""
    table = _renamed(found.table())
    roles = [{found.choice: "choice", found.runner_up: "runner-up"}.get(option, "")
             for option in found.options]
    table.insert(0, "role", roles)
    return table[["role", "model", "strategy", "k", found.column, "tokens_per_sample", "accuracy",
                  "low", "high", "beyond"]]


def _renamed(table):
    return table.rename(columns={"beyond_samples": "beyond"})
