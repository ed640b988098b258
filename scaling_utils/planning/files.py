"""Plan files: candidates, prices and the question in YAML or JSON, with the unit in every name."""
from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import numpy as np
import yaml

from ..data.datasets import load
from ..data.logs.read import read_log
from ..data.samples import Samples
from ..resources.model import Model
from ..resources.roofline import Device
from .candidates import Candidate
from .costs import Cost
from .plan import plan
from .record import Plan

BUDGET = re.compile(r"budget_(flops|card_seconds|[a-z]{3})_per_problem")
PRICE = re.compile(r"([a-z]{3})_per_(million_tokens|million_prompt_tokens|sample|card_hour)")
COST = ("tokens_per_sample", "tokens_per_prompt", "prompt_each", "parameters", "shape", "device",
        "n_devices", "batch", "weight_bits", "tokens_per_second")
PLAN = ("title", "target", "confidence", "strategies", "k_max", "level", "seed", "candidates")
CANDIDATE = ("name", "log", "log_model", "dataset", "where", "n_samples", "n_correct", "cost",
             "scorer")


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
    path = Path(path)
    try:
        content = yaml.safe_load(path.read_text("utf-8"))  # JSON is YAML
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: no YAML or JSON: {error}") from None
    return plan_from(content, path.parent, str(path))


def plan_from(content: Mapping, folder: str | Path = ".", name: str = "plan") -> Plan:
    """The same for what a file holds.

    Parameters
    ----------
    content : mapping
    folder : path-like
        Where paths of logs start.
    name : str
        For errors.

    Returns
    -------
    Plan

    Raises
    ------
    ValueError
        As in `plan_from_file`.
    """
    _keys(name, content, PLAN, BUDGET)
    given = content.get("candidates")
    if not isinstance(given, list) or not given:
        raise ValueError(f"{name}: candidates is missing: a list of at least one")
    models = [_candidate(f"{name}: candidates[{i}]", part, Path(folder))
              for i, part in enumerate(given)]
    budgets = {key: value for key, value in content.items() if BUDGET.fullmatch(key)}
    if len(budgets) > 1:
        raise ValueError(f"{name}: {' and '.join(budgets)}: give one budget")
    for key in budgets:
        unit = BUDGET.fullmatch(key)[1]
        if unit != models[0].cost.unit:
            raise ValueError(f"{name}: {key} is in {unit}, and {models[0].name!r} is paid in "
                             f"{models[0].cost.unit}")
    options = {key: content[key] for key in ("target", "confidence", "strategies", "k_max", "level")
               if content.get(key) is not None}
    return plan(models, budget=next(iter(budgets.values()), None), rng=content.get("seed", 0),
                **options)


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


def _keys(name, content, known, pattern=None):
    """Refuse what is no mapping, and keys that nobody reads."""
    if not isinstance(content, Mapping):
        raise ValueError(f"{name}: must hold names and values, not {type(content).__name__}")
    for key in content:
        if key not in known and not (pattern and pattern.fullmatch(str(key))):
            more = f" or {pattern.pattern}" if pattern else ""
            raise ValueError(f"{name}: {key!r} is unknown; it takes {', '.join(known)}{more}")


def _candidate(name, given, folder):
    """One candidate; errors name its place."""
    _keys(name, given, CANDIDATE)
    for key in ("name", "cost"):
        if key not in given:
            raise ValueError(f"{name}: {key} is missing")
    samples = _samples(name, given, folder)
    cost = _cost(f"{name}: cost", given["cost"], samples)
    scorer = given.get("scorer")
    scorer = None if scorer is None else _cost(f"{name}: scorer", scorer, samples)
    try:
        return Candidate(str(given["name"]), samples, cost, scorer)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _samples(name, given, folder):
    """Counts in the file, a log, or a data set of the package."""
    ways = [key for key in ("log", "dataset", "n_samples") if key in given]
    if len(ways) != 1:
        raise ValueError(f"{name}: give one of log, dataset, or n_samples with n_correct"
                         + (f", not {' and '.join(ways)}" if ways else ""))
    if ways == ["n_samples"]:
        return Samples.from_counts(given["n_samples"], given.get("n_correct", ()))
    if ways == ["dataset"]:
        return _of_dataset(name, given["dataset"], given.get("where", {}))
    logs = read_log(folder / given["log"], model=given.get("log_model"))
    if len(logs) != 1:
        raise ValueError(f"{name}: {given['log']} holds {len(logs)} runs: choose one by log_model, "
                         f"of {', '.join(log.model or log.name for log in logs)}")
    return logs[0].samples if logs[0].answers is None else logs[0].rows()


def _of_dataset(name, key, where):
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
    return Samples.from_counts(table.n_samples, table.n_correct, problem=table.problem)


def _cost(name, given, samples):
    """A `Cost` from its keys: tokens and prices, a price a sample, FLOPs, or a card."""
    _keys(name, given, COST, PRICE)
    prices = {m[2]: (m[1], given[key]) for key in given if (m := PRICE.fullmatch(key))}
    currencies = sorted({currency for currency, _ in prices.values()})
    if len(currencies) > 1:
        raise ValueError(f"{name}: prices in {' and '.join(currencies)}: one currency for all")
    plain = {key: value for key, value in given.items() if key in COST}
    if "sample" not in prices and "tokens_per_sample" not in plain:
        plain["tokens_per_sample"] = _mean_tokens(name, samples)
    try:
        return _priced(plain, {key: value for key, (_, value) in prices.items()},
                       currencies[0] if currencies else None)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{name}: {error}") from None


def _priced(plain, prices, currency):
    """The constructor that the keys ask for."""
    if "sample" in prices:
        _alone("a price per sample", prices, ("sample",))
        return Cost(currency, prices["sample"], **_only(plain, "tokens_per_sample"))
    model = _model(plain)
    if "device" in plain:
        _alone("a card", prices, ("card_hour",))
        card = Device.named(plain.pop("device")).times(plain.pop("n_devices", 1))
        if model is None or "batch" not in plain:
            raise ValueError("a card needs batch, and parameters or shape")
        money = {"per_card_hour": prices["card_hour"], "currency": currency} if prices else {}
        return Cost.of_card(model, card, **money, **_only(
            plain, "tokens_per_sample", "tokens_per_prompt", "batch", "weight_bits",
            "tokens_per_second"))
    if model is not None:
        _alone("FLOPs", prices, ())
        return Cost.of_flops(model, **_only(plain, "tokens_per_sample", "tokens_per_prompt"))
    if "million_tokens" not in prices:
        raise ValueError("no price: give usd_per_million_tokens, usd_per_sample, or a model by "
                         "parameters or shape")
    _alone("tokens", prices, ("million_tokens", "million_prompt_tokens"))
    return Cost.of_tokens(
        per_million_tokens=prices["million_tokens"], currency=currency,
        per_million_prompt_tokens=prices.get("million_prompt_tokens"),
        **_only(plain, "tokens_per_sample", "tokens_per_prompt", "prompt_each"))


def _model(plain):
    """The model by its shape or its parameters; None where neither is given."""
    if "shape" in plain:
        if "parameters" in plain:
            raise ValueError("give shape or parameters, not both")
        return Model.named(plain.pop("shape"))
    return Model(float(plain.pop("parameters"))) if "parameters" in plain else None


def _alone(what, prices, allowed):
    """Refuse prices that this way of paying does not read."""
    for key in prices:
        if key not in allowed:
            raise ValueError(f"{what} has no price per {key.replace('_', ' ')}")


def _only(plain, *allowed):
    """The keys, or an error for one that this way of paying does not read."""
    for key in plain:
        if key not in allowed:
            raise ValueError(f"{key} is not used by this way of paying, which takes "
                             f"{', '.join(allowed)}")
    return plain


def _mean_tokens(name, samples):
    """Mean tokens of a sample, where the log holds them."""
    tokens = samples.rows.tokens if samples.rows is not None else None
    if tokens is None or not np.isfinite(np.asarray(tokens, float)).all():
        raise ValueError(f"{name}: tokens_per_sample is missing, and the samples hold no tokens")
    return float(np.mean(np.asarray(tokens, float)))
