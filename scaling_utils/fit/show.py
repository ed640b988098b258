"""A fit as text: one screen in a terminal, a table in a notebook, a dict for JSON."""
from __future__ import annotations

FEW = 130  # problems; with fewer, percentile intervals of alpha hold the truth too rarely
HEAD = ("parameter", "value", "standard error")


def digits(x: float, n: int = 4) -> str:
    """A number to n significant digits."""
    return f"{x:.{n}g}"


def cells(fit) -> list[tuple[str, ...]]:
    """Value, standard error and interval of each parameter, as text; "held" if it was."""
    ends = fit.intervals or {}
    rows: list[tuple[str, ...]] = []
    for name, value in fit.values.items():
        error = digits(fit.stderr[name], 2) if fit.stderr else "-"
        pair = "{} to {}".format(*map(digits, ends[name])) if name in ends else "-"
        rows.append((digits(value), *(("held", "held") if name in fit.fixed else (error, pair))))
    return rows


def sentences(fit) -> list[str]:
    """What was fitted, what may be used of it, and what the interval is."""
    how = [fit.space, fit.weights and f"{fit.weights} weights",
           fit.loss not in ("", "linear") and f"{fit.loss} loss"]
    where = ", ".join(part for part in how if part)
    units = "points" if fit.counts is None else "problems"
    likelihood = "" if fit.log_likelihood is None else (
        f", log-likelihood {fit.log_likelihood:.2f}")
    reason = f" Reason: {fit.reason}." if fit.reason else ""
    return [f"{fit.law.title}; {where}; {fit.n_points} {units}{likelihood}.",
            f"Status {fit.status.name}: use {fit.status.value}.{reason}", fit.note]


def note(fit) -> str:
    """Where the interval comes from; with few problems, how often such intervals hold the truth."""
    words = fit.resampling.note
    few = not fit.why and fit.counts is not None and fit.n_points < FEW
    if few and "alpha" in fit.values and "alpha" not in fit.fixed:
        words += (f" With {fit.n_points} problems a 95 % interval of alpha holds the truth in 81 to"
                  " 92 % of sets, one of a prediction in 90 to 97 %.")
    return words


def text(fit) -> str:
    """The fit on one screen, status first."""
    rows = [(name, *row) for name, row in zip(fit.values, cells(fit), strict=True)]
    table = [(*HEAD, f"{100 * fit.level:g} % interval"), *rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip()
             for row in table]
    what, status, words = sentences(fit)
    return "\n".join([status, *lines, what, words])


def markdown(fit) -> str:
    """The fit as a table with its sentences below."""
    head = [f"| {' | '.join(HEAD)} | {100 * fit.level:g} % interval |", "|---|---|---|---|"]
    rows = [f"| ${s.tex}$ | " + " | ".join(row) + " |"
            for s, row in zip(fit.law.params, cells(fit), strict=True)]
    return "\n".join([*head, *rows, "", *sentences(fit)])


def to_dict(fit) -> dict:
    """The fit as plain numbers, words and dicts."""
    ends = fit.intervals
    return dict(
        law=fit.law.key, status=fit.status.name, reason=fit.reason, values=dict(fit.values),
        stderr=fit.stderr and dict(fit.stderr),
        intervals=ends and {name: list(map(float, pair)) for name, pair in ends.items()},
        level=fit.level, why=fit.why, note=fit.note, fixed=dict(fit.fixed), space=fit.space,
        weights=fit.weights, loss=fit.loss, n_points=fit.n_points, n_problems=fit.n_problems,
        n_resamples=fit.resampling.n_resamples, log_likelihood=fit.log_likelihood,
    )
