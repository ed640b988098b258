"""Logs of Inspect, `.json` and `.eval`, through its own reader; needs the package inspect_ai."""
from __future__ import annotations

import zipfile
from collections.abc import Iterator

from . import values
from .record import Exclusion, Options, Row
from .source import MOST_WHOLE, Source

NAME = "inspect"
WORDS = {"C": True, "I": False, "N": False}  # as Inspect counts them; "P" is partial credit
MOST_RATIO = 200  # of unpacked to packed bytes


def fits(record: dict) -> bool:
    """Whether it is a log as one JSON document."""
    return {"version", "status", "eval"} <= record.keys()


def rows(source: Source, options: Options) -> Iterator[Row | Exclusion]:
    """A sample per epoch and scorer; samples that ended in an error have no grade."""
    log = _read(source)
    names = {"model": values.name(log.eval.model), "task": values.name(log.eval.task)}
    scorers = list(dict.fromkeys(name for sample in log.samples
                                 for name, *_ in _scores(sample))) or [""]
    for sample in log.samples:
        at = f": sample {sample.id}, epoch {sample.epoch}"
        common = {"at": at, "sample": sample.uuid or f"{log.eval.run_id}-{sample.epoch}",
                  "tokens": _tokens(sample), **names}
        found = {name: rest for name, *rest in _scores(sample)}
        for scorer in scorers:
            value, answer = found.get(scorer, (None, None))
            try:
                correct, why = _grade(sample, value)
            except ValueError as error:
                raise ValueError(f"{source.path}{at}: scorer {scorer}: {error}") from None
            yield Row(values.name(sample.id), correct, answer=answer, grader=scorer, why=why,
                      **common)
    planned = len(log.eval.dataset.sample_ids or ()) * (log.eval.config.epochs or 1)
    if planned > len(log.samples):
        yield Exclusion("samples that the run did not reach", planned - len(log.samples),
                        f"{source.path}: status {log.status}")


def _read(source):
    """The log, after a look at what an archive claims to hold."""
    if source.head.startswith(b"PK"):
        _check_archive(source)
    try:
        from inspect_ai.log import read_eval_log
    except ImportError:
        raise source.error("an Inspect log is read by Inspect itself: pip install "
                           "'inference-scaling-compendium[inspect]'") from None
    try:
        log = read_eval_log(source.path)
    except Exception as error:  # whatever its reader raises on a damaged file
        first = (str(error).splitlines() or [type(error).__name__])[0]
        raise source.error(f"Inspect cannot read it: {first}") from None
    if not log.samples:
        raise source.error(f"the log holds no samples (status {log.status})")
    return log


def _check_archive(source):
    """An error if an archive is no Inspect log, or unpacks to more than it should."""
    try:
        with zipfile.ZipFile(source.path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise source.error(f"the archive is damaged ({error})") from None
    if not any(entry.filename in ("header.json", "_journal/start.json") for entry in entries):
        raise source.error("is an archive, but no Inspect log: it is not unpacked")
    size, packed = (sum(getattr(entry, name) for entry in entries)
                    for name in ("file_size", "compress_size"))
    if size > MOST_WHOLE or (size > 2**24 and size > MOST_RATIO * packed):
        raise source.error(f"the archive of {packed:,} bytes claims to hold {size:,}: it is not "
                           "unpacked")


def _scores(sample):
    """(scorer, value, answer) of each score; a score of several values gives several."""
    for name, score in (sample.scores or {}).items():
        if isinstance(score.value, dict):
            yield from ((f"{name}/{key}", value, score.answer)
                        for key, value in score.value.items())
        else:
            yield name, score.value, score.answer


def _grade(sample, value):
    """(grade, why there is none) of one sample by one scorer."""
    if sample.error is not None:
        return None, "samples with an error"
    if getattr(sample, "invalidation", None) is not None:
        return None, "samples that were invalidated"
    if value is None:
        return None, "samples without a score"
    if value == "P":
        return None, "samples with partial credit"
    if isinstance(value, str) and value in WORDS:
        return WORDS[value], ""
    if isinstance(value, (int, float)) and 0 < value < 1:
        return None, "samples with partial credit"
    return values.grade(value), "samples without a score"


def _tokens(sample):
    """Tokens that all models wrote for a sample; None if none were counted."""
    usage = [use.output_tokens for use in (sample.model_usage or {}).values()]
    return float(sum(usage)) if usage else None
