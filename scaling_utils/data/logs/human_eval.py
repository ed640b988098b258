"""Results of human-eval: a line per completion, with `task_id`, `result` and `passed`."""
from __future__ import annotations

from collections.abc import Iterator

from . import values
from .record import Options, Row
from .records import records
from .source import Source

NAME = "human-eval"


def fits(record: dict) -> bool:
    """Whether it is a completion that was run."""
    return {"task_id", "passed", "result"} <= record.keys()


def rows(source: Source, options: Options) -> Iterator[Row]:
    """A sample per line; `passed` must agree with the word in `result`."""
    for at, record in records(source):
        try:
            passed = values.grade(record["passed"])
            word = str(record.get("result", "")).strip()
            if word and passed is not None and passed != (word == "passed"):
                raise ValueError(f"passed = {passed}, but result = {values.shown(word)}")
            yield Row(values.name(record["task_id"]), passed, at)
        except (ValueError, KeyError) as error:
            why = f"no field {error}" if isinstance(error, KeyError) else error
            raise ValueError(f"{source.path}{at}: {why}") from None
