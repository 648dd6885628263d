"""The pages of one meeting, the same for each side: reading, writing, changing, confirming.

Each side's module of pages calls `add_meeting_pages` with a function that makes its `Desk`: who is
here, whose meetings these are, and where its pages lie.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.placement_log.mentoring import operations
from lti_tool.activities.placement_log.mentoring.entry import MODES
from lti_tool.activities.placement_log.mentoring.forms import (
    TEXTS,
    MeetingForm,
    QueryForm,
    TutorChoiceForm,
    form_of,
)
from lti_tool.activities.placement_log.mentoring.operations import MeetingChanged
from lti_tool.activities.placement_log.mentoring.parties import TUTORIAL, WITH_MENTOR, Party
from lti_tool.activities.placement_log.mentoring.queries import MeetingRead, get_meeting
from lti_tool.core.errors import NotFound
from lti_tool.core.numerals import whole
from lti_tool.db import session
from lti_tool.people import visits
from lti_tool.privacy.holding import hold_names, said_no_child
from lti_tool.privacy.posted import Doubt
from lti_tool.web import notices
from lti_tool.web.policy import who_may

notices.register(
    meeting_kept=("success", "The meeting is kept. The other side is asked to confirm it."),
    meeting_changed=("success", "Your change is kept."),
    meeting_confirmed=("success", "Confirmed. The meeting counts now."),
    meeting_queried=("success", "The other side is told that something is wrong."),
    meeting_removed=("success", "The meeting is removed."),
)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where somebody sits with a participant's meetings."""

    party: Party
    name: str
    """What the endpoints of its meeting pages begin with."""
    home: str
    """Address of the page that lists the meetings."""
    args: dict[str, Any]
    """What its addresses take besides the meeting."""
    participant: str
    """The participant's name; to themselves, "you"."""
    partners: dict[str, str] = field(default_factory=dict)
    """Tutors to choose from, by number, where a participant writes a tutorial down."""
    mentorship_id: int | None = None
    """Whose meeting with a mentor is written down here, where one can be."""
    tutor_id: int | None = None
    """The tutor whose tutorial is written down here, where a tutor does."""
    names: dict[str, str] = field(default_factory=dict)
    """Names of mentors ("m" and the mentorship) and tutors ("t" and the person)."""
    parts: list[dict[str, str]] = field(default_factory=list)
    """The parts of the log, for whose own it is."""

    def url(self, page: str, **more: Any) -> str:
        """The address of one of its meeting pages."""
        return url_for(f"{self.name}_{page}", **self.args, **more)

    def partner_of(self, meeting: MeetingRead) -> str:
        """The name of the mentor or tutor whom the participant met."""
        key = f"m{meeting.mentorship_id}" if meeting.mentorship_id else f"t{meeting.tutor_id}"
        return self.names.get(key, "")


OpenDesk = Callable[..., Desk]


def _revision() -> int:
    return whole(request.form.get("revision"))


def _show(
    desk: Desk,
    meeting: MeetingRead,
    form: QueryForm,
    *,
    doubts: list[Doubt] | None = None,
    sentence: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    return render_template(
        "mentoring/meeting.html",
        desk=desk,
        meeting=meeting,
        form=form,
        doubts=doubts or [],
        sentence=sentence,
        has_errors=bool(form.errors or sentence),
        modes=MODES,
    ), status


def _write_page(
    desk: Desk,
    form: MeetingForm,
    *,
    kind: str,
    meeting: MeetingRead | None = None,
    tutor_form: TutorChoiceForm | None = None,
    doubts: list[Doubt] | None = None,
    sentence: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    return render_template(
        "mentoring/meeting_form.html",
        desk=desk,
        form=form,
        kind=kind,
        meeting=meeting,
        tutor_form=tutor_form,
        doubts=doubts or [],
        sentence=sentence,
        has_errors=bool(form.errors or sentence or (tutor_form and tutor_form.errors)),
    ), status


def _hold(
    form: MeetingForm | QueryForm, names: tuple[str, ...], known: frozenset[str]
) -> tuple[list[Doubt], frozenset[str]]:
    """What is in doubt, and the keys of what was said to name no child."""
    cleared = known | said_no_child()
    return hold_names(form, names, visits.settings_of_app().config_dir, cleared), cleared


def show(open_desk: OpenDesk, meeting_id: int, **args: Any) -> ResponseReturnValue:
    """One meeting, and what this side can do with it."""
    desk = open_desk(**args)
    return _show(desk, get_meeting(session(), desk.party, meeting_id), QueryForm())


def write(open_desk: OpenDesk, kind: str, **args: Any) -> ResponseReturnValue:
    """An empty form, or a meeting to be kept."""
    desk = open_desk(**args)
    tutor_form = _tutor_form(desk, kind)
    if request.method != "POST":
        return _write_page(desk, MeetingForm(), kind=kind, tutor_form=tutor_form)
    form = MeetingForm(request.form)
    good = form.validate()
    good = (tutor_form is None or tutor_form.validate()) and good
    doubts, cleared = _hold(form, TEXTS, frozenset())
    if not good or doubts:
        return _write_page(desk, form, kind=kind, tutor_form=tutor_form, doubts=doubts, status=422)
    meeting_id = operations.write_meeting(
        session(),
        visits.settings_of_app(),
        desk.party,
        kind,
        replace(form.entry, no_child=cleared),
        mentorship_id=desk.mentorship_id if kind == WITH_MENTOR else None,
        tutor_id=(int(tutor_form.tutor.data) if tutor_form else desk.tutor_id)
        if kind == TUTORIAL
        else None,
    )
    return redirect(desk.url("show", meeting_id=meeting_id, done="meeting-kept"), 303)


def _tutor_form(desk: Desk, kind: str) -> TutorChoiceForm | None:
    """With whom the tutorial was, where that is not clear.

    :raises NotFound: here no meeting of this kind can be written down.
    """
    if kind not in (WITH_MENTOR, TUTORIAL) or (kind == WITH_MENTOR and desk.mentorship_id is None):
        raise NotFound("There is no mentor to write a meeting down with.")
    if kind == WITH_MENTOR or desk.tutor_id is not None:
        return None
    form = TutorChoiceForm(request.form if request.method == "POST" else None)
    form.tutor.offer(desk.partners)
    return form


def change(open_desk: OpenDesk, meeting_id: int, **args: Any) -> ResponseReturnValue:
    """A meeting in its form, or the change of it."""
    desk = open_desk(**args)
    meeting = get_meeting(session(), desk.party, meeting_id)
    if request.method != "POST":
        return _write_page(desk, form_of(meeting.entry), kind=meeting.kind, meeting=meeting)
    form = MeetingForm(request.form)
    good = form.validate()
    doubts, cleared = _hold(form, TEXTS, meeting.entry.no_child)
    if not good or doubts:
        return _write_page(
            desk, form, kind=meeting.kind, meeting=meeting, doubts=doubts, status=422
        )
    try:
        operations.change_meeting(
            session(),
            visits.settings_of_app(),
            desk.party,
            meeting,
            replace(form.entry, no_child=cleared),
            _revision(),
        )
    except MeetingChanged:
        return _write_page(
            desk,
            form,
            kind=meeting.kind,
            meeting=meeting,
            sentence="This meeting was changed on another device after you opened it. What is "
            "kept now stands below the form. Yours is still in the fields: save again to put it "
            "in its place.",
            status=409,
        )
    return redirect(desk.url("show", meeting_id=meeting_id, done="meeting-changed"), 303)


def confirm(open_desk: OpenDesk, meeting_id: int, **args: Any) -> ResponseReturnValue:
    """The other side says yes."""
    desk = open_desk(**args)
    meeting = get_meeting(session(), desk.party, meeting_id)
    try:
        operations.confirm_meeting(session(), desk.party, meeting, _revision())
    except MeetingChanged as error:
        return _show(desk, meeting, QueryForm(), sentence=error.sentence, status=409)
    return redirect(desk.url("show", meeting_id=meeting_id, done="meeting-confirmed"), 303)


def query(open_desk: OpenDesk, meeting_id: int, **args: Any) -> ResponseReturnValue:
    """The other side says what is wrong."""
    desk = open_desk(**args)
    meeting = get_meeting(session(), desk.party, meeting_id)
    form = QueryForm(request.form)
    good = form.validate()
    doubts, _ = _hold(form, ("query",), frozenset())
    if not good or doubts:
        return _show(desk, meeting, form, doubts=doubts, status=422)
    try:
        operations.query_meeting(
            session(),
            visits.settings_of_app(),
            desk.party,
            meeting,
            form["query"].data,
            _revision(),
        )
    except MeetingChanged as error:
        return _show(desk, meeting, form, sentence=error.sentence, status=409)
    return redirect(desk.url("show", meeting_id=meeting_id, done="meeting-queried"), 303)


def remove(open_desk: OpenDesk, meeting_id: int, **args: Any) -> ResponseReturnValue:
    """Take out a meeting that was never confirmed."""
    desk = open_desk(**args)
    meeting = get_meeting(session(), desk.party, meeting_id)
    try:
        operations.remove_meeting(session(), desk.party, meeting, _revision())
    except MeetingChanged as error:
        return _show(desk, meeting, QueryForm(), sentence=error.sentence, status=409)
    return redirect(f"{desk.home}?done=meeting-removed", 303)


def add_meeting_pages(
    blueprint: Blueprint, name: str, rule: str, policy: str, open_desk: OpenDesk
) -> None:
    """Put a side's meeting pages into a blueprint.

    :param name: what the endpoints begin with.
    :param rule: the address below which they lie.
    :param open_desk: given what the address names, says who sits where.
    """
    pages: tuple[tuple[str, Callable[..., ResponseReturnValue], list[str]], ...] = (
        ("/<int:meeting_id>", show, ["GET"]),
        ("/new/<kind>", write, ["GET", "POST"]),
        ("/<int:meeting_id>/change", change, ["GET", "POST"]),
        ("/<int:meeting_id>/confirm", confirm, ["POST"]),
        ("/<int:meeting_id>/query", query, ["POST"]),
        ("/<int:meeting_id>/remove", remove, ["POST"]),
    )
    for below, page, methods in pages:
        blueprint.add_url_rule(
            rule + below,
            f"{name}_{page.__name__}",
            who_may(policy)(partial(page, open_desk)),
            methods=methods,
        )
