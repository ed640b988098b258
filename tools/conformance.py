"""Write the conformance file: calls with their values, or with the refusal that is due.

Any implementation can run it. Counts of subsets are exact, from whole numbers
(`conformance_cases.py`); laws, fits and resources are the package's.
"""
import json
from pathlib import Path

import numpy as np

import scaling_utils
from scaling_utils import LAWS, flops, memory, roofline
from scaling_utils.fit import coordinates, objective, resample
from scaling_utils.resources.roofline import Device

FOLDER = Path(__file__).parents[1] / "_static" / "live"
FORMAT = 1  # raised when a call or a field is renamed or removed
SCHEMA = "conformance.schema.json"


def calls():
    """What each name in the file calls in this package, arguments by name."""
    def device(F, W):
        return Device("card", F, W)

    return {
        "pass_at_k": scaling_utils.pass_at_k,
        "all_at_k": scaling_utils.all_at_k,
        "coverage": scaling_utils.coverage,
        "majority_at_k": lambda answer_counts, k, n_abstain=0: scaling_utils.majority_at_k(
            [answer_counts], k, n_abstain)[0],
        "best_of_n": lambda scores, correct, n: scaling_utils.best_of_n(scores, correct, n)[0],
        "law": lambda law, **named: LAWS[law](**named),
        "fit": fitted,
        "fit_band": banded,
        "prompt_flops": flops.prompt_flops,
        "trial_flops": flops.trial_flops,
        "total_flops": flops.total_flops,
        "weight_bytes": memory.weight_bytes,
        "kv_cache_bytes": memory.kv_cache_bytes,
        "largest_batch": memory.largest_batch,
        "critical_batch": lambda flops_per_second, bytes_per_second, bits=16:
            roofline.critical_batch(device(flops_per_second, bytes_per_second), bits),
        "step_seconds": lambda flops_per_second, bytes_per_second, **rest:
            roofline.step_seconds(device(flops_per_second, bytes_per_second), **rest),
        "tokens_per_second": lambda flops_per_second, bytes_per_second, **rest:
            roofline.tokens_per_second(device(flops_per_second, bytes_per_second), **rest),
    }


def fitted(n_samples, n_correct, k=()):
    """Status, shapes and log-likelihood of a Beta fit, and its coverage at each k."""
    fit = scaling_utils.fit_counts("beta_failure", n_samples, n_correct, n_resamples=0)
    told = {"status": fit.status.name}
    if fit.status.name != "NO_MAXIMUM":
        told |= {"alpha": fit.values["alpha"], "beta": fit.values["beta"]}
    if fit.status.name != "NO_MAXIMUM" or fit.edge:
        told["log_likelihood"] = fit.log_likelihood
    return told | {"coverage": fit.predict(np.asarray(k, float)).tolist()} if len(k) else told


def banded(n_samples, n_correct, k, level, weights):
    """Ends of the band at k from given weights of the distinct counts; exact if all or nothing."""
    fit = scaling_utils.fit_counts("beta_failure", n_samples, n_correct, n_resamples=0)
    if fit.status.name == "NO_MAXIMUM":
        return fit.predict_interval(np.array([k], float), level=level)[:, 0]
    place, w = coordinates.Coordinates(fit.law), np.asarray(weights, float)
    terms = objective.count_terms(place, fit.counts.n, fit.counts.c, w)
    start = np.tile(place.to_theta(fit.values), (len(w), 1))
    theta, _ = resample._refit(place, terms, start)
    made = resample.Resampling(theta, len(w), 0, fit.n_problems, level, "")
    return made.ends(made.curves(place, (np.array([k], float),)))[:, 0]


def close(got, want, relative=1e-9, absolute=1e-15):
    """Whether an answer has the structure of the value, and its numbers are those."""
    if isinstance(want, dict):
        return isinstance(got, dict) and all(close(got.get(key), x) for key, x in want.items())
    if isinstance(want, list):
        return np.shape(got) == np.shape(want) and all(map(close, got, want))
    if isinstance(want, str):
        return got == want
    return got is not None and abs(got - want) <= max(relative * abs(want), absolute)


def run(case, answer):
    """Why an implementation `answer(call, args)` fails a case; empty if it passes."""
    try:
        got = answer(case["call"], case["args"])
    except (ValueError, TypeError) as error:
        return "" if "refuse" in case else f"refused: {error}"
    if "refuse" in case:
        return f"answered {got}, should refuse: {case['refuse']}"
    return "" if close(plain(got), case["value"]) else f"answered {got}, not {case['value']}"


def package(call, args):
    """The answer of this package."""
    return calls()[call](**args)


def plain(value):
    """Numbers and lists for JSON."""
    if isinstance(value, dict):
        return {key: plain(x) for key, x in value.items()}
    return np.asarray(value).tolist() if isinstance(value, np.ndarray | np.generic) else value


def document():
    """The file as a dict; values that the cases leave open are the package's."""
    from conformance_cases import cases

    rows = [row if row.keys() & {"value", "refuse"} else
            row | {"value": plain(package(row["call"], row["args"]))} for row in cases()]
    return {"format": FORMAT, "version": scaling_utils.__version__, "schema": SCHEMA,
            "tolerance": {"relative": 1e-9, "absolute": 1e-15}, "cases": rows}


def text(content):
    """JSON with one case per line."""
    rows = ",\n".join(json.dumps(row) for row in content.pop("cases"))
    return json.dumps(content, indent=1)[:-2] + ',\n "cases": [\n' + rows + "\n]}\n"


def main():
    """Write the file if it has changed."""
    path, content = FOLDER / "conformance.json", text(document())
    if not path.exists() or path.read_text("utf-8") != content:
        path.write_text(content, "utf-8")
        print(f"wrote {path.name}")


if __name__ == "__main__":
    main()
