"""Write _static/live/records.mjs: the sizes, cards, examples and curves that the panels show."""
import json
from pathlib import Path

import numpy as np
from conformance_cases import PORTED

from scaling_utils import LAWS, all_at_k, coverage, fit_counts, load
from scaling_utils.resources.roofline import CARDS

PATH = Path(__file__).parents[1] / "_static" / "live" / "records.mjs"
HEAD = "/* Written from the records of the package by `make sync`: not to be edited. */\n"
CURVES = (("MATH", "Pythia-12B"), ("MATH", "Llama-3-8B-Instruct"), ("MATH", "Llama-3-70B-Instruct"),
          ("CodeContests", "Gemma-7B"))
MODELS = ("Llama-2-7B", "Llama-2-13B", "Llama-3-8B", "Llama-2-70B", "Llama-3-70B-Instruct")


def content():
    """Everything the panels take from the package."""
    return {"examples": {key: dict(LAWS[key].example) for key in PORTED}, "cards": cards(),
            "models": models(), "curves": curves(), "attempts": attempts(), "held": held()}


def cards():
    """FLOPs and bytes per second, and bytes of memory, of each card."""
    names = "flops", "speed", "memory"
    return {name: dict(zip(names, sizes, strict=True)) for name, sizes in CARDS.items()}


def models():
    """Sizes that cache and cost need."""
    shapes = load("model_shapes").set_index("model").loc[list(MODELS)]
    return {name: {"parameters": int(row.parameters), "layers": int(row.layers),
                   "width": int(row.width), "kv_heads": int(row.key_value_heads),
                   "head_dim": int(row.width // row.heads)} for name, row in shapes.iterrows()}


def curves():
    """Measured coverage at doublings of k, and the Beta law fitted to the counts."""
    counts = load("monkeys_counts").set_index(["benchmark", "model"]).sort_index()
    out = {}
    for at in CURVES:
        n, c = (counts.loc[at, name].to_numpy() for name in ("n_samples", "n_correct"))
        k = np.unique(np.geomspace(1, n.min(), 14).astype(int))
        fit = fit_counts("beta_failure", n, c, n_resamples=0)
        out[" on ".join(at[::-1])] = {
            "k": k.tolist(), "coverage": coverage(n, c, k).round(5).tolist(),
            "problems": len(n), **{name: round(x, 6) for name, x in fit.values.items()}}
    return out


def attempts():
    """All of k attempts, on the tasks of tau-bench: the estimator and the Beta fit."""
    tasks = load("tau_bench_airline")
    n, c = tasks.n_samples.to_numpy(), tasks.n_correct.to_numpy()
    k = np.arange(1, n.min() + 1)
    fit = fit_counts("beta_failure", n, c, n_resamples=0)
    return {"k": k.tolist(), "all": all_at_k(n, c, k).mean(axis=0).round(5).tolist(),
            "any": coverage(n, c, k).round(5).tolist(), "tasks": len(n),
            **{name: round(x, 6) for name, x in fit.values.items()}}


def held():
    """Share of 90 % intervals that held in the back-test of forecasts, over all long runs."""
    table = load_backtest()
    rows = table[table.method.isin(["beta", "average"]) & (table.k == 10_000)]
    shares = rows.groupby(["method", "m"]).hold_90.mean().round(3)
    return {method: {int(m): float(x) for m, x in shares[method].items()}
            for method in ("beta", "average")}


def load_backtest():
    """The scores of every forecaster."""
    import pandas as pd

    import scaling_utils.forecasting as forecasting

    return pd.read_csv(Path(forecasting.__file__).with_name("backtest.csv"))


def main():
    """Write the file if it has changed."""
    text = HEAD + f"export const RECORDS = {json.dumps(content(), indent=1)};\n"
    if not PATH.exists() or PATH.read_text("utf-8") != text:
        PATH.write_text(text, "utf-8")
        print(f"wrote {PATH.name}")


if __name__ == "__main__":
    main()
