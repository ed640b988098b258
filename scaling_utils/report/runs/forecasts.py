"""Coverage at more samples than were drawn, for each run."""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from tqdm import tqdm

from ...forecasting.forecast import forecast
from .limits import limits, record_so_far
from .record import Result, told_apart

FAR = (10, 100)  # times the samples drawn, where no k is asked for
MOST, POINTS = 10**9, 48
LAWS = ("Beyond the samples drawn nothing was seen. The interval averages over many laws of "
        "difficulty, and holds if the truth is like one of them; it is the answer, not the median.")


def forecasts(logs: Sequence, k: Sequence[int] | None = None, *, history: Sequence = (),
              seed: int = 0, progress: bool | None = None) -> Result:
    """`forecast` of each log, as one result.

    Parameters
    ----------
    logs : sequence of Log
        From `read_log`.
    k : sequence of int, optional
        Samples per problem; left out, 10 and 100 times the fewest samples of a problem.
    history : sequence of Log
        Other models on the same problems, sampled longer.
    seed : int
    progress : bool, optional
        Show a bar; left out, it shows in a terminal alone.

    Returns
    -------
    Result
        Tables `forecast`, a row per run and k asked for (run, k, seen, median, low, high,
        beyond the samples drawn or not), and `curve`, the same on a grid for the figure.

    Raises
    ------
    ValueError
        As in `forecast`; or if a run is its own history.
    """
    told_apart(logs)
    _refuse_itself(logs, history)
    made, curves = {}, {}
    others = [log.samples for log in history] or None
    hidden = None if progress is None else not progress
    for log in tqdm(logs, disable=hidden, desc="forecast"):
        asked = usual_k(log.samples) if not k else list(k)
        made[log.name] = forecast(log.samples, asked, history=others, rng=seed)
        curves[log.name] = forecast(log.samples, _grid(log.samples, asked), history=others,
                                    rng=seed)
    verdicts = [_named(name, f.verdict, len(logs)) for name, f in made.items()]
    tables = {"forecast": _joined(made), "curve": _joined(curves)}
    settings = {"k": [int(x) for x in k] if k else None, "level": 0.9, "question": "these",
                "method": "average"}
    alt = ("Coverage against the number of samples per problem on a logarithmic axis: a line as "
           "far as samples were drawn, then a dashed median inside a widening band.")
    return Result("forecast", logs, tables, verdicts, limits(logs, LAWS, record_so_far()), seed,
                  settings, history, alt=alt)


def usual_k(samples) -> list[int]:
    """Ten and a hundred times the fewest samples of a problem.

    Examples
    --------
    >>> from scaling_utils import Samples
    >>> usual_k(Samples.from_counts([100, 200], [1, 0]))
    [1000, 10000]
    """
    return [min(times * int(samples.n_samples.min()), MOST) for times in FAR]


def _refuse_itself(logs, history):
    """An error if a run is among the others that shall help it."""
    own = {log.samples.digest(): log.name for log in logs}
    for log in history:
        if log.samples.digest() in own:
            raise ValueError(f"history holds {log.name} itself: give the samples of other models")


def _grid(samples, k):
    """k of the curve: from 1 to the largest asked for, with the samples drawn."""
    least = int(samples.n_samples.min())
    steps = np.geomspace(1, max(*k, least), POINTS).round().astype(int)
    return np.unique(np.concatenate([steps, k, [least]]))


def _joined(made):
    """One table of several forecasts."""
    parts = [f.table().assign(beyond=~f.inside) for f in made.values()]
    table = pd.concat(parts, keys=made, names=["run", None])
    return table.reset_index("run").reset_index(drop=True)


def _named(name, words, n_runs):
    """The verdict, with the name of the run where there are several."""
    return words if n_runs == 1 else f"{name}: {words}"
