"""A JSON list read one element at a time, so that it may be longer than the memory."""
from __future__ import annotations

import codecs
import json
import os
import re
from collections.abc import Iterator
from typing import Any

from .source import MOST_LINE, MOST_WHOLE, Source, unique
from .values import shown

PIECE = 2**24  # bytes that are read at once
WHITE = re.compile(r"\s*")


def is_long(source: Source) -> bool:
    """Whether a list is better read by its elements; a packed one may be ten times its size."""
    return os.path.getsize(source.path) * (10 if source.is_packed else 1) > MOST_WHOLE


def elements(source: Source) -> Iterator[Any]:
    """The elements of a list, in order.

    Raises
    ------
    ValueError
        With the number of the element, if the text is damaged or ends before the list does.
    """
    decoder = json.JSONDecoder(object_pairs_hook=unique)
    text, at, sign, i = "", 0, "[", 0
    for piece, last in _pieces(source):
        text, at = text[at:] + piece, 0
        while (start := _start(text, at, sign)) is not None:
            try:
                value, at = decoder.raw_decode(text, start)
            except (ValueError, RecursionError) as error:
                if last or len(text) - at > MOST_LINE:
                    raise source.error(f"record {i}: {error}") from None
                break  # the rest of it is yet to come
            yield value
            sign, i = ",", i + 1
    if (rest := text[at:].strip()) != "]" and not (i == 0 and re.fullmatch(r"\[\s*\]", rest)):
        raise source.error(f"behind record {i - 1} the list is damaged or cut short: "
                           f"{shown(rest[:40])}")


def _start(text, at, sign):
    """Where the next element starts, behind its sign; None if that is not there yet."""
    at = WHITE.match(text, at).end()
    if not text.startswith(sign, at):
        return None
    start = WHITE.match(text, at + 1).end()
    return start if start < len(text) and text[start] != "]" else None


def _pieces(source):
    """(text, whether it is the last) of each piece of a file."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    with source.opened() as file:
        last = False
        while not last:
            raw = source.take(file, PIECE)
            last = len(raw) < PIECE
            try:
                yield decoder.decode(raw, last), last
            except UnicodeDecodeError as error:
                raise source.error(f"byte 0x{error.object[error.start]:02x} is no UTF-8: save the "
                                   "file as UTF-8") from None
