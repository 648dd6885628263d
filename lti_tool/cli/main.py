"""The command's groups, and the one place where an error becomes a sentence and an exit code."""

import os
import sys

import click
from sqlalchemy.exc import SQLAlchemyError

from lti_tool.cli.database import db_group
from lti_tool.cli.doctor import doctor
from lti_tool.cli.gradebook import gradebook_group
from lti_tool.cli.keys import keys_group
from lti_tool.cli.mail import mail_group
from lti_tool.cli.people import people_group
from lti_tool.cli.registration import registration_group
from lti_tool.cli.run import demo, serve, worker
from lti_tool.core.errors import Sentence


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="lti-tool")
def cli() -> None:
    """An LTI 1.3 tool for SENCo-training programmes on Moodle."""


for _command in (
    demo,
    serve,
    worker,
    doctor,
    db_group,
    keys_group,
    registration_group,
    gradebook_group,
    people_group,
    mail_group,
):
    cli.add_command(_command)


def _say(sentence: str) -> None:
    click.echo(" ".join(sentence.split()), err=True)


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
        _say(
            f"The database could not be used ({type(error).__name__}). Check "
            "LTI_TOOL_DATABASE_URL, and run `lti-tool db check`."
        )
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        _say(f"The system refused: {error.strerror or error} ({error.filename or 'no file'}).")
        sys.exit(1)
    sys.exit(0)
