"""`lti-tool staff`, and what becomes of entries and sessions: restore, time, the doctor."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from lti_tool.audit.models import AuditEntry
from lti_tool.core import clock
from lti_tool.parts import load_personal_data
from lti_tool.programme.keeping.deleting import delete_over
from lti_tool.programme.keeping.terms import load_retention
from lti_tool.staff import provider as client_side
from lti_tool.staff.members import list_members, remove_member
from lti_tool.staff.models import StaffMember
from lti_tool.staff.provider import look
from lti_tool.staff.refusals import SignInRefused
from tests.support.command import run_command
from tests.support.identity_provider import IdentityProvider
from tests.support.staffing import Colleague, colleague, let_in
from tests.support.visiting import World, make_world


def _environment(world: World, provider: IdentityProvider | None) -> dict[str, str]:
    settings = world.settings
    return {
        "LTI_TOOL_BASE_URL": settings.base_url,
        "LTI_TOOL_SECRET_KEY": settings.secret_key,
        "LTI_TOOL_INSTANCE_DIR": str(settings.instance_dir),
        "LTI_TOOL_KEYS_DIR": str(settings.keys_dir),
        **(provider.settings if provider else {}),
    }


def test_an_operator_names_lists_and_removes(world: World, provider: IdentityProvider) -> None:
    environment = _environment(world, provider)

    def run(*arguments: str) -> tuple[int, str]:
        done = run_command(environment, "staff", *arguments)
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout + done.stderr

    assert "Nobody is let in" in run("list")[1]
    for wrong in (
        ("add", "--role", "administrator"),
        ("add", "--email", "a@b", "--subject", "x", "--role", "administrator"),
        ("add", "--email", "a@example.ac.uk", "--role", "owner"),
    ):
        assert run(*wrong)[0] == 2, wrong
    code, said = run("add", "--email", "nobody", "--role", "technologist")
    assert code == 1 and "no e-mail address" in said
    assert run("add", "--email", "Ada@example.ac.uk", "--role", "technologist")[0] == 0
    assert run("add", "--email", "ada@example.ac.uk", "--role", "administrator")[0] == 0
    code, said = run("list")
    assert said.count("ada@example.ac.uk") == 1 and "administrator" in said
    assert "not come yet" in said
    assert run("remove", "1")[0] == 0
    assert run("remove", "1")[0] == 1
    assert (
        run("add", "--email", "ada@example.ac.uk", "--role", "technologist")[1].split()[2] == "2:"
    )
    with world.database.read() as session:
        acts = session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts[-4:] == ["staff named", "staff named", "staff removed", "staff named"]


def test_nobody_is_named_while_it_is_off(tmp_path: Path) -> None:
    done = run_command(
        _environment(make_world(tmp_path), None),
        *("staff", "add", "--email", "a@example.ac.uk", "--role", "technologist"),
    )
    assert done.returncode == 1 and "Staff sign-in is off" in done.stderr


def test_a_role_that_changes_holds_from_the_next_page(world: World, ada: Colleague) -> None:
    let_in(world, "technologist", subject="sub-ada")
    assert ada.post("/staff/registrations/1/switch", to="off").status_code == 403


def test_what_is_known_of_a_leaver_goes_by_time(world: World, ada: Colleague) -> None:
    load_personal_data()
    term = replace(load_retention(world.settings.config_dir)["audit"], is_carried_out=True)
    with world.database.write() as session:
        remove_member(session, 1)
        delete_over(session, [term])
        assert session.scalars(select(StaffMember.id)).all() == [1], "not over yet"
        long_ago = clock.now() - timedelta(days=3000)
        session.execute(StaffMember.__table__.update().values(removed_at=long_ago))
        delete_over(session, [term])
    with world.database.read() as session:
        assert session.scalars(select(StaffMember.id)).all() == []
        kept = session.execute(
            select(AuditEntry.staff_id).where(AuditEntry.act == "staff signed in")
        ).one()
        assert kept.staff_id is None, "the entry stays and leads to nobody"


def test_somebody_in_force_never_goes_by_time(world: World, ada: Colleague) -> None:
    load_personal_data()
    term = replace(load_retention(world.settings.config_dir)["audit"], is_carried_out=True)
    with world.database.write() as session:
        session.execute(text("UPDATE staff_member SET added_at = '2010-01-01 00:00:00'"))
        delete_over(session, [term])
        assert len(list_members(session)) == 1


def test_the_doctor_asks_the_provider(world: World, provider: IdentityProvider) -> None:
    assert look(world.settings).is_ok
    provider.misbehave(down=True)
    found = look(world.settings)
    assert not found.is_ok and "LTI_TOOL_OIDC_ISSUER" in found.words and "503" in found.words
    assert look(replace(world.settings, oidc_issuer="")).is_ok


def test_only_the_issuers_own_host_may_be_private(world: World, provider: IdentityProvider) -> None:
    """The operator names the issuer; what it says of other hosts is judged as any address is."""
    strict = replace(world.settings, allow_private_platforms=False)
    assert client_side._ask(strict, "GET", f"{provider.issuer}/jwks").status == 200
    elsewhere = replace(strict, oidc_issuer="https://idp.example.ac.uk")
    with pytest.raises(SignInRefused) as refused:
        client_side._ask(elsewhere, "GET", f"{provider.issuer}/jwks")
    assert refused.value.detail == "address_private"


def test_a_restore_signs_everybody_out(tmp_path: Path, provider: IdentityProvider) -> None:
    world = make_world(tmp_path, **provider.settings)
    let_in(world, "administrator", subject="sub-ada")
    browser = colleague(world, provider)
    assert browser.sign_in("ada").status_code == 303
    done = run_command(_environment(world, provider), "restore", "--by-other-means")
    assert done.returncode == 0, done.stderr
    assert browser.get("/staff/").status_code == 401
