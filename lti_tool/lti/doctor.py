"""The set-up doctor: asks the live platform, and says what to change where something is wrong.

Each check is one function that yields findings; none changes anything unless told to. It runs
from the command line (`lti-tool registration doctor`) and from the administrator's page
(`launch/connection_views.py`); the words stand in `doctor_words.py`.
"""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from lti_tool.core import clock
from lti_tool.core.errors import Sentence
from lti_tool.core.identifiers import random_token
from lti_tool.db import Database
from lti_tool.db.statements import AnyRow
from lti_tool.lti import ags_columns, keys, nrps, services
from lti_tool.lti import vocabulary as v
from lti_tool.lti.addresses import is_public, resolve
from lti_tool.lti.calls import Answer, call
from lti_tool.lti.doctor_words import (
    BLOCKED,
    CERTIFICATE,
    CLOCK,
    COLUMNS,
    OUR_KEYS,
    ROSTER,
    SCOPE_SETTINGS,
    SERVICES_OFF,
    TOKEN_REFUSED,
    service_step,
    service_words,
)
from lti_tool.lti.errors import ServiceFailed
from lti_tool.lti.key_sets import usable_keys
from lti_tool.lti.registering import SCOPES
from lti_tool.lti.tokens import request_token
from lti_tool.settings import Settings

OK, PROBLEM, UNKNOWN = "ok", "problem", "unknown"
_CLOCKS_DIFFER_S = 30
_GRANTS_NOTHING = "The platform knows us, and grants no service."
_NO_ROSTER = "No list of members was offered yet. It comes with a launch, once the service is on."
_NO_COLUMNS = "No gradebook was offered yet. It comes with a launch, once the service is on."


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `state` is ok, problem, or unknown where it could not be told."""

    check: str
    state: str
    found: str
    to_do: str = ""


@dataclass(frozen=True, slots=True)
class Patient:
    """A registration and what is known of one of its contexts."""

    database: Database
    settings: Settings
    registration: AnyRow
    memberships_url: str | None = None
    line_items_url: str | None = None
    writes: bool = False
    """Whether a column may be made and deleted again to prove that it can be done."""


def _standing(patient: Patient) -> Iterator[Finding]:
    number = patient.registration.id
    if not patient.registration.is_enabled:
        yield Finding(
            "registration", PROBLEM, "It is switched off.",
            f"Switch it on: lti-tool registration enable {number}",
        )  # fmt: skip
    elif not patient.registration.is_approved:
        yield Finding(
            "registration", PROBLEM, "It waits for approval, and launches are refused.",
            f"Look at it, then: lti-tool registration approve {number}",
        )  # fmt: skip
    else:
        yield Finding("registration", OK, "It is approved and switched on.")


def _key_set(patient: Patient) -> Iterator[Finding]:
    check, url = "platform's key set", patient.registration.jwks_url
    to_do = (
        f'Open {url} in a browser. It should show {{"keys": …}}. Compare it with Moodle’s '
        "“Public keyset URL” under View configuration details, and see that this machine may "
        "reach it."
    )
    try:
        answer = call(patient.settings, "GET", url, headers={"Accept": "application/json"})
        found = usable_keys(answer.json()) if answer.status == 200 else {}
    except ServiceFailed as error:
        is_untrusted = error.reason == "certificate_untrusted"
        yield Finding(check, PROBLEM, service_words(error), CERTIFICATE if is_untrusted else to_do)
        return
    if not found:
        yield Finding(
            check, PROBLEM, f"Status {answer.status}, and no key that can be used.", to_do
        )
        return
    yield Finding(check, OK, f"{len(found)} usable key{'' if len(found) == 1 else 's'}.")
    yield from _clock(answer)


def _clock(answer: Answer) -> Iterator[Finding]:
    try:
        theirs = parsedate_to_datetime(answer.headers.get("Date", ""))
        seconds = (theirs - clock.now()).total_seconds()
    except (TypeError, ValueError):
        yield Finding("clocks", UNKNOWN, "The platform does not say what time it has.")
        return
    if abs(seconds) > _CLOCKS_DIFFER_S:
        side = "ahead of" if seconds > 0 else "behind"
        yield Finding(
            "clocks", PROBLEM, f"The platform’s clock is {abs(seconds):.0f} s {side} ours.", CLOCK
        )
    else:
        yield Finding("clocks", OK, f"They differ by {abs(seconds):.0f} s.")


def _our_address(settings: Settings) -> str:
    """Why a Moodle with its usual HTTP security would not read our key set, or nothing."""
    parts = urlsplit(settings.base_url)
    if parts.port not in (None, 80, 443):
        return f"Our address has port {parts.port}; Moodle calls only 80 and 443 unless told."
    host = parts.hostname or ""
    try:
        ipaddress.ip_address(host)
        found = [host]
    except ValueError:
        try:
            found = resolve(host, parts.port or 443)
        except (OSError, ValueError):
            return f"The name {host} cannot be resolved from here."
    if not all(is_public(address) for address in found):
        return f"{host} lies in a private network; Moodle’s blocked hosts list may hold it."
    return ""


def _our_keys(patient: Patient) -> Iterator[Finding]:
    settings = replace(patient.settings, allow_private_platforms=True)
    url = settings.url("/lti/jwks.json")
    check = "our key set"
    try:
        answer = call(settings, "GET", url)
        document = answer.json() if answer.status == 200 else {}
    except ServiceFailed as error:
        yield Finding(check, PROBLEM, f"{url}: {service_words(error)}", OUR_KEYS)
        return
    kid = keys.key_id(keys.signing_key(settings.keys_dir, settings.secret_key))
    if kid not in usable_keys(document):
        yield Finding(check, PROBLEM, f"{url} does not show the key that signs now.", OUR_KEYS)
        return
    doubt = _our_address(settings)
    words = f"{url} can be read from here."
    yield Finding(
        check, UNKNOWN if doubt else OK, f"{words} {doubt}".strip(), BLOCKED if doubt else ""
    )


def _token(patient: Patient) -> Iterator[Finding]:
    check = "token"
    try:
        answer = request_token(patient.settings, patient.registration, " ".join(sorted(SCOPES)))
        given = answer.json() if answer.status == 200 else None
    except ServiceFailed as error:
        url = patient.registration.auth_token_url
        yield Finding(
            check, PROBLEM, f"{url}: {service_words(error)}", service_step(error, TOKEN_REFUSED)
        )
        return
    if answer.status == 404 and answer.is_html:
        yield Finding(
            check, PROBLEM, "Moodle answers with a page: it could not read our key set.", BLOCKED
        )
        return
    if _is_scope_refusal(answer):
        yield Finding(check, PROBLEM, _GRANTS_NOTHING, SERVICES_OFF)
        return
    if not isinstance(given, dict) or not isinstance(given.get("access_token"), str):
        said = answer.body[:200].decode("utf-8", "replace").strip()
        said = "" if answer.is_html else "".join(c for c in said if c.isprintable())
        yield Finding(check, PROBLEM, f"Refused with status {answer.status}. {said}", TOKEN_REFUSED)
        return
    yield Finding(check, OK, "The platform gives us tokens.")
    yield from _scopes(given.get("scope"))


def _is_scope_refusal(answer: Answer) -> bool:
    """What Moodle answers, after it has checked our signature, where all services are off."""
    try:
        said = answer.json()
    except ServiceFailed:
        return False
    return answer.status == 400 and isinstance(said, dict) and said.get("error") == "invalid_scope"


def _scopes(granted: object) -> Iterator[Finding]:
    if not isinstance(granted, str):
        yield Finding("services", UNKNOWN, "The platform does not say which services it grants.")
        return
    missing = [scope for scope in SCOPES if scope not in granted.split()]
    for scope in missing:
        service, setting = SCOPE_SETTINGS[scope]
        yield Finding("services", PROBLEM, f"Not granted: {service}.", setting)
    if not missing:
        yield Finding("services", OK, "All that the tool asks for are granted.")


def _roster(patient: Patient) -> Iterator[Finding]:
    if patient.memberships_url is None:
        yield Finding("roster", UNKNOWN, _NO_ROSTER)
        return
    try:
        first = next(
            nrps.read_pages(
                patient.database, patient.settings, patient.registration, patient.memberships_url
            ),
            None,
        )
    except ServiceFailed as error:
        yield Finding("roster", PROBLEM, service_words(error), service_step(error, ROSTER))
        return
    yield Finding(
        "roster",
        OK,
        f"It can be read; its first page has {len(first.members) if first else 0} people.",
    )


def _columns(patient: Patient) -> Iterator[Finding]:
    url = patient.line_items_url
    if url is None:
        yield Finding("gradebook", UNKNOWN, _NO_COLUMNS)
        return
    parts = (patient.database, patient.settings, patient.registration)
    try:
        found = ags_columns.list_line_items(*parts, url, v.SCOPE_LINE_ITEM)
        yield Finding("gradebook", OK, f"Its columns can be read: {len(found)} of ours.")
        if patient.writes:
            yield from _make_and_delete(patient, url)
    except ServiceFailed as error:
        yield Finding("gradebook", PROBLEM, service_words(error), service_step(error, COLUMNS))


def _make_and_delete(patient: Patient, url: str) -> Iterator[Finding]:
    parts = (patient.database, patient.settings, patient.registration)
    made = ags_columns.make_line_item(
        *parts, url,
        label="lti-tool doctor: may be deleted",
        maximum=Decimal(1),
        resource_id=f"doctor-{random_token(8)}",
        resource_link_id=None,
    )  # fmt: skip
    answer = services.ask(*parts, v.SCOPE_LINE_ITEM, "DELETE", made.url, {})
    if answer.status in (200, 202, 204):
        yield Finding("gradebook", OK, "A column was made, and deleted again.")
    else:
        yield Finding(
            "gradebook", PROBLEM,
            f"A column was made, and could not be deleted (status {answer.status}).",
            "Delete the column “lti-tool doctor: may be deleted” in the gradebook’s set-up.",
        )  # fmt: skip


def examine(patient: Patient) -> list[Finding]:
    """Look at everything; one check that fails does not stop the others."""
    findings: list[Finding] = []
    for check in (_standing, _key_set, _our_keys, _token, _roster, _columns):
        try:
            findings += check(patient)
        except Sentence as error:
            findings.append(Finding(check.__name__.strip("_"), PROBLEM, error.sentence))
    return _without_doubt(findings)


def _without_doubt(findings: list[Finding]) -> list[Finding]:
    """A token proves that the platform has read our key set, wherever that lies, and so does a
    refusal of its services. (It may keep what it read: only a new key shows whether it can still.)
    """
    if not any(
        one.check == "token" and (one.state == OK or one.found == _GRANTS_NOTHING)
        for one in findings
    ):
        return findings
    read = "The platform knows the key that signs now."
    return [
        replace(one, state=OK, found=read, to_do="")
        if one.check == "our key set" and one.state == UNKNOWN
        else one
        for one in findings
    ]
