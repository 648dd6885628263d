"""Visits: the handle in the address selects one, the cookie proves it.

`beginning.py` begins them; every page under `/v/<handle>/` loads one, by a single query. A handle
alone opens nothing. A visit's end is fixed when it begins and moved only by a person's act.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from flask import current_app, g
from sqlalchemy import ColumnElement, Table, bindparam, select, update
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.core.identifiers import digest, keyed, same
from lti_tool.db.current import notes
from lti_tool.db.statements import AnyRow, run
from lti_tool.db.together import remember
from lti_tool.lti.login_registration import IS_OPEN
from lti_tool.lti.models import Context, Deployment, Registration, ResourceLink
from lti_tool.people import grants
from lti_tool.people.models import Person, Visit
from lti_tool.settings import Settings
from lti_tool.web import cookies

LASTS = timedelta(hours=4)
LASTS_AT_MOST = timedelta(hours=12)
COOKIE = "visit"
_TO_THE_MINUTE = timedelta(minutes=1)
_PROLONG = update(cast(Table, Visit.__table__)).where(Visit.id == bindparam("its_id"))


@dataclass(frozen=True, slots=True)
class CurrentVisit:
    """Who is here, in which course, at which link, with the roles of this launch."""

    id: int
    handle: str
    secret_digest: str
    person_id: int
    person_name: str
    display: dict[str, Any]
    registration_id: int
    auth_login_url: str
    context_id: int
    context_title: str
    resource_link_id: int
    resource_link_title: str
    assignment_id: int | None
    roles: frozenset[str]
    is_preview: bool
    return_url: str | None
    deep_linking: dict[str, Any] | None
    """What the platform asked for, where the visit is for choosing activities."""
    started_at: datetime
    ends_at: datetime
    requires_grant: bool = False
    """Whether this context asks for a grant of ours before an Instructor marks."""
    is_granted: bool = False
    """Whether this person has a grant here, as tutor or as leader."""
    is_leader: bool = False
    is_in_programme: bool = False
    """Whether this context is the run of a module of a programme."""

    @property
    def asked_from(self) -> str | None:
        """Where the answer goes, in a visit for choosing activities."""
        return self.deep_linking["return_url"] if self.deep_linking else None

    @property
    def may_mark(self) -> bool:
        """Whether this visit may do what tutors do."""
        return (
            self.is_tutor and not self.is_preview and (self.is_granted or not self.requires_grant)
        )

    @property
    def is_admin(self) -> bool:
        """Whether this launch proved that the person administers the platform."""
        return "admin" in self.roles and not self.is_preview

    @property
    def is_tutor(self) -> bool:
        """Whether this launch proved the role of Instructor in the context."""
        return "tutor" in self.roles

    @property
    def is_participant(self) -> bool:
        """Whether this launch proved the role of Learner, and not that of Instructor."""
        return "participant" in self.roles and not self.is_tutor


class VisitOver(Conflict):
    """There is no such visit, it has ended, or this browser did not begin it."""


_HERE = (Visit.person_id, Visit.context_id, Visit.registration_id)
_LOAD = (
    select(
        Visit.id,
        Visit.handle,
        Visit.secret_digest,
        Visit.person_id,
        Visit.registration_id,
        Visit.context_id,
        Visit.resource_link_id,
        ResourceLink.assignment_id,
        Visit.roles,
        Visit.is_preview,
        Visit.return_url,
        Visit.deep_linking,
        Visit.started_at,
        Visit.ends_at,
        Person.name,
        Person.given_name,
        Person.family_name,
        Person.display,
        Registration.auth_login_url,
        IS_OPEN.label("is_open"),
        Context.title.label("context_title"),
        Context.requires_grant,
        Context.programme_key,
        grants.held(*_HERE, Context.programme_key).label("leads"),
        ResourceLink.title.label("resource_link_title"),
    )
    .join(Person, Person.id == Visit.person_id)
    .join(Registration, Registration.id == Visit.registration_id)
    .join(Context, Context.id == Visit.context_id)
    .join(Deployment, Deployment.id == Context.deployment_id)
    .join(ResourceLink, ResourceLink.id == Visit.resource_link_id)
    .where(Visit.handle == bindparam("its_handle"))
)


@dataclass(frozen=True, slots=True)
class Along:
    """What is read with each visit, because nearly every page asks for it next."""

    joined: Any
    on: ColumnElement[bool]
    """One row of `joined` at the most, by columns of the visit and its link."""
    statement: Any
    """What is asked by `run_once` then: its columns are those of `joined`."""
    values: Callable[[CurrentVisit], dict[str, Any]]


_along: list[Along] = []


def read_along(*more: Along) -> None:
    """Let a floor above have something read with each visit."""
    _along.extend(more)
    _loading.cache_clear()


@cache
def _loading() -> Any:
    statement: Any = _LOAD
    for one in _along:
        columns = one.statement.selected_columns
        statement = statement.outerjoin(one.joined, one.on).add_columns(*columns)
    return statement


def _keep_along(session: Session, visit: CurrentVisit, left: list[Any]) -> None:
    for one in _along:
        width = len(one.statement.selected_columns)
        columns, left = left[:width], left[width:]
        is_there = any(value is not None for value in columns)
        remember(session, one.statement, one.values(visit), columns if is_there else None)


def load(session: Session, handle: str, secret: str | None) -> CurrentVisit:
    """The visit a handle selects, proved by its cookie.

    :raises VisitOver: always in the same words, so that handles cannot be told apart.
    """
    known_shape = handle.isascii() and handle.isalnum() and len(handle) <= 40
    row = run(session, _loading(), its_handle=handle).first() if known_shape else None
    if (
        row is None
        or secret is None
        or not same(digest(secret), row.secret_digest)
        or row.ends_at <= clock.now()
        or not row.is_open
    ):
        raise VisitOver("Your visit has ended, or it was begun in another browser or window.")
    visit = _visit_of(row)
    _keep_along(session, visit, list(row)[len(_LOAD.selected_columns) :])
    return visit


def _visit_of(row: AnyRow) -> CurrentVisit:
    name = row.name or " ".join(filter(None, (row.given_name, row.family_name)))
    return CurrentVisit(
        id=row.id,
        handle=row.handle,
        secret_digest=row.secret_digest,
        person_id=row.person_id,
        person_name=name,
        display=row.display or {},
        registration_id=row.registration_id,
        auth_login_url=row.auth_login_url,
        context_id=row.context_id,
        context_title=row.context_title,
        resource_link_id=row.resource_link_id,
        resource_link_title=row.resource_link_title,
        assignment_id=row.assignment_id,
        roles=frozenset(row.roles.split()),
        is_preview=row.is_preview,
        return_url=row.return_url,
        deep_linking=row.deep_linking,
        started_at=row.started_at,
        ends_at=row.ends_at,
        requires_grant=row.requires_grant,
        is_granted=row.leads is not None,
        is_leader=bool(row.leads),
        is_in_programme=bool(row.programme_key),
    )


def current() -> CurrentVisit:
    """The visit of this request; only under routes whose policy asks for one."""
    return cast(CurrentVisit, notes().visit)


def set_cookie(response: Response, handle: str, secret: str) -> None:
    """Give the browser the proof of a visit: for its own path, partitioned, for this site only."""
    cookies.keep(response, COOKIE, secret, f"/v/{handle}/")


def form_token(settings: Settings, visit: CurrentVisit) -> str:
    """The hidden field that proves a form was ours: tied to the visit, good while it lasts."""
    return keyed(settings.secret_key, f"form:{visit.id}:{visit.secret_digest}").hex()


def prolong(session: Session) -> datetime:
    """Let this request's visit last a full time from now, but not beyond half a day in all; what
    a person's own save or click asks for. Who saves every few seconds has it written once a
    minute.

    :return: when it ends.
    """
    visit = current()
    ends_at = min(clock.now() + LASTS, visit.started_at + LASTS_AT_MOST)
    if ends_at - visit.ends_at < _TO_THE_MINUTE:
        return visit.ends_at
    run(session, _PROLONG, its_id=visit.id, ends_at=ends_at)
    g.visit = replace(visit, ends_at=ends_at)
    return ends_at


def page_of(handle: str, target: str) -> str | None:
    """An address that a form brought along, if it is a page of this visit and of nothing else."""
    is_plain = target.isascii() and target.isprintable() and "\\" not in target
    return target if is_plain and target.startswith(f"/v/{handle}/") else None


def settings_of_app() -> Settings:
    """The running application's settings."""
    return cast(Settings, current_app.extensions["lti_tool.settings"])
