"""Long runs whose truth is known: forecasts are scored on their first samples."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..data.datasets import available, load
from ..estimate.coverage import coverage

GROUPS = {"CodeContests": "CodeContests", "GSM8K": "GSM8K", "MiniF2F-MATH": "MiniF2F-MATH"}
BATCH = 60  # attempts between two looks at an attack


@dataclass(frozen=True)
class Run:
    """One model on one benchmark, sampled long."""

    group: str
    benchmark: str
    model: str
    n: np.ndarray  # (n_problems,)
    c: np.ndarray
    batch: int | None = None  # of sampling that stopped at a success

    @property
    def design(self) -> str:
        """How it was sampled."""
        return "fixed" if self.batch is None else "first_success"

    def first(self, m: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Counts of m of the samples in random order; of whole batches before, if it stopped."""
        if self.batch is None:
            return np.full(self.n.size, m), rng.hypergeometric(self.c, self.n - self.c, m)
        inside = np.clip(m - (self.n - self.batch), 0, self.batch)  # of the last batch
        c = rng.hypergeometric(self.c, self.batch - self.c, inside)
        return np.minimum(self.n, m), c

    def truth(self, k: np.ndarray) -> np.ndarray:
        """Coverage at k: unbiased pass@k; of a run that stopped, the share broken by whole batches.

        At a k that ends inside a batch the whole batch counts: 1,020 for 1,000.
        """
        if self.batch is None:
            return coverage(self.n, self.c, k)
        whole = -(-np.asarray(k) // self.batch) * self.batch
        return ((self.n[:, None] <= whole) & (self.c > 0)[:, None]).mean(axis=0)

    def horizon(self, k: np.ndarray) -> np.ndarray:
        """The k whose truth that is."""
        return k if self.batch is None else -(-np.asarray(k) // self.batch) * self.batch


def runs() -> list[Run]:
    """The 18 Monkeys configurations, the attack counts, and the project's own language models.

    Examples
    --------
    >>> len([run for run in runs() if run.benchmark != "HarmBench" and run.n[0] == 10_000]) >= 18
    True
    """
    out = []
    for (benchmark, model), rows in _sorted("monkeys_counts"):
        family = "Pythia" if "Pythia" in model else "Llama"
        group = f"MATH, {family}" if benchmark == "MATH" else GROUPS[benchmark]
        out.append(_run(group, benchmark, model, rows))
    for (benchmark, model), rows in _sorted("attack_counts"):
        out.append(_run("attacks", benchmark, model, rows, BATCH))
    return out + _chains()


def _chains():
    """Our own language models, where their counts are in; each training is a benchmark."""
    if "chain_counts" not in available():
        return []
    rows = load("chain_counts").sort_values("problem").groupby(["run", "model"], sort=False)
    return [_run("chains", f"chains {run}", f"{model}, run {run}", part)
            for (run, model), part in rows]


def _sorted(name):
    return load(name).sort_values("problem").groupby(["benchmark", "model"], sort=False)


def _run(group, benchmark, model, rows, batch=None):
    return Run(group, benchmark, model, rows.n_samples.to_numpy(), rows.n_correct.to_numpy(), batch)
