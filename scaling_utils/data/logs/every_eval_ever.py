"""The instance-level schema of every_eval_ever: a line per sample, from any harness."""
from __future__ import annotations

from collections.abc import Iterator

from . import values
from .record import Options, Row
from .records import records
from .source import Source

NAME = "every_eval_ever"


def fits(record: dict) -> bool:
    """Whether it has the required fields of the schema."""
    return {"schema_version", "evaluation_name", "model_id", "sample_id",
            "evaluation"} <= record.keys()


def rows(source: Source, options: Options) -> Iterator[Row]:
    """A sample per line; `sample_id` names the problem, `is_correct` is the grade."""
    for at, record in records(source):
        try:
            yield _row(record, at)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            why = f"no field {error}" if isinstance(error, KeyError) else error
            raise ValueError(f"{source.path}{at}: {why}") from None


def _row(record, at):
    """One record as a sample."""
    correct, why = values.grade(record["evaluation"].get("is_correct")), Row._field_defaults["why"]
    responses = (record.get("output") or {}).get("raw") or []
    if record.get("error"):
        correct, why = None, "samples with an error"
    elif isinstance(responses, list) and len(responses) > 1:
        correct, why = None, "records with one grade for several responses"
    usage = record.get("token_usage") or {}
    return Row(values.name(record["sample_id"]), correct, at, answer=_answer(record),
               tokens=values.size(usage.get("output_tokens")),
               model=values.name(record["model_id"]), task=values.name(record["evaluation_name"]),
               why=why)


def _answer(record):
    """What was extracted last as the final answer."""
    found = [x.get("extracted_value") for x in record.get("answer_attribution") or []
             if x.get("is_terminal", True)]
    return found[-1] if found else None
