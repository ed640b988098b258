"""The page of replications: one row per published number, one section per paper, as HTML.

Every row has the key of its number as anchor; several ways to one number are folded under it.
"""
from __future__ import annotations

import math
from html import escape

import pandas as pd

from ..data.datasets import load
from ..laws import LAWS
from .replications import AGREES, DIFFERS, KINDS, NOTHING, UNDECIDED, number, printed

KNOWN_FROM = {"quotation": "as quoted by others", "secondary": "as told by others",
              "figure": "read from a figure"}  # fmt: skip
HEAD = ("number", "published", "ours", "relative difference", "kind", "verdict", "in the book")
WAYS = {  # what may differ between two ways to one number, in words
    "our_benchmark": "{}", "our_model": "{}", "dataset": "{}", "parameter": "{}",
    "method": "{}", "k_min": "k from {:.0f}", "k_max": "k to {:.0f}",
}  # fmt: skip
SHORT = {**dict.fromkeys(AGREES, "agrees"), UNDECIDED: "inside our interval", DIFFERS: "differs",
         NOTHING: "differs"}  # fmt: skip
UNTESTED = "untested"


class Html(str):
    """HTML that shows itself as such in a notebook."""

    def _repr_html_(self) -> str:
        return str(self)


class Markdown(str):
    """Markdown that shows itself as such in a notebook."""

    def _repr_markdown_(self) -> str:
        return str(self)


def ranked(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows by verdict, agrees before inside before differs; then the nearest first."""
    order = [*AGREES, UNDECIDED, DIFFERS, NOTHING]
    keys = pd.DataFrame({"rank": rows.verdict.map(order.index), "off": rows.relative.abs()})
    return rows.loc[keys.sort_values(["rank", "off"], kind="stable").index]


def tally(table: pd.DataFrame, constants: pd.DataFrame | None = None) -> pd.DataFrame:
    """One row per published number: key, paper, testable, kind and short verdict.

    A number that is come by in several ways counts once, with the best of its verdicts.
    """
    constants = load("published_constants") if constants is None else constants
    constants = constants[constants.published].set_index("key")
    firsts = ranked(table[table.key.isin(constants.index)]).drop_duplicates("key")
    firsts = firsts.set_index("key").reindex(constants.index)
    return pd.DataFrame({"paper": constants.paper, "kind": firsts.kind.fillna(""),
                         "verdict": firsts.verdict.map(SHORT).fillna(UNTESTED)})  # fmt: skip


def summary(table: pd.DataFrame, constants: pd.DataFrame | None = None) -> Markdown:
    """The headline: refits apart from the rest, and the untested named.

    Examples
    --------
    >>> from scaling_utils.report.replications import compare
    >>> summary(compare()).startswith("The book knows ")
    True
    """
    counts = tally(table, constants)
    tested = counts[counts.verdict != UNTESTED]
    lines = [f"The book knows {len(counts)} published numbers. It tests {len(tested)} of them; "
             f"{len(counts) - len(tested)} remain untested, each with its reason.",
             "", "| kind of test | numbers | agree | inside our interval | differ |",
             "|---|---|---|---|---|"]  # fmt: skip
    for kind in KINDS:
        lines.append(f"| {kind} | {_split(tested[tested.kind == kind], ' | ')} |")
    return Markdown("\n".join([*lines, f"| all tested | {_split(tested, ' | ')} |"]))


def _split(rows, mark):
    """Numbers of rows, that agree, inside, differ."""
    verdicts = [sum(rows.verdict == name) for name in ("agrees", UNDECIDED, DIFFERS)]
    return mark.join(map(str, [len(rows), *verdicts]))


def paper(name: str, table: pd.DataFrame, constants: pd.DataFrame | None = None) -> Html:
    """The section of one paper: what became of its numbers; folded, each of them.

    Parameters
    ----------
    name : str
        Key of the paper in the bibliography.
    table : pandas.DataFrame
        From `replications.compare`.
    constants : pandas.DataFrame, optional
        Published numbers; by default the data set `published_constants`.

    Raises
    ------
    ValueError
        If no number of that paper is known.
    """
    constants = load("published_constants") if constants is None else constants
    mine = constants[(constants.paper == name) & constants.published]
    if mine.empty:
        known = sorted(set(constants.paper))
        raise ValueError(f"no published number of {name!r}; there are {known}")
    counts = tally(table, mine)
    words = [f"{sum(counts.verdict == v)} {text}" for v, text in (
        ("agrees", "agree"), (UNDECIDED, "inside our interval"), (DIFFERS, "differ"),
        (UNTESTED, "untested")) if sum(counts.verdict == v)]  # fmt: skip
    tested = mine[mine.key.isin(table.key)]
    rows = [_row(one, table[table.key == one.key]) for one in tested.itertuples()]
    body = "\n".join(rows)
    head = "".join(f'<th scope="col">{text}</th>' for text in HEAD)
    grid = (f'<table class="replications" data-paper="{name}"><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table>") if rows else ""  # fmt: skip
    summary = f"{escape(mine.citation.iloc[0])}: {', '.join(words)}"
    return Html(f'{_most(table[table.key.isin(mine.key)])}<details class="paper">'
                f"<summary>{summary}</summary>{grid}{_untested(mine, table)}</details>")


def _most(pairs):
    """A link to the row whose number differs most, if one does."""
    firsts = ranked(pairs).drop_duplicates("key").sort_values("key")
    off = firsts[(firsts.verdict == DIFFERS) & firsts.relative.notna()]
    if off.empty:
        return ""
    row = off.loc[off.relative.abs().idxmax()]
    return (f'<p class="most">Differs most, by {_relative(row.relative)}: '
            f'<a href="#{row.key}"><code>{row.key}</code></a>.</p>')


def _row(one, ways):
    """One published number: a row whose anchor is its key."""
    first = ranked(ways).iloc[0]
    law = LAWS.get(first.law_key)
    symbols = {s.name: s.tex for s in law.params} if law else {}
    tex = symbols.get(first.parameter)
    symbol = f'<span class="math notranslate nohighlight">\\({tex}\\)</span> ' if tex else ""
    what = ", ".join(filter(None, (one.benchmark, one.model)))
    place = ", ".join(filter(None, (one.where, KNOWN_FROM.get(one.certainty))))
    others = [row for row in ways.itertuples() if row.Index != first.name]
    rest = "".join(f"<li>{_way(row, first)}</li>" for row in others)
    fold = f"<details><summary>{len(others)} more</summary><ul>{rest}</ul></details>"
    more = fold if rest else ""
    reason = "; ".join(filter(None, (first.reason.rstrip("."), one.note)))
    why = f"<details><summary>why</summary>{escape(reason)}</details>" if reason else ""
    cells = [
        f"{symbol}{escape(one.quantity)}{_small(one.law, what)}",
        f"{escape(printed(one))}{_small(place)}",
        f"{_ours(first)}{_small(_source(first))}{more}",
        _relative(first.relative), first.kind, f"{escape(first.verdict)}{why}",
        _chapter(one, law),
    ]
    cited = escape(", ".join(filter(None, (f"{one.citation}: {one.quantity}", what))))
    tags = (f'data-cite="{cited}" data-law="{escape(one.law)}" data-model="{escape(one.model)}" '
            f'data-kind="{first.kind}" data-verdict="{SHORT[first.verdict]}" '
            f'data-off="{abs(first.relative):.6g}"')
    labelled = "".join(f'<td data-label="{label}">{cell}</td>'
                       for label, cell in zip(HEAD, cells, strict=True))  # fmt: skip
    return f'<tr id="{one.key}" {tags}>{labelled}</tr>'


def _chapter(one, law):
    """Links to the chapter and to the equation of the law."""
    links = []
    if one.chapter:
        links.append(f'<a href="{one.chapter}.html">{one.chapter.replace("_", " ")}</a>')
    if law:
        links.append(f'<a href="{law.chapter}.html#equation-{law.label}">equation</a>')
    anchor = f'<a class="key" href="#{one.key}"><code>{one.key}</code></a>'
    return ", ".join(links) + f'<br><small>{anchor}</small>'


def _way(row, first):
    """One more way to a number, labelled by what differs from the first."""
    differs = [form.format(getattr(row, name)).replace("_", " ") for name, form in WAYS.items()
               if _differ(getattr(row, name), first[name])
               and not pd.isna(getattr(row, name))]  # fmt: skip
    label = ", ".join(map(escape, differs)) or "the same data again"
    off = f", {_relative(row.relative)}" if not pd.isna(row.relative) else ""
    return f"{label}: {_ours(row)}{off}, {escape(row.verdict)}"


def _differ(a, b):
    """Whether two cells differ; two missing numbers do not."""
    return not (pd.isna(a) and pd.isna(b)) and bool(pd.isna(a) or pd.isna(b) or a != b)


def _source(row):
    """How our number was found: method, data, model, range of k."""
    ends = dict.fromkeys(f"{x:,.0f}" for x in (row.k_min, row.k_max) if not pd.isna(x))
    span = f"k = {' to '.join(ends)}" if ends else ""
    status = "" if row.status in ("EXACT", "CONVERGED") else row.status
    return ", ".join(filter(None, (row.method.replace("_", " "), row.our_model, span, status)))


def _small(*texts):
    """A second line in small type."""
    text = ", ".join(filter(None, texts))
    return f"<br><small>{escape(text)}</small>" if text else ""


def _ours(row):
    """Our number with its interval."""
    text = number(row.ours, row.decimals, 2)
    if not math.isnan(row.ours_low):
        ends = (number(x, row.decimals, 2) for x in (row.ours_low, row.ours_high))
        text += f" ({' to '.join(ends)})"
    return text


def _relative(x):
    """A relative difference in percent; what rounding of sums leaves is none."""
    x = 0.0 if abs(x) < 1e-12 else x
    return "" if pd.isna(x) else f"{100 * x:+.2g} %".replace("-", "\u2212")


def _untested(mine, table):
    """Numbers without a test, grouped under their reasons; folded beside tested ones."""
    rest = mine[~mine.key.isin(table.key)]
    if rest.empty:
        return ""
    groups = []
    for why, rows in rest.groupby("why_not", sort=False):
        items = "".join(
            f'<li id="{row.key}"><code>{row.key}</code>: {escape(row.quantity)}, '
            f'{escape(printed(row))}{_small(row.benchmark, row.model, row.where)}</li>'
            for row in rows.itertuples()
        )
        groups.append(f"<p>{escape(why or 'can be tested; not compared yet')}</p><ul>{items}</ul>")
    if len(rest) == len(mine):
        return "".join(groups)
    head = f"<summary>{len(rest)} untested</summary>"
    return f'<details class="untested">{head}{"".join(groups)}</details>'


def derived(constants: pd.DataFrame | None = None) -> Html:
    """Numbers that follow from printed ones but are not printed: no published value is claimed."""
    table = load("published_constants") if constants is None else constants
    items = "".join(
        f"<li><code>{row.key}</code>: {escape(row.quantity)}{_small(row.citation, row.note)}</li>"
        for row in table[~table.published].itertuples()
    )
    return Html(f"<ul>{items}</ul>")
