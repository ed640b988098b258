"""What the commands share: which logs are read, how, and where the outcome goes."""
from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import PurePath

import click

import scaling_utils

DESIGNS = ("fixed", "first-success", "adaptive")
UNGRADED = ("exclude", "wrong", "error")
STEPS = ("last", "min", "prod", "mean")


class Several(click.Option):
    """An option with several values: --k 10 100, or --k 10 --k 100."""

    def __init__(self, *names, takes=r"[^-].*|-", **settings):
        super().__init__(*names, multiple=True, **settings)
        self.takes = takes  # what a further value looks like


class Command(click.Command):
    """A command whose options of the class `Several` take values up to the next option."""

    def parse_args(self, ctx, args):
        """Give each value its own option, then parse."""
        return super().parse_args(ctx, list(self._spread(args)))

    def _spread(self, args):
        several = {name: option for option in self.params if isinstance(option, Several)
                   for name in option.opts}
        current, given = None, True
        for word in args:
            if word in several:
                current, given = word, False
            elif not given:
                given = True  # the first value stands behind its option already
            elif current and re.fullmatch(several[current].takes, word):
                yield current
            else:
                current = None
            yield word


def reading(function):
    """LOG..., and how it is read."""
    for option in reversed((
        click.argument("logs", nargs=-1, required=True, metavar="LOG..."),
        click.option("--format", metavar="NAME", help="Of the log, if its content leaves doubt."),
        click.option("--model", metavar="NAME", help="Take this model alone."),
        click.option("--task", metavar="NAME", help="Take this task alone."),
        click.option("--grader", metavar="NAME", help="Take this grade, where a log has several."),
        click.option("--column", "columns", multiple=True, metavar="NAME=ALIAS",
                     help="The log's own name of a column, for example problem=doc_id."),
        click.option("--ungraded", type=click.Choice(UNGRADED), default="exclude",
                     show_default=True, help="What becomes of a sample without a grade."),
        click.option("--separate", is_flag=True,
                     help="Files of a folder repeat a run: equal ones count, all are added up."),
        click.option("--step-score", type=click.Choice(STEPS), default="last", show_default=True,
                     help="How the scores of the steps of a solution become its score."),
        click.option("--design", type=click.Choice(DESIGNS), default="fixed", show_default=True,
                     help="How it was decided when to stop sampling a problem."),
        click.option("--batch", type=int, metavar="N",
                     help="Of first-success: samples drawn at once."),
        click.option("--cap", type=int, metavar="N",
                     help="Of first-success: most samples of a problem."),
    )):
        function = option(function)
    return function


def writing(function):
    """Where the outcome goes."""
    for option in reversed((
        click.option("--out", type=click.Path(file_okay=False), metavar="DIR",
                     help="Write figure, CSV, JSON and a report (HTML) into this folder."),
        click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables."),
        click.option("--quiet", is_flag=True, help="Print no table and no progress."),
        click.option("--seed", type=click.IntRange(0), default=0, show_default=True,
                     help="Of everything that is drawn at random."),
    )):
        function = option(function)
    return function


def read(paths, *, columns=(), design="fixed", answers=False, quiet=False, **how):
    """Each path, folder or pattern as one run: its logs, with names that tell them apart."""
    how |= {"columns": dict(map(_alias, columns)) or None, "answers": answers,
            "design": design.replace("-", "_"), "progress": sys.stderr.isatty() and not quiet}
    found = [(path, _of_folder(path, log)) for path in paths
             for log in scaling_utils.read_log(path, **how)]
    names = [log.name for _, log in found]
    return tuple(log if names.count(log.name) == 1 else replace(log, name=f"{log.name} ({path})")
                 for path, log in found)


def _of_folder(path, log):
    """A log of several files that has the name of the first takes that of its folder."""
    first = PurePath(log.files[0].path).name
    return replace(log, name=str(path)) if len(log.files) > 1 and log.name == first else log


def _alias(pair):
    """NAME=ALIAS as a pair."""
    name, equals, alias = pair.partition("=")
    if not equals:
        raise click.BadParameter(f"--column {pair}: give NAME=ALIAS, for example problem=doc_id")
    return name, alias


def number_of_samples(*names, help):
    """An option that takes several numbers of samples."""
    return click.option(*names, cls=Several, takes=r"\d[\d_]*", type=click.IntRange(1),
                        metavar="K...", help=help)


def show(result, *, out, as_json, quiet):
    """Print the result, and write it where it was asked for."""
    if as_json:
        click.echo(result.to_json())
    elif not quiet:
        click.echo(result.text())
    if out is not None:
        written = result.write(out)
        told = [] if quiet else [f"Wrote {', '.join(path.name for path in written.files)} "
                                 f"into {out}."]
        for note in (*told, *written.notes):
            click.echo(note, err=True)
