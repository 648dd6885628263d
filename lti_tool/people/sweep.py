"""Clearing away what has lapsed: visits (with their return addresses), logins and used codes.

What goes by a time that a university sets is deleted in `programme/keeping`.

Moodle's return address holds a session key, so it must not outlive the visit.
"""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.db import Database
from lti_tool.db.rounds import Rounds
from lti_tool.lti.limits import WINDOW
from lti_tool.lti.models import AccessToken, Attempts, UsedLogin, WaitingLogin
from lti_tool.lti.used_logins import use_all
from lti_tool.people.models import GuestVisit, UsedCode, Visit

_rounds = Rounds(timedelta(minutes=5))


def sweep(database: Database) -> None:
    """Delete what has lapsed, at most every five minutes in a process."""
    now = clock.now()
    if not _rounds.begin(database):
        return
    with database.write() as session:
        session.execute(delete(WaitingLogin).where(WaitingLogin.expires_at < now))
        session.execute(delete(UsedLogin).where(UsedLogin.lapses_at < now))
        session.execute(delete(Visit).where(Visit.ends_at < now))
        session.execute(delete(UsedCode).where(UsedCode.lapses_at < now))
        session.execute(delete(AccessToken).where(AccessToken.expires_at < now))
        session.execute(delete(Attempts).where(Attempts.window_began_at < now - WINDOW))


def end_all(session: Session) -> None:
    """End every visit, login and service token: after a restore they are of the past,
    and some of them were ended or used since."""
    for table in (WaitingLogin, Visit, GuestVisit, AccessToken):
        session.execute(delete(table))
    use_all(session)
