"""Public logs on the Hugging Face hub, read as any other, and the counts they must give.

The one place that uses a network, and only when it is called.
"""
from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

import pandas as pd

from ..datasets import load
from ..samples import Samples
from .read import read_log
from .record import Log

MONKEYS = "ScalingIntelligence/monkey_business"
BRANCH = "refs/convert/parquet"  # where the hub keeps every data set as Parquet
LLAMA = "HuggingFaceH4/Llama-3.2-1B-Instruct-{}-completions"
SEARCHES = {"sampling": "best-of-N", "beam search": "beam-search", "diverse tree search": "DVTS"}


@dataclass(frozen=True)
class Public:
    """A run on the hub: its repository and what the names of its files hold."""

    repository: str
    parts: tuple[str, ...]
    format: str


def available() -> dict[str, Public]:
    """The runs that can be fetched, by name: 18 of Large Language Monkeys, 15 searches.

    Examples
    --------
    >>> available()["MATH, Pythia-12B"].repository
    'ScalingIntelligence/monkey_business'
    """
    pairs = load("monkeys_counts")[["benchmark", "model"]].drop_duplicates()
    runs = {f"{b}, {m}": Public(MONKEYS, (f"{b}_{m}/",), "monkeys") for b, m in pairs.to_numpy()}
    for strategy, name in SEARCHES.items():
        for seed in range(5):
            runs[f"MATH-500, {strategy}, seed {seed}"] = Public(
                LLAMA.format(name), ("--n-256--", f"--seed-{seed}--"), "search-and-learn")
    return runs


def fetch(name: str, folder: str | None = None) -> Log:
    """A public run, downloaded to the hub's cache and read.

    Parameters
    ----------
    name : str
        One of `available`.
    folder : str, optional
        Where the files already lie; then no network is used.

    Raises
    ------
    ValueError
        If there is no such run, the hub cannot be reached, or its client is not installed.
    """
    if name not in available():
        raise ValueError(f"there is no public run {name!r}; there are {', '.join(available())}")
    run = available()[name]
    paths = [folder] if folder else _downloaded(run)
    [log] = read_log(*paths, format=run.format)
    return replace(log, name=name)


def expected(name: str) -> pd.Series:
    """What a public run must give, from our own data sets: counts, or their sums.

    Of Monkeys every count, sorted. Of a search the problems solved and the correct samples, by the
    grader of another group: ours is lighter, so its numbers come near these and need not be equal.

    Examples
    --------
    >>> int(expected("MATH, Pythia-70M").sum())
    828
    >>> expected("MATH-500, sampling, seed 0").tolist()
    [439, 29871]
    """
    first, second, *rest = name.split(", ")
    if not rest:
        counts = load("monkeys_counts").set_index(["benchmark", "model"])
        return counts.loc[(first, second), "n_correct"].sort_values().reset_index(drop=True)
    runs = load("llama1b_search").set_index(["strategy", "n_samples", "seed"])
    row = runs.loc[(second, 256, int(rest[0].split()[1]))]
    correct = round(row["share_correct_percent"] / 100 * 500 * 256)
    return pd.Series({"n_solved": int(row["n_solved"]), "n_correct": correct})


def checksum(samples: Samples) -> str:
    """SHA-256 of the counts in their order of size, whatever the problems are called.

    Examples
    --------
    >>> checksum(Samples.from_counts(9, [1, 5])) == checksum(Samples.from_counts(9, [5, 1]))
    True
    """
    pairs = sorted(zip(samples.n_samples.tolist(), samples.n_correct.tolist(), strict=True))
    return hashlib.sha256("".join(f"{n} {c}\n" for n, c in pairs).encode()).hexdigest()


def _downloaded(run):
    """Files of a run in the hub's cache."""
    try:
        import huggingface_hub as client
    except ImportError:
        raise ValueError(f"{run.repository}: fetching it needs the hub's client: pip install "
                         "huggingface_hub") from None
    try:
        where = {"repo_type": "dataset", "revision": BRANCH}
        names = [name for name in client.list_repo_files(run.repository, **where)
                 if name.endswith(".parquet") and all(part in name for part in run.parts)]
        paths = [client.hf_hub_download(run.repository, name, **where) for name in names]
    except Exception as error:  # whatever a client raises without a network
        raise ValueError(f"{run.repository}: the hub cannot be reached ({type(error).__name__}); "
                         "download the files and pass folder=") from None
    if not paths:
        raise ValueError(f"{run.repository}: no Parquet file with {' and '.join(run.parts)} in its "
                         "name: has the repository been arranged anew?")
    return paths
