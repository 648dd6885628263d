"""`lti-tool gradebook` and `registration pace`, as an operator types them."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from lti_tool.cli.main import cli
from lti_tool.gradebook.models import ShownResult
from lti_tool.lti.errors import RegistrationNotFound
from tests.conformance.cases import case
from tests.integration.gradebook.bench import Bench


def _type(bench: Bench, *words: str) -> Result:
    settings = {
        "DEMO": "1",
        "DATABASE_URL": bench.settings.database_url,
        "INSTANCE_DIR": str(bench.settings.instance_dir),
        "KEYS_DIR": str(bench.settings.keys_dir),
    }
    env = {f"LTI_TOOL_{name}": value for name, value in settings.items()}
    return CliRunner().invoke(cli, list(words), env=env)


def _compare(bench: Bench, *words: str) -> tuple[int, Any]:
    result = _type(bench, "gradebook", "compare", "--json", *words)
    return result.exit_code, json.loads(result.output)


def test_a_registration_that_is_not_there_is_no_comparison(bench: Bench) -> None:
    result = _type(bench, "gradebook", "compare", "--registration", "99")
    assert isinstance(result.exception, RegistrationNotFound), result.output
    assert "99" in result.exception.sentence and "no gradebook column" not in result.output


@case(228, "an overridden grade: 200, and the tutor’s own mark stays")
def test_compare_says_what_differs_and_ends_with_1(bench: Bench) -> None:
    bench.release(62, "5")
    bench.release(70, "6")
    bench.drain()
    code, found = _compare(bench)
    assert (code, found["differs"]) == (0, False)
    bench.platform.type_in(bench.column, "6", 58, int(bench.row(2).scored_at.timestamp()))
    code, found = _compare(bench)
    assert (code, found["differs"]) == (1, True)
    assert [one["finding"] for one in found["columns"][0]["findings"]] == ["agreed", "overridden"]
    told = _type(bench, "gradebook", "compare")
    assert told.exit_code == 1
    assert "1 agreed, 1 overridden" in told.output and "sent 70, shown 58" in told.output
    status = _type(bench, "gradebook", "status").output
    assert "1  need a person" in status and "1 in the gradebook, 0 on the way, 1 need" in status
    assert "Participant" not in told.output, "ids only, no names"
    with bench.database.write() as session:
        session.execute(update(ShownResult).values(decision="keep"))
    status = _type(bench, "gradebook", "status").output
    assert "0 on the way, 0 need a person, 1 left as the gradebook has them; last" in status


def test_a_gradebook_that_cannot_be_read_ends_with_1_and_a_sentence(bench: Bench) -> None:
    bench.release(62)
    bench.drain()
    bench.platform.set(down=True)
    result = _type(bench, "gradebook", "compare")
    assert result.exit_code == 1 and "could not be read" in result.output
    assert "Traceback" not in result.output


def test_status_counts_by_column(bench: Bench) -> None:
    bench.platform.set(unenrolled=["6"])
    bench.release(62, "5")
    bench.release(70, "6")
    bench.drain()
    told = _type(bench, "gradebook", "status").output
    assert "1 in the gradebook, 0 on the way, 1 need a person; last compared never" in told
    found = json.loads(_type(bench, "gradebook", "status", "--json").output)
    assert found["counts"] == {"delivered": 1, "needs_person": 1}
    (column,) = found["columns"]
    assert (column["in_gradebook"], column["needs_person"], column["is_gone"]) == (1, 1, False)


def test_a_registration_gets_another_name(bench: Bench) -> None:
    number = str(bench.course.registration_id)
    assert _type(bench, "registration", "rename", number, "--name", " ").exit_code != 0
    assert (
        _type(bench, "registration", "rename", number, "--name", "University of B").exit_code == 0
    )
    assert "University of B" in _type(bench, "registration", "show", number).output


@pytest.mark.parametrize(("typed", "code"), [("16", 0), ("0", 2), ("65", 2), ("many", 2)])
def test_the_pace_of_a_registration(bench: Bench, typed: str, code: int) -> None:
    number = str(bench.course.registration_id)
    result = _type(bench, "registration", "pace", number, "--at-once", typed)
    assert result.exit_code == code
    shown = _type(bench, "registration", "show", number).output
    assert "None" not in shown, "what there is none of has no line"
    assert f"Scores at once        {typed if code == 0 else 4}" in shown
