"""scaling-laws check."""
from __future__ import annotations

import click

from .. import report
from .options import Command, read, reading, show, writing


@click.command("check", cls=Command, short_help="Read a log and say what it holds; a gate for CI.")
@reading
@click.option("--at-least", nargs=2, type=(click.IntRange(1), float), multiple=True,
              metavar="K VALUE", help="Exit with 1 if coverage at K is below VALUE, from 0 to 1.")
@writing
def command(logs, at_least, out, as_json, quiet, seed, **how):
    """Read a log and say what it holds, what was left out, and its coverage.

    \b
    Examples:
      scaling-laws check run.jsonl
      scaling-laws check run.jsonl --at-least 1 0.02 --quiet
    """
    result = report.runs.checks.checks(read(logs, quiet=quiet, **how), at_least, seed=seed)
    show(result, out=out, as_json=as_json, quiet=quiet)
    return 0 if report.runs.checks.passed(result) else 1
