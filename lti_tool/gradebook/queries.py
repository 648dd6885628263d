"""Reads of the gradebook: where marks stand, for pages and for the worker."""

from collections import namedtuple
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, literal, or_, select
from sqlalchemy.orm import Session

from lti_tool.core.errors import NotFound
from lti_tool.core.numerals import plain
from lti_tool.db.statements import AnyRow, run
from lti_tool.gradebook.findings import DIFFERENCES, KEEP
from lti_tool.gradebook.models import Comparison, Delivery, LineItem, ShownResult
from lti_tool.gradebook.outages import DUE_NOW, IS_PAUSED, REASON_NOW, WITH_REGISTRATION
from lti_tool.gradebook.states import (
    CANCELLED,
    COURSE_RESET,
    DELIVERED,
    NEEDS_PERSON,
    WAITING,
    describe,
    describe_clearing,
)
from lti_tool.lti.models import Platform, Registration
from lti_tool.people.models import Person


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one released mark stands on its way to the gradebook."""

    delivery_id: int
    person_id: int
    assignment_id: int
    state: str
    words: str
    delivered_at: datetime | None
    next_try_at: datetime | None
    is_retrying: bool
    """Whether at least one try has failed for now."""
    is_closed: bool = False
    """Whether a course reset closed it: it is never sent again."""
    differs: bool = False
    """Whether the gradebook was found to show something else, and nobody has decided yet."""
    is_taken_out: bool = False
    """Whether what was delivered is the taking out of a mark, not a mark."""
    is_theirs: bool = False
    """Whether the gradebook shows something else and a tutor decided that it stays."""


def standing_of(row: AnyRow) -> Standing:
    """Where a mark stands, from a row of its delivery with its assignment's number."""
    shown = f"{plain(row.score_given)} out of {plain(row.score_maximum)}"
    words = describe(row.state, row.reason, shown)
    if row.clears and row.state != CANCELLED:
        words = describe_clearing(row.state, row.reason)
    is_waiting = row.state == "waiting"
    return Standing(
        row.id,
        row.person_id,
        row.assignment_id,
        row.state,
        words,
        row.delivered_at,
        row.due_at if is_waiting else None,
        is_waiting and row.reason is not None,
        row.reason == COURSE_RESET,
        bool(getattr(row, "differs", False)),
        bool(row.clears) and row.state == DELIVERED,
        bool(getattr(row, "is_theirs", False)),
    )


_SHOWS_OTHER = select(literal(1)).where(
    ShownResult.line_item_id == Delivery.line_item_id,
    ShownResult.person_id == Delivery.person_id,
    ShownResult.finding.in_(sorted(DIFFERENCES)),
    ShownResult.read_at >= Delivery.delivered_at,
    Delivery.state == DELIVERED,
)
_DIFFERS = _SHOWS_OTHER.where(ShownResult.decision.is_(None)).correlate(Delivery).exists()
IS_THEIRS = _SHOWS_OTHER.where(ShownResult.decision == KEEP).correlate(Delivery).exists()
"""On deliveries: the gradebook shows something else, and a tutor decided that it stays."""
_STANDINGS = select(
    Delivery.id,
    Delivery.person_id,
    LineItem.assignment_id,
    Delivery.state,
    REASON_NOW,
    Delivery.score_given,
    Delivery.score_maximum,
    Delivery.delivered_at,
    DUE_NOW,
    Delivery.clears,
    _DIFFERS.label("differs"),
    IS_THEIRS.label("is_theirs"),
).select_from(WITH_REGISTRATION)


def get_standing(session: Session, delivery_id: int, context_ids: Sequence[int]) -> Standing:
    """Where one mark stands.

    :raises NotFound: there is no such delivery in these contexts.
    """
    row = session.execute(
        _STANDINGS.where(Delivery.id == delivery_id, LineItem.context_id.in_(context_ids))
    ).first()
    if row is None:
        raise NotFound("There is no such mark in this course.")
    return standing_of(row)


def list_standings(
    session: Session,
    context_ids: Sequence[int],
    assignment_ids: Iterable[int],
    person_id: int | None = None,
) -> dict[tuple[int, int], Standing]:
    """Where released marks stand, by (assignment, person).

    :param context_ids: what the visit may see; the assignments must lie in these.
    :param person_id: only this person's.
    """
    query = _STANDINGS.where(
        LineItem.assignment_id.in_(set(assignment_ids)), LineItem.context_id.in_(context_ids)
    )
    if person_id is not None:
        query = query.where(Delivery.person_id == person_id)
    return {(row.assignment_id, row.person_id): standing_of(row) for row in session.execute(query)}


def has_column(session: Session, assignment_id: int) -> bool:
    """Whether a launch has named or asked for an assignment's column already."""
    found = session.scalar(select(LineItem.id).where(LineItem.assignment_id == assignment_id))
    return found is not None


@dataclass(frozen=True, slots=True)
class Parcel:
    """All that sending one score needs, read before any call is made."""

    delivery: AnyRow
    line_item: AnyRow
    registration: AnyRow
    sub: str


_REGISTRATIONS = select(
    Registration.id,
    Registration.client_id,
    Registration.auth_token_url,
    Registration.auth_audience,
    Registration.is_enabled,
    Registration.product,
    Registration.paused_until,
    Registration.troubled_since,
    Platform.issuer,
).join(Platform, Platform.id == Registration.platform_id)


def get_registration_of(session: Session, registration_id: int) -> AnyRow:
    """What a call to a column's platform needs to know of its registration."""
    return session.execute(_REGISTRATIONS.where(Registration.id == registration_id)).one()


_CLAIMED = (
    select(
        Person.sub,
        *Delivery.__table__.c,
        *LineItem.__table__.c,
        *_REGISTRATIONS.selected_columns,
    )
    .select_from(Delivery)
    .join(Person, Person.id == Delivery.person_id)
    .join(LineItem, LineItem.id == Delivery.line_item_id)
    .join(Registration, Registration.id == LineItem.registration_id)
    .join(Platform, Platform.id == Registration.platform_id)
    .where(Delivery.lease == bindparam("lease"), Delivery.state == WAITING)
)


def _part(name: str, columns: Iterable[Any]) -> Any:
    return namedtuple(name, [column.key for column in columns])


_DeliveryRow = _part("_DeliveryRow", Delivery.__table__.c)
_ColumnRow = _part("_ColumnRow", LineItem.__table__.c)
_RegistrationRow = _part("_RegistrationRow", _REGISTRATIONS.selected_columns)
_OF_DELIVERY = slice(1, 1 + len(_DeliveryRow._fields))
_OF_COLUMN = slice(_OF_DELIVERY.stop, _OF_DELIVERY.stop + len(_ColumnRow._fields))


def get_parcels(session: Session, delivery_ids: Sequence[int], lease: str) -> list[Parcel]:
    """Claimed deliveries with their columns, registration and people, in the order given, as
    far as the lease still holds. One query, since most marks come singly."""
    parcels = {}
    for row in run(session, _CLAIMED, lease=lease):
        delivery = _DeliveryRow._make(row[_OF_DELIVERY])
        column = _ColumnRow._make(row[_OF_COLUMN])
        registration = _RegistrationRow._make(row[_OF_COLUMN.stop :])
        parcels[delivery.id] = Parcel(delivery, column, registration, row[0])
    return [parcels[number] for number in delivery_ids if number in parcels]


_LAST_LOOK = select(
    Delivery.id,
    Delivery.revision,
    select(literal(1))
    .select_from(Registration)
    .where(Registration.id == bindparam("registration_id"), IS_PAUSED)
    .exists()
    .label("is_held"),
).where(Delivery.lease == bindparam("lease"), Delivery.state == WAITING)


@dataclass(frozen=True, slots=True)
class LastLook:
    """What still stands of a batch that was read a moment ago."""

    revisions: dict[int, int]
    """Revision by row number, of the marks that were not replaced, withdrawn or taken over."""
    is_held: bool
    """Whether the platform is in trouble, or asked all to wait."""


def look_again(session: Session, registration_id: int, lease: str) -> LastLook:
    """A last look before sending: marks may be replaced or withdrawn while they wait their
    turn. One query for the whole batch."""
    rows = run(session, _LAST_LOOK, registration_id=registration_id, lease=lease).all()
    return LastLook({row.id: row.revision for row in rows}, any(row.is_held for row in rows))


def count_by_state(session: Session) -> dict[str, int]:
    """How many deliveries stand in each state, for operators."""
    rows = session.execute(select(Delivery.state, func.count()).group_by(Delivery.state))
    return {state: count for state, count in rows}


def list_open(
    session: Session, states: Sequence[str] = (WAITING, NEEDS_PERSON), limit: int | None = None
) -> list[AnyRow]:
    """Deliveries that wait or need a person, oldest first; ids only, no names and no marks.

    :param limit: at most so many; all where it is left out.
    """
    return list(
        session.execute(
            select(
                Delivery.id,
                LineItem.registration_id,
                Delivery.state,
                REASON_NOW,
                Delivery.tries,
                DUE_NOW,
                Delivery.updated_at,
            )
            .select_from(WITH_REGISTRATION)
            .where(Delivery.state.in_(states))
            .order_by(Delivery.updated_at, Delivery.id)
            .limit(limit)
        )
    )


def find_line_items_url(
    session: Session, registration_id: int, context_id: int | None = None
) -> str | None:
    """Where the columns are of a registration's context, or of the last that offered them."""
    one = () if context_id is None else (LineItem.context_id == context_id,)
    return session.scalar(
        select(LineItem.line_items_url)
        .where(
            LineItem.registration_id == registration_id, LineItem.line_items_url.is_not(None), *one
        )
        .order_by(LineItem.id.desc())
        .limit(1)
    )


def list_columns(session: Session, registration_id: int | None = None) -> list[AnyRow]:
    """Columns whose address is known or was, for operators: of one registration, or all."""
    query = (
        select(
            LineItem.id,
            LineItem.registration_id,
            LineItem.gone_at,
            Comparison.read_at.label("compared_at"),
        )
        .outerjoin(Comparison, Comparison.line_item_id == LineItem.id)
        .where(or_(LineItem.url.is_not(None), LineItem.gone_at.is_not(None)))
        .order_by(LineItem.id)
    )
    if registration_id is not None:
        query = query.where(LineItem.registration_id == registration_id)
    return list(session.execute(query))
