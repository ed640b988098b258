"""scaling-laws convert."""
from __future__ import annotations

import click

from .. import report
from .options import Command, read, reading


@click.command("convert", cls=Command, short_help="Any log to the plain format.")
@reading
@click.option("--out", type=click.Path(dir_okay=False), metavar="FILE",
              help="A name that ends in .csv, .jsonl or .parquet; CSV to the screen, if left out.")
@click.option("--counts", is_flag=True, help="One row per problem instead of one per sample.")
@click.option("--quiet", is_flag=True, help="Say nothing of what was left out.")
def command(logs, out, counts, quiet, **how):
    """Write a log in the plain format: a row per sample, or per problem with its counts.

    \b
    Examples:
      scaling-laws convert run.jsonl --out run.csv
      scaling-laws convert run.jsonl --counts
    """
    read_logs = read(logs, answers=not counts, quiet=quiet, **how)
    text = report.runs.plain.write(read_logs, out, counts=counts)
    if text:
        click.echo(text, nl=False)
    if not quiet:
        for told in report.runs.text.exclusions(report.runs.record.Result("convert", read_logs, {},
                                                                          (), ())):
            click.echo(told, err=True)
