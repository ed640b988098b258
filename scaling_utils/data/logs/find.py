"""Which files make a log, and which format each one has: by its content, not by its name."""
from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Mapping

from . import (
    evalplus,
    every_eval_ever,
    human_eval,
    inspect_log,
    lm_eval,
    monkeys,
    records,
    search_and_learn,
    table,
)
from .source import MARKS, Source
from .values import shown

FORMATS = (human_eval, evalplus, lm_eval, inspect_log, every_eval_ever, monkeys, search_and_learn,
           table)  # the first that fits is taken, so the plain table comes last
ARCHIVE = b"PK\x03\x04"
REFUSED = {b"PK\x05\x06": "an empty archive", b"\x93NUMPY": "a NumPy array",
           b"\x80": "a pickle", b"BZh": "a bzip2 file", b"\xfd7zXZ": "an xz file",
           b"\x28\xb5\x2f\xfd": "a zstd file", b"7z\xbc\xaf": "a 7z archive", b"%PDF": "a PDF",
           b"\x89HDF": "an HDF5 file", b"SQLite format 3": "a database", b"\x7fELF": "a program"}


class NoLog(ValueError):
    """A file that is no log at all, which a folder may hold beside logs."""


def find_format(path: str | os.PathLike, columns: Mapping[str, str] | None = None) -> str:
    """Name of a file's format, found from its first bytes.

    Parameters
    ----------
    path : path
    columns : mapping, optional
        Names of the columns of a table, as in `read_log`; with them any table will do.

    Raises
    ------
    ValueError
        If the file is empty, of no known format, or of one that could run code (a `NoLog`); or
        if it is damaged.
    """
    source = Source(os.fspath(path))
    _refuse(source)
    if source.head.startswith(ARCHIVE):
        return inspect_log.NAME
    if monkeys.is_yaml(source):
        return monkeys.NAME
    record = records.first(source)
    for reader in FORMATS:
        if reader.fits(record) or (reader is table and columns):
            return reader.NAME
    raise NoLog(f"{source.path}: no known format has records with {shown(list(record), 200)}; "
                f"known are {', '.join(module.NAME for module in FORMATS)}; of a table of your own "
                "say which columns are the problem and the grade, "
                "columns={'problem': ..., 'correct': ...}")


def chosen(path: str, format: str | None, columns: Mapping[str, str] | None = None):
    """The module that reads a file: of the format that is asked for, if the file can be of it."""
    if format is None:
        return reader(find_format(path, columns))
    module, source = reader(format), Source(path)
    _refuse(source)
    archive, yaml = source.head.startswith(ARCHIVE), monkeys.is_yaml(source)
    if archive or yaml:
        fits = module is (inspect_log if archive else monkeys)
    else:
        fits = module is table or module.fits(records.first(source))
    if not fits:
        raise NoLog(f"{path}: the content is not of the format {format}")
    return module


def reader(name: str):
    """The module that reads a format."""
    for module in FORMATS:
        if module.NAME == name:
            return module
    raise ValueError(f"format = {name!r} is not known; known are "
                     f"{', '.join(module.NAME for module in FORMATS)}")


def files(paths: Iterable[str | os.PathLike]) -> dict[str, str]:
    """The files of a log, and how each came in: "named", "found" in a folder, or "hidden" there.

    Raises
    ------
    ValueError
        If a name is of no file, or a link to itself.
    """
    found = {}
    for path in map(os.fspath, paths):
        if os.path.isdir(path):
            found |= _inside(path)
        elif os.path.exists(path):
            found[path] = "named"
        elif os.path.islink(path):
            raise ValueError(f"{path}: the link leads to no file, or to itself")
        elif matches := sorted(glob.glob(path, recursive=True)):
            found |= {name: "found" for name in matches if not os.path.isdir(name)}
        else:
            raise ValueError(f"{path}: there is no such file or directory")
    if not found:
        raise ValueError(f"{', '.join(map(os.fspath, paths))}: there is no file in it")
    return found


def _inside(folder):
    """The files of a folder; what lies behind a name that starts with a dot is hidden."""
    inside = sorted(os.path.relpath(os.path.join(place, name), folder)
                    for place, _, names in os.walk(folder) for name in names)
    return {os.path.join(folder, name): "hidden" if name.startswith(".") or f"{os.sep}." in name
            else "found" for name in inside}


def _refuse(source):
    """An error for an empty file, a foreign encoding or a format that is not read."""
    if not os.path.isfile(source.path):
        raise NoLog(f"{source.path}: is no ordinary file, or a link that leads to none")
    if not source.head.strip():
        raise NoLog(f"{source.path}: the file is empty")
    for mark, name in MARKS.items():
        if source.head.startswith(mark):
            raise source.error(f"is {name}: save it as UTF-8", 1, 1)
    for magic, what in REFUSED.items():
        if source.head.startswith(magic):
            raise NoLog(f"{source.path}: is {what}, which is not read: export the samples as CSV, "
                        "JSON lines or Parquet")
