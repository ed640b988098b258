"""Live figures: one module without imports, in the anywidget form, small, asking nothing away."""
import gzip
import json
import re
import sys

import pytest
from docutils.parsers.rst import DirectiveError
from test_conformance import LIVE, ROOT, node

sys.path.insert(0, str(ROOT / "tools"))

import live  # noqa: E402
import live_records  # noqa: E402

MODULES = sorted(LIVE.glob("*.mjs"))
PANEL = re.compile(r"^```\{live\} (\w+)\n```$", re.M)
USES = {path.stem: PANEL.findall(path.read_text("utf-8"))
        for path in sorted((ROOT / "chapters").glob("*.md"))}  # fmt: skip
CHAPTERS = {"coverage_power_law", "beta_failure", "majority_vote", "best_of_n", "inference_cost",
            "throughput", "memory", "reliability", "conformance"}  # fmt: skip


def program(path, text):
    """Run a module of node that may import the joined file as `all`."""
    joined = path / "all.mjs"
    joined.write_text(live.joined(), "utf-8")
    (path / "run.mjs").write_text(f'import all from "./all.mjs";\n{text}', "utf-8")
    return node(path / "run.mjs")


def test_each_chapter_has_its_figure_and_every_figure_a_page():
    assert {slug for slug, names in USES.items() if slug in names} == CHAPTERS
    used = [name for names in USES.values() for name in names]
    assert sorted(used) == sorted(live.figures())


def test_the_joined_module_is_a_widget(tmp_path):
    """The form of anywidget: a default export with render, and no import that a widget lacks."""
    text = live.joined()
    assert not re.search(r"^import|^export (?!default)", text, re.M)
    shown = ("let said = ''; try { all.render({model: {get: () => 'none'}, el: null}); }"
             " catch (error) { said = error.message; }"
             " console.log(Object.keys(all).join(), said);")
    code, said = program(tmp_path, shown)
    assert code == 0 and said.startswith("render figure none is none of ")
    assert all(name in said for name in live.figures())


def test_all_scripts_together_are_small():
    """Modules for others and the joined file for pages, both compressed: under 60 kB."""
    sizes = [len(gzip.compress(path.read_bytes())) for path in MODULES]
    assert sum(sizes) + len(gzip.compress(live.joined().encode())) < 60_000
    assert all(len(path.read_text("utf-8").splitlines()) < 300 for path in MODULES)


def test_nothing_is_asked_from_elsewhere():
    for path in MODULES:
        text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?:|XMLHttpRequest|WebSocket|sendBeacon|eval\(", text), path.name


def test_records_are_those_of_the_package():
    text = (LIVE / "records.mjs").read_text("utf-8")
    assert text.startswith(live_records.HEAD)
    kept = json.loads(text.removeprefix(live_records.HEAD + "export const RECORDS = ")[:-2])
    fresh = json.loads(json.dumps(live_records.content()))
    assert same(kept, fresh), "run make sync"


def same(a, b):
    """Equal up to the last printed digit of a number."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b if isinstance(a, str) else abs(a - b) <= 2e-5 * max(1, abs(b))


def test_a_state_goes_through_the_address(tmp_path):
    path = LIVE / "live.mjs"
    code, said = node("--input-type=module", "-e", f"""
import {{ readHash, writeHash }} from "{path.as_uri()}";
const state = {{a: 4.1, model: "x & y, 100 %", text: "1,2\\n3"}};
const hash = writeHash("memory", state);
console.log(hash, JSON.stringify(readHash("memory", hash)), JSON.stringify(readHash("best", hash)));
""")
    assert code == 0, said
    head, back, other = said.strip().split(" ", 1)[0], *re.findall(r"\{.*?\}", said)
    assert head.startswith("#live-memory?a=4.1&") and other == "{}"
    assert json.loads(back) == {"a": "4.1", "model": "x & y, 100 %", "text": "1,2\n3"}


def test_the_directive_refuses_an_unknown_name():
    directive = live.Live("live", ["nothing"], {}, [], 1, 0, "", None, Machine())
    with pytest.raises(DirectiveError) as error:
        directive.run()
    assert "'nothing' is none of coverage_power_law" in error.value.msg


class Machine:
    """What a directive asks of its parser."""

    reporter = None

    def get_source_and_line(self, line):
        return "x.md", line


def test_a_page_loads_the_script_only_if_it_has_a_figure():
    asked = []
    app = type("App", (), {"add_js_file": lambda self, name, **how: asked.append((name, how))})()
    live.load(app, "a", "page.html", {"body": "<p>none</p>"}, None)
    assert asked == []
    live.load(app, "a", "page.html", {"body": live.PLACE.format("memory")}, None)
    assert asked == [("live.js", {"type": "module"})]
