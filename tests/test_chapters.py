"""Chapters: pairs in step, headings in order, small clean cells, figures, labels, plain prose."""
import json
import re
import statistics
from functools import cache
from pathlib import Path

import anatomy
import jupytext
import pytest
import readme
import yaml
from together import together

from scaling_utils import LAWS

ROOT = Path(__file__).parents[1]
TEXTS = sorted((ROOT / "chapters").glob("*.md"))
NOTEBOOKS = [p for p in TEXTS if p.read_text("utf-8").startswith("---\njupytext:")]
GENERATED = {"conformance", "forecast_yours", "map_of_laws", "notation", "replications",
             "results", "what_else"}  # tables and panels
CHAPTERS = [path for path in NOTEBOOKS if path.stem not in GENERATED]
MAX_LINES, MEDIAN_LINES, MAX_WIDTH = 25, 6, 80
FORBIDDEN = {
    r"filterwarnings|simplefilter|np\.seterr|np\.errstate": "hides warnings",
    r"np\.random\.(?!default_rng|Generator)|\brandom\.seed": "global random state",
    r"default_rng\(\s*\)": "no seed",
    r"^\s*[!%]": "shell or magic",
    r"https?://|\burllib|\brequests\b": "network",
    r"sys\.path|os\.chdir": "install the package instead",
    r"[\"'](/\w|~/|[A-Z]:)": "absolute path",
    r"\.(set_title|suptitle)\(|\btitle=": "the title belongs in the caption",
    r"\b(sns\.set|set_theme|rcParams|style\.use)": "the look of figures is the style file's",
}
DRAWS = r"plt\.(subplots|figure|subplot)\b|panel_grid\(|facets\("
FILLERS = r"\b(clearly|obviously|trivially|(it is )?easy to see)\b"
ABBREVIATIONS = r"\b(et al|e\.g|i\.e|cf|vs|Fig|Figs|Eq|Eqs|Sec|Tab|App|Ref|No|approx|[A-Z])\."


def stem(path):
    """Name of a case."""
    return path.stem


each_chapter = together(CHAPTERS, stem)
each_notebook = together(NOTEBOOKS, stem)
each_text = together([ROOT / "index.md", *TEXTS], stem)
each_law = together(LAWS.values(), lambda law: law.key)


def hyphens(path):
    """The chapter's slug as labels spell it."""
    return path.stem.replace("_", "-")


@cache
def read(path):
    """A text as cells; read once, since several tests look at it."""
    return jupytext.read(path)


@cache
def text_of(path):
    """What stands in a file, read once."""
    return path.read_text("utf-8")


def cells(path):
    """The code cells of a text."""
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def filled(source):
    """The lines of a cell that are not blank."""
    return [line for line in source.splitlines() if line.strip()]


def prose(text):
    """Paragraphs of a Markdown text, as lists of lines: no code, maths, tables, lists or labels."""
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.S)
    text = re.sub(r"^```.*?^```$|^\$\$.*?^\$\$.*?$", "", text, flags=re.S | re.M)
    lines = ["" if re.match(r"\s*([#|:(<%]|[-*+] |\d+\. )", line) else line.strip()
             for line in text.splitlines()]  # fmt: skip
    return [block.splitlines() for block in re.split(r"\n\s*\n", "\n".join(lines)) if block.strip()]


def sentence_faults(line):
    """Places where a line goes on after the end of a sentence."""
    bare = re.sub(r"\{[\w:]+\}`[^`]*`|`[^`]*`|\$[^$]*\$", "x", line)
    return re.findall(r"[.!?]['\")]* +[A-Z][^ ]*", re.sub(ABBREVIATIONS, r"\1", bare))


@each_notebook
def test_notebook_is_in_step_and_without_outputs(path):
    text, notebook = read(path), json.loads(path.with_suffix(".ipynb").read_text("utf-8"))
    twins = [(c["cell_type"], "".join(c["source"]), c["metadata"]) for c in notebook["cells"]]
    assert [(c.cell_type, c.source, c.metadata) for c in text.cells] == twins, "run `make sync`"
    assert text.metadata.kernelspec == notebook["metadata"]["kernelspec"], "run `make sync`"
    assert not any(cell.get("outputs") for cell in notebook["cells"]), "run `make sync`"


def test_every_notebook_has_its_text():
    assert {p.stem for p in (ROOT / "chapters").glob("*.ipynb")} == {p.stem for p in NOTEBOOKS}


@each_text
def test_title_and_label(path):
    if path.stem != "index":
        assert f"(ch-{hyphens(path)})=\n# " in text_of(path)


@each_chapter
def test_anatomy(path):
    assert anatomy.faults(path.stem, text_of(path), cells(path)) == []


@each_notebook
def test_cells_are_small(path):
    sizes = [len(filled(cell.source)) for cell in cells(path)]
    assert max(sizes) <= MAX_LINES and statistics.median(sizes) <= MEDIAN_LINES
    wide = [line for c in cells(path) for line in c.source.splitlines() if len(line) > MAX_WIDTH]
    assert not wide


@each_notebook
def test_cells_are_clean(path):
    found = [(why, cell.source) for cell in cells(path) for pattern, why in FORBIDDEN.items()
             if re.search(pattern, cell.source, re.M)]  # fmt: skip
    assert not found


@each_notebook
def test_figures_have_name_caption_and_alt_text(path):
    for cell in cells(path):
        if "page.picture(" in cell.source:
            assert "hide-input" in cell.metadata.get("tags", []), cell.source
        elif re.search(DRAWS, cell.source):
            settings = cell.metadata.get("mystnb", {})
            assert settings.get("image", {}).get("alt", "").count(" ") >= 2, cell.source
            figure = settings.get("figure", {})
            assert figure.get("caption") and "hide-input" in cell.metadata.get("tags", [])
            assert figure["name"].startswith(f"fig-{hyphens(path)}-"), figure["name"]


@each_chapter
def test_exercises_have_folded_solutions(path):
    text = text_of(path)
    labels = re.findall(r"\{exercise(?:-start)?\}[^\n]*\n:label: (\S+)", text)
    solved = re.findall(r"\{solution(?:-start)?\} (\S+)\n(?::label: \S+\n)?:class: dropdown", text)
    assert labels and labels == solved
    assert all(label.startswith(f"ex-{hyphens(path)}-") for label in labels)


@each_text
def test_only_boxes_with_a_title_are_folded(path):
    """The button that opens a fold is put into its title, and a proof has none."""
    text = text_of(path)
    assert not re.search(r"\{prf:\w+\}[^\n]*\n(?::\w+:[^\n]*\n)*:class: dropdown", text)


@each_text
def test_one_sentence_per_line(path):
    broken = [line for block in prose(text_of(path)) for line in block[:-1]
              if not re.search(r"[.:;?!][)\"'*]*$", line)]  # fmt: skip
    crowded = [line for block in prose(text_of(path)) for line in block
               if sentence_faults(line)]  # fmt: skip
    assert not broken and not crowded


@each_text
def test_no_filler_words(path):
    assert not re.findall(FILLERS, text_of(path), re.I)


@each_law
def test_law_has_one_equation_and_its_sources_in_its_chapter(law):
    pattern = rf"^\$\$ \({law.label}\)$|^:label: {law.label}$"
    places = {p.stem: len(re.findall(pattern, text_of(p), re.M)) for p in TEXTS}
    assert {name: n for name, n in places.items() if n} == {law.chapter: 1}
    text = text_of(ROOT / "chapters" / f"{law.chapter}.md")
    assert [key for key in law.references if not re.search(rf"cite[^`]*`[^`]*{key}", text)] == []


LAYOUT = (r"\\(left|right|[bB]igg?[lr]?|q?quad|[,;!])(?![a-zA-Z])"
          r"|\\(begin|end)\{(aligned|gathered)\}|&|\\\\|\\cr|[\s~]")


def clauses(tex):
    """First clause of a formula without layout, its steps first and last; then what it defines."""
    def bare(part):
        return re.sub(LAYOUT, "", part).strip(".,")

    main, *rest = re.split(r"[,.]?\s*(?:,\s*\\q?quad|,\s*\\cr|,\s*\\\\)\s*", tex)
    steps = [bare(step) for step in re.split(r"\s&?=\s", main)]
    shown = "=".join([steps[0], steps[-1]] if len(steps) > 2 else steps)
    return shown, dict(bare(part).split("=", 1) for part in rest if "=" in part)


def equation(text, label):
    """The displayed equation under a label."""
    dollars = rf"^\$\$\n((?:(?!\$\$).)*?)\n\$\$ \({label}\)$"
    fenced = rf"^(?:```|:::)\{{math\}}\n:label: {label}\n(.*?)\n(?:```|:::)$"
    return (re.search(dollars, text, re.S | re.M) or re.search(fenced, text, re.S | re.M))[1]


@each_law
def test_equation_of_the_chapter_is_that_of_the_record(law):
    """Layout may differ, a step may stand between, and one of them may define more letters."""
    text = (ROOT / "chapters" / f"{law.chapter}.md").read_text("utf-8")
    (shown, defined), (kept, known) = clauses(equation(text, law.label)), clauses(law.tex)
    assert shown == kept
    assert {name: known[name] for name in defined.keys() & known} == {
        name: defined[name] for name in defined.keys() & known}  # fmt: skip


@pytest.mark.parametrize("a, b, same", [
    (r"c(k) = \left[1 - q\right]^{k} .", r"c(k) = [1 - q]^{k}", True),
    (r"v = \sum_{j=1}^k x_j = I(k) ,", "v = I(k)", True),
    ("x = a , \\qquad a = 2 .", "x = a", True),
    ("c = 1 - q", "c = 1 + q", False),
    ("x = a, \\quad a = 2", "x = b, \\quad a = 2", False),
])
def test_formulas_are_compared_without_their_layout(a, b, same):
    assert (clauses(a)[0] == clauses(b)[0]) is same


def test_table_of_laws_in_the_readme_is_that_of_the_records():
    text = (ROOT / "README.md").read_text("utf-8")
    assert readme.written(text) == text, "run `make sync`"
    assert all(text.count(f"| ${law.tex}$ |") == 1 for law in LAWS.values())


def test_citations_and_bibliography_agree():
    bib = (ROOT / "references.bib").read_text("utf-8")
    known = re.findall(r"^@\w+\{(\w+),", bib, re.M)
    assert len(known) == len(set(known))
    assert all(re.fullmatch(r"[a-z]+\d{4}[a-z0-9]+", key) for key in known)
    cited = {key.strip() for path in TEXTS
             for keys in re.findall(r"\{cite[:\w]*\}`([^`]+)`", text_of(path))
             for key in keys.split(",")}  # fmt: skip
    used = cited | {key for law in LAWS.values() for key in law.references}
    assert used <= set(known)


def test_every_chapter_is_in_the_toc_once():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    listed = [chapter["file"] for part in toc["parts"] for chapter in part["chapters"]
              if part["caption"] != "Reference"]
    assert sorted(listed) == sorted(f"chapters/{path.stem}" for path in TEXTS)
