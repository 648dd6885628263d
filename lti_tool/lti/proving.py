"""A posted launch, checked from end to end, and its login used up.

Between the door to PyLTI1p3 (`pylti_adapter.py`), which knows the steps, and the page that asks.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from lti_tool.db import Database
from lti_tool.db.statements import AnyRow
from lti_tool.lti.errors import LaunchRefused
from lti_tool.lti.messages import LaunchMessage
from lti_tool.lti.pending_logins import consume, reference_of
from lti_tool.lti.pylti_adapter import Launch
from lti_tool.settings import Settings


@dataclass(frozen=True, slots=True)
class Proved:
    """A proved message, and the login it answered: that login is still to be used up."""

    message: LaunchMessage
    login: AnyRow
    """As `asks` of `verify_launch` found it."""

    @property
    def reference(self) -> str:
        """The login's."""
        return reference_of(self.login)


def verify_launch(
    database: Database,
    settings: Settings,
    fields: dict[str, str],
    cookies: dict[str, str],
    asks: Any,
) -> Proved:
    """Check a posted launch from end to end.

    A message that is refused after its signature was proved has its login used up here; of one
    that is proved, `use_up` does it in the transaction that begins the visit.

    :param fields: the posted form: `state`, `id_token`, and `storage_value` where a page of ours
        read it from the platform's storage.
    :param cookies: login references to the values their cookies came back with.
    :param asks: as for `pending_logins.find_pending`.
    :raises LaunchRefused: with the one reason why.
    """
    posted = Launch(database, settings, fields, cookies, asks)
    try:
        posted.validate()
        return Proved(posted.message, posted.pending)
    except LaunchRefused as refused:
        refused.registration_id = posted.registration_id
        posted.spend()
        raise


def use_up(session: Session, proved: Proved) -> None:
    """Use up the login of a proved message: state and nonce count once.

    :raises LaunchRefused: another launch with the same state was faster.
    """
    if not consume(session, proved.login.id):
        refused = LaunchRefused("state_unknown")
        refused.registration_id = proved.message.registration_id
        raise refused
