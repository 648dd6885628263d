"""A posted launch, checked from end to end, and its login used up.

Between the door to PyLTI1p3 (`pylti_adapter.py`), which knows the steps, and the page that asks.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from lti_tool.db import Database
from lti_tool.db.statements import AnyRow
from lti_tool.lti import limits
from lti_tool.lti.errors import LaunchRefused
from lti_tool.lti.messages import LaunchMessage
from lti_tool.lti.pylti_adapter import Launch
from lti_tool.lti.states import State, unseal
from lti_tool.lti.used_logins import use_login
from lti_tool.settings import Settings


@dataclass(frozen=True, slots=True)
class Proved:
    """A proved message, and the state it answered: that is still to be used up."""

    message: LaunchMessage
    state: State
    found: AnyRow
    """The registration, with what else the message names: as `asks` of `verify_launch` found it."""


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
    :param asks: `login_registration.OF_STATE`, or more that begins with it.
    :raises LaunchRefused: with the one reason why.
    """
    posted = Launch(database, settings, fields, cookies, asks)
    try:
        posted.validate()
        return Proved(posted.message, posted.state, posted.found)
    except LaunchRefused as refused:
        refused.registration_id = posted.registration_id
        if posted.is_signed:  # whatever was wrong with it, the platform said it once
            with database.write() as session:
                use_up(session, posted.state)
        raise


def close(database: Database, settings: Settings, sealed: str) -> None:
    """Use up the state of a launch that the platform stopped. For an address over its limit of
    refusals nothing is written."""
    state = unseal(settings.secret_key, sealed)
    if state is None:
        return
    with database.read() as reading:
        is_over = limits.seconds_to_wait(reading, settings, limits.LAUNCHES)
    if not is_over:
        with database.write() as writing:
            use_login(writing, state)


def use_up(session: Session, state: State) -> None:
    """Use up the state that a signed message answered: state and nonce count once.

    :raises LaunchRefused: another launch with the same state was faster.
    """
    if not use_login(session, state):
        refused = LaunchRefused("state_unknown", "used already")
        refused.registration_id = state.registration_id
        raise refused
