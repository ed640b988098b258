"""The fold of code on the pages: which cells join, what stays, and labels that become numbers."""
from types import SimpleNamespace

import pytest

pytest.importorskip("myst_nb")
import folded_code
from docutils import nodes


def cell(code, output=None, line=None):
    """A code cell as the notebook reader makes it; its table, and a line that it prints."""
    made = nodes.container(nb_element="cell_code")
    source = nodes.container(nb_element="cell_code_source")
    source += nodes.literal_block(text=code)
    made += source
    shown = nodes.container(nb_element="cell_code_output")
    if line:
        shown += nodes.literal_block(text=line, classes=["output", "stream"])
    if output:
        shown += nodes.paragraph(text=output)
    if shown.children:
        made += shown
    return made


def page(*parts):
    section = nodes.section()
    section.extend(parts)
    return section


def test_neighbours_join_up_to_an_output():
    section = page(cell("a = 1"), cell("b = 2\nb", "2"), cell("c = 3", "3"),
                   nodes.paragraph(text="Text."), cell("d = 4"))  # fmt: skip
    for run in list(folded_code.runs(section)):
        folded_code.fold(run)
    folds = list(section.findall(folded_code.FoldedCode))
    assert [fold["n_lines"] for fold in folds] == [3, 1, 1]
    assert [part.astext() for part in section.children] == [
        "a = 1\n\nb = 2\nb\n\n2", "c = 3\n\n3", "Text.", "d = 4"]  # fmt: skip


def test_outputs_stay_outside_the_fold():
    section = page(cell("print('shown')", "shown"))
    folded_code.fold(next(folded_code.runs(section)))
    fold, output = section.children[0].children
    assert isinstance(fold, folded_code.FoldedCode) and output.astext() == "shown"
    assert "shown" not in fold.astext().replace("print('shown')", "")


def test_what_is_printed_folds_with_its_code_and_joins():
    section = page(cell("a = 1"), cell("print(a)", line="1"), cell("table", "table"))
    [run] = folded_code.runs(section)
    folded_code.fold(run)
    fold, output = section.children[0].children
    assert fold.astext() == "a = 1\n\nprint(a)\n\n1\n\ntable" and fold["prints"]
    assert output.astext() == "table"


def test_a_printed_line_leaves_the_table_beside_it():
    both = cell("print(1)\ntable", "table", line="1")
    folded_code.fold([both])
    fold, output = both.children
    assert fold.astext().endswith("1") and output.astext() == "table"


def test_a_tag_keeps_what_is_printed_in_sight():
    kept = cell("print(1)", line="1")
    kept["classes"].append("tag_keep-output")
    folded_code.fold([kept])
    fold, output = kept.children
    assert not fold["prints"] and output.astext() == "1"


@pytest.mark.parametrize("n, prints, says", [
    (1, False, "Code, 1 line"), (3, False, "Code, 3 lines"),
    (1, True, "Code, 1 line, and what it prints"),
    (3, True, "Code, 3 lines, and what they print")])  # fmt: skip
def test_the_box_says_what_it_holds(n, prints, says):
    writer = SimpleNamespace(body=[])
    folded_code.visit_folded(writer, folded_code.FoldedCode(n_lines=n, prints=prints))
    assert f"<summary>{says}</summary>" in writer.body[0]


def test_a_wholly_hidden_cell_is_left_alone():
    hidden = cell("card('x')", "card")
    hidden["hide_mode"] = "all"
    assert not list(folded_code.runs(page(hidden)))


def test_labels_in_comments_become_numbers_and_unknown_ones_stay():
    equations = {"eq-vote": ("chapters/vote", 1)}
    env = SimpleNamespace(
        get_domain=lambda name: SimpleNamespace(equations=equations),
        toc_fignumbers={"chapters/vote": {"displaymath": {"equation-eq-vote": (2, 6)}}})
    builder = SimpleNamespace(get_relative_uri=lambda here, there: "vote.html")
    app = SimpleNamespace(env=env, builder=builder)
    body = '<span class="c1"># eq-vote, eq-none</span><span class="s2">"eq-vote"</span>'
    context = {"body": body}
    folded_code.number_labels(app, "chapters/other", "", context, doctree=True)
    assert context["body"] == (
        '<span class="c1"># <a href="vote.html#equation-eq-vote">(2.6)</a>, eq-none</span>'
        '<span class="s2">"eq-vote"</span>')
    folded_code.number_labels(app, "chapters/vote", "", context := {"body": body}, doctree=True)
    assert 'href="#equation-eq-vote"' in context["body"]
    body = '<summary aria-label="Toggle hidden content">Show</summary>'
    folded_code.number_labels(app, "chapters/vote", "", context := {"body": body}, doctree=True)
    assert context["body"] == "<summary>Show</summary>"


@pytest.mark.parametrize("code, name", [
    ('card("monkeys")', "Data card: monkeys"), ('LAWS["beta"]', "Law card: beta"),
    ('LAWS["beta"](2, a=1)', None)])  # fmt: skip
def test_folds_of_cards_say_whose_they_are(code, name):
    hidden = folded_code.HideCodeCellNode()
    hidden += nodes.literal_block(text=code)
    hidden += nodes.paragraph(text="What it shows.")
    folded_code.name_cards(page(hidden))
    assert hidden.get("prompt_show") == name
