"""scaling-laws fit."""
from __future__ import annotations

import click

from .. import report
from .options import Command, Several, read, reading, show, writing


@click.command("fit", cls=Command, short_help="Laws fitted to one data set, and compared.")
@reading
@click.option("--law", "laws", cls=Several, takes=r"[a-z_]+", metavar="KEY...",
              help="Laws to fit: all with a likelihood of counts, if left out.")
@writing
def command(logs, laws, out, as_json, quiet, seed, **how):
    """Fit laws of difficulty by maximum likelihood, and compare them by AIC.

    \b
    Examples:
      scaling-laws fit run.jsonl
      scaling-laws fit run.jsonl --law beta_failure kumaraswamy --out report
    """
    result = report.runs.fits.fits(read(logs, quiet=quiet, **how), laws, seed=seed,
                                   progress=False if quiet else None)
    show(result, out=out, as_json=as_json, quiet=quiet)
