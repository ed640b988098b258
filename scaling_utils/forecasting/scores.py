"""What a backtest says: means by group, and paired differences with their standard error."""
from __future__ import annotations

from importlib.resources import files

import numpy as np
import pandas as pd

COLUMNS = ["mae", "bias", "hold_50", "hold_90", "width_50", "width_90"]
MONKEYS = ("CodeContests", "GSM8K", "MATH, Llama", "MATH, Pythia", "MiniF2F-MATH")


def by_group(table: pd.DataFrame, groups: dict[str, tuple] | None = None) -> pd.DataFrame:
    """Means over runs by group, k, method and m; every run counts alike.

    Parameters
    ----------
    table : DataFrame
        From `backtest`.
    groups : dict of str to tuple of str, optional
        Names for sets of groups; by default each group, and the 18 Monkeys configurations.

    Returns
    -------
    DataFrame
        Rows (group, k, method, m).
    """
    each = {name: (name,) for name in table.group.unique()}
    groups = groups or {"18 Monkeys": MONKEYS} | each
    parts = [table[table.group.isin(names)].assign(group=name) for name, names in groups.items()]
    keys = ["group", "k", "method", "m"]
    return pd.concat(parts).groupby(keys, sort=False)[COLUMNS].mean()


def paired(table: pd.DataFrame, method: str, against: str) -> pd.DataFrame:
    """Difference of mean absolute errors, method minus against, over the same runs.

    Parameters
    ----------
    table : DataFrame
        From `backtest`, of one or more groups.
    method, against : str

    Returns
    -------
    DataFrame
        Rows (k, m): difference, its standard error over runs, and their number.

    Examples
    --------
    >>> t = pd.DataFrame({"group": "a", "model": ["x", "y"] * 2, "k": 9, "m": 3,
    ...                   "method": ["p", "p", "q", "q"], "mae": [0.1, 0.5, 0.2, 0.2]})
    >>> paired(t, "p", "q").round(3).to_numpy().tolist()
    [[0.1, 0.2, 2.0]]
    """
    wide = table.pivot_table(index=["k", "m", "group", "model"], columns="method", values="mae")
    gap = (wide[method] - wide[against]).dropna().groupby(["k", "m"])
    return pd.DataFrame({"difference": gap.mean(),
                         "standard_error": gap.std() / np.sqrt(gap.size()), "runs": gap.size()})


def read_backtest() -> pd.DataFrame:
    """The committed backtest: one row per run, m, k and method.

    Examples
    --------
    >>> bool((read_backtest().mae >= 0).all())
    True
    """
    with (files(__package__) / "backtest.csv").open("rb") as stream:
        return pd.read_csv(stream)


def n_variants() -> int:
    """How many variants of the forecast were scored on data.

    Examples
    --------
    >>> n_variants() > 100
    True
    """
    with (files(__package__) / "variants.csv").open("rb") as stream:
        return pd.read_csv(stream)[["kind", "variant"]].drop_duplicates().shape[0]
