"""One pass of the browser finds what each check is for, page by page, and says what never came."""
import shutil
from pathlib import Path

import browser
import check_axe
import check_browser
import check_citer
import check_reading
import matplotlib.pyplot as plt
import numpy as np
import one_pass
import pytest

CHECKS = [m.CHECK for m in (check_browser, check_reading, check_axe, check_citer)]
needs_chromium = pytest.mark.skipif(browser.find() is None, reason="needs Chromium")
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>T</title>
<link rel="icon" href="data:,"><script>{script}</script></head>
<body style="margin:0"><nav class="bd-toc-nav"><a class="nav-link" href="#a" {mark}>a</a></nav>
<article><section id="a" style="min-height:{height}px">{text}</section></article></body></html>"""
GOOD = {"script": "", "mark": 'aria-current="true"', "height": 1000, "text": "<p>words</p>"}
# What is wrong with the page, and what is said of it.
FAULTS = {
    "console": ({"script": "console.error('a complaint')"}, "a complaint"),
    "uncaught": ({"script": "setTimeout(() => { throw Error('late') }, 1)"}, "late"),
    "missing": ({"text": "<img src='gone.png' alt='gone'>"}, "gone.png"),
    "away": ({"text": "<img src='http://away.example/a.png' alt='a'>"}, "request to elsewhere"),
    "unset": ({"text": "<span class='math'>x^2</span>"}, "1 formulas not set: x^2"),
    "error": ({"text": "<i class='katex-error'>x</i>"}, "1 formulas with an error"),
    "raw": ({"text": r"<p>\begin{x}</p>"}, r"raw TeX in the text: \begin{"),
    "wide": ({"text": "<p style='width:500px'>broad</p>"}, "(390 px): wider than its window"),
    "unmarked": ({"mark": ""}, "contents mark no section at 0"),
    "faint": ({"text": "<svg><a href='#a'><text style='fill:#111'>l</text></a></svg>"},
              "1 links of a drawing are faint in the dark"),
    "hidden": ({"text": "<figure><figcaption hidden style='display:none'></figcaption>"
                        "<figcaption style='display:none'>c</figcaption></figure>"},
               "1 captions are hidden"),
    "long": ({"height": 19_000}, "21.1 screens, more than 20"),
    "section": ({"height": 3_000}, "section a has 3.3 screens, more than 3"),
    "screens": ({"mark": ""}, "contents mark no section at screens [0"),
    "coarse": ({"text": "<img src='small.png' width='400' alt='a'>"}, "1 pictures with too few"),
}  # fmt: skip


def checked(folder, patch, pages, checks=CHECKS[:2]):
    """What the checks find on a site of these pages."""
    (folder / "chapters").mkdir()
    for name, changed in pages.items():
        (folder / "chapters" / f"{name}.html").write_text(PAGE.format(**GOOD | changed), "utf-8")
    plt.imsave(folder / "chapters" / "small.png", np.zeros((4, 4, 3)))
    patch.setattr(check_reading, "toc_pages", lambda: [f"chapters/{name}" for name in pages])
    patch.setattr(check_reading, "questions", dict)
    return one_pass.run(browser.find(), folder, checks, seconds=300)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Findings of one pass over a good page and one page for each fault."""
    pages = {"good": {}} | {name: changed for name, (changed, _) in FAULTS.items()}
    with pytest.MonkeyPatch.context() as patch:
        return checked(tmp_path_factory.mktemp("site"), patch, pages)


@pytest.mark.slow
@needs_chromium
def test_a_good_page_has_no_findings(found):
    assert not [one for one in found if one.startswith("chapters/good")]


@pytest.mark.slow
@needs_chromium
@pytest.mark.parametrize("fault", FAULTS)
def test_a_damaged_page_is_found(found, fault):
    """A complaint of a script or of the server names no page."""
    _, words = FAULTS[fault]
    mine = (f"chapters/{fault}", '"', "/chapters/")
    assert any(words in one for one in found if one.startswith(mine)), found


SITE = """<!doctype html><title>T</title><link rel="icon" href="data:,"><article>
<a href="chapters/replications.html">numbers</a></article>"""
TARGET = "<div style='height:{}px'></div><p id='levi_beta'>{}</p><div style='height:3000px'></div>"


@pytest.mark.slow
@needs_chromium
@pytest.mark.parametrize("height, text, words", [
    (0, "0.35", ""), (0, "0.36", "0.36"), (2000, "0.35", "not in sight (2")])  # fmt: skip
def test_a_look_up_that_leads_nowhere_is_found(tmp_path, monkeypatch, height, text, words):
    (tmp_path / "chapters").mkdir()
    (tmp_path / "index.html").write_text(SITE, "utf-8")
    (tmp_path / "search.html").write_text(SITE, "utf-8")
    page = "<!doctype html><link rel='icon' href='data:,'>" + TARGET.format(height, text)
    (tmp_path / "chapters" / "replications.html").write_text(page, "utf-8")
    look_up = {"beta": ([check_citer.NUMBERS], "#levi_beta", "0.35")}
    monkeypatch.setattr(check_citer, "LOOKUPS", look_up)
    found = one_pass.run(browser.find(), tmp_path, [check_citer.CHECK], seconds=60)
    assert len(found) == bool(words) and all(words in one for one in found), found


def test_a_page_without_a_report_or_with_an_error_is_a_finding():
    jobs = [{"kind": "page", "page": "a.html", "sights": [(1300, "x"), (390, "x")]},
            {"kind": "page", "page": "b.html", "sights": [(390, "x")]},
            {"kind": "x", "title": "query"}]  # fmt: skip
    reports, lost = one_pass.sorted_out(jobs, [{"done": [1, 2]}, None, {"error": "slow"}], 9)
    assert reports == {"x": {("a.html", 1300): 1, ("a.html", 390): 2}}
    assert lost == ["b.html: no report within 9 s", "query: slow"]


def test_a_browser_that_never_reports_is_a_finding(tmp_path):
    (tmp_path / "a.html").write_text("a", "utf-8")
    found = one_pass.run(shutil.which("true"), tmp_path, [check_browser.CHECK], seconds=0.1)
    assert found == ["a.html: no report within 0.1 s"] * 2


def test_every_page_is_opened_once_per_kind_of_window(tmp_path, monkeypatch):
    (tmp_path / "chapters").mkdir()
    for name in ("chapters/a.html", "search.html"):
        (tmp_path / name).write_text("a", "utf-8")
    monkeypatch.setattr(check_reading, "toc_pages", lambda: ["chapters/a"])
    sights = {(job["page"], *job["sights"]) for job in one_pass.page_jobs(tmp_path, CHECKS)}
    wide = (1300, "check_browser"), (1300, "check_axe")
    assert sights == {("chapters/a.html", (1440, "check_reading"), *wide), ("search.html", *wide),
                      ("chapters/a.html", (390, "check_browser")),
                      ("search.html", (390, "check_browser"))}  # fmt: skip


def test_the_harness_holds_what_is_given():
    page = browser.harness(["visit.js", "check_axe.js"], {"axe": "run('</script>')"})
    assert "</script>')" not in page and "looks.check_axe" in page and "tasks.page" in page


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_without_a_browser_nothing_fails(monkeypatch, capsys, check):
    monkeypatch.setattr(browser, "find", lambda: None)
    one_pass.main("nowhere", check)
    assert "skipped: no Chromium" in capsys.readouterr().out


def test_without_axe_nothing_fails(monkeypatch, capsys):
    monkeypatch.setattr(browser, "find", lambda: "browser")
    monkeypatch.setattr(check_axe, "AXE", Path("nowhere"))
    with pytest.raises(SystemExit) as end:
        one_pass.main("nowhere", check_axe.CHECK)
    assert end.value.code == 0 and "no axe was found" in capsys.readouterr().out


@pytest.mark.slow
@needs_chromium
@pytest.mark.skipif(not check_axe.AXE.exists(), reason="needs axe")
def test_what_keeps_people_out_is_found(tmp_path, monkeypatch):
    bad = "<p style='color:#ddd;background:#fff'>faint</p><button></button>"
    found = checked(tmp_path, monkeypatch, {"a": {"text": bad}}, CHECKS[2:3])
    assert {"(light): color-contrast", "(light): button-name", "(dark): color-contrast"} <= {
        one.split(" ", 1)[1].split(",")[0] for one in found}  # fmt: skip
