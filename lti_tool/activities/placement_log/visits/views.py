"""A participant's visits: the list, and one visit with where it stands and what comes next."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.placement_log import states
from lti_tool.activities.placement_log.confirming.queries import find_asked
from lti_tool.activities.placement_log.links import ELIGIBILITY
from lti_tool.activities.placement_log.visits import (
    changes,
    days,
    device,
    operations,
    planning,
    standing,
)
from lti_tool.activities.placement_log.visits.bench import Bench, open_bench, own_visits
from lti_tool.activities.placement_log.visits.framed import framed
from lti_tool.activities.placement_log.visits.queries import (
    VisitRead,
    get_visit,
    hosts_of,
    list_removed,
    list_steps,
)
from lti_tool.activities.placement_log.visits.release import beyond_release
from lti_tool.activities.placement_log.visits.shown import shown_of
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.db import session
from lti_tool.people import visits as people_visits
from lti_tool.programme.agreements import find_agreement
from lti_tool.programme.dbs import find_dbs, why_dbs_short
from lti_tool.programme.numbers import load_programme_numbers
from lti_tool.web import notices
from lti_tool.web.policy import who_may

notices.register(
    visit_done=("success", "The visit is marked done. Now ask the host school to confirm it."),
    visit_not_done=("success", "The visit is approved and not made yet, as before."),
    visit_put_right=("success", "The visit is sent back."),
    visit_removed=("success", "The visit is removed from your log."),
)


def _own(number: int) -> tuple[Bench, VisitRead]:
    bench = open_bench()
    return bench, get_visit(session(), bench.assignment.id, bench.person_id, number)


def _devices(bench: Bench, number: int) -> list[device.Device]:
    return [
        device.device_of(bench.settings, bench.assignment.id, bench.person_id, number, form)
        for form in (device.PLAN, device.WRITE)
    ]


def list_own(handle: str) -> ResponseReturnValue:
    """All own visits, with how many days they take."""
    bench = open_bench()
    found = own_visits(bench)
    removed = list_removed(session(), bench.assignment.id, bench.person_id)
    taken = days.half_days_used(found)
    return framed(
        "list.html",
        bench,
        visits=found,
        schools=planning.schools_by_id(session(), bench, found),
        days=days,
        standing=standing,
        used=days.in_days(taken) if found else "no day",
        most=days.in_days(bench.numbers.most_half_days),
        source=bench.numbers.source,
        beyond=beyond_release(find_agreement(session(), bench.person_id), taken),
        gone=" ".join(one.name for number in removed for one in _devices(bench, number)),
    )


def show_visit(handle: str, number: int) -> ResponseReturnValue:
    """One visit: where it stands, since when and by whom, what comes next, all that is in it."""
    return _page(*_own(number))


def _page(
    bench: Bench, visit: VisitRead, sentence: str = "", status: int = 200
) -> ResponseReturnValue:
    steps = list_steps(session(), visit.id)
    stands = changes.stands_as(visit, steps[-1] if steps else None)
    school = planning.schools_by_id(session(), bench, [visit]).get(visit.school_id or 0)
    host = hosts_of(session(), [visit.host_guest_id]).get(visit.host_guest_id or 0)
    return framed(
        "visit.html",
        bench,
        visit=visit,
        stands=stands,
        states=states,
        standing=standing,
        next_step=standing.what_comes_next(visit),
        why_not=_why_not_approved(bench, visit),
        eligibility_url=url_for(ELIGIBILITY, handle=people_visits.current().handle),
        steps=standing.shown_steps(session(), visit, steps, bench.person_id),
        shown=shown_of(bench, visit, school, host),
        closed=operations.why_closed(session(), visit),
        not_yet=days.why_not_done_yet(visit, clock.now()),
        may_remove=stands in changes.REMOVABLE,
        devices=_devices(bench, visit.number),
        new_device=device.device_of(
            bench.settings, bench.assignment.id, bench.person_id, device.NEW, device.PLAN
        ),
        asked=find_asked(session(), bench.config_dir, visit),
        errors=[(None, sentence)] if sentence else [],
        has_errors=bool(sentence),
    ), status


def _why_not_approved(bench: Bench, visit: VisitRead) -> str | None:
    """What a complete plan still waits for, besides the tutor."""
    if visit.state != states.PLANNED or visit.visit_on is None or planning.what_lacks(visit):
        return None
    numbers = load_programme_numbers(bench.config_dir)
    return why_dbs_short(find_dbs(session(), visit.person_id), numbers, visit.visit_on)


def mark_done(handle: str, number: int) -> ResponseReturnValue:
    """Say that the visit was made, on a day that has come and on which the school is open."""
    bench, visit = _own(number)
    wrong = days.why_not_done_yet(visit, clock.now()) or _why_closed(bench, visit)
    if wrong:
        return _page(bench, visit, wrong, 422)
    operations.mark_done(session(), visit)
    return _back(handle, number, "visit-done")


def _why_closed(bench: Bench, visit: VisitRead) -> str | None:
    if visit.visit_on is None:
        return None
    closed = days.why_day_closed(
        visit.visit_on, bench.terms, closed_on_weekends=bench.numbers.closed_on_weekends
    )
    if closed is None or (closed[1] and visit.document["school_is_open"]):
        return None
    return closed[0]


def take_done_back(handle: str, number: int) -> ResponseReturnValue:
    """Say that the visit was not made after all."""
    _, visit = _own(number)
    if visit.state != states.DONE:
        raise Conflict("Only a visit that waits for the host school can be taken back.")
    operations.take_done_back(session(), visit)
    return _back(handle, number, "visit-not-done")


def put_right(handle: str, number: int) -> ResponseReturnValue:
    """Send a visit back that was returned, or of which the host said that something is wrong."""
    _, visit = _own(number)
    if visit.state not in (states.RETURNED, states.WRONG):
        raise Conflict("This visit was not returned to you, or was sent back already.")
    operations.put_right(session(), visit)
    return _back(handle, number, "visit-put-right")


def ask_removal(handle: str, number: int) -> ResponseReturnValue:
    """Whether the visit is really to be removed."""
    bench, visit = _own(number)
    school = planning.schools_by_id(session(), bench, [visit]).get(visit.school_id or 0)
    return framed("remove.html", bench, visit=visit, school=school, days=days)


def remove(handle: str, number: int) -> ResponseReturnValue:
    """Take a visit that was not made out of the log."""
    bench, visit = _own(number)
    operations.remove_visit(session(), visit, context_id=bench.assignment.context_id)
    return redirect(url_for("placement_log.visits", handle=handle, done="visit-removed"), 303)


def _back(handle: str, number: int, done: str) -> ResponseReturnValue:
    return redirect(url_for("placement_log.visit", handle=handle, number=number, done=done), 303)


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    may = who_may("participant")
    blueprint.get("/visits/", endpoint="visits")(may(list_own))
    blueprint.get("/visits/<int:number>", endpoint="visit")(may(show_visit))
    blueprint.post("/visits/<int:number>/done", endpoint="mark_done")(may(mark_done))
    blueprint.post("/visits/<int:number>/not-done", endpoint="not_done")(may(take_done_back))
    blueprint.post("/visits/<int:number>/put-right", endpoint="put_right")(may(put_right))
    blueprint.get("/visits/<int:number>/remove", endpoint="ask_removal")(may(ask_removal))
    blueprint.post("/visits/<int:number>/remove", endpoint="remove_visit")(may(remove))
