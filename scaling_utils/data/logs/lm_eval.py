"""Sample logs of lm-evaluation-harness: a line per document and filter.

The harness grades one answer per document and filter, whatever `repeats` says. A grader is a
metric under a filter, written as the harness writes it: "exact_match,strict-match".
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ..merge import canonical
from . import values
from .record import Exclusion, Options, Row
from .records import records
from .source import Source

NAME = "lm-eval"
FIELDS = {"doc_id", "doc", "target", "arguments", "resps", "filtered_resps", "filter", "metrics",
          "doc_hash", "prompt_hash", "target_hash", "schema_version", "task_name"}
INVALID = "[invalid]"  # what its filters write where they found no answer
FILE = re.compile(r"samples_(.+)_[0-9]{4}-[0-9]{2}-[0-9]{2}T[^_]*\.jsonl?(?:\.gz)?$")


def fits(record: dict) -> bool:
    """Whether it is a document with responses."""
    return {"doc_id", "resps", "filtered_resps"} <= record.keys()


class _OneKept(ValueError):
    """Several responses of which the filter kept one answer."""


def rows(source: Source, options: Options) -> Iterator[Row | Exclusion]:
    """A sample per document, filter and metric of 0 or 1; one per response where that can be."""
    shares, kept, found = _shares(source), {}, False
    model, task = _named(source)
    for at, record in _documents(source):
        for metric in metrics(record):
            grader = ",".join(part for part in (metric, record.get("filter")) if part)
            if grader in shares:
                continue
            try:
                yield from _samples(record, metric, at, options.grade, model=model, task=task,
                                    grader=grader)
                found = True
            except _OneKept as error:
                n, first, why = kept.get(grader, (0, at, error))
                kept[grader] = n + len(_responses(record)), first, why
            except ValueError as error:
                raise ValueError(f"{source.path}{at}: {error}") from None
    yield from _left_out(source, shares, kept, found)


def _left_out(source, shares, kept, found):
    """What was not read, or an error if that is all there is."""
    if not found:
        for _, at, why in kept.values():
            raise ValueError(f"{source.path}{at}: {why}")
        if shares:
            raise source.error(f"no metric is 0 or 1 throughout: {', '.join(shares)} are shares "
                               "or scores, which count no success")
    for grader, (n, at, _) in kept.items():
        yield Exclusion(f"responses of which the filter kept one answer ({grader})", n,
                        f"{source.path}{at}")
    for grader, at in shares.items():
        yield Exclusion(f"metrics that are not 0 or 1 ({grader})", 1, f"{source.path}{at}")


def metrics(record: dict) -> list[str]:
    """Names of a record's metrics: of its list, or in older logs of every further number."""
    names = record.get("metrics")
    if isinstance(names, list) and names:
        return names
    return [key for key, value in record.items()
            if key not in FIELDS and isinstance(value, (int, float))
            and not key.startswith("sample_") and not key.endswith(("_id", "_idx"))]


def _documents(source):
    """(place, record) of each line, with the fields that are needed."""
    for at, record in records(source):
        if lacking := {"doc_id", "resps", "filtered_resps"} - record.keys():
            raise ValueError(f"{source.path}{at}: no field {', '.join(sorted(lacking))}")
        names = record.get("metrics")
        if isinstance(names, list) and not all(isinstance(name, str) for name in names):
            raise ValueError(f"{source.path}{at}: metrics = {values.shown(names)} are no names")
        yield at, record


def _shares(source):
    """{metric,filter: first place} of the metrics that are not 0 or 1 for some document."""
    found = {}
    for at, record in _documents(source):
        for metric in metrics(record):
            value = record.get(metric)
            if len(_answers(record)) <= 1 and (isinstance(value, (list, dict, str)) or
                                               value not in (0, 1, None)):
                grader = ",".join(part for part in (metric, record.get("filter")) if part)
                found.setdefault(grader, at)
    return found


def _named(source):
    """(model, task) from the names that the harness gives to files and folders."""
    path = Path(source.path).resolve()
    match = FILE.search(path.name)
    if not match:
        return "", ""
    sibling = any(path.parent.glob("results_*.json"))
    model = path.parent.name.replace("__", "/") if sibling or "__" in path.parent.name else ""
    return model, match.group(1)


def _responses(record):
    """The raw responses to one document; of several choices, one list stands for all."""
    first = record["resps"][0] if isinstance(record["resps"], list) and record["resps"] else []
    return first if isinstance(first, list) else [first]


def _answers(record):
    """What the filter made of the responses: one answer, or one for each response."""
    kept = record["filtered_resps"]
    if isinstance(kept, list) and len(kept) == 1 and isinstance(kept[0], list):
        kept = kept[0]
    if not isinstance(kept, list) or (kept and not isinstance(kept[0], str)):
        return [kept]  # likelihoods of choices
    return kept


def _samples(record, metric, at, grade, **names):
    """The samples of one document under one grader."""
    problem = values.name(record["doc_id"])
    responses, answers = _responses(record), _answers(record)
    generated = bool(responses) and isinstance(responses[0], str)
    if grade is not None and generated:
        kept = answers if len(answers) == len(responses) else responses
        grades = [bool(grade(answer, record.get("target"))) for answer in kept]
    elif not generated or len(responses) <= 1:
        kept, grades = answers[:1] or [None], [values.grade(record.get(metric))]
        kept = kept if generated else [None]
    elif len(answers) == len(responses):
        kept, grades = answers, _by_equality(record, metric, answers)
    else:
        raise _OneKept(
            f"{len(responses)} responses, of which filter {record.get('filter')!r} kept one answer"
            f" (take_first or a vote), so {len(responses) - 1} are not graded: log a filter that "
            "keeps every answer, or pass grade=, a function of a response and the target")
    kept = [None if answer == INVALID else answer for answer in kept]
    repeat = record.get("sample_repeat")  # of programs that write a line for each repetition
    for j, (answer, correct) in enumerate(zip(kept, grades, strict=True)):
        number = str(j) if repeat is None else f"{repeat}.{j}"
        yield Row(problem, correct, at, number, answer=answer, **names)


def _by_equality(record, metric, answers):
    """Grades by equality with the target, where that agrees with what the log says."""
    target = canonical(record.get("target"))
    grades = [canonical(answer) == target for answer in answers]
    logged = record.get(metric)
    means = (grades[0], any(grades), sum(grades) / len(grades))
    if isinstance(logged, (int, float)) and all(abs(logged - mean) > 1e-9 for mean in means):
        raise ValueError(f"answers equal to the target are {sum(grades)} of {len(grades)}, but "
                         f"{metric} = {logged}: pass grade=, a function of an answer and the "
                         "target, that grades as the task does")
    return grades
