"""scaling-laws votes."""
from __future__ import annotations

import click

from .. import report
from .options import Command, number_of_samples, read, reading, show, writing


@click.command("votes", cls=Command, short_help="Votes, scores, an oracle, and all of k.")
@reading
@number_of_samples("--k", help="Samples per problem: 1, 2, 5, 10, ... as far as the log goes, if "
                               "left out.")
@writing
def command(logs, k, out, as_json, quiet, seed, **how):
    """Majority, weighted majority, best of n, pass^k and coverage, as far as the log allows.

    \b
    Examples:
      scaling-laws votes run.jsonl
      scaling-laws votes run.jsonl --k 1 2 8 --out report
    """
    result = report.runs.votes.votes(read(logs, answers=True, quiet=quiet, **how), k, seed=seed,
                                     progress=False if quiet else None)
    show(result, out=out, as_json=as_json, quiet=quiet)
