"""The group of commands, and errors in one line."""
from __future__ import annotations

import errno
import sys

import click

from .. import __version__
from . import check, compare, convert, fit, forecast, plan, votes

COMMANDS = (forecast, fit, compare, votes, plan, convert, check)
NAME = "scaling-laws"
REFUSALS = (ValueError, OSError, ImportError, click.ClickException)


class Commands(click.Group):
    """A group whose errors are one line on stderr: exit code 2, or 1 where a gate failed."""

    def main(self, args=None, prog_name=None, **options):
        """Run under the one name, and leave with an exit code."""
        try:
            code = super().main(args, NAME, **options | {"standalone_mode": False})
        except click.exceptions.Abort:
            code = 130
        except REFUSALS as error:
            if getattr(error, "errno", None) == errno.EPIPE:  # the reader has seen enough
                sys.stdout = None
                sys.exit(1)
            click.echo(f"{NAME}: {in_one_line(error)}", err=True)
            code = 2
        sys.exit(code if isinstance(code, int) else 0)


def in_one_line(error: Exception) -> str:
    """The message of an error on one line, with the option or the file that it names.

    Examples
    --------
    >>> in_one_line(ValueError("a.csv, line 3:\\n no number"))
    'a.csv, line 3: no number'
    """
    told = error.format_message() if isinstance(error, click.ClickException) else str(error)
    if isinstance(error, OSError) and error.filename is not None:
        told = f"{error.filename}: {error.strerror}"
    return " ".join(told.split())


@click.group(cls=Commands, commands=[module.command for module in COMMANDS],
             context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96})
@click.version_option(__version__, message="%(version)s")
def main():
    """From the log of an evaluation to a forecast and a report.

    A LOG is a file, a folder or a pattern: samples of problems with a grade each, in a format that
    is found by its content, or counts per problem. `scaling-laws COMMAND --help` shows examples.
    """
