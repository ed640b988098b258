"""Files of Large Language Monkeys: samples of a problem and a list of which are correct.

YAML with one problem a file, as the code writes it, or records with `is_corrects` as on the hub.
"""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from . import values
from .record import Options, Row
from .records import records
from .source import Source

NAME = "monkeys"
MOST_YAML = 2**28
GRADES = ("is_corrects", "is_correct")
NAMES = ("problem_id", "orig_dset_idx", "theorem_name", "name", "unique_id", "task_id", "id")


def fits(record: dict) -> bool:
    """Whether it holds a list of grades."""
    return any(isinstance(record.get(key), list) for key in GRADES)


def rows(source: Source, options: Options) -> Iterator[Row]:
    """A sample per grade."""
    for i, (at, record) in enumerate(_records(source)):
        try:
            grades = next((record[key] for key in GRADES if isinstance(record.get(key), list)),
                          None)
            if grades is None:
                raise ValueError(f"no list {' or '.join(GRADES)}: are these samples that were not "
                                 "graded?")
            texts = record.get("samples")
            if isinstance(texts, list) and len(texts) != len(grades):
                raise ValueError(f"{len(texts)} samples, but {len(grades)} grades")
            problem = _problem(record, Path(source.path).stem if at == "" else str(i))
        except ValueError as error:
            raise ValueError(f"{source.path}{at}: {error}") from None
        yield from _graded(source, problem, grades, at)


def _graded(source, problem, grades, at):
    if not grades:
        raise ValueError(f"{source.path}{at}: problem {problem} has no samples")
    for j, grade in enumerate(grades):
        try:
            yield Row(problem, values.grade(grade), f"{at}: sample {j}", str(j))
        except ValueError as error:
            raise ValueError(f"{source.path}{at}: sample {j}: {error}") from None


def _records(source):
    """("", document) of a YAML file, else the records of a table."""
    if is_yaml(source):
        yield "", document(source)
    else:
        yield from records(source)


def _problem(record, otherwise):
    """Name of the problem: a field of the record, or the name of the file or place."""
    for key in NAMES:
        if record.get(key) is not None:
            return values.name(record[key])
    return otherwise


def is_yaml(source: Source) -> bool:
    """Whether the first line that says something is a key of a YAML document."""
    for line in source.head.splitlines():
        text = line.strip()
        if text and not text.startswith((b"#", b"---", b"%YAML")):
            return text[:1] not in b"{[" and (text.endswith(b":") or b": " in text.split(b",")[0])
    return False


def document(source: Source) -> dict:
    """A YAML document, by the safe loader in C; nothing in it is executed."""
    import yaml

    try:
        found = yaml.load(source.text(MOST_YAML), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = (mark.line + 1, mark.column + 1) if mark else ()
        raise source.error(getattr(error, "problem", None) or str(error).splitlines()[0],
                           *place) from None
    except (ValueError, RecursionError, OverflowError) as error:  # dates that are none, depth
        raise source.error(f"is no YAML that can be read ({error})") from None
    if not isinstance(found, dict):
        raise source.error("the YAML document is no mapping of keys to values")
    return found
