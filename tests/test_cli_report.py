"""What --out writes: a page without network or script, files that agree, and without matplotlib."""
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from scaling_utils import Samples
from scaling_utils.report.runs import checks, comparisons, fits, forecasts, votes

EVIL = '<script>alert("1")</script>&{{ 7*7 }}'


def log(name, samples, excluded=(), answers=None):
    """A log as read_log returns it."""
    file = SimpleNamespace(path=f"{name}.csv", sha256="0" * 64, format=EVIL, n_rows=3)
    return SimpleNamespace(name=name, samples=samples, files=(file,), excluded=excluded,
                           answers=answers, rows=lambda: Samples.from_rows(answers))


@pytest.fixture(scope="module")
def logs():
    """Three runs on the same problems, the first named and described by someone with bad intent."""
    rng, names = np.random.default_rng(8), [f"{EVIL}{i}" for i in range(30)]
    rate = rng.beta(0.5, 2, 30)
    left = (SimpleNamespace(reason=EVIL, n=2, where=EVIL),)
    frame = pd.DataFrame({"problem": np.repeat(names, 12), "correct": rng.integers(0, 2, 360)})
    frame["answer"] = np.where(frame.correct == 1, "right", EVIL)
    return (log(EVIL, Samples.from_counts(12, rng.binomial(12, rate), problem=names), left, frame),
            log("b", Samples.from_counts(12, rng.binomial(12, rate**2), problem=names)),
            log("older", Samples.from_counts(90, rng.binomial(90, rate), problem=names)))


RESULTS = {
    "forecast": lambda logs: forecasts.forecasts(logs[:2], [100], history=logs[2:]),
    "fit": lambda logs: fits.fits(logs[:1], ["beta_failure"], n_resamples=100),
    "compare": lambda logs: comparisons.comparisons(logs[:2]),
    "votes": lambda logs: votes.votes(logs[:2]),
    "check": lambda logs: checks.checks(logs[:2], [(1, 0.1)]),
}


@pytest.fixture(scope="module")
def written(logs, tmp_path_factory):
    """Command -> (result, folder it was written into), written when it is first asked for."""
    folder = tmp_path_factory.mktemp("reports")

    class Written(dict):
        def __missing__(self, name):
            self[name] = RESULTS[name](logs), folder / name
            assert self[name][0].write(folder / name).notes == ()
            return self[name]

    return Written()


QUICK = ("check",)  # without a picture
each = pytest.mark.parametrize("command", [
    *QUICK, *(pytest.param(name, marks=pytest.mark.slow) for name in RESULTS if name not in QUICK)])


class Page(HTMLParser):
    """Tags of a page with their attributes, and its text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.words, self.open = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "img", "source", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


@each
def test_the_page_needs_no_network_and_runs_nothing(written, command):
    text = (written[command][1] / "report.html").read_text("utf-8")
    page = Page(text)
    assert page.open == []
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "link", "iframe", "object", "embed", "form", "base"}
    addresses = [value for _, attrs in page.tags for key, value in attrs.items()
                 if key in ("src", "href", "srcset", "data", "action")]
    assert all(address.startswith("data:image/svg+xml;base64,") for address in addresses)
    assert not any(key.startswith("on") for _, attrs in page.tags for key in attrs)
    assert not re.search(r"url\(|@import|https?:", text)


@each
def test_what_a_log_says_is_text(written, command):
    text = (written[command][1] / "report.html").read_text("utf-8")
    assert "<script" not in text and "49" not in re.findall(r"&amp;(\S*)", text)
    assert "".join(Page(text).words).count(EVIL) >= 3


@each
def test_the_page_can_be_heard(written, command):
    result, folder = written[command]
    page = Page((folder / "report.html").read_text("utf-8"))
    tags = [tag for tag, _ in page.tags]
    assert dict(page.tags)["html"]["lang"] == "en" and tags.count("h1") == tags.count("main") == 1
    assert tags.count("table") == tags.count("caption") >= 3
    assert all(attrs.get("scope") in ("col", "row") for tag, attrs in page.tags if tag == "th")
    images = [attrs["alt"] for tag, attrs in page.tags if tag == "img"]
    assert len(images) == (command != "check") and all(alt.count(" ") > 5 for alt in images)


@each
def test_the_page_says_all_that_was_found(written, command):
    result, folder = written[command]
    words = " ".join("".join(Page((folder / "report.html").read_text("utf-8")).words).split())
    for told in (*result.verdicts, *result.limits, *result.missing):
        assert " ".join(told.split()) in words
    assert "Nothing: every row" not in words and f"seed {result.seed}" in words


@each
def test_csv_and_json_hold_the_same(written, command):
    result, folder = written[command]
    found = json.loads((folder / "result.json").read_text("utf-8"))
    assert found == json.loads(result.to_json())
    for name, frame in result.tables.items():
        table = pd.read_csv(folder / f"{name}.csv", keep_default_na=False, na_values=[""])
        assert len(table) == len(found["result"][name]) == len(frame)
        for column in frame.select_dtypes("number"):
            kept = [np.nan if row[column] is None else row[column] for row in
                    found["result"][name]]
            finite = np.isfinite(frame[column])
            assert np.allclose(table[column][finite], np.array(kept, float)[finite])


@each
def test_figures_are_drawn_with_a_dark_twin(written, command):
    folder = written[command][1]
    if command == "check":
        assert not (folder / "figure.svg").exists()
        return
    assert (folder / "figure.png").read_bytes().startswith(b"\x89PNG")
    ET.parse(folder / "figure.svg")
    page = (folder / "report.html").read_text("utf-8")
    assert "prefers-color-scheme: dark" in page and page.count("base64,") == 2


@pytest.mark.slow
def test_writing_twice_gives_the_same_bytes(written, tmp_path):
    result, folder = written["compare"]
    result.write(tmp_path)
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes(), path.name


@pytest.mark.slow
def test_without_matplotlib_and_jinja2_the_rest_is_written(tmp_path):
    code = """if True:
        import sys
        sys.modules["matplotlib"] = sys.modules["jinja2"] = None
        from scaling_utils.cli.main import main
        main(["compare", *sys.argv[1:]])"""
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text("problem,n_samples,n_correct\nx,5,1\ny,5,4\nz,5,3\n")
    done = subprocess.run([sys.executable, "-c", code, "a.csv", "b.csv", "--out", "out"],
                          cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0
    wrote, figure, report = done.stderr.splitlines()
    assert wrote == "Wrote result.json, pairs.csv, difference.csv into out."
    assert "matplotlib" in figure and "jinja2" in report and "pip install" in report
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "result.json", "pairs.csv", "difference.csv"}


@pytest.mark.slow
def test_history_and_exclusions_stand_in_the_report(written, logs):
    result, folder = written["forecast"]
    assert list(result.inputs.use) == ["judged", "judged", "history"]
    assert result.excluded.n.tolist() == [2]
    assert "history" in (folder / "report.html").read_text("utf-8")


def test_the_schema_is_in_the_package_and_names_every_command():
    from scaling_utils.cli.main import COMMANDS
    from scaling_utils.report.runs import record

    commands = set(record.schema()["properties"]["command"]["enum"])
    assert commands >= set(RESULTS) and {m.command.name for m in COMMANDS} - {"convert"} <= commands
    assert Path(record.__file__).with_name("result.schema.json").exists()
