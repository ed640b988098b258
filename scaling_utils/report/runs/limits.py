"""What a result cannot know, in sentences: kept short, and never left out of a report."""
from __future__ import annotations

from ...forecasting.ledger import read_ledger

EVERYWHERE = (
    "It speaks of these problems, this model, this way of sampling and this grader. A grader that "
    "accepts wrong answers makes every curve tend to one.",
    "It cannot know whether problems or answers were seen in training.",
)
PLANNED = ("The number of samples of a problem is taken to have been set beforehand. If sampling "
           "ended at a first success, say so (--design first-success): averages of such counts are "
           "too high.")
STOPPED = {
    "first_success": "Sampling ended at a first success, as was said: subsets of such samples are "
                     "no random samples, and averages over them are not used.",
    "adaptive": "Samples went where earlier results called for them, as was said: averages of such "
                "counts are not used.",
}


def limits(logs, *own: str) -> tuple[str, ...]:
    """The sentences of one command, then those that hold of every result.

    Parameters
    ----------
    logs : sequence of Log
    *own : str

    Returns
    -------
    tuple of str
    """
    designs = dict.fromkeys(log.samples.design for log in logs)
    return (*own, *(STOPPED.get(design, PLANNED) for design in designs), *EVERYWHERE)


def record_so_far() -> str:
    """How often 90 % intervals of the forecasts in the ledger have held, in one sentence.

    Examples
    --------
    >>> record_so_far().startswith("Of ")
    True
    """
    ledger = read_ledger()
    known = int((ledger.source == "backtest").sum())
    told = "all" if known == len(ledger) else f"{known} of them"
    return (f"Of {len(ledger)} forecasts in the package's ledger, {told} made while the long runs "
            f"were known, {int(ledger.held_90.sum())} of the 90 % intervals and "
            f"{int(ledger.held_50.sum())} of the 50 % intervals held.")
