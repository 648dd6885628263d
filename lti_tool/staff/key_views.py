"""The tool's signing keys on the staff's pages, with the safety that the command has."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.audit.operations import by_staff, record
from lti_tool.db import session
from lti_tool.lti import keys
from lti_tool.people.visits import settings_of_app
from lti_tool.staff import sessions
from lti_tool.web import notices
from lti_tool.web.policy import who_may

blueprint = Blueprint("staff_keys", __name__, template_folder="templates", url_prefix="/staff/keys")
notices.register(
    staff_key_made=("success", "A new key is made. It is listed below with when it signs."),
    staff_key_retired=("success", "The key is withdrawn."),
)


@blueprint.get("/")
@who_may("staff")
def index() -> ResponseReturnValue:
    """The published keys."""
    settings = settings_of_app()
    return render_template(
        "staff/keys.html",
        keys=keys.list_keys(settings.keys_dir, settings.secret_key),
        overlap_minutes=int(keys.OVERLAP.total_seconds() // 60),
        key_set_url=settings.url("/lti/jwks.json"),
    )


@blueprint.post("/rotate")
@who_may("staff administrator")
def rotate() -> ResponseReturnValue:
    """Make a new key, to sign after the overlap, or now."""
    settings = settings_of_app()
    after = timedelta() if request.form.get("when") == "now" else keys.OVERLAP
    made = keys.rotate(settings.keys_dir, settings.secret_key, after)
    _note("signing key made", made.in_audit)
    return redirect(url_for("staff_keys.index", done="staff-key-made"), 303)


@blueprint.post("/retire")
@who_may("staff administrator")
def retire() -> ResponseReturnValue:
    """Withdraw a key that does not sign."""
    settings = settings_of_app()
    gone = keys.retire(settings.keys_dir, settings.secret_key, request.form.get("kid", ""))
    _note("signing key withdrawn", {"key": gone.kid})
    return redirect(url_for("staff_keys.index", done="staff-key-retired"), 303)


def _note(act: str, became: dict[str, str]) -> None:
    record(session(), act, keys.SUBJECT, became=became, **by_staff(sessions.current().member_id))
