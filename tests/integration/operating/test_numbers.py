"""Numbers that operators type: one that no row can have is wrong use, and no fault."""

from collections.abc import Iterator

import click
import pytest

from lti_tool.cli.main import cli
from tests.support.command import run_command

_TOO_LARGE = "99999999999999999999"


@pytest.mark.parametrize(
    "words",
    [
        ("gradebook", "retry", "--delivery"),
        ("gradebook", "compare", "--registration"),
        ("mail", "retry", "--message"),
        ("registration", "show"),
        ("staff", "remove"),
        ("people", "list", "--registration"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_number_that_no_row_can_have(database_url: str, words: tuple[str, ...]) -> None:
    environment = {"LTI_TOOL_DEMO": "1", "LTI_TOOL_DATABASE_URL": database_url}
    told = run_command(environment, *words, _TOO_LARGE)
    assert (told.returncode, told.stdout) == (2, "")
    assert f"{_TOO_LARGE} is not in the range" in told.stderr


def _parameters(command: click.Command, name: str) -> Iterator[tuple[str, click.Parameter]]:
    """Every parameter of a command and of those below it."""
    for one in command.params:
        yield f"{name} {one.name}", one
    if isinstance(command, click.Group):
        context = click.Context(command)
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            assert found is not None
            yield from _parameters(found, f"{name} {below}")


def test_every_number_has_its_bounds() -> None:
    found = dict(_parameters(cli, "lti-tool"))
    assert len(found) > 50
    boundless = [name for name, one in found.items() if one.type is click.INT]
    assert boundless == []
