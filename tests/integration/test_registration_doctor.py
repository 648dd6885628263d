"""The set-up doctor against a platform of its own: what is well, and what to change in Moodle."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import lti_tool.app  # noqa: F401  every table, so that foreign keys find one another
from lti_tool.db import Database
from lti_tool.lti import doctor
from lti_tool.lti.keys import published_keys
from lti_tool.lti.registering import SCOPES
from lti_tool.lti.registrations import (
    RegistrationValues,
    add_registration,
    get_registration,
    set_enabled,
)
from tests.conformance.cases import case
from tests.support.registering_platform import RegisteringPlatform, Said, registering_platform
from tests.support.signing import jwk, rsa_key
from tests.support.visiting import begin_from_template, make_settings

CERTS, TOKEN, OURS = "/mod/lti/certs.php", "/mod/lti/token.php", "/lti/jwks.json"
ROSTER, COLUMNS = "/roster", "/columns"


@pytest.fixture
def platform() -> Iterator[RegisteringPlatform]:
    """A platform where all is well; it serves the tool's own key set too."""
    with registering_platform() as one:
        keys = {"keys": [jwk(rsa_key("first"), "k1")]}
        token = {"access_token": "t", "expires_in": 3600, "scope": " ".join(SCOPES)}
        one.said[CERTS] = Said(body=json.dumps(keys).encode())
        one.said[TOKEN] = Said(body=json.dumps(token).encode(), content_type="text/html")
        one.said[ROSTER] = Said(body=b'{"members": [{"user_id": "5", "roles": ["Learner"]}]}')
        one.said[COLUMNS] = Said(body=b"[]")
        yield one


@pytest.fixture
def patient(tmp_path: Path, platform: RegisteringPlatform) -> doctor.Patient:
    settings = make_settings(tmp_path, LTI_TOOL_ALLOW_HTTP="1", LTI_TOOL_BASE_URL=platform.url)
    begin_from_template(settings)
    database = Database(settings.database_url)
    ours = published_keys(settings.keys_dir, settings.secret_key)
    platform.said[OURS] = Said(body=json.dumps(ours).encode())
    values = RegistrationValues(
        name="Moodle",
        issuer=platform.url,
        client_id="client",
        deployment_ids=("1",),
        auth_login_url=f"{platform.url}/mod/lti/auth.php",
        auth_token_url=platform.url + TOKEN,
        jwks_url=platform.url + CERTS,
    )
    with database.write() as session:
        number, _ = add_registration(session, settings, values)
    with database.read() as session:
        row = get_registration(session, number)
    return doctor.Patient(database, settings, row, platform.url + ROSTER, platform.url + COLUMNS)


def _found(patient: doctor.Patient, check: str) -> list[doctor.Finding]:
    return [finding for finding in doctor.examine(patient) if finding.check == check]


def test_all_is_well(patient: doctor.Patient) -> None:
    findings = doctor.examine(patient)
    assert [f for f in findings if f.state != doctor.OK] == []
    assert {f.check for f in findings} == {
        "registration", "platform's key set", "clocks", "our key set", "token", "services",
        "roster", "gradebook",
    }  # fmt: skip
    ours = next(f for f in findings if f.check == "our key set")
    assert "knows the key that signs now" in ours.found and not ours.to_do


def test_a_port_that_moodle_may_not_call_is_doubted_until_it_gives_a_token(
    patient: doctor.Patient, platform: RegisteringPlatform
) -> None:
    platform.said[TOKEN] = Said(400, b'{"error": "invalid_client"}')
    (ours,) = _found(patient, "our key set")
    assert ours.state == doctor.UNKNOWN and "cURL allowed ports list" in ours.to_do


@case(234, "our key set is blocked by Moodle’s cURL security")
def test_case_234_a_blocked_key_set_is_recognised(
    patient: doctor.Patient, platform: RegisteringPlatform
) -> None:
    platform.said[TOKEN] = Said(404, b"<!DOCTYPE html>\n<html>", "text/html; charset=utf-8")
    (found,) = _found(patient, "token")
    assert found.state == doctor.PROBLEM
    assert "cURL blocked hosts list" in found.to_do and "cURL allowed ports list" in found.to_do


def test_scopes_that_are_not_granted_name_the_setting(
    patient: doctor.Patient, platform: RegisteringPlatform
) -> None:
    token = {"access_token": "t", "scope": " ".join(SCOPES[:-1])}
    platform.said[TOKEN] = Said(body=json.dumps(token).encode())
    (found,) = _found(patient, "services")
    assert found.state == doctor.PROBLEM and "Names and Role Provisioning" in found.to_do


def test_services_that_are_all_off_are_told_from_a_wrong_key(
    patient: doctor.Patient, platform: RegisteringPlatform
) -> None:
    """Moodle 5.1 with all services off, as seen: it has checked the signature by then."""
    platform.said[TOKEN] = Said(400, b'{ "error" : "invalid_scope"}', "text/html")
    (found,) = _found(patient, "token")
    assert found.state == doctor.PROBLEM and "knows us" in found.found
    assert "Names and Role Provisioning" in found.to_do
    assert "Assignment and Grade Services" in found.to_do and "keyset" not in found.to_do
    (ours,) = _found(patient, "our key set")
    assert ours.state == doctor.OK


@pytest.mark.parametrize(
    ("path", "said", "check"),
    [
        (CERTS, Said(404, b"<html>", "text/html"), "platform's key set"),
        (CERTS, Said(body=b'{"keys": []}'), "platform's key set"),
        (CERTS, Said(body=b"nonsense"), "platform's key set"),
        (OURS, Said(body=b'{"keys": []}'), "our key set"),
        (OURS, Said(502), "our key set"),
        (TOKEN, Said(400, b'{"error": "invalid_client"}'), "token"),
        (TOKEN, Said(500, b""), "token"),
        (TOKEN, Said(200, b"nonsense"), "token"),
        (ROSTER, Said(404, b"<html>", "text/html"), "roster"),
        (ROSTER, Said(401), "roster"),
        (COLUMNS, Said(401), "gradebook"),
        (COLUMNS, Said(200, b"nonsense"), "gradebook"),
    ],
)
def test_each_fault_is_found_and_says_what_to_do(
    patient: doctor.Patient, platform: RegisteringPlatform, path: str, said: Said, check: str
) -> None:
    platform.said[path] = said
    (found,) = _found(patient, check)
    assert found.state == doctor.PROBLEM and found.to_do


_OVER_ALL = ("roster", "gradebook")
"""Checks of services, which need a token first."""


def _steps(patient: doctor.Patient) -> list[str]:
    return [one.to_do for one in doctor.examine(patient) if one.check in _OVER_ALL]


def test_a_blocked_key_set_is_named_wherever_it_stands_in_the_way(
    patient: doctor.Patient, platform: RegisteringPlatform
) -> None:
    platform.said[TOKEN] = Said(404, b"<!DOCTYPE html>", "text/html")
    steps = _steps(patient)
    assert len(steps) == 2 and all("cURL blocked hosts list" in one for one in steps)


@pytest.mark.parametrize(
    "said",
    [Said(503), Said(wait_s=9), Said(200, b"<!DOCTYPE html>", "text/html")],
    ids=["it is down", "it does not answer", "it is under maintenance"],
)
def test_a_site_that_does_not_serve_is_no_matter_of_its_settings_for_the_tool(
    patient: doctor.Patient, platform: RegisteringPlatform, said: Said
) -> None:
    platform.said[ROSTER] = platform.said[COLUMNS] = said
    quick = replace(patient, settings=replace(patient.settings, platform_timeout_s=1.5))
    steps = _steps(quick)
    assert len(steps) == 2 and all("that the site is up" in one for one in steps)
    assert not any("Services" in one for one in steps)


def test_a_service_that_refuses_names_its_own_setting(
    patient: doctor.Patient, platform: RegisteringPlatform
) -> None:
    platform.said[ROSTER] = platform.said[COLUMNS] = Said(403)
    roster, columns = _steps(patient)
    assert "Names and Role Provisioning" in roster
    assert "Assignment and Grade Services" in columns


def test_a_registration_that_is_switched_off(patient: doctor.Patient) -> None:
    with patient.database.write() as session:
        set_enabled(session, patient.registration.id, False)
    with patient.database.read() as session:
        row = get_registration(session, patient.registration.id)
    settings = patient.settings
    off = doctor.Patient(patient.database, settings, row)
    assert "registration enable" in _found(off, "registration")[0].to_do
    assert _found(off, "roster")[0].state == doctor.UNKNOWN


def test_clocks_that_differ(
    patient: doctor.Patient, platform: RegisteringPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    from lti_tool.core import clock

    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(minutes=5))
    (found,) = _found(patient, "clocks")
    assert found.state == doctor.PROBLEM and "behind ours" in found.found
