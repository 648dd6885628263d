"""What a plan is held against, said at the field it is about; and what is kept of it.

Nothing here writes but for the school and the contact, which are kept when a plan is good.
"""

from collections.abc import Callable
from dataclasses import dataclass
from email.headerregistry import Address
from typing import Any

from sqlalchemy.orm import Session

from lti_tool.activities.placement_log import visit_document
from lti_tool.activities.placement_log.said import why_year_odd
from lti_tool.activities.placement_log.visits import days
from lti_tool.activities.placement_log.visits.bench import Bench
from lti_tool.activities.placement_log.visits.forms import PlanForm
from lti_tool.activities.placement_log.visits.queries import Host, VisitRead
from lti_tool.people.guest_links import keep_guest
from lti_tool.programme.schools import SchoolRead, check_urn, keep_school, schools_of, suggest

Say = Callable[[str, str], None]
"""Told a field's name and a sentence about it."""


@dataclass(frozen=True, slots=True)
class Planned:
    """The day and hours of a plan as typed, to be held against other visits."""

    visit_on: Any
    arrives_at: str
    leaves_at: str
    half_days: int


def planned(form: PlanForm) -> Planned:
    """The day and hours that a form holds."""
    return Planned(
        form.visit_on.data,
        form.arrives_at.data or "",
        form.leaves_at.data or "",
        0 if form.half_days.errors else int(form.half_days.data or 0),
    )


def say_of_days(form: PlanForm, bench: Bench, others: list[VisitRead], say: Say) -> None:
    """What is wrong with day, hours and length, beside the person's other visits."""
    plan = planned(form)
    wrong = days.why_hours_wrong(plan.arrives_at, plan.leaves_at)
    if wrong:
        say("leaves_at", wrong)
    elif too_long := days.why_not_half(plan.arrives_at, plan.leaves_at, plan.half_days):
        say("half_days", too_long)
    if too_much := days.why_too_much([*others, plan], bench.numbers.most_half_days):
        say("half_days", too_much)
    if plan.visit_on is None:
        return
    if odd := why_year_odd(plan.visit_on, bench.today):
        say("visit_on", odd)
        return
    closed = why_closed(form, bench)
    if closed is not None and not (closed[1] and form.school_is_open.data):
        say("visit_on", closed[0])
    for other in others:
        if days.collide(plan, other):
            hours = f", {other.arrives_at} to {other.leaves_at}" if other.leaves_at else ""
            say(
                "visit_on",
                f"Your visit {other.number} is on that day too "
                f"({days.length_in_words(other.half_days)}{hours}). Choose another day, other "
                "times or a shorter visit.",
            )


def why_closed(form: PlanForm, bench: Bench) -> tuple[str, bool] | None:
    """Why schools are closed on the day of a form, and whether the person may know better."""
    if form.visit_on.data is None:
        return None
    return days.why_day_closed(
        form.visit_on.data, bench.terms, closed_on_weekends=bench.numbers.closed_on_weekends
    )


def say_of_school(session: Session, form: PlanForm, bench: Bench, say: Say) -> None:
    """What is wrong with the school's number."""
    urn = (form.school_urn.data or "").strip()
    wrong = check_urn(urn)
    if wrong:
        say("school_urn", wrong)
    elif urn and form.school_name.data:
        for known in suggest(session, bench.registration_id, urn):
            if known.urn == urn and known.name.casefold() != form.school_name.data.casefold():
                say(
                    "school_urn",
                    f"{urn} is the number of “{known.name}”. If that is the school, write its "
                    "name so; if not, check the number.",
                )


def say_of_host(form: PlanForm, say: Say) -> None:
    """What is wrong with the contact: a name and an address belong together."""
    name, email = form.host_name.data or "", form.host_email.data or ""
    if bool(name) != bool(email):
        missing = "host_email" if name else "host_name"
        label = form[missing].label.text
        say(missing, f"Fill in “{label}” too, or leave both empty for now.")
    if email and not _is_address(email):
        say("host_email", "Enter one whole e-mail address, such as office@school.example.")


def _is_address(text: str) -> bool:
    try:
        found = Address(addr_spec=text)
    except Exception:  # the parser's faults are of many kinds
        return False
    return text.isascii() and "." in found.domain.strip(".") and " " not in text


def values_of(
    session: Session, bench: Bench, form: PlanForm, document: visit_document.Document
) -> dict[str, Any]:
    """The columns of a good plan; keeps its school and contact."""
    plan = planned(form)
    host_id = None
    if form.host_email.data:
        host_id = keep_guest(
            session, bench.registration_id, form.host_name.data, form.host_email.data
        )
    return {
        "school_id": keep_school(
            session,
            bench.registration_id,
            urn=(form.school_urn.data or "").strip() or None,
            name=form.school_name.data,
            phase=form.phase.data or "",
            kind=form.kind.data or "",
        ),
        "host_guest_id": host_id,
        "visit_on": plan.visit_on,
        "arrives_at": plan.arrives_at,
        "leaves_at": plan.leaves_at,
        "half_days": plan.half_days,
        "document": {
            **document,
            "focus": form.focus.data or "",
            "school_is_open": bool(form.school_is_open.data),
        },
    }


def filled_in(visit: VisitRead, school: SchoolRead | None, host: Host | None) -> dict[str, Any]:
    """A visit as the form shows it."""
    return {
        "school_name": school.name if school else "",
        "school_urn": (school.urn or "") if school else "",
        "phase": school.phase if school else "",
        "kind": school.kind if school else "",
        "host_name": host.name if host else "",
        "host_email": host.email if host else "",
        "visit_on": visit.visit_on,
        "arrives_at": visit.arrives_at,
        "leaves_at": visit.leaves_at,
        "half_days": str(visit.half_days),
        "school_is_open": visit.document["school_is_open"],
        "focus": visit.document["focus"],
    }


def schools_by_id(session: Session, bench: Bench, visits: list[VisitRead]) -> dict[int, SchoolRead]:
    """The schools of these visits, in one query."""
    ids = {one.school_id for one in visits if one.school_id is not None}
    return schools_of(session, bench.registration_id, ids)


def what_lacks(visit: VisitRead) -> list[str]:
    """What a plan still needs before a tutor can approve it, in words."""
    wanted = (
        ("the school", visit.school_id is not None),
        ("a contact at the school", visit.host_guest_id is not None),
        ("the day", visit.visit_on is not None),
        ("when you arrive and leave", bool(visit.arrives_at and visit.leaves_at)),
        ("the agreed focus", bool(visit.document["focus"].strip())),
    )
    return [words for words, is_there in wanted if not is_there]
