"""The look-ups of a citer are at most two clicks each, and their harness says what it is given."""
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import check_citer  # noqa: E402


def test_ten_look_ups_of_at_most_two_clicks_each():
    assert len(check_citer.LOOKUPS) == 10
    for question, (clicks, selector, text) in check_citer.LOOKUPS.items():
        assert len(clicks) <= 2, question
        assert {kind for kind, *_ in clicks} <= {"click", "pick", "type"} and selector and text


def test_harness_holds_the_look_ups_and_the_auditor():
    text = check_citer.harness("run('</script>')")
    assert "</script>')" not in text and "= LOOKUPS" not in text and "= AXE" not in text
    held = re.search(r"const lookups = (.*), pages = ", text)[1]
    assert list(json.loads(held)) == list(check_citer.LOOKUPS)
    assert 'axe = ""' in check_citer.harness("")


def test_published_numbers_that_are_looked_up_exist():
    from scaling_utils import load

    keys = {selector[1:] for _, selector, _ in check_citer.LOOKUPS.values()
            if re.fullmatch(r"#\w+", selector)}  # fmt: skip
    assert len(keys) == 4 and keys <= set(load("published_constants").key)


def test_without_a_browser_nothing_fails(monkeypatch, capsys):
    monkeypatch.setattr(check_citer.check_browser, "find_browser", lambda: None)
    check_citer.main("nowhere")
    assert "skipped" in capsys.readouterr().out
