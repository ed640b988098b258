"""How the book and its environment are made: own kernel, no silent loss, no open door."""
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import build_times
import check_all
import check_site
import fill_cache
import jupytext
import pytest
import yaml
from jupyter_cache import get_cache

ROOT = Path(__file__).parents[1]
TOOLS = ROOT / "tools"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TEXT = """---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {display_name: Python 3, language: python, name: python3}
---

```{code-cell} ipython3
%s
```
"""
OWN = """import importlib.util
import lmfit
assert not hasattr(lmfit, "mark"), "another chapter was here"
lmfit.mark = True
assert importlib.util.find_spec("fill_cache") is None"""
FAKE = """#!/bin/sh
case "$1" in
  -c) exit 0;;
  -V) echo "Python 3.11.99";;
  *) exit 3;;
esac
"""


@pytest.mark.slow
def test_chapters_run_in_their_own_kernel_and_those_that_fail_are_named(tmp_path, monkeypatch):
    """A kernel of another environment lies first on JUPYTER_PATH; one of three chapters raises.

    In a folder with a space in its name, in a plain locale, far from Greenwich. The kernels are
    forked from one process, and still none sees what another did or the build's own modules.
    """
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("TZ", "Pacific/Apia")
    tmp_path = tmp_path / "a place"
    tmp_path.mkdir()
    spec = tmp_path / "other" / "kernels" / "python3"
    spec.mkdir(parents=True)
    spec.joinpath("kernel.json").write_text('{"argv": ["false"], "display_name": "x", '
                                            '"language": "python"}')
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "other"))
    texts = {"good": OWN, "fine": OWN + "\n1 + 1", "bad": "1 / 0"}
    for name, code in texts.items():
        (tmp_path / f"{name}.md").write_text(TEXT % code)
    monkeypatch.setattr(fill_cache, "notebooks", lambda: sorted(tmp_path.glob("*.md")))
    assert fill_cache.main(tmp_path / "cache") == ["bad"]
    cache = get_cache(tmp_path / "cache")
    for name in ("good", "fine"):  # as the build of the pages looks them up
        text = jupytext.read(tmp_path / f"{name}.md")
        assert cache.match_cache_notebook(text).uri.endswith(f"{name}.md")
    times = json.loads((tmp_path / "times.json").read_text())
    assert set(times["seconds"]) == {"good", "fine"}
    assert all(0 < s < times["floor"] for s in times["seconds"].values())  # imports were done


@pytest.mark.parametrize("deaths, message, runs", [
    (2, "Kernel died before replying to kernel_info", 3),  # two chose one port
    (3, "Kernel died before replying to kernel_info", None),
    (1, "Kernel died", None),  # while a cell ran
])
def test_a_kernel_that_dies_before_its_first_cell_is_started_again(monkeypatch, deaths, message,
                                                                   runs):
    started = []

    def run(notebook, folder, timeout):
        started.append(notebook)
        if len(started) <= deaths:
            raise RuntimeError(message)
        return f"{notebook} ran in {folder}"

    monkeypatch.setattr(fill_cache, "run", run)
    chapter, data = SimpleNamespace(nb="one", uri="chapters/one.md"), SimpleNamespace(timeout=9)
    if runs is None:
        with pytest.raises(RuntimeError, match=message):
            fill_cache.Worker.execute(chapter, data)
    else:
        assert fill_cache.Worker.execute(chapter, data) == "one ran in chapters"
        assert len(started) == runs


def test_checks_run_side_by_side_and_any_of_them_fails(tmp_path, monkeypatch, capsys):
    for name, code in (("good", "print('fine')"), ("bad", "raise SystemExit('a dead link')")):
        (tmp_path / f"{name}.py").write_text(code)
    monkeypatch.setattr(check_all, "TOOLS", tmp_path)
    assert check_all.main("html", ["good"]) == []
    assert "fine\n" in capsys.readouterr().out
    assert check_all.main("html", ["bad", "good"]) == ["bad"]
    said = capsys.readouterr().out
    assert "s\na dead link\n" in said and "s\nfine\n" in said and "failed: bad" in said
    assert {f"{name}.py" for name in check_all.CHECKS} <= {p.name for p in TOOLS.glob("*.py")}


@pytest.mark.skipif(os.name != "posix" or not shutil.which("make"), reason="needs make")
@pytest.mark.parametrize("made_from, made_again", [("Python 3.11.99", False), ("3.10", True)])
def test_an_environment_remembers_its_interpreter(tmp_path, made_from, made_again):
    (tmp_path / "tools").mkdir()
    (tmp_path / ".venv").mkdir()
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copy(ROOT / "tools" / "find_python", tmp_path / "tools")
    (tmp_path / "requirements.lock").write_text("x==1\n")
    (tmp_path / "fake").write_text(FAKE)
    (tmp_path / "fake").chmod(0o755)
    (tmp_path / ".venv" / "made-from").write_text(f"{tmp_path}\n{made_from}\nx==1\n")
    run = subprocess.run(["make", "env", f"PYTHON={tmp_path / 'fake'}"], cwd=tmp_path,
                         capture_output=True, text=True)  # fmt: skip
    assert ("Making .venv" in run.stdout) is made_again
    assert (run.returncode != 0) is made_again  # this interpreter makes none


def test_a_copy_without_git_can_be_checked(tmp_path):
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters" / "memory.ipynb").write_text("{}")
    assert check_site.tracked_files(tmp_path) == {"chapters/memory.ipynb"}


def test_the_built_book_is_shown_on_this_machine_alone():
    recipe = (ROOT / "Makefile").read_text("utf-8").split("\nserve:")[1].split("\n\n")[0]
    assert "$(PYTHON) -m http.server --bind 127.0.0.1 " in recipe


def test_results_are_not_written_when_a_chapter_fails():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert re.search(r"^results: EVERY = --every$", makefile, re.M)
    assert "tools/fill_cache.py $(BUILD)/.jupyter_cache $(EVERY)" in makefile


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_workflows_are_pinned_bounded_and_keep_tokens_from_newest_packages(path):
    text = path.read_text("utf-8")
    workflow = yaml.safe_load(text)
    assert all(re.fullmatch(r"[0-9a-f]{40}", commit)
               for commit in re.findall(r"uses: \S+@(\S+)", text))  # fmt: skip
    assert workflow["permissions"] == {"contents": "read"} and workflow["concurrency"]
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 120
        writes = "write" in job.get("permissions", {}).values()
        runs = " ".join(step.get("run", "") for step in job["steps"])
        assert not (writes and re.search(r"\b(make|pip|uv)\b", runs))
        for step in job["steps"]:
            if "checkout" in step.get("uses", ""):
                assert step["with"]["persist-credentials"] is False


def test_what_is_folded_opens_for_printing():
    script = (ROOT / "_static" / "print.js").read_text("utf-8")
    assert "beforeprint" in script and "details:not([open], .code-fold)" in script
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    assert "print.js" in config["sphinx"]["config"]["html_js_files"]


def test_times_of_the_build_are_noted_and_compared():
    """In floors, so that a slow machine is no finding; twice the number and two floors are."""
    empty = "a\n" + "".join(build_times.MARKS) + "b\n"
    noted = build_times.written(empty, {"short": 3.0, "long": 30.0}, floor=3.0)
    assert build_times.noted(noted) == {"short": 1.0, "long": 10.0}
    assert "| all 2 | 33 | 11 |" in noted and noted.startswith("a\n") and noted.endswith("b\n")
    assert build_times.slow({"short": 39.0, "long": 219.0, "new": 999.0}, 10.0, noted) == []
    assert build_times.slow({"short": 41.0, "long": 221.0}, 10.0, noted) == [
        "slow: long took 22.1 floors, the README says 10.0",
        "slow: short took 4.1 floors, the README says 1.0"]
    chapters = {path.stem for path in (ROOT / "chapters").glob("*.md")}
    assert set(build_times.noted()) <= chapters
