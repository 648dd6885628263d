"""Signed one-time codes for forms that stand outside any visit, such as registering a platform.

A code carries what the page showed, so that the form sends exactly that, once, and soon.
"""

from datetime import timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.core.identifiers import digest, random_token
from lti_tool.db.statements import insert_if_missing
from lti_tool.people.models import UsedCode
from lti_tool.settings import Settings

LASTS = timedelta(minutes=30)


def _signer(settings: Settings, purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings.secret_key, salt=f"form:{purpose}")


def make_code(settings: Settings, purpose: str, values: dict[str, str]) -> str:
    """A code that carries `values` from a page to its form. Kept nowhere until used."""
    return str(_signer(settings, purpose).dumps([values, random_token(16)]))


def use_code(session: Session, settings: Settings, purpose: str, code: str) -> dict[str, str]:
    """Use a code up; what it carries.

    :raises Conflict: the code is wrong, used or too old.
    """
    over = Conflict("This form has been sent already, or was open for too long. Begin again.")
    try:
        values, once = _signer(settings, purpose).loads(code, max_age=int(LASTS.total_seconds()))
    except (BadSignature, ValueError, TypeError):
        raise over from None
    made = insert_if_missing(
        session,
        UsedCode,
        ["code_digest"],
        # Of what was signed: a signature is read however it is spelt, and each would count anew.
        {"code_digest": digest(f"{purpose}:{once}"), "lapses_at": clock.now() + LASTS},
    )
    if made is None:
        raise over
    return {str(name): str(value) for name, value in values.items()}
