"""Reads of the gradebook: where marks stand, for pages and for the worker."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.core.errors import NotFound
from lti_tool.db.statements import AnyRow
from lti_tool.gradebook.models import Delivery, LineItem
from lti_tool.gradebook.states import COURSE_RESET, describe
from lti_tool.lti.models import Context, Deployment, Platform, Registration
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


def plain(mark: Decimal) -> str:
    """A mark without idle zeros: 62, 62.5."""
    text = format(mark, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _standing(row: AnyRow) -> Standing:
    shown = f"{plain(row.score_given)} out of {plain(row.score_maximum)}"
    is_waiting = row.state == "waiting"
    return Standing(
        row.id,
        row.person_id,
        row.assignment_id,
        row.state,
        describe(row.state, row.reason, shown),
        row.delivered_at,
        row.due_at if is_waiting else None,
        is_waiting and row.reason is not None,
        row.reason == COURSE_RESET,
    )


_STANDINGS = select(
    Delivery.id,
    Delivery.person_id,
    LineItem.assignment_id,
    Delivery.state,
    Delivery.reason,
    Delivery.score_given,
    Delivery.score_maximum,
    Delivery.delivered_at,
    Delivery.due_at,
).join(LineItem, LineItem.id == Delivery.line_item_id)


def get_standing(session: Session, delivery_id: int, context_ids: Sequence[int]) -> Standing:
    """Where one mark stands.

    :raises NotFound: there is no such delivery in these contexts.
    """
    row = session.execute(
        _STANDINGS.where(Delivery.id == delivery_id, LineItem.context_id.in_(context_ids))
    ).first()
    if row is None:
        raise NotFound("There is no such mark in this course.")
    return _standing(row)


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
    return {(row.assignment_id, row.person_id): _standing(row) for row in session.execute(query)}


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
    deployment: AnyRow


def get_parcel(session: Session, delivery_id: int) -> Parcel:
    """Read a claimed delivery with its column, registration and person."""
    delivery = session.execute(
        select(*Delivery.__table__.c).where(Delivery.id == delivery_id)
    ).one()
    line_item = session.execute(
        select(*LineItem.__table__.c).where(LineItem.id == delivery.line_item_id)
    ).one()
    registration = session.execute(
        select(
            Registration.id,
            Registration.client_id,
            Registration.auth_token_url,
            Registration.auth_audience,
            Registration.is_enabled,
            Platform.issuer,
        )
        .join(Platform, Platform.id == Registration.platform_id)
        .where(Registration.id == line_item.registration_id)
    ).one()
    deployment = session.execute(
        select(Deployment.id, Deployment.is_enabled)
        .join(Context, Context.deployment_id == Deployment.id)
        .where(Context.id == line_item.context_id)
    ).one()
    sub = session.execute(select(Person.sub).where(Person.id == delivery.person_id)).scalar_one()
    return Parcel(delivery, line_item, registration, sub, deployment)


def count_by_state(session: Session) -> dict[str, int]:
    """How many deliveries stand in each state, for operators."""
    rows = session.execute(select(Delivery.state, func.count()).group_by(Delivery.state))
    return {state: count for state, count in rows}


def list_open(session: Session) -> list[AnyRow]:
    """Deliveries that wait or need a person, oldest first; ids only, no names."""
    return list(
        session.execute(
            select(
                Delivery.id,
                Delivery.state,
                Delivery.reason,
                Delivery.tries,
                Delivery.due_at,
                Delivery.updated_at,
            )
            .where(Delivery.state.in_(("waiting", "needs_person")))
            .order_by(Delivery.updated_at, Delivery.id)
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
