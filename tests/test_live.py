"""Live figures: one module without imports, in the anywidget form, small, asking nothing away."""
import gzip
import json
import re
import shutil

import browser
import check_live
import live
import live_records
import numpy as np
import pytest
from docutils.parsers.rst import DirectiveError
from test_conformance import LIVE, ROOT, node

from scaling_utils import LAWS, forecast

MODULES = sorted(LIVE.glob("*.mjs"))
PANEL = re.compile(r"^```\{live\} (\w+)\n```$", re.M)
USES = {path.stem: PANEL.findall(path.read_text("utf-8"))
        for path in sorted((ROOT / "chapters").glob("*.md"))}  # fmt: skip
CHAPTERS = {"coverage_power_law", "beta_failure", "majority_vote", "best_of_n", "inference_cost",
            "throughput", "memory", "reliability", "conformance",
            "forecast_yours", "planner"}  # fmt: skip


def program(path, text):
    """Run a module of node that may import the joined file as `all`."""
    joined = path / "all.mjs"
    joined.write_text(live.joined(), "utf-8")
    (path / "run.mjs").write_text(f'import all from "./all.mjs";\n{text}', "utf-8")
    return node(path / "run.mjs")


def test_each_chapter_has_its_figure_and_every_figure_a_page():
    assert {slug for slug, names in USES.items() if slug in names} == CHAPTERS & set(USES)
    used = [name for names in USES.values() for name in names]
    assert sorted(used) == sorted(set(live.figures()) & set(USES))


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
    """What a page with a figure loads holds all modules: compressed, under 60 kB."""
    assert len(gzip.compress(live.joined().encode())) < 60_000
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


RUNS = {
    "spread": (100, [0] * 30 + [1, 2, 5, 9, 14, 30, 70]),
    "few solved": (200, [0] * 60 + [1, 1, 30]),
    "easy": (16, [16] * 12 + [15, 14, 12, 9, 16, 4, 1, 16, 0]),
    "none open": (20, [1, 3, 20, 11, 9, 9]),
}
ASK = """
import {{ evidence, forecast }} from "{place}";
const sets = {sets}, told = sets.map(([n, c]) => forecast(evidence([n], c), [1000, 10000], 0.9));
console.log(JSON.stringify(told));
"""


@pytest.mark.slow
def test_the_page_forecasts_as_the_package_does():
    """Fewer laws, other points of the same families: medians within 0.02, ends within 0.05.

    With fewer than five solved the upper end is the edge of what cannot be known: within 0.1.
    """
    text = ASK.format(place=(LIVE / "forecast.mjs").as_uri(), sets=json.dumps([*RUNS.values()]))
    code, said = node("--input-type=module", "-e", text)
    assert code == 0, said
    for (n, c), told in zip(RUNS.values(), json.loads(said), strict=True):
        want = forecast((n, c), [1000, 10_000])
        for i, at in enumerate(told):
            assert np.isnan(want.median[i]) == (at["median"] is None)
            if at["median"] is not None:
                assert abs(at["median"] - want.median[i]) < 0.02
            near = 0.05 if want.n_solved >= 5 else 0.1
            assert abs(at["low"] - want.low[i]) < near and abs(at["high"] - want.high[i]) < near


READ = [
    ("n,c\\n10,3\\n10,11", 5, "line 3: n_correct = 11 exceeds n_samples = 10"),
    ("10,3\\n10,half", 5, "line 2: n_correct = half is not a number"),
    ("10,3\\n10,0.5", 5, "line 2: n_correct = 0.5 is not a whole number"),
    ("a,b\\n1,2", 5, "line 1: no column is named"),
    ("7", 5, "line 1: n_correct = 7 exceeds n_samples = 5"),
    ("", 5, "no counts are given"),
    ("problem;n_samples;n_correct\\nx;8;2\\ny;8;0", 5, "[[8,8],[2,0]]"),
    ("# of a run\\n3\\n0\\n\\n5", 5, "[[5,5,5],[3,0,5]]"),
    ("q1 4 1\\nq2 4 0", 5, "[[4,4],[1,0]]"),
]  # fmt: skip


def test_counts_are_read_or_refused_by_line():
    place = (LIVE / "forecast.mjs").as_uri()
    asked = ",".join(f'["{text}", {samples}]' for text, samples, _ in READ)
    code, said = node("--input-type=module", "-e", f"""
import {{ parseCounts }} from "{place}";
for (const [text, samples] of [{asked}])
  try {{ console.log(JSON.stringify(parseCounts(text, samples))); }}
  catch (error) {{ console.log(error.message.split("\\n")[0]); }}""")
    told = said.splitlines()
    assert code == 0 and len(told) == len(READ), said
    assert [line for line, (_, _, say) in zip(told, READ, strict=True)
            if not line.startswith(say)] == []


def test_counts_that_stopped_at_a_success_are_refused_as_in_the_package():
    n, c = [3, 5, 7, 2, 9, 100, 100], [1, 1, 1, 1, 1, 0, 0]
    with pytest.raises(ValueError, match="as if sampling stopped"):
        forecast((n, c), 1000)
    code, said = node("--input-type=module", "-e", f"""
import {{ evidence }} from "{(LIVE / "forecast.mjs").as_uri()}";
try {{ evidence({n}, {c}); }} catch (error) {{ console.log(error.message); }}""")
    assert code == 0 and "as if sampling stopped at a success" in said


MODELS = [
    {"alpha": 0.9, "beta": 0.35, "pi0": 0.0, "f": 0.001, "perSample": 3e-5, "perProblem": 5e-5},
    {"alpha": 0.4, "beta": 0.38, "pi0": 0.05, "f": 0.0, "perSample": 2.7e-4, "perProblem": 4e-4},
    {"alpha": 2.0, "beta": 3.0, "pi0": 0.0, "f": 0.02, "perSample": 1e-3, "perProblem": 0.0},
]
GOALS = [{"target": 0.5}, {"target": 0.8}, {"target": 0.97}, {"budget": 0.0001},
         {"budget": 0.002}, {"budget": 0.2}, {"budget": 1e-6}]  # fmt: skip


def brute(goal):
    """Every k up to 20,000 of every model: what is best of each, best first."""
    k, picks = np.arange(1, 20_001), []
    for i, m in enumerate(MODELS):
        law = LAWS["zero_inflated_beta"](k, alpha=m["alpha"], beta=m["beta"], pi0=m["pi0"])
        value, cost = (1 - m["f"]) ** k * law, m["perProblem"] + k * m["perSample"]
        if "target" in goal:
            good = np.flatnonzero(value >= goal["target"])[:1]
        else:
            paid = np.flatnonzero(cost <= goal["budget"] * (1 + 1e-9))
            good = paid[np.argmax(value[paid])][None] if paid.size else paid
        picks += [(i, int(k[at]), float(value[at]), float(cost[at])) for at in good]
    return sorted(picks, key=lambda p: p[3] if "target" in goal else -p[2])


def test_the_planner_chooses_what_brute_force_chooses():
    code, said = node("--input-type=module", "-e", f"""
import {{ choose }} from "{(LIVE / "planner.mjs").as_uri()}";
const models = {json.dumps(MODELS)}, goals = {json.dumps(GOALS)};
console.log(JSON.stringify(goals.map(goal => choose(models, goal).map(
  p => [models.indexOf(p.model), p.k, p.value, p.cost]))));""")
    assert code == 0, said
    for goal, told in zip(GOALS, json.loads(said), strict=True):
        want = brute(goal)
        assert [pick[:2] for pick in told] == [[*pick[:2]] for pick in want], goal
        assert np.allclose([p[2:] for p in told], [p[2:] for p in want], rtol=1e-9) or not want


PAGE = """<!doctype html><html><meta charset="utf-8"><link rel="icon" href="data:,">{}
<a href="#">after</a><script type="module" src="_static/live.js"></script></html>"""
FAULTS = {  # what is changed, into what, and what the check says
    "said.textContent = result.textContent": ("said.textContent = '-'", "the result is not told"),
    "history.replaceState(null": ("history.replaceState.name.concat(null",
                                  "its address does not bring it back"),
    "htmlFor: id,": ("", "controls without a name"),
    "field.addEventListener": ("field.removeEventListener", "a wrong number is not refused"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.skipif(not any(map(shutil.which, browser.BROWSERS)), reason="needs Chromium")
@pytest.mark.parametrize("faults", [{}, FAULTS], ids=["good", "faults"])
def test_the_browser_check_finds_what_it_is_for(faults, tmp_path, capsys):
    """A site of one page with one figure, as it is and with faults planted in the module."""
    (tmp_path / "_static").mkdir()
    shutil.copytree(LIVE, tmp_path / "_static" / "live")
    module = live.joined()
    for old, (new, _) in faults.items():
        assert old in module
        module = module.replace(old, new)
    (tmp_path / "_static" / "live.js").write_text(module, "utf-8")
    (tmp_path / "page.html").write_text(PAGE.format(live.PLACE.format("best_of_n")), "utf-8")
    with pytest.raises(SystemExit) as end:
        check_live.main(tmp_path)
    said = capsys.readouterr().out
    assert end.value.code == bool(faults) and f"{len(faults)} findings" in said
    assert all(words in said for _, words in faults.values())


@pytest.mark.slow
@pytest.mark.skipif(not any(map(shutil.which, browser.BROWSERS)), reason="needs Chromium")
def test_a_browser_that_does_not_answer_in_time_is_a_finding(tmp_path, capsys):
    (tmp_path / "page.html").write_text(PAGE.format(live.PLACE.format("best_of_n")), "utf-8")
    with pytest.raises(SystemExit) as end:
        check_live.main(tmp_path, seconds=1)  # the figure never comes: its script is not there
    assert end.value.code and "not done within 1 s" in capsys.readouterr().out
