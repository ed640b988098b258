"""scaling-laws compare."""
from __future__ import annotations

import click

from .. import report
from .options import Command, number_of_samples, read, reading, show, writing


@click.command("compare", cls=Command, short_help="Runs on the same problems, against each other.")
@reading
@number_of_samples("--k", help="Samples per problem: 1, 2, 5, 10, ... as far as all runs go, if "
                               "left out.")
@writing
def command(logs, k, out, as_json, quiet, seed, **how):
    """Paired differences of coverage, one band for all of them, and where curves may cross.

    \b
    Examples:
      scaling-laws compare run.jsonl other.jsonl
      scaling-laws compare run.jsonl other.jsonl --k 1 10 --json
    """
    result = report.runs.comparisons.comparisons(read(logs, quiet=quiet, **how), k, seed=seed)
    show(result, out=out, as_json=as_json, quiet=quiet)
