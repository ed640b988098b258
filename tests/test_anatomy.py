"""The anatomy of a chapter: a sound one passes, and each planted fault is found."""
from types import SimpleNamespace

import pytest
from anatomy import faults, words

GOOD = '''---
jupytext: {}
myst:
  html_meta:
    description: "How coverage grows with the number of samples per problem."
    keywords: "pass@k, coverage"
---

(ch-pass-at-k)=
# Coverage

*You need* {ref}`ch-notation` for the letters; {ref}`ch-memory` helps.

:::{admonition} Claim
:class: tip
How often does a model solve a problem when it may try again?

Coverage reaches {glue:text}`pass_at_k-a` ({glue:text}`pass_at_k-b`), problems resampled.
:::

```{glue:figure} pass_at_k-picture
:name: fig-pass-at-k-claim
:alt: One rising curve.

Coverage rises.
```

:::{admonition} What would refute this
:class: dropdown
Evidence: {numref}`fig-pass-at-k-claim`.
A coverage that falls with more samples.
:::

## The law of coverage

```{code-cell} ipython3
:tags: [hide-input]
page.note("a", 1)
```

## Derivation
## Where it breaks: a wrong unit
## Take away
## Exercises

```{exercise}
:label: ex-pass-at-k-check

What?
```

````{exercise-start}
:label: ex-pass-at-k-compute
````

Run it.

````{exercise-end}
````

:::{solution} ex-pass-at-k-check
:class: dropdown

This.
:::
'''
PLANTED = {
    '"How coverage': ('"\\\\How', "description is not one plain"),
    "per problem.\"": (" ,, per problem.\"", "description is not one plain"),
    "samples per problem.\"": ("samples " + "per problem " * 12 + ".\"", "160 or more"),
    '    keywords: "pass@k, coverage"\n': ("", "no keywords"),
    "*You need* {ref}": ("Needed is {ref}", "do not follow"),
    "} Claim": ("} Result", "no admonition Claim"),
    ":class: tip": (":class: note", "not of class tip"),
    "try again?": ("try again.", "no question"),
    "Coverage reaches": ("word " * 50, "words, more than 60"),
    "problems resampled": ("{glue:text}`c` {glue:text}`d`", "4 numbers"),
    "```{glue:figure} pass_at_k-picture": ("```{note}", "no picture stands"),
    ":alt: One rising curve.": (":alt: Curve.", "alternative text"),
    "fig-pass-at-k-claim\n:alt": ("fig-memory-claim\n:alt", "has not the name"),
    "} What would refute this": ("} Doubts", "no admonition says"),
    "Evidence: {numref}`fig-pass-at-k-claim`": ("Evidence", "names no evidence"),
    "A coverage that falls with more samples.": ("", "names no evidence, or no outcome"),
    "with more samples.": ("with more samples", "does not end"),
    "## The law of coverage": ("## Laws", "no heading The law"),
    "## Derivation\n## Where it breaks: a wrong unit": (
        "## Where it breaks\n## Derivation", "not in order"),
    "This.\n:::\n": ("This.\n:::\n\n```{code-cell} ipython3\nrows\n```\n", "after the exercises"),
    "## Exercises": ("## Exercises\n\nSome text.", "after the exercises"),
}  # fmt: skip


def cell(source, *tags):
    """A cell as jupytext reads it."""
    return SimpleNamespace(source=source, metadata={"tags": list(tags)})


CELLS = [cell('page.note("a", 1)', "hide-input"), cell('page.picture(fig, "b")')]


def test_a_sound_chapter_has_no_faults():
    assert faults("pass_at_k", GOOD, CELLS) == []


@pytest.mark.parametrize("old", PLANTED)
def test_each_planted_fault_is_found(old):
    new, message = PLANTED[old]
    assert GOOD.count(old) == 1
    found = faults("pass_at_k", GOOD.replace(old, new), CELLS)
    assert any(message in fault for fault in found), found


@pytest.mark.parametrize("cells, message", [
    ([cell("import numpy"), *CELLS], "not folded"),
    ([*CELLS, cell('results.write_part("x", rows).shape')], "through Page"),
    ([*CELLS, cell('page.note("b", 2)')], "twice: b"),
])  # fmt: skip
def test_faults_of_cells_are_found(cells, message):
    assert [message in fault for fault in faults("pass_at_k", GOOD, cells)] == [True]


def test_a_picture_may_be_a_figure_of_a_cell():
    drawn = GOOD.replace("```{glue:figure} pass_at_k-picture\n:name: fig-pass-at-k-claim",
                         "```{code-cell} ipython3\n---\n    name: fig-pass-at-k-claim\n")
    assert faults("pass_at_k", drawn, CELLS) == []


def test_roles_formulas_and_percentages_count_as_one_word():
    assert words("From {glue:text}`a-b c` to $x + 1$, that is 95 % (of {eq}`y`).") == 9
