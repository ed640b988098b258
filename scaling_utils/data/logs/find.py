"""Which files make a log, and which format each one has: by its content, not by its name."""
from __future__ import annotations

import glob
import json
import os
from collections.abc import Iterable

from . import table
from .source import Source

FORMATS = (table,)  # the first that fits is taken, so the plain table comes last
REFUSED = {b"PK": "an archive", b"\x93NUMPY": "a NumPy array", b"\x80": "a pickle",
           b"BZh": "a bzip2 file", b"\xfd7zXZ": "an xz file", b"\x28\xb5\x2f\xfd": "a zstd file",
           b"7z\xbc\xaf": "a 7z archive", b"%PDF": "a PDF", b"\x89HDF": "an HDF5 file",
           b"SQLite format 3": "a database", b"\x7fELF": "a program"}


def find_format(path: str, columns=None) -> str:
    """Name of a file's format, found from its first bytes.

    Raises
    ------
    ValueError
        If the file is empty, of no known format, or of one that can run code.
    """
    source = Source(os.fspath(path))
    if not source.head.strip():
        raise source.error("the file is empty")
    for magic, what in REFUSED.items():
        if source.head.startswith(magic):
            raise source.error(f"is {what}, which is not read: export the samples as CSV, JSON "
                               "lines or Parquet")
    record = first_record(source)
    for reader in FORMATS:
        if reader.fits(record) or (reader is table and columns):
            return reader.NAME
    raise source.error(f"no known format has records with {list(record)[:8]}; known are "
                       f"{', '.join(reader.NAME for reader in FORMATS)}; of a table of your own "
                       "say which columns are the problem and the grade, "
                       "columns={'problem': ..., 'correct': ...}")


def reader(name: str):
    """The module that reads a format."""
    for module in FORMATS:
        if module.NAME == name:
            return module
    raise ValueError(f"format = {name!r} is not known; known are "
                     f"{', '.join(module.NAME for module in FORMATS)}")


def first_record(source: Source) -> dict:
    """The first record of a file: of its first line, of a list, or the whole document; of
    a CSV its header."""
    start = source.head.lstrip()[:1]
    if start not in (b"{", b"["):
        return dict.fromkeys(table.header(source), "")
    try:
        first = json.loads(source.head.lstrip().split(b"\n")[0])
    except ValueError:
        first = source.document()
    first = first[0] if isinstance(first, list) and first else first
    return first if isinstance(first, dict) else {}


def files(paths: Iterable[str | os.PathLike]) -> list[str]:
    """The files of a log: those named, those in a directory, those that a pattern matches."""
    found = []
    for path in map(os.fspath, paths):
        if os.path.isdir(path):
            inside = [os.path.join(folder, name) for folder, folders, names in os.walk(path)
                      for name in names if not folders.sort()]
            found += sorted(inside)
        elif os.path.exists(path):
            found.append(path)
        elif matches := sorted(glob.glob(path, recursive=True)):
            found += matches
        else:
            raise ValueError(f"{path}: there is no such file or directory")
    if not found:
        raise ValueError(f"{', '.join(map(str, paths))}: there is no file in it")
    return found
