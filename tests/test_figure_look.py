"""The dark variant of a drawing: ink and paper change places, a sign keeps its hue and is seen."""
import colorsys
import re
from pathlib import Path

import pytest

pytest.importorskip("sphinx")

import figure_look

ROOT = Path(__file__).parents[1]
GROUND = "#121212"  # the theme's dark background


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
def test_every_colour_of_the_theme_is_seen_on_dark_paper(colour):
    assert contrast(figure_look.dark(colour), GROUND) >= 4.5


@pytest.mark.parametrize("colour", ["#0072b2", "#d55e00", "#009e73", "#a8497f"])
def test_signs_keep_their_hue(colour):
    hues = [colorsys.rgb_to_hls(*channels(c))[0] for c in (colour, figure_look.dark(colour))]
    assert hues[0] == pytest.approx(hues[1], abs=0.01)


def test_paper_goes_and_sizes_stay():
    svg = ('<svg width="360pt" height="72.5pt"><path style="fill: #fbfbf8"/>'
           '<path style="fill: #222222; stroke: #d55e00"/></svg>')  # fmt: skip
    found = figure_look.darkened(svg)
    assert "fill: none" in found and "#fbfbf8" not in found and "fill: #dddddd" in found
    assert figure_look.size(svg) == figure_look.size(found) == [550, 111]


def test_alternative_texts_are_escaped():
    svg = '<svg width="72pt" height="72pt"></svg>'
    shown = figure_look.pictures("fig-x", "../", 'rates "a" < b', svg)
    assert shown.count('alt="rates &quot;a&quot; &lt; b"') == 2
    assert "../figures/fig-x.dark.svg" in shown and 'loading="lazy"' in shown


def test_one_caption_serves_both_drawings():
    """The theme hides a caption that follows the drawing of the other theme, with !important."""
    text = (ROOT / "_static" / "custom.css").read_text("utf-8")
    rule = re.search(r"([^{}]*) \.figure-look ~ figcaption \{ display: block !important; \}", text)
    assert rule and rule[1].count(".bd-content") == 1  # outweighs html[data-theme] .only-dark
