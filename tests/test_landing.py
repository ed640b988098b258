"""The landing page: its code runs, and its caption is true of what is drawn."""
import re
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]
INDEX = (ROOT / "index.md").read_text("utf-8")


def test_code_of_the_landing_page_runs(capsys):
    for source in re.findall(r"^```python\n(.*?)^```", INDEX, re.M | re.S):
        exec(compile(source, "index.md", "exec"), {})
    assert "of 40 problems" in capsys.readouterr().out


@pytest.mark.slow
def test_caption_counts_the_intervals_that_hold():
    import draw_readme

    groups = draw_readme.configurations()
    low, high, truth = draw_readme.scores(groups, draw_readme.forecasts(groups)).T
    held = f"{np.sum((low <= truth) & (truth <= high))} of {len(truth)}"
    assert f"; {held} hold it" in INDEX
