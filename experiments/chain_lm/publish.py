"""Tables and weights of an execution, as the data sets of the package.

    python -m experiments.chain_lm.publish RESULTS scaling_utils/data/sets

RESULTS is a folder of `run` or of `warmth`. Writes `data.csv` or `data.csv.xz` of each set and the
weights; cards are written by hand.
"""
from __future__ import annotations

import argparse
import hashlib
import lzma
from pathlib import Path

import numpy as np
import pandas as pd

from scaling_utils.worlds.chain_task import ChainTask

SCORERS = {"64x2": "small", "128x4": "large"}
LARGE = 400_000  # bytes from which a table is compressed
SIZES = {"64x2": (64, 2), "96x3": (96, 3), "128x4": (128, 4), "192x5": (192, 5),
         "256x6": (256, 6), "384x6": (384, 6)}  # fmt: skip


def write(folder: Path, name: str, table: pd.DataFrame, float_format=None) -> None:
    """One data set's table."""
    data = table.to_csv(index=False, float_format=float_format, lineterminator="\n").encode()
    target = folder / name
    target.mkdir(exist_ok=True)
    if len(data) > LARGE:
        (target / "data.csv.xz").write_bytes(lzma.compress(data, preset=9 | lzma.PRESET_EXTREME))
    else:
        (target / "data.csv").write_bytes(data)
    print(name, len(table), hashlib.sha256(data).hexdigest())


def solutions(arrays) -> pd.DataFrame:
    """Different solutions among 256 samples of each problem."""
    tables = []
    for size in SIZES:
        column = {key: arrays[f"{size}.{key}"] for key in (
            "problem", "count", "answer", "n_right", "n_lines", "tokens", "log_probability")}
        column["n_samples"] = column.pop("count")
        column["log_probability"] = column["log_probability"].astype(float)
        for scorer, name in SCORERS.items():
            for kind in ("last", "least", "product"):
                column[f"{kind}_{name}"] = arrays[f"{size}.{scorer}.{kind}"].astype(float)
        tables.append(pd.DataFrame(column).assign(model=f"chain-{size}"))
    table = pd.concat(tables)
    first = ["model", "problem", "n_samples"]
    return table[first + [name for name in table if name not in first]]


def difficulty(arrays) -> pd.DataFrame:
    """Exact log-probabilities of the right solutions to the further problems."""
    tables = []
    for key in (key for key in arrays if key.endswith(".wide")):
        run, size, _ = key.split(".")
        value = arrays[key].astype(float)
        tables.append(pd.DataFrame({
            "run": int(run), "model": f"chain-{size}", "problem": np.arange(len(value)),
            "n_operations": ChainTask.benchmark(len(value), seed=20261127).depths,
            "log_probability": value}))
    return pd.concat(tables)


def temperatures(curves, answers) -> pd.DataFrame:
    """Counts of each problem at each temperature, with the votes of the best wrong answer."""
    key, right = ["run", "model", "temperature", "problem"], ChainTask.benchmark().answers
    wrong = answers[(answers.answer != right[answers.problem]) & (answers.answer >= 0)]
    votes = wrong.groupby(key).n_votes.max().rename("n_best_wrong")
    table = curves.drop(columns="step").join(votes, on=key)
    table["n_best_wrong"] = table.n_best_wrong.fillna(0).astype(int)
    table["model"] = "chain-" + table.model
    return table


def vote_right(answers, right) -> np.ndarray:
    """Share of right answers among the most frequent ones of each row (n, attempts)."""
    out = np.zeros(len(answers))
    for i, (row, target) in enumerate(zip(answers, right, strict=True)):
        values, votes = np.unique(row[row >= 0], return_counts=True)
        out[i] = np.mean(values[votes == votes.max()] == target) if len(values) else 0
    return out


def revisions(arrays) -> pd.DataFrame:
    """Counts over the chains of each problem after each attempt."""
    right, tables = ChainTask.benchmark().answers, []
    for key, answers in arrays.items():
        model, kind = key.split(".")
        (n, chains, length), hit = answers.shape, answers == right[:, None, None]
        ever, rows = np.maximum.accumulate(hit, axis=2), answers.reshape(-1, length)
        for t in range(length):
            vote = vote_right(rows[:, :t + 1], np.repeat(right, chains)).reshape(n, chains)
            kept = (hit[:, :, t] & hit[:, :, t - 1]).sum(axis=1) if t else hit[:, :, 0].sum(axis=1)
            tables.append(pd.DataFrame({
                "model": f"chain-{model}", "kind": kind, "problem": np.arange(n),
                "attempt": t + 1, "n_chains": chains, "n_correct": hit[:, :, t].sum(axis=1),
                "n_kept": kept, "n_ever": ever[:, :, t].sum(axis=1),
                "n_vote": vote.sum(axis=1).round(3)}))
    return pd.concat(tables)


def models(weights, folder: Path) -> pd.DataFrame:
    """Weights of each kept model in a file of its own, and what they are."""
    rows = []
    for name in dict.fromkeys(key.split("/")[0] for key in weights):
        kind, size = ("scorer", name[7:]) if name.startswith("scorer_") else ("policy", name)
        mine = {key.split("/")[1]: weights[key] for key in weights if key.startswith(f"{name}/")}
        model = f"chain-scorer-{size}" if kind == "scorer" else f"chain-{size}"
        np.savez_compressed(folder / f"{model}.npz", **mine)
        digest = hashlib.sha256((folder / f"{model}.npz").read_bytes()).hexdigest()
        rows.append((model, kind, *SIZES[size], sum(w.size for w in mine.values()), digest))
    return pd.DataFrame(rows, columns=["model", "kind", "width", "layers", "parameters", "sha256"])


def warm(results: Path, sets: Path) -> None:
    """Data sets of `warmth`."""
    tables = [pd.read_csv(results / f"{name}.csv") for name in ("curves", "warm_answers")]
    write(sets, "chain_temperatures", temperatures(*tables))
    with np.load(results / "revisions.npz") as file:
        write(sets, "chain_revisions", revisions(dict(file)))


def full(results: Path, sets: Path) -> None:
    """Data sets of `run`."""
    for name, kept in (("counts", "chain_counts"), ("curves", "chain_curves"),
                       ("answers", "chain_votes"), ("exact", "chain_exact"),
                       ("decode_steps", "chain_decoding")):
        table = pd.read_csv(results / f"{name}.csv")
        table["model"] = "chain-" + table.model
        write(sets, kept, table, "%.4f" if name == "exact" else None)
    with np.load(results / "samples.npz") as file:
        arrays = dict(file)
    write(sets, "chain_solutions", solutions(arrays), "%.4g")
    write(sets, "chain_difficulty", difficulty(arrays), "%.4f")
    (sets / "chain_weights").mkdir(exist_ok=True)
    with np.load(results / "weights.npz") as file:
        write(sets, "chain_weights", models(dict(file), sets / "chain_weights"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", type=Path)
    parser.add_argument("sets", type=Path)
    options = parser.parse_args()
    (warm if (options.results / "warm_answers.csv").exists() else full)(options.results,
                                                                        options.sets)


if __name__ == "__main__":
    main()
