"""Reference pages: one per room, holding every public name, tied to the chapters by their code."""
from pathlib import Path

import pytest
import yaml

import scaling_utils

pytest.importorskip("sphinx")

import reference

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "reference").glob("*.md"))


def test_every_public_name_has_a_page_in_the_table_of_contents():
    rooms = {module.split(".")[1] for module in reference.public()}
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))["parts"][-1]
    assert toc["caption"] == "Reference"
    assert {page["file"] for page in toc["chapters"]} == {f"reference/{room}" for room in rooms}
    for page in PAGES:
        text = page.read_text("utf-8")
        assert f"```{{room}} {page.stem}\n```" in text and f"(reference-{page.stem})=" in text
    assert {page.stem for page in PAGES} == rooms
    listed = [name for names in reference.public().values() for name in names]
    assert len(listed) == len(set(listed))
    modules = {n for n in scaling_utils.__all__ if hasattr(getattr(scaling_utils, n), "__file__")}
    assert set(scaling_utils.__all__) - modules <= {*listed}


def test_names_are_found_however_they_are_imported():
    source = """
from scaling_utils import LAWS, pass_at_k as p, simulate
from scaling_utils.resources.roofline import Device, step_seconds
from scaling_utils.resources import flops
from numpy import arange
p(2, 1, 1), simulate.draw_counts, Device, LAWS, flops.total_flops, arange, other.coverage
"""
    assert reference.used_names(source) == [
        "scaling_utils.Device", "scaling_utils.LAWS", "scaling_utils.pass_at_k",
        "scaling_utils.resources.flops.total_flops", "scaling_utils.worlds.simulate.draw_counts",
    ]  # step_seconds is imported, not used


def test_formulas_are_no_markup():
    lines = ["|x| * y_ and `a * b`", "**fields : dict", ">>> 2 * 3", "6 * 1", "", "a * b"]
    assert reference.escape(lines) == [
        r"\|x\| \* y\_ and `a * b`", "**fields : dict", ">>> 2 * 3", "6 * 1", "", r"a \* b"]


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_a_page_is_described(path):
    head = yaml.safe_load(path.read_text("utf-8").split("---")[1])["myst"]["html_meta"]
    assert 40 < len(head["description"]) < 160 and head["keywords"]
