"""Plan files: candidates, prices and the question in YAML or JSON, with the unit in every name."""
from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path

import yaml

from ..data.datasets import content as bytes_of
from ..data.datasets import load
from ..data.logs.read import read_log
from ..data.logs.record import Log, LogFile
from ..data.samples import Samples
from .candidates import Candidate
from .plan import plan
from .pricing import cost_from, known
from .record import Plan

BUDGET = re.compile(r"budget_(flops|card_seconds|[a-z]{3})_per_problem")
OPTIONS = ("target", "confidence", "strategies", "k_max", "level")
PLAN = ("title", *OPTIONS, "seed", "candidates")
CANDIDATE = ("name", "log", "log_model", "dataset", "where", "n_samples", "n_correct", "cost",
             "scorer")


@dataclass(frozen=True, eq=False)
class PlanFile:
    """What a plan file asks: candidates, the logs they come from, and the options of `plan`."""

    models: tuple[Candidate, ...]
    logs: tuple[Log, ...] = field(repr=False)  # one for each candidate
    budget: float | None
    options: Mapping
    seed: int = 0
    title: str = ""
    path: str = ""
    sha256: str = ""

    def plan(self) -> Plan:
        """`plan` of these candidates with these options."""
        return plan(self.models, budget=self.budget, rng=self.seed, **self.options)


def plan_from_file(path: str | Path) -> Plan:
    """`plan` with the candidates, prices and question of a YAML or JSON file.

    Parameters
    ----------
    path : path-like
        See `schema`; paths of logs in it are taken from its own folder.

    Returns
    -------
    Plan

    Raises
    ------
    ValueError
        If the file is no plan, a key is unknown, a price is missing, or as in `plan`.

    Examples
    --------
    >>> plan_from_file(example()).choice.model
    'chain-256x6'
    """
    return read_plan(path).plan()


def read_plan(path: str | Path) -> PlanFile:
    """The same, before the plan is made.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    PlanFile

    Raises
    ------
    ValueError
        As in `plan_from_file`.

    Examples
    --------
    >>> len(read_plan(example()).models)
    5
    """
    path = Path(path)
    raw = path.read_bytes()
    try:
        content = yaml.safe_load(raw.decode("utf-8"))  # JSON is YAML
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: no YAML or JSON: {error}") from None
    return parse(content, path.parent, str(path), hashlib.sha256(raw).hexdigest())


def parse(content: Mapping, folder: str | Path = ".", path: str = "plan",
          sha256: str = "") -> PlanFile:
    """The same for what a file holds.

    Parameters
    ----------
    content : mapping
    folder : path-like
        Where paths of logs start.
    path, sha256 : str
        Of the file.

    Returns
    -------
    PlanFile

    Raises
    ------
    ValueError
        As in `plan_from_file`.
    """
    known(path, content, PLAN, BUDGET)
    given = content.get("candidates")
    if not isinstance(given, list) or not given:
        raise ValueError(f"{path}: candidates is missing: a list of at least one")
    pairs = [_candidate(f"{path}: candidates[{i}]", part, Path(folder))
             for i, part in enumerate(given)]
    models, logs = zip(*pairs, strict=True)
    options = {key: content[key] for key in OPTIONS if content.get(key) is not None}
    return PlanFile(models, logs, _budget(path, content, models[0]), options,
                    content.get("seed", 0), content.get("title", ""), path, sha256)


def _budget(path, content, first):
    """The budget, in the unit of the candidates; None if there is none."""
    budgets = {key: value for key, value in content.items() if BUDGET.fullmatch(key)}
    if len(budgets) > 1:
        raise ValueError(f"{path}: {' and '.join(budgets)}: give one budget")
    for key in budgets:
        unit = BUDGET.fullmatch(key)[1]
        if unit != first.cost.unit:
            raise ValueError(f"{path}: {key} is in {unit}, and {first.name!r} is paid in "
                             f"{first.cost.unit}")
    return next(iter(budgets.values()), None)


def schema() -> dict:
    """The JSON Schema of plan files.

    Examples
    --------
    >>> schema()["required"]
    ['candidates']
    """
    return json.loads((files(__package__) / "plan.schema.json").read_text("utf-8"))


def example() -> Path:
    """Path of a plan file that runs on data of the package.

    Examples
    --------
    >>> example().name
    'example.yml'
    """
    return Path(str(files(__package__) / "example.yml"))


def _candidate(name, given, folder):
    """One candidate and its log; errors name their place."""
    known(name, given, CANDIDATE)
    for key in ("name", "cost"):
        if key not in given:
            raise ValueError(f"{name}: {key} is missing")
    log = _log(name, given, folder)
    samples = log.samples if log.answers is None else log.rows()
    cost = cost_from(f"{name}: cost", given["cost"], samples)
    scorer = given.get("scorer")
    scorer = None if scorer is None else cost_from(f"{name}: scorer", scorer, samples)
    try:
        found = Candidate(str(given["name"]), samples, cost, scorer)
        return found, replace(log, name=found.name)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _log(name, given, folder):
    """A log, counts in the file, or a data set of the package, as a `Log`."""
    ways = [key for key in ("log", "dataset", "n_samples") if key in given]
    if len(ways) != 1:
        raise ValueError(f"{name}: give one of log, dataset, or n_samples with n_correct"
                         + (f", not {' and '.join(ways)}" if ways else ""))
    if ways == ["n_samples"]:
        samples = Samples.from_counts(given["n_samples"], given.get("n_correct", ()))
        return Log(str(given["name"]), samples, ())
    if ways == ["dataset"]:
        return _of_dataset(name, str(given["name"]), given["dataset"], given.get("where", {}))
    logs = read_log(folder / given["log"], model=given.get("log_model"))
    if len(logs) != 1:
        raise ValueError(f"{name}: {given['log']} holds {len(logs)} runs: choose one by log_model, "
                         f"of {', '.join(log.model or log.name for log in logs)}")
    return logs[0]


def _of_dataset(name, run, key, where):
    """Counts of a data set of the package, at the values that `where` asks for."""
    table = load(key)
    for column, value in where.items():
        if column not in table.columns:
            raise ValueError(f"{name}: where: {key} has no column {column!r}, but "
                             f"{', '.join(table.columns)}")
        table = table[table[column] == value]
    if table.empty:
        raise ValueError(f"{name}: where: no row of {key} has {dict(where)}")
    if not {"problem", "n_samples", "n_correct"} <= set(table.columns):
        raise ValueError(f"{name}: dataset {key!r} holds no counts per problem")
    samples = Samples.from_counts(table.n_samples, table.n_correct, problem=table.problem)
    sha256 = hashlib.sha256(bytes_of(key)).hexdigest()
    return Log(run, samples, (LogFile(key, sha256, "data set of the package", len(table)),))
