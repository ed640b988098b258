"""`make law` in a copy of the repository: what it starts passes the tests of laws and chapters."""
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.slow
PARTS = ("scaling_utils", "chapters", "tools", "tests", "results", "_toc.yml", "README.md",
         "references.bib", "index.md", "pyproject.toml", "_static", "CITATION.cff", "codemeta.json",
         "_config.yml", "reference")  # fmt: skip
CELLS = """
import jupytext, matplotlib, sys
from scaling_utils.report import page
matplotlib.use("agg")
glued = {}
page._glue = glued.__setitem__
names = {}
for cell in jupytext.read(sys.argv[1]).cells:
    if cell.cell_type == "code":
        exec(cell.source, names)
print(*sorted(glued))
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the repository in which `make law KEY=my_decay` has run."""
    folder = tmp_path_factory.mktemp("repository")
    ignore = shutil.ignore_patterns("__pycache__", "_build")
    for name in PARTS:
        place = ROOT / name
        if place.is_dir():
            shutil.copytree(place, folder / name, ignore=ignore)
        else:
            shutil.copy(place, folder)
    run(folder, "tools/new_law.py", "my_decay")
    return folder


def run(folder, *arguments, check=True):
    """Python in the copy, with the package of the copy."""
    settings = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    found = subprocess.run([sys.executable, *arguments], cwd=folder, env=settings,
                           capture_output=True, text=True)  # fmt: skip
    assert found.returncode == 0 or not check, found.stdout + found.stderr
    return found


def test_the_new_law_and_its_chapter_pass_the_tests_as_they_are(copy):
    files = ("laws", "chapters", "concepts", "notation", "claims")
    run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "my_decay",
        *(f"tests/test_{name}.py" for name in files))  # fmt: skip


def test_it_is_registered_everywhere(copy):
    toc = yaml.safe_load((copy / "_toc.yml").read_text("utf-8"))
    listed = [chapter["file"] for part in toc["parts"] for chapter in part["chapters"]]
    assert listed.index("chapters/my_decay") + 1 == listed.index("chapters/claims")
    assert "[My decay](chapters/my_decay.md)" in (copy / "README.md").read_text("utf-8")
    assert (copy / "chapters" / "my_decay.ipynb").exists()
    assert "claim-my-decay" in (copy / "chapters" / "claims.md").read_text("utf-8")


def test_the_cells_of_the_new_chapter_run(copy):
    shown = run(copy, "-c", CELLS, "chapters/my_decay.md").stdout
    assert shown.splitlines()[-1] == "my_decay-b my_decay-picture"


@pytest.mark.parametrize("key, why", [
    ("memory", "there is a law memory already"), ("My-Law", "lower-case words"),
])  # fmt: skip
def test_what_cannot_be_started_is_refused_and_nothing_is_written(copy, key, why):
    before = (copy / "README.md").read_text("utf-8")
    refused = run(copy, "tools/new_law.py", key, check=False)
    assert refused.returncode == 1 and why in refused.stderr
    assert (copy / "README.md").read_text("utf-8") == before
