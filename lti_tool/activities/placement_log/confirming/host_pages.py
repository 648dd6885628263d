"""What a host sees for a ticket: the visit to confirm, the receipt, or why it has ended."""

from collections.abc import Sequence
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from lti_tool.activities.placement_log import states
from lti_tool.activities.placement_log.confirming import proofs
from lti_tool.activities.placement_log.confirming.confirmation import (
    ANSWERED,
    CHANGED,
    EXPIRED,
    NOT_MINE,
    OPEN,
    PASSED_ON,
    REPLACED,
    WITHDRAWN,
    WRONG,
    YES,
    ConfirmationRead,
)
from lti_tool.activities.placement_log.confirming.forms import PassForm, SignForm, WrongForm
from lti_tool.activities.placement_log.confirming.proofs import Ticket
from lti_tool.activities.placement_log.confirming.queries import find_confirmation
from lti_tool.activities.placement_log.confirming.seals import verify
from lti_tool.activities.placement_log.confirming.shown import (
    Shown,
    day_in_words,
    length_in_words,
    school_in_words,
    what_is_shown,
)
from lti_tool.activities.placement_log.confirming.visit_rows import course_of, find_visit
from lti_tool.activities.placement_log.confirming.words import load_wording
from lti_tool.activities.placement_log.visit_reads import VisitRead
from lti_tool.core import clock
from lti_tool.core.digests import document_digest
from lti_tool.db import abandon, session
from lti_tool.people import visits
from lti_tool.people.queries import names_of
from lti_tool.privacy.holding import hold_names, said_no_child
from lti_tool.privacy.posted import Doubt
from lti_tool.web.contacts import load_contacts
from lti_tool.web.errors import error_page

_SAID = {
    YES: "Yes, this happened",
    WRONG: "Something is wrong",
    NOT_MINE: "Not my visit",
}
_ENDED = {
    WITHDRAWN: ("The participant has taken this request back.", "You need do nothing."),
    REPLACED: (
        "The participant has asked anew since, or it was confirmed in another way.",
        "If you have a newer message, use the address or the code in that one.",
    ),
    PASSED_ON: (
        "This was passed on to the colleague who hosted, and they are asked now.",
        "You need do nothing more.",
    ),
    CHANGED: (
        "The participant has changed the visit, so it is not waiting for you now.",
        "If it is to be confirmed, you will be asked anew.",
    ),
    EXPIRED: (
        "The time for an answer is over.",
        "If you still want to answer, tell the participant: they can ask you again.",
    ),
}


def _common(visit: VisitRead, shown: Shown) -> dict[str, Any]:
    """What page and receipt both show."""
    settings = visits.settings_of_app()
    participant = names_of(session(), [visit.person_id])[visit.person_id]
    course = course_of(session(), visit.assignment_id)
    contact = load_contacts(settings.config_dir)["privacy_contact"] or course.university
    wording = load_wording(settings.config_dir)
    values = {
        "participant": participant,
        "university": course.university,
        "contact": contact,
    }
    return {
        "participant": participant,
        "course": course,
        "where": {
            "school": school_in_words(shown),
            "day": day_in_words(shown),
            "length": length_in_words(shown),
        },
        "shown": shown,
        "kept": wording.said(wording.kept, **values),
        "help": wording.said(wording.help, **values),
    }


def _receipt(
    one: ConfirmationRead, visit: VisitRead, sentence: str, status: int
) -> ResponseReturnValue:
    seal = verify(one, None)
    return render_template(
        "placement_log/confirming/receipt.html",
        one=one,
        said=_SAID[one.answer],
        seal=seal,
        sentence=sentence,
        **_common(visit, one.shown or {}),
    ), status


def show_over(ticket: Ticket, *, status: int = 410) -> ResponseReturnValue:
    """What a ticket or a link shows that takes no answer any more; nothing was changed.

    :param status: 409 where somebody has just tried to answer.
    """
    abandon()
    one = find_confirmation(session(), ticket.confirmation_id)
    visit = find_visit(session(), one.visit_id) if one is not None else None
    if one is None or visit is None:
        return error_page(
            410,
            "The visit that this was about is no longer there.",
            "You need do nothing.",
            "visit_gone",
            title="This visit is gone",
        )
    if one.standing == ANSWERED and one.answer in _SAID and one.shown is not None:
        return _show_answered(one, visit, status)
    why = one.why_closed or (EXPIRED if one.standing == EXPIRED else CHANGED)
    happened, to_do = _ENDED[why]
    if why == EXPIRED:
        happened = f"{happened} It ended on {clock.day(one.expires_at)}."
    return error_page(
        status, happened, to_do, f"confirmation_{why}", title="This is not waiting for an answer"
    )


def _show_answered(one: ConfirmationRead, visit: VisitRead, status: int) -> ResponseReturnValue:
    """The receipt, until the link would have ended; afterwards only that there is an answer."""
    assert one.answered_at is not None
    at = clock.day_and_time(one.answered_at)
    if one.expires_at <= clock.now():
        return error_page(
            status,
            f"This was answered on {at}. Reference {one.reference}.",
            "You need do nothing.",
            "confirmation_answered",
            title="This was answered",
        )
    sentence = ""
    if status == 409:
        sentence = (
            f"This was answered already, on {at}, perhaps by somebody else with the same address. "
            "What you sent was not needed, and nothing was changed."
        )
    return _receipt(one, visit, sentence, 409 if status == 409 else 200)


def show_page(
    ticket: Ticket,
    *,
    forms: dict[str, Any] | None = None,
    sentence: str = "",
    status: int = 200,
    doubts: Sequence[Doubt] = (),
) -> ResponseReturnValue:
    """The visit with its four answers; once there is one, the receipt.

    :param forms: forms as they were sent, by answer, to be shown again with what is wrong.
    :param doubts: what in a reason seems to name a child.
    """
    one = find_confirmation(session(), ticket.confirmation_id)
    visit = find_visit(session(), one.visit_id) if one is not None else None
    if one is None or visit is None or one.standing != OPEN or visit.state != states.DONE:
        return show_over(ticket, status=410 if status == 200 else 409)
    settings = visits.settings_of_app()
    shown = what_is_shown(session(), settings.config_dir, visit)
    given = {
        YES: SignForm(prefix="yes-"),
        WRONG: WrongForm(prefix="wrong-"),
        "pass": PassForm(prefix="pass-"),
        **{act: form for act, form in (forms or {}).items() if form is not None},
    }
    return render_template(
        "placement_log/confirming/host.html",
        one=one,
        action=proofs.make_ticket(settings.secret_key, ticket),
        seen=document_digest(shown),
        forms=given,
        doubts=doubts,
        sentence=sentence,
        has_errors=bool(sentence or any(form.errors for form in given.values())),
        **_common(visit, shown),
    ), status


def doubts_about(ticket: Ticket, form: WrongForm) -> list[Doubt]:
    """What in a host's reason seems to name a child; the participant's own name is known."""
    one = find_confirmation(session(), ticket.confirmation_id)
    visit = find_visit(session(), one.visit_id) if one is not None else None
    name = names_of(session(), [visit.person_id]).get(visit.person_id, "") if visit else ""
    known = frozenset({name, *name.split()}) - {""}
    config_dir = visits.settings_of_app().config_dir
    return hold_names(form, ("reason",), config_dir, said_no_child() | known)
