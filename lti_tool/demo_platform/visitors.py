"""Who is signed in to the platform, by the cookie Moodle uses.

No passwords: anyone may be anyone here. Pages that only staff may use, and the
sesskey that guards their forms, are checked here too.
"""

import hmac

from flask import Response, abort, redirect, request

from lti_tool.demo_platform.people import PARTICIPANT, Person, find_person
from lti_tool.demo_platform.platform import get_platform
from lti_tool.demo_platform.store import Session

COOKIE = "MoodleSession"


def find_session() -> Session | None:
    return get_platform().store.find_session(request.cookies.get(COOKIE))


def find_visitor() -> Person | None:
    session = find_session()
    return None if session is None else find_person(session.user_id)


def need_visitor() -> tuple[Session, Person]:
    """The signed-in person, or off to the front page."""
    session = find_session()
    person = None if session is None else find_person(session.user_id)
    if session is None or person is None:
        abort(redirect("/", 303))
    return session, person


def need_staff() -> tuple[Session, Person]:
    session, person = need_visitor()
    if person.part == PARTICIPANT:
        abort(Response("Only staff may do this.\n", 403, mimetype="text/plain"))
    return session, person


def need_sesskey(session: Session) -> None:
    sent = request.form.get("sesskey", "")
    if not hmac.compare_digest(sent.encode(), session.sesskey.encode()):
        abort(
            Response(
                "This form is out of date. Go back and try again.\n", 403, mimetype="text/plain"
            )
        )


def set_cookie(response: Response, session: Session) -> None:
    """As Moodle over http: HttpOnly and no SameSite; newer ones say Lax."""
    lax = get_platform().switches.get("always_repost")
    response.set_cookie(
        COOKIE, session.token, path="/", httponly=True, samesite="Lax" if lax else None
    )
