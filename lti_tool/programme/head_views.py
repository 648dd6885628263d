"""The head's pages, reached by a link: one page to answer, and afterwards what was answered."""

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.core.errors import NotFound
from lti_tool.db import session
from lti_tool.db.statements import AnyRow
from lti_tool.people import guest_purposes, guests, visits
from lti_tool.people.queries import find_address, names_of
from lti_tool.privacy.holding import hold_names, said_no_child
from lti_tool.privacy.posted import Doubt
from lti_tool.programme import words
from lti_tool.programme.agreement_words import load_wording
from lti_tool.programme.agreements import CLOSED, HEAD, WAITING, AgreementRead, find_by_id
from lti_tool.programme.answering import Answer, AnsweredAlready, answer_once
from lti_tool.programme.dates import in_words
from lti_tool.programme.dbs import list_dbs
from lti_tool.programme.forms import RefusalForm, today
from lti_tool.programme.head_form import HeadAnswerForm
from lti_tool.programme.numbers import load_programme_numbers
from lti_tool.web import notices
from lti_tool.web.policy import who_may

blueprint = Blueprint("head", __name__, template_folder="templates", url_prefix="/g/<handle>/head")
notices.register(
    head_answered=("success", "Your answer is kept. Thank you: you can close this page."),
)


def _asked(agreement_id: int) -> AgreementRead:
    found = find_by_id(session(), agreement_id)
    if found is None or found.state == CLOSED:
        raise NotFound(
            "This question was withdrawn by those who asked it, so there is nothing to answer."
        )
    return found


def _around(asked: AgreementRead) -> dict[str, object]:
    """What every page of the head's shows."""
    return {
        "asked": asked,
        "participant": names_of(session(), [asked.person_id])[asked.person_id],
        "wording": load_wording(visits.settings_of_app().config_dir),
        "words": words,
        "in_words": in_words,
    }


def _look(link: AnyRow, token: str) -> ResponseReturnValue:
    """What the link is for, with a button. Changes nothing."""
    asked = _asked(link.subject_id)
    return render_template(
        "programme/head_link.html", name=link.name, expires_at=link.expires_at, **_around(asked)
    )


guest_purposes.register(
    guest_purposes.Purpose(key=HEAD, role_label="Head of the school", look=_look)
)


def _forms(asked: AgreementRead, posted: str = "") -> tuple[HeadAnswerForm, RefusalForm]:
    """Both forms, one of them filled with what was posted."""
    config_dir = visits.settings_of_app().config_dir
    yes = HeadAnswerForm(
        request.form if posted == "yes" else None,
        prefix="yes-",
        signed_name=asked.head_name,
        signed_role="Head teacher",
    )
    wording = load_wording(config_dir)
    yes.offer(
        words.load_school_words(config_dir), load_programme_numbers(config_dir), wording.declaration
    )
    yes.own_email = find_address(session(), asked.person_id)
    no = RefusalForm(
        request.form if posted == "no" else None, prefix="no-", signed_name=asked.head_name
    )
    return yes, no


def _doubts(no: RefusalForm) -> list[Doubt]:
    """What in a reason seems to name a child; empty where it may be kept."""
    return hold_names(no, ("reason",), visits.settings_of_app().config_dir, said_no_child())


def _page(
    handle: str,
    asked: AgreementRead,
    yes: HeadAnswerForm,
    no: RefusalForm,
    status: int = 200,
    doubts: Sequence[Doubt] = (),
) -> ResponseReturnValue:
    return render_template(
        "programme/head.html",
        handle=handle,
        doubts=doubts,
        yes=yes,
        no=no,
        has_errors=bool(yes.errors or no.errors),
        expires_at=guests.current().expires_at,
        **_around(asked),
    ), status


def _receipt(handle: str, asked: AgreementRead, sentence: str = "") -> ResponseReturnValue:
    """What was answered, and what was told with it."""
    told = [one for one in list_dbs(session(), asked.person_id) if one.source == "school"]
    return render_template(
        "programme/head_receipt.html",
        handle=handle,
        sentence=sentence,
        has_dbs=bool(told),
        **_around(asked),
    ), (409 if sentence else 200)


@blueprint.get("/")
@who_may(HEAD)
def show(handle: str) -> ResponseReturnValue:
    """The page to answer on, or what was answered."""
    asked = _asked(guests.current().subject_id)
    if asked.state != WAITING:
        return _receipt(handle, asked)
    return _page(handle, asked, *_forms(asked))


@blueprint.post("/")
@who_may(HEAD)
def answer(handle: str) -> ResponseReturnValue:
    """Keep the answer, once."""
    guest = guests.current()
    asked = _asked(guest.subject_id)
    is_yes = request.form.get("act") == "agree"
    yes, no = _forms(asked, "yes" if is_yes else "no")
    if asked.state != WAITING:
        return _receipt(handle, asked, "This was answered before. What you sent changed nothing.")
    if not (yes if is_yes else no).validate():
        return _page(handle, asked, yes, no, 422)
    doubts = [] if is_yes else _doubts(no)
    if doubts:
        return _page(handle, asked, yes, no, 422, doubts)
    given = (
        yes.answer() if is_yes else Answer(False, no.signed_name.data, "", reason=no.reason.data)
    )
    try:
        answer_once(
            session(),
            visits.settings_of_app(),
            asked,
            given,
            registration_id=guest.registration_id,
            today=today(),
        )
    except AnsweredAlready as error:
        return _receipt(handle, _asked(asked.id), error.sentence)
    return redirect(url_for("head.show", handle=handle, done="head-answered"), 303)
