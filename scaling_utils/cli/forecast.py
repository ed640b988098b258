"""scaling-laws forecast."""
from __future__ import annotations

import click

import scaling_utils

from .. import report
from .options import Command, Several, number_of_samples, read, reading, show, writing

OF_ANY = {"model": None, "design": "fixed", "batch": None, "cap": None}  # history is read whole


@click.command("forecast", cls=Command, short_help="Coverage at more samples than were drawn.")
@reading
@number_of_samples("--k", help="Samples per problem to forecast: 10 and 100 times those drawn, "
                               "if left out.")
@click.option("--history", cls=Several, metavar="LOG...",
              help="Other models on the same problems, sampled longer.")
@click.option("--seal", type=click.Path(dir_okay=False), metavar="FILE",
              help="Write the forecast to a new file, to be scored when the long run exists.")
@click.option("--open", "opened", type=click.Path(dir_okay=False), metavar="FILE",
              help="Score this sealed forecast against LOG, the long run.")
@writing
def command(logs, k, history, seal, opened, out, as_json, quiet, seed, **how):
    """Forecast the share of problems that more samples would solve, with its interval.

    \b
    Examples:
      scaling-laws forecast run.jsonl --k 1000 10000
      scaling-laws forecast run.jsonl --out report
      scaling-laws forecast small.jsonl --history large.jsonl --json
      scaling-laws forecast run.jsonl --k 1000 --seal run.sealed.json
      scaling-laws forecast long.jsonl --open run.sealed.json
    """
    read_logs = read(logs, quiet=quiet, **how)
    if opened:
        return _score(opened, read_logs, k=k, history=history, seal=seal, out=out, json=as_json,
                      quiet=quiet)
    others = read(history, quiet=quiet, **how | OF_ANY) if history else ()
    result = report.runs.forecasts.forecasts(read_logs, k, history=others, seed=seed,
                                             progress=False if quiet else None)
    if seal:
        _seal(seal, read_logs, k, others, seed)
    show(result, out=out, as_json=as_json, quiet=quiet)


def _seal(path, logs, k, others, seed):
    """Seal the forecast of the one log."""
    if len(logs) != 1:
        raise click.UsageError(f"--seal takes one run, not {len(logs)}: choose one with --model")
    k = k or report.runs.forecasts.usual_k(logs[0].samples)
    history = [log.samples for log in others] or None
    scaling_utils.forecast(logs[0].samples, k, history=history, rng=seed).seal(path)


def _score(path, logs, **others):
    """Print how a sealed forecast did; options that would change nothing are refused."""
    for name in (name for name, value in others.items() if value):
        raise click.UsageError(f"--open prints the score of what was sealed: leave out --{name}")
    if len(logs) != 1:
        raise click.UsageError(f"--open takes one run, not {len(logs)}: choose one with --model")
    table = scaling_utils.open_seal(path, logs[0].samples)
    click.echo(report.runs.text.table(table.drop(columns=["method", "m"])))
