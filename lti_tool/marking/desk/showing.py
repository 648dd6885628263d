"""The page of one piece of work beside its rubric, as a first marker sees it: everything on it,
put together in one place for opening, saving and whatever could not be saved."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.core import clock
from lti_tool.core.numerals import plain
from lti_tool.db import session
from lti_tool.gradebook.queries import list_standings
from lti_tool.marking.desk import bank, filters
from lti_tool.marking.desk.copies import find_earlier
from lti_tool.marking.desk.desks import Desk, device_key
from lti_tool.marking.desk.pieces import list_shelves
from lti_tool.marking.marks import mark_in_words
from lti_tool.marking.moderation.remarks_seen import list_shown
from lti_tool.marking.reckoning import explain
from lti_tool.marking.remarking import Beside, look_beside
from lti_tool.people import visits
from lti_tool.web.forms import Form
from lti_tool.web.trust import TO_A_MARKER, show_trust_line

FORM_ID = "marks-form"
Problem = tuple[str, str] | None


def find_beside(desk: Desk) -> tuple[filters.Filter, filters.Neighbours]:
    """The filter a marker came with, and what comes before and after this piece in it."""
    visit = visits.current()
    shelves = list_shelves(session(), visit, visits.settings_of_app().config_dir)
    wanted = filters.read_filter(request.args, shelves, visit.person_id)
    beside = filters.find_neighbours(shelves, wanted, visit.person_id, desk.work.submission_id)
    return wanted, beside


def list_comments(desk: Desk) -> dict[str, list[bank.Banked]]:
    """The kept comments this marker can use, by criterion."""
    found: dict[str, list[bank.Banked]] = {}
    visit = visits.current()
    for one in bank.list_comments(session(), visit.context_id, desk.rubric.key, visit.person_id):
        found.setdefault(one.criterion_id, []).append(one)
    return found


def look(
    handle: str,
    desk: Desk,
    query: Mapping[str, Any],
    *,
    typed: Mapping[str, str] | None = None,
    problem: Problem = None,
) -> Beside:
    """The work with its remarks; fields to write in only where this marker marks first."""
    may_write = not desk.is_kept_apart and desk.assignment.closed_at is None
    action = url_for(
        "marking.save",
        handle=handle,
        assignment_id=desk.assignment.id,
        code=desk.work.candidate_code,
        **query,
    )
    me = visits.current().person_id
    return look_beside(
        session(),
        desk.assignment.activity,
        desk.work,
        list_shown(session(), desk.assignment, desk.rules, desk.work, me),
        me,
        form_id=FORM_ID if may_write else None,
        action=action,
        typed=typed,
        problem=problem,
    )


def _going_out(desk: Desk) -> dict[str, str] | None:
    """What the participant would be shown, penalty and cap taken off, and how it came about."""
    if desk.judgement is None or not desk.can_release:
        return None
    reckoned = desk.terms.reckon(desk.work, desk.judgement["overall"])
    return {
        "result": mark_in_words(desk.rules, reckoned.final),
        "working": explain(reckoned.working) if len(reckoned.steps) > 1 else "",
    }


def desk_page(
    handle: str,
    desk: Desk,
    form: Form,
    *,
    clash: dict[str, Any] | None = None,
    sentence: str | None = None,
    note: str | None = None,
    typed: Mapping[str, str] | None = None,
    problem: Problem = None,
    status: int = 200,
) -> ResponseReturnValue:
    """The page.

    :param clash: what somebody else saved meanwhile, as the form's values.
    :param sentence: what could not be done.
    :param note: what was done.
    :param typed: remarks as typed and not saved, by field.
    :param problem: the remark's field that could not be kept, and why.
    """
    show_trust_line(TO_A_MARKER)
    work, assignment = desk.work, desk.assignment
    standing = list_standings(session(), (work.context_id,), (assignment.id,), work.person_id).get(
        (assignment.id, work.person_id)
    )
    wanted, neighbours = find_beside(desk)
    at = look(handle, desk, wanted.as_query(), typed=typed, problem=problem)
    page = render_template(
        "marking/work.html",
        handle=handle,
        desk=desk,
        form=form,
        form_id=FORM_ID,
        clash=clash,
        plain=plain,
        has_errors=bool(form.errors or sentence or problem),
        sentence=sentence,
        problem=at.problem,
        note=note,
        standing=standing,
        at=at,
        earlier=find_earlier(session(), work),
        today=clock.in_london(clock.now()).date(),
        beside=neighbours,
        query=wanted.as_query(),
        comments=list_comments(desk),
        mark_in_words=mark_in_words,
        own_id=visits.current().person_id,
        going_out=_going_out(desk),
        keep_key=device_key(
            visits.settings_of_app(), visits.current().person_id, work.submission_id
        ),
    )
    return page, status
