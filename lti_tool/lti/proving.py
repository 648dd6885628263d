"""A posted launch, checked from end to end, and its login used up.

Between the door to PyLTI1p3 (`pylti_adapter.py`), which knows the steps, and the page that asks.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from lti_tool.db import Database
from lti_tool.lti import limits
from lti_tool.lti.errors import LaunchRefused
from lti_tool.lti.messages import LaunchMessage
from lti_tool.lti.pylti_adapter import Launch
from lti_tool.lti.states import State, unseal
from lti_tool.lti.used_logins import is_used, use_login
from lti_tool.settings import Settings


@dataclass(frozen=True, slots=True)
class Proved:
    """A proved message, and the state it answered: that is still to be used up."""

    message: LaunchMessage
    state: State


def verify_launch(
    database: Database,
    settings: Settings,
    fields: dict[str, str],
    cookies: dict[str, str],
) -> Proved:
    """Check a posted launch from end to end.

    A message that is refused after its signature was proved has its login used up here; of one
    that is proved, `use_up` does it in the transaction that begins the visit.

    :param fields: the posted form: `state`, `id_token`, and `storage_value` where a page of ours
        read it from the platform's storage.
    :param cookies: login references to the values their cookies came back with.
    :raises LaunchRefused: with the one reason why: that the state was used already, before any
        other.
    """
    posted = Launch(database, settings, fields, cookies)
    try:
        posted.validate()
        return Proved(posted.message, posted.state)
    except LaunchRefused as refused:
        refused.registration_id = posted.registration_id
        if posted.is_signed:  # whatever was wrong with it, the platform said it once
            with database.write() as session:
                use_up(session, posted.state)
        elif posted.registration_id is not None:
            with database.read() as session:
                if is_used(session, posted.state):
                    raise _used_already(posted.state) from None
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
        raise _used_already(state)


def _used_already(state: State) -> LaunchRefused:
    refused = LaunchRefused("state_unknown", "used already")
    refused.registration_id = state.registration_id
    return refused
