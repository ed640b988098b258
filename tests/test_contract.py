"""Rooms import only what lies below them: the contract of pyproject.toml, and that it can break."""
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("importlinter")

ROOT = Path(__file__).parents[1]
PLANTED = {
    "numerics/special.py": "from ..laws import LAWS",
    "laws/_forms.py": "import matplotlib",
    "estimate/votes.py": "import yaml",
    "worlds/simulate.py": "import autograd",
    "worlds/reasoning.py": "from ..resources import flops",
    "data/datasets.py": "from ..report import rows",
}


def lint(folder):
    """Run the contract in a folder that holds the package."""
    code = "from importlinter.cli import lint_imports_command as main; main()"
    settings = os.environ | {"PYTHONPATH": str(folder), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run([sys.executable, "-c", code, "--no-cache"], cwd=folder, env=settings,
                          capture_output=True, text=True, encoding="utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A folder with the package's modules and its contract."""
    folder = tmp_path_factory.mktemp("contract")
    shutil.copytree(ROOT / "scaling_utils", folder / "scaling_utils",
                    ignore=lambda _, names: {n for n in names if n.endswith((".csv", ".pyc"))})
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_the_contract_holds(copy):
    run = lint(copy)
    assert run.returncode == 0 and " 0 broken" in run.stdout, run.stdout + run.stderr


@pytest.mark.parametrize("place", PLANTED)
@pytest.mark.slow
def test_each_planted_import_breaks_it(copy, place):
    path = copy / "scaling_utils" / place
    text = path.read_text("utf-8")
    path.write_text(f"{text}\n{PLANTED[place]}\n", "utf-8")
    try:
        run = lint(copy)
    finally:
        path.write_text(text, "utf-8")
    assert run.returncode == 1 and " broken" in run.stdout, run.stdout + run.stderr
    assert " 0 broken" not in run.stdout  # one or more: what a room imports, its users do too
