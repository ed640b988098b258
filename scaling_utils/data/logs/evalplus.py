"""Results of EvalPlus, in the shape of a list per task and in the older one of `base` and `plus`.

Its "plus" grade asks for the base tests as well, as the tool itself counts it.
"""
from __future__ import annotations

from collections.abc import Iterator

from . import values
from .record import Options, Row
from .source import Source

NAME = "evalplus"
PASSED, FAILED = ("pass", "success"), ("fail", "failed", "timeout", "timed out")


def fits(record: dict) -> bool:
    """Whether it is a document with the results of each task."""
    tasks = record.get("eval")
    first = next(iter(tasks.values()), None) if isinstance(tasks, dict) and tasks else None
    if isinstance(first, list):
        first = first[0] if first else None
        return isinstance(first, dict) and "base_status" in first
    return isinstance(first, dict) and "nfiles" in first and "base" in first


def rows(source: Source, options: Options) -> Iterator[Row]:
    """A sample per solution and grader: "base", and "plus" where it was run."""
    for task, results in source.document()["eval"].items():
        pairs = list(_statuses(source, task, results))
        for i, statuses in enumerate(pairs):
            at = f": {task}, solution {i}"
            try:
                base, plus = map(_passed, statuses)
            except ValueError as error:
                raise ValueError(f"{source.path}{at}: {error}") from None
            task = values.name(task)
            yield Row(task, base, at, str(i), grader="base")
            if statuses[1] is not None:
                yield Row(task, None if plus is None else base and plus, at, str(i), grader="plus")
        if not pairs:
            raise source.error(f"task {task} has no solutions")


def _statuses(source, task, results):
    """(base, plus) of each solution; plus is None where it was not run."""
    try:
        if isinstance(results, list):
            yield from ((result["base_status"], result.get("plus_status")) for result in results)
            return
        base, plus = results["base"], results.get("plus") or []
        if results["nfiles"] != len(base) or len(plus) not in (0, len(base)):
            raise source.error(f"task {task}: nfiles = {results['nfiles']}, but {len(base)} base "
                               f"and {len(plus)} plus results")
        for i, result in enumerate(base):
            yield result[0], plus[i][0] if plus else None
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise source.error(f"task {task}: {values.shown(results)} is no list of results "
                           f"({type(error).__name__}: {error})") from None


def _passed(status):
    if status is None:
        return None
    if status in PASSED or status in FAILED:
        return status in PASSED
    raise ValueError(f"{values.shown(status)} is no status: {', '.join(PASSED + FAILED)}")
