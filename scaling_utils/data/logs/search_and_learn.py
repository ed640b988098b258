"""Completions of search-and-learn: solutions of a problem and the scores of their steps."""
from __future__ import annotations

import math
from collections.abc import Iterator

from . import latex, values
from .record import Exclusion, Options, Row
from .records import records
from .source import Source

NAME = "search-and-learn"
SCORES = {"last": lambda steps: steps[-1], "min": min, "prod": math.prod,
          "mean": lambda steps: sum(steps) / len(steps)}


def fits(record: dict) -> bool:
    """Whether it holds solutions with scores."""
    return {"problem", "answer", "completions", "scores"} <= record.keys()


def rows(source: Source, options: Options) -> Iterator[Row | Exclusion]:
    """A sample per completion: the boxed answer graded against the reference, and its score."""
    grade = options.grade or latex.same
    for at, record in records(source):
        try:
            yield from _samples(record, at, grade, SCORES[options.step_score])
            if n := sum(1 for steps in record["scores"] if steps == []):
                yield Exclusion("scores of completions without one, which best of n never chooses",
                                n, f"{source.path}{at}")
        except (ValueError, TypeError, KeyError) as error:
            why = f"no field {error}" if isinstance(error, KeyError) else error
            raise ValueError(f"{source.path}{at}: {why}") from None


def _samples(record, at, grade, aggregate):
    completions, scores = record["completions"], record["scores"]
    if not completions or len(completions) != len(scores):
        raise ValueError(f"{len(completions)} completions, but {len(scores)} lists of scores")
    tokens = record.get("completion_tokens")
    if not isinstance(tokens, list) or len(tokens) != len(completions):
        tokens = [None] * len(completions)
    problem = values.name(record.get("unique_id") or record["problem"][:values.LONGEST])
    for j, (text, steps) in enumerate(zip(completions, scores, strict=True)):
        answer = latex.boxed(text)
        steps = [values.amount(step) for step in (steps if isinstance(steps, list) else [steps])]
        if None in steps:
            raise ValueError(f"completion {j} has a step without a score")
        correct = answer is not None and bool(grade(answer, record["answer"]))
        yield Row(problem, correct, f"{at}: completion {j}", str(j),
                  answer=None if answer is None else latex.tidy(answer),
                  score=aggregate(steps) if steps else -math.inf, tokens=values.size(tokens[j]))
