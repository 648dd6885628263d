"""The command's groups, and the one place where an error becomes a sentence and an exit code."""

import importlib
import os
import sys

import click
from sqlalchemy.exc import SQLAlchemyError

from lti_tool.core.errors import Sentence

_COMMANDS = {
    "demo": "run:demo",
    "serve": "run:serve",
    "worker": "run:worker",
    "doctor": "doctor:doctor",
    "db": "database:db_group",
    "backup": "backup:backup",
    "restore": "restore:restore",
    "keys": "keys:keys_group",
    "registration": "registration:registration_group",
    "gradebook": "gradebook:gradebook_group",
    "people": "people:people_group",
    "mail": "mail:mail_group",
    "staff": "staff:staff_group",
    "privacy": "privacy:privacy_group",
}
"""Command: the module beside this one that holds it, and its name there."""


class _Commands(click.Group):
    """Loads a command's module when it is asked for: most need little of the tool."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        module, _, attribute = _COMMANDS[name].partition(":")
        found: click.Command = getattr(importlib.import_module(f"lti_tool.cli.{module}"), attribute)
        return found


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="lti-tool")
def cli() -> None:
    """An LTI 1.3 tool for SENCo-training programmes on Moodle."""


def _say(sentence: str) -> None:
    click.echo(" ".join(sentence.split()), err=True)


def _about_database(error: SQLAlchemyError) -> str:
    from lti_tool.db.addresses import say_fault  # here, since most commands meet no such error
    from lti_tool.settings import load_settings

    return say_fault(load_settings().database_url, error)


def main(arguments: list[str] | None = None) -> None:
    """Run the command and end the process with its exit code."""
    try:
        cli.main(arguments, prog_name="lti-tool", standalone_mode=False)
    except click.Abort:
        sys.exit(1)
    except click.UsageError as error:
        error.show()
        sys.exit(2)
    except click.ClickException as error:
        _say(error.format_message())
        sys.exit(1)
    except Sentence as error:
        _say(error.sentence)
        sys.exit(1)
    except SQLAlchemyError as error:
        _say(_about_database(error))
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        _say(f"The system refused: {error.strerror or error} ({error.filename or 'no file'}).")
        sys.exit(1)
    sys.exit(0)
