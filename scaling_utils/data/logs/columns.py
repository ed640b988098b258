"""Which column of a table is what: the usual names, and a choice where two would do."""
from __future__ import annotations

from collections.abc import Iterable, Mapping

from .values import shown

# Of each column the names it goes by; a later group counts only where no earlier one is there.
ALIASES = {
    "problem": (("problem",), ("problem_id", "task_id", "question_id", "doc_id", "item_id",
                               "instance_id", "unique_id", "example_id", "problem_idx"),
                ("question", "item", "prompt_id", "id")),
    "correct": (("correct",), ("is_correct", "passed", "solved", "success", "resolved"),
                ("pass", "exact_match", "acc", "accuracy")),
    "sample": (("sample",), ("sample_id", "sample_idx", "sample_index", "completion_id", "epoch",
                             "attempt", "trial", "repeat"), ("seed",)),
    "answer": (("answer", "prediction", "pred", "extracted_answer", "parsed_answer"),),
    "score": (("score",), ("reward", "verifier_score", "rm_score"),),
    "tokens": (("tokens",), ("n_tokens", "num_tokens", "output_tokens", "completion_tokens"),),
    "cost": (("cost",), ("cost_usd", "usd", "price"),),
    "model": (("model",), ("model_name", "model_id"),),
    "task": (("task",), ("benchmark", "dataset", "task_name"),),
    "grader": (("grader",), ("metric", "filter", "scorer"),),
    "n_samples": (("n_samples",), ("num_samples", "n_total", "total", "attempts", "trials"),
                  ("n",)),
    "n_correct": (("n_correct",), ("num_correct", "n_passed", "passes", "successes", "correct"),
                  ("c",)),
}
COUNTS, GRADES = ("n_samples", "n_correct"), ("correct", "sample")


def found(there: Iterable[str], chosen: Mapping[str, str] | None = None) -> dict[str, str]:
    """Our name -> the table's name, of every column that is recognised or chosen.

    Raises
    ------
    ValueError
        If a chosen column is not there, or two columns would do and none was chosen.

    Examples
    --------
    >>> found(["task_id", "passed", "completion"])
    {'problem': 'task_id', 'correct': 'passed'}
    """
    there, chosen = list(there), dict(chosen or {})
    for name, column in chosen.items():
        if name not in ALIASES:
            raise ValueError(f"columns: {name!r} is no column of a log; these are {list(ALIASES)}")
        if column not in there:
            raise ValueError(f"columns: there is no column {column!r}, but {shown(there, 200)}")
    taken = set(chosen.values())
    low = {column: column.strip().lower() for column in there if column not in taken}
    usual = {name: chosen.get(name) or _one(name, low) for name in ALIASES}
    counts = usual["n_samples"] and usual["n_correct"]
    unused = GRADES if counts else COUNTS
    return {name: column for name, column in usual.items() if column and name not in unused}


def needed(names: Mapping[str, str]) -> str:
    """What is missing from a table, in words; empty if it can be read."""
    if "problem" not in names:
        return "no column names the problem"
    if "correct" not in names and "n_correct" not in names:
        return "no column holds grades (correct) or counts (n_samples and n_correct)"
    return ""


def _one(name, low):
    """The column of one meaning, or None; an error if two would do."""
    for group in ALIASES[name]:
        hits = [column for column, plain in low.items() if plain in group]
        if len(hits) > 1:
            raise ValueError(f"{' and '.join(map(repr, hits))} may both be the {name}: choose one, "
                             f"columns={{{name!r}: {hits[0]!r}}}")
        if hits:
            return hits[0]
    return None
