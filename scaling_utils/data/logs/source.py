"""A file of a log: its bytes, unpacked and decoded, with a place for everything that is wrong."""
from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .values import shown

MOST_BYTES = 16 * 2**30  # of a file that is read line by line, after unpacking
MOST_WHOLE = 2**29  # of a document that must be read as one
MOST_LINE = 2**28
GZIP, UTF8 = b"\x1f\x8b", b"\xef\xbb\xbf"
MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


@dataclass(frozen=True)
class Source:
    """A file that may be gzipped and may start with a byte-order mark; UTF-8 is expected."""

    path: str

    @cached_property
    def sha256(self) -> str:
        """Hash of the bytes as they lie on the disk."""
        with open(self.path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    @cached_property
    def head(self) -> bytes:
        """The first bytes, unpacked: enough for a header line or a small document."""
        with self.opened() as file:
            return self.take(file, 2**20).removeprefix(UTF8)

    def lines(self) -> Iterator[tuple[int, str]]:
        """(number from 1 on, text with its line end) of each line."""
        seen, number = 0, 0
        with self.opened() as file:
            while raw := self.take(file, MOST_LINE, line=True):
                number, seen = number + 1, seen + len(raw)
                if seen > MOST_BYTES:
                    raise ValueError(f"{self.path}:{number}: more than {MOST_BYTES >> 30} GiB "
                                     "after unpacking: split the file")
                if len(raw) == MOST_LINE:
                    raise ValueError(f"{self.path}:{number}: a line of more than "
                                     f"{MOST_LINE >> 20} MiB")
                yield number, self._decoded(raw, number)

    def text(self, most: int = MOST_WHOLE) -> str:
        """The whole text."""
        with self.opened() as file:
            raw = self.take(file, most + 1)
        if len(raw) > most:
            raise ValueError(f"{self.path}: more than {most >> 20} MiB in one document: write one "
                             "record a line, or split the file")
        return self._decoded(raw, 1)

    def document(self) -> Any:
        """The whole text as one JSON value."""
        return self.json(self.text(), 1)

    def json(self, text: str, line: int) -> Any:
        """A text as JSON, or an error at its file, line and column."""
        try:
            return json.loads(text, object_pairs_hook=unique)
        except json.JSONDecodeError as error:
            cut = not text[error.pos:].strip() or error.msg.startswith("Unterminated")
            hint = "; the text ends before the record does: was the run cut short?" * cut
            raise self.error(error.msg + hint, line + error.lineno - 1, error.colno) from None
        except RecursionError:
            raise self.error("lists within lists, deeper than can be read", line) from None
        except ValueError as error:  # a key that occurs twice, a number of thousands of digits
            raise self.error(str(error), line) from None

    def error(self, message: str, line: int | None = None, column: int | None = None) -> ValueError:
        """A ValueError that starts with the place."""
        place = "".join(f":{number}" for number in (line, column) if number is not None)
        return ValueError(f"{self.path}{place}: {message}")

    @cached_property
    def is_packed(self) -> bool:
        """Whether it is a gzip file."""
        with open(self.path, "rb") as file:
            return file.read(2) == GZIP

    @cached_property
    def delimiter(self) -> str:
        """Of a CSV: the sign that cuts the header line into most columns."""
        header = self.head.split(b"\n")[0]
        return max(",\t;|", key=lambda sign: header.count(sign.encode()))

    def opened(self):
        """The file, unpacked while it is read."""
        return gzip.open(self.path) if self.is_packed else open(self.path, "rb")

    def take(self, file, most: int, line: bool = False) -> bytes:
        """At most so many bytes of an open file, or of a line."""
        try:
            return file.readline(most) if line else file.read(most)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise self.error(f"the gzip file is damaged or cut short ({error})") from None

    def _decoded(self, raw, line):
        """UTF-8 text without its byte-order mark."""
        if line == 1:
            for mark, name in MARKS.items():
                if raw.startswith(mark):
                    raise self.error(f"is {name}: save it as UTF-8", 1, 1)
            raw = raw.removeprefix(UTF8)
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            before = raw[:error.start]
            line += before.count(b"\n")
            column = len(before) - (before.rfind(b"\n") + 1) + 1
            raise self.error(f"byte 0x{raw[error.start]:02x} is no UTF-8: save the file as UTF-8",
                             line, column) from None


def unique(pairs):
    """A record, or an error where a key occurs twice, of which one value would be lost."""
    record = dict(pairs)
    if len(record) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"a key occurs twice: {shown(max(keys, key=keys.count))}")
    return record
