"""The tutor's pages: what hosts answered, whose address to look at twice, paper."""

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.placement_log import states
from lti_tool.activities.placement_log.confirming.forms import PaperForm
from lti_tool.activities.placement_log.confirming.operations import NotWaiting
from lti_tool.activities.placement_log.confirming.paper import OnPaper, record_paper
from lti_tool.activities.placement_log.confirming.posted import letters_of
from lti_tool.activities.placement_log.confirming.shown import iso_in_words
from lti_tool.activities.placement_log.confirming.tutor_list import (
    Listed,
    get_visit_here,
    list_confirmations,
    list_record,
)
from lti_tool.coursework.queries import get_assignment
from lti_tool.db import session
from lti_tool.people import visits
from lti_tool.people.access import contexts_of
from lti_tool.people.queries import names_of
from lti_tool.privacy.holding import hold_names, said_no_child
from lti_tool.privacy.posted import Doubt
from lti_tool.web import notices
from lti_tool.web.policy import who_may
from lti_tool.web.trust import show_trust_line

notices.register(
    paper_recorded=(
        "success",
        "It is recorded on paper, and the visit is confirmed.",
    ),
)
_ON_A_PAGE = 100
_TRUST = "Who can see this: tutors of the course. The participant sees the answers, not the hints."


def _number(typed: str, below: int) -> int:
    """A place in a list from an address; the beginning where it is none."""
    found = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0
    return found if found < below else 0


def _assignment_id() -> int:
    here = visits.current()
    return get_assignment(session(), here.assignment_id, contexts_of(here)).id


def confirmations(handle: str) -> ResponseReturnValue:
    """Every visit of the course that a host has to do with, what needs a look first."""
    config_dir = visits.settings_of_app().config_dir
    listed = list_confirmations(session(), config_dir, _assignment_id())
    start = _number(request.args.get("from", ""), len(listed))
    return render_template(
        "placement_log/confirming/tutor.html",
        handle=handle,
        listed=listed[start : start + _ON_A_PAGE],
        before=max(start - _ON_A_PAGE, 0) if start else None,
        after=start + _ON_A_PAGE if start + _ON_A_PAGE < len(listed) else None,
        total=len(listed),
    )


def _record_page(
    handle: str,
    found: Listed,
    form: PaperForm,
    sentence: str = "",
    status: int = 200,
    doubts: Sequence[Doubt] = (),
) -> ResponseReturnValue:
    show_trust_line(_TRUST)
    config_dir = visits.settings_of_app().config_dir
    entries = list_record(session(), config_dir, found.visit)
    recorded_by = {one.read.recorded_by_id for one in entries} - {None}
    return render_template(
        "placement_log/confirming/record.html",
        handle=handle,
        found=found,
        entries=entries,
        letters=letters_of(session(), [one.read for one in entries]),
        in_words=iso_in_words,
        names=names_of(session(), {one for one in recorded_by if one is not None}),
        may_record=found.visit.state == states.DONE,
        form=form,
        doubts=doubts,
        sentence=sentence,
        has_errors=bool(form.errors or sentence),
    ), status


def confirmation_record(handle: str, visit_id: int) -> ResponseReturnValue:
    """One visit: everybody who was asked, what they said, and whether the seal holds."""
    config_dir = visits.settings_of_app().config_dir
    found = get_visit_here(session(), config_dir, _assignment_id(), visit_id)
    return _record_page(handle, found, PaperForm())


def paper(handle: str, visit_id: int) -> ResponseReturnValue:
    """Record a confirmation on paper."""
    settings = visits.settings_of_app()
    found = get_visit_here(session(), settings.config_dir, _assignment_id(), visit_id)
    form = PaperForm(request.form)
    if not form.validate() or not form.refuse_odd_day(found.visit.visit_on):
        return _record_page(handle, found, form, status=422)
    doubts = hold_names(form, ("reason", "kept"), settings.config_dir, said_no_child())
    if doubts:
        return _record_page(handle, found, form, status=422, doubts=doubts)
    try:
        record_paper(
            session(),
            settings,
            found.visit,
            OnPaper(
                form.name.data,
                form.role.data,
                form.signed_on.data,
                form.kept.data,
                form.reason.data,
            ),
            actor_id=visits.current().person_id,
        )
    except NotWaiting as error:
        return _record_page(handle, found, form, error.sentence, 409)
    address = url_for(
        "placement_log.confirmation_record", handle=handle, visit_id=visit_id, done="paper-recorded"
    )
    return redirect(address, 303)


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    blueprint.get("/confirmations")(who_may("tutor")(confirmations))
    blueprint.get("/confirmations/<int:visit_id>")(who_may("tutor")(confirmation_record))
    blueprint.post("/confirmations/<int:visit_id>/paper")(who_may("tutor")(paper))
