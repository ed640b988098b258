"""Pages hand over what they say they do: names once, signs as printed, intervals in words."""
import math

import matplotlib.pyplot as plt
import pytest

from scaling_utils.report import page as module
from scaling_utils.report.page import Page, typeset
from scaling_utils.report.results import read_fits, result_row


@pytest.fixture
def glued(monkeypatch):
    """What is handed over, by name."""
    found = {}
    monkeypatch.setattr(module, "_glue", found.__setitem__)
    return found


def test_notes_are_glued_under_the_slug_as_printed(glued):
    page = Page("best_of_n")
    page.note("gain", "-3% to 5%")
    page.note("size", 7)
    assert glued == {"best_of_n-gain": "−3 % to 5 %", "best_of_n-size": "7"}


def test_a_name_stands_for_one_text(glued):
    page = Page("best_of_n")
    page.note("gain", "1")
    page.note("gain", "1")  # the cell was run again
    with pytest.raises(ValueError, match="best_of_n-gain stands for '1' already, now for '2'"):
        page.note("gain", "2")
    with pytest.raises(ValueError, match="best_of_n-gain"):
        page.picture(plt.figure(), "gain")
    plt.close("all")
    Page("best_of_n").note("gain", "2")  # names belong to their page alone


def test_picture_is_handed_over_and_closed(glued):
    fig = plt.figure()
    number = fig.number
    Page("memory").picture(fig)
    assert glued == {"memory-picture": fig} and not plt.fignum_exists(number)


def test_notes_reach_the_build_without_being_shown(capsys):
    IPython = pytest.importorskip("IPython")
    pytest.importorskip("myst_nb")
    shown = []
    shell = IPython.core.interactiveshell.InteractiveShell.instance()
    shell.display_pub.publish, before = lambda **message: shown.append(message), (
        shell.display_pub.publish)
    try:
        Page("memory").note("bytes", "-2")
    finally:
        shell.display_pub.publish = before
        IPython.core.interactiveshell.InteractiveShell.clear_instance()
    (message,) = shown
    assert message["metadata"]["scrapbook"]["name"] == "memory-bytes"
    assert all(kind.startswith("application/papermill") for kind in message["data"])


@pytest.mark.parametrize("ends", [None, (math.nan, 1.0), (0.0, math.nan)])
def test_no_interval_is_said_in_words(ends):
    assert Page("x").interval(ends) == "no interval"
    assert Page("x").with_interval(0.5, ends) == "0.50 (no interval)"


def test_intervals_use_their_form_at_all_three_places():
    assert Page("x").with_interval(-0.256, (-0.31, 0.2), "{:.0%}") == "−26 % (−31 % to 20 %)"
    assert Page("x").interval((0.5, 1234.5), "{:,.1f}") == "0.5 to 1,234.5"


def test_hyphens_that_are_no_signs_stay():
    assert typeset("Llama-3, 10-20, 1e-9, x-1, well-kept, (2)-3") == (
        "Llama-3, 10-20, 1e-9, x-1, well-kept, (2)-3")
    assert typeset("from -1 to +2; −3") == "from −1 to +2; −3"


def test_rows_are_written_and_nothing_is_shown(tmp_path, monkeypatch):
    monkeypatch.setenv("SCALING_RESULTS_DIR", str(tmp_path))
    row = result_row(law="pass_at_k", method="unbiased", parameter="coverage", value=0.5)
    assert Page("pass_at_k").write([row]) is None
    assert read_fits(tmp_path / "pass_at_k.csv").value.tolist() == [0.5]
