"""Look-ups are at most two clicks each; the harnesses hold what they are given."""
import json
import re
from pathlib import Path

import check_axe
import check_citer
import pytest

ROOT = Path(__file__).parents[1]


def test_look_ups_are_of_at_most_two_clicks_each():
    assert len(check_citer.LOOKUPS) == 16
    for question, (clicks, selector, text) in check_citer.LOOKUPS.items():
        assert len(clicks) <= 2, question
        assert {kind for kind, *_ in clicks} <= {"click", "pick", "type"} and selector and text


def test_harness_holds_the_look_ups():
    text = check_citer.harness()
    assert "= LOOKUPS" not in text
    held = re.search(r"const lookups = (.*);\n", text)[1]
    assert list(json.loads(held)) == list(check_citer.LOOKUPS)


def test_harness_holds_the_auditor():
    text = check_axe.harness(["a.html"], "run('</script>')")
    assert "</script>')" not in text and 'pages = ["a.html"]' in text
    assert not re.search("= (PAGES|AXE|THEME)", text)


def test_published_numbers_that_are_looked_up_exist():
    from scaling_utils import load

    keys = {selector[1:] for _, selector, _ in check_citer.LOOKUPS.values()
            if re.fullmatch(r"#\w+", selector)}  # fmt: skip
    assert len(keys) == 4 and keys <= set(load("published_constants").key)


@pytest.mark.parametrize("tool", [check_citer, check_axe], ids=lambda tool: tool.__name__)
def test_without_a_browser_nothing_fails(monkeypatch, capsys, tool):
    monkeypatch.setattr(tool.check_browser, "find_browser", lambda: None)
    tool.main("nowhere")
    assert "skipped" in capsys.readouterr().out


def test_without_axe_nothing_fails(monkeypatch, capsys):
    monkeypatch.setattr(check_axe.check_browser, "find_browser", lambda: "browser")
    monkeypatch.setattr(check_axe, "AXE", Path("nowhere"))
    check_axe.main("nowhere")
    assert "no axe" in capsys.readouterr().out
