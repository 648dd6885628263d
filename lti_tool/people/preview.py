"""A tutor who looks as a participant would: may see and try everything, and leaves no trace.

Moodle sends a teacher who "switched to student" as Learner with their own id, and says no more.
So whoever taught here by an earlier launch, or has a grant, and now comes as Learner alone, is
shown a preview. Their tutor's rights in other tabs stay: nothing was taken from them.
"""

from flask import Response, g, jsonify, make_response, render_template, request, url_for
from sqlalchemy import BigInteger, bindparam, or_, select
from sqlalchemy.orm import Session

from lti_tool.db.statements import run
from lti_tool.people import grants
from lti_tool.people.models import Membership
from lti_tool.people.visits import CurrentVisit

_SENTENCE = (
    "This is a preview, so nothing is kept. What you sent was looked at as a participant’s would "
    "be, and it was in order."
)


_CONTEXT, _PERSON, _REGISTRATION = (
    bindparam(name, type_=BigInteger) for name in ("its_context", "its_person", "its_registration")
)
_TEACHES = select(
    or_(
        select(Membership.id)
        .where(
            Membership.context_id == _CONTEXT,
            Membership.person_id == _PERSON,
            Membership.roles.contains("tutor"),
        )
        .exists(),
        grants.holds(grants.ROLES, _PERSON, _CONTEXT, _REGISTRATION),
    )
)


def is_preview(
    session: Session,
    roles: frozenset[str],
    *,
    context_id: int,
    person_id: int,
    registration_id: int,
) -> bool:
    """Whether a launch with these roles is a tutor's look."""
    if "participant" not in roles or "tutor" in roles:
        return False
    return bool(
        run(
            session,
            _TEACHES,
            its_context=context_id,
            its_person=person_id,
            its_registration=registration_id,
        ).scalar_one()
    )


def say_nothing_is_kept(visit: CurrentVisit, response: Response) -> Response:
    """The answer in place of one that would have told of something kept.

    A page that shows what is wrong, or what a file holds, is shown as it is.
    """
    is_page = response.status_code >= 400 or (
        response.status_code == 200 and response.mimetype == "text/html"
    )
    if is_page:
        return response
    g.trust_line = None
    if request.headers.get("X-Requested-With") == "fetch":
        body = jsonify(sentence="this is a preview, and nothing is kept.", code="preview")
        return make_response(body, 403)
    page = render_template(
        "people/not_kept.html",
        sentence=_SENTENCE,
        back_url=url_for("launch.start", handle=visit.handle),
    )
    return make_response(page, 409, {"X-Reason-Code": "preview"})
