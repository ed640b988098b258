"""scaling-laws plan."""
from __future__ import annotations

import click

from .. import report
from .options import Command, show, writing


@click.command("plan", cls=Command, short_help="What to buy: model, strategy and samples.")
@click.argument("file", required=False, metavar="FILE")
@click.option("--example", is_flag=True, help="Print a plan file that runs as it is.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of plan files.")
@writing
@click.pass_context
def command(ctx, file, example, schema, out, as_json, quiet, seed):
    """The model, strategy and number of samples that reach a target, or make the best of a budget.

    FILE is YAML or JSON: candidates with their logs and prices, and a target or a budget. Its unit
    stands in every name: usd_per_million_tokens, budget_usd_per_problem.

    \b
    Examples:
      scaling-laws plan --example
      scaling-laws plan plan.yml
      scaling-laws plan plan.yml --out report --json
    """
    if example or schema:
        return click.echo(report.runs.plans.printed("example" if example else "schema"), nl=False)
    if file is None:
        raise click.UsageError("give a FILE; scaling-laws plan --example prints one to start from")
    if ctx.get_parameter_source("seed") is click.core.ParameterSource.DEFAULT:
        seed = None  # the file's own
    show(report.runs.plans.plans(file, seed=seed), out=out, as_json=as_json, quiet=quiet)
