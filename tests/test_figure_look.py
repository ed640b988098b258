"""The dark variant of a drawing: ink and paper change places, a sign keeps its hue and is seen."""
import colorsys
import importlib.util
import re
import sys
from pathlib import Path

import pytest

pytest.importorskip("sphinx")
TOOLS = Path(__file__).parents[1] / "tools"
GROUND = "#121212"  # the theme's dark background


@pytest.fixture(scope="module")
def look():
    sys.path.insert(0, str(TOOLS))
    try:
        spec = importlib.util.spec_from_file_location("figure_look", TOOLS / "figure_look.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module
    finally:
        sys.path.remove(str(TOOLS))


def channels(colour):
    return [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]


def luminance(colour):
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4
              for v in channels(colour)]  # fmt: skip
    return sum(w * v for w, v in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(a, b):
    high, low = sorted([luminance(a), luminance(b)], reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colour", ["#0072b2", "#d55e00", "#009e73", "#a8497f", "#333333",
                                    "#222222", "#000000"])  # fmt: skip
def test_every_colour_of_the_theme_is_seen_on_dark_paper(look, colour):
    assert contrast(look.dark(colour), GROUND) >= 4.5


@pytest.mark.parametrize("colour", ["#0072b2", "#d55e00", "#009e73", "#a8497f"])
def test_signs_keep_their_hue(look, colour):
    hues = [colorsys.rgb_to_hls(*channels(c))[0] for c in (colour, look.dark(colour))]
    assert hues[0] == pytest.approx(hues[1], abs=0.01)


def test_paper_goes_and_sizes_stay(look):
    svg = ('<svg width="360pt" height="72.5pt"><path style="fill: #fbfbf8"/>'
           '<path style="fill: #222222; stroke: #d55e00"/></svg>')  # fmt: skip
    found = look.darkened(svg)
    assert "fill: none" in found and "#fbfbf8" not in found and "fill: #dddddd" in found
    assert look.size(svg) == look.size(found) == [550, 111]


def test_alternative_texts_are_escaped(look):
    svg = '<svg width="72pt" height="72pt"></svg>'
    shown = look.pictures("fig-x", "../", 'rates "a" < b', svg)
    assert shown.count('alt="rates &quot;a&quot; &lt; b"') == 2
    assert "../figures/fig-x.dark.svg" in shown and 'loading="lazy"' in shown


def test_one_caption_serves_both_drawings():
    """The theme hides a caption that follows the drawing of the other theme, with !important."""
    text = (TOOLS.parent / "_static" / "custom.css").read_text("utf-8")
    rule = re.search(r"([^{}]*) \.figure-look ~ figcaption \{ display: block !important; \}", text)
    assert rule and rule[1].count(".bd-content") == 1  # outweighs html[data-theme] .only-dark
