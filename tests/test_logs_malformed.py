"""Thousands of damaged files: each is read with nothing lost, or refused with its name."""
import codecs
import gzip
import json

import numpy as np
import pytest
from log_formats import FORMATS

from scaling_utils import read_log
from scaling_utils.data.logs import listed

OUTCOMES = {"p2": [1, 0, 1], "p10": [0, 0], "q": [1]}
EACH, FEW = 110, 18  # files for each way of writing, 1,210 in all; the first of them at once
TOKENS = [b"NaN", b"1e400", b"-1", b"null", b"{}", b"[]", b'"', b"\x00", b"9" * 5000, b"[" * 2000,
          b"true", b"73%", rb'"\ud800"', b"\xff", b"\n", b"\r", b",", b":", b"&a [*a]", b"1.5",
          b"!!python/object/apply:os.abort []", b"\xe2\x80\xa8", b"''", b"{\"a\": " * 500, b"- ",
          b"\t", b"0x1", b"Infinity", b"<<: *x"]


def flipped(data, rng):
    """A few bytes are others."""
    found = bytearray(data)
    for place in rng.integers(len(data), size=rng.integers(1, 4)):
        found[place] = rng.integers(256)
    return bytes(found)


def cut(data, rng):
    """The end is missing."""
    return data[:rng.integers(len(data))]


def holed(data, rng):
    """A piece is missing."""
    start, end = np.sort(rng.integers(len(data), size=2))
    return data[:start] + data[end:]


def inserted(data, rng):
    """Something stands where it should not, mostly in place of a value."""
    place = rng.integers(len(data))
    end = place + rng.integers(0, 6)
    return data[:place] + TOKENS[rng.integers(len(TOKENS))] + data[end:]


def shuffled(data, rng):
    """Lines in another order, one of them twice."""
    lines = data.splitlines(keepends=True)
    return b"".join(lines[i] for i in rng.permutation([*range(len(lines)), 0]))


def packed(data, rng):
    """A gzip file, damaged."""
    return flipped(gzip.compress(data, mtime=0), rng)


def recoded(data, rng):
    """Another encoding, or a mark before the text."""
    text = data.decode()
    return [codecs.BOM_UTF8 + data, text.encode("utf-16"), text.encode("utf-32"),
            data[:1] + codecs.BOM_UTF8 + data[1:]][rng.integers(4)]


DAMAGES = (flipped, cut, holed, inserted, inserted, inserted, shuffled, packed, recoded)


def lost(log):
    """Rows of the files that are neither among the samples nor among what was left out."""
    left_out = sum(e.n for e in log.excluded if e.reason.startswith("samples "))
    return sum(file.n_rows for file in log.files) - log.samples.n_samples.sum() - left_out


@pytest.mark.parametrize("each", [FEW, pytest.param(EACH, marks=pytest.mark.slow)])
@pytest.mark.parametrize("writer", FORMATS, ids=lambda writer: writer.__name__)
def test_a_damaged_file_is_read_whole_or_refused_by_name(tmp_path, writer, each):
    rng = np.random.default_rng(list(FORMATS).index(writer))
    refused, first = 0, tmp_path / "run.log"
    content = next(iter(writer(OUTCOMES).values())).encode()
    for i in range(each):
        damage = DAMAGES[i % len(DAMAGES)]
        data = damage(content, rng)
        first.write_bytes(data)
        try:
            logs = read_log(first)
        except ValueError as error:
            refused += 1
            assert str(first) in str(error) or "no sample has a grade" in str(error), data
            assert len(str(error).splitlines()) == 1 and len(str(error)) < 2000, data
        else:
            for log in logs:
                assert log.samples.n_samples.min() >= 1
                assert writer.__name__ == "counts_csv" or lost(log) == 0, data
    assert refused > each / 4  # the damage is real


def test_random_bytes_are_no_log(tmp_path):
    rng, path = np.random.default_rng(0), tmp_path / "noise"
    for size in rng.integers(1, 200, size=100):
        path.write_bytes(rng.bytes(size))
        with pytest.raises(ValueError, match="noise"):
            read_log(path)


@pytest.mark.slow
def test_a_long_list_is_read_by_its_elements(tmp_path, monkeypatch):
    """In pieces of every small size, with the same outcome as at once, damaged or not."""
    path, rng = tmp_path / "run.json", np.random.default_rng(3)
    good = json.dumps([{"problem": f"é{i % 3}", "correct": i % 2} for i in range(6)], indent=1)
    texts = [good, "[]", "[ ]", good[:-1], good + ",", good.replace("},", "}", 1), good[:50],
             good.replace("1", "x", 1), good.replace("},", "},,", 1)]
    texts += [inserted(good.encode(), rng).decode(errors="replace") for _ in range(60)]
    for text in texts:
        path.write_text(text, encoding="utf-8")
        found = []
        for piece, most in ((2**24, 2**29), (1, 0), (7, 0), (64, 0)):
            monkeypatch.setattr(listed, "PIECE", piece)
            monkeypatch.setattr(listed, "MOST_WHOLE", most)
            try:
                found.append([log.samples for log in read_log(path)])
            except ValueError as error:
                assert str(path) in str(error) or "no sample has a grade" in str(error)
                found.append("refused")
        assert found == [found[0]] * 4, text
