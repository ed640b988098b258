"""Icons of the pages: those that are named stay, and a script of all of them goes."""

from pathlib import Path

import pytest

pytest.importorskip("fontTools")

import light_pages

SHEET = ('.fa-rocket:before{content:"\\f135"}.fa-house:before,.fa-home:before{content:"\\f015"}'
         '.fold:after{content:"\\f107"}:root{--icon:"\uf0eb"}')  # fmt: skip


def test_icons_named_by_a_page_or_drawn_by_a_sheet_stay():
    pages = ['<i class="fas fa-home fa-lg"></i>']
    assert light_pages.signs([SHEET], pages) == {0xF015, 0xF107, 0xF0EB}


@pytest.mark.parametrize("nav", ["", "<div><h2>Contents</h2>\n</div>\n<nav><ul></ul></nav>\n"])
def test_the_second_title_goes(nav):
    printed = (f'<div id="jb-print-docs-body" class="onlyprint"><h1>A</h1><div id="m">'
               f'<div id="jb-print-toc">\n{nav}</div>\n  </div>\n</div>\n')  # fmt: skip
    assert light_pages.lighten(f"<body>{printed}<div></div>") == "<body><div></div>"


def test_the_script_goes_and_the_rest_stays():
    page = ("<script src=\"a.js\"></script>\n"
            "<script src=\"../_static/scripts/fontawesome.js?d=1\"></script>")
    assert light_pages.lighten(page + "<p>") == "<script src=\"a.js\"></script>\n<p>"


def test_a_font_keeps_only_what_is_asked(tmp_path):
    pytest.importorskip("brotli")
    from fontTools.ttLib import TTFont
    theme = pytest.importorskip("pydata_sphinx_theme")
    font = next(Path(theme.__file__).parent.glob("**/fa-solid-900.woff2"))
    path = tmp_path / "icons.woff2"
    path.write_bytes(font.read_bytes())
    light_pages.cut(path, {0xF015, 0xF107})
    assert set(TTFont(path).getBestCmap()) == {0xF015, 0xF107}
    assert path.stat().st_size < font.stat().st_size / 10
