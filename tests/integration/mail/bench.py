"""What the tests of messages share: somebody to write to, a worker to call, rows to look at."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select, update

from lti_tool.coursework.letters import find_facts
from lti_tool.db import Database
from lti_tool.duties import declare_letters
from lti_tool.mail.models import Message
from lti_tool.mail.outbox import RELEASED, tell
from lti_tool.mail.worker import send_due
from lti_tool.people.models import Person
from lti_tool.settings import Settings
from tests.support import builders

declare_letters()  # as app.py does, since the texts of all kinds stand in one file

ADDRESS = "amara@example.org"
_PLATFORM = {
    "name": "Moodle",
    "issuer": "https://moodle.example",
    "client_id": "client",
    "deployment_ids": ("1",),
    "auth_login_url": "https://moodle.example/auth",
    "auth_token_url": "https://moodle.example/token",
    "jwks_url": "https://moodle.example/certs",
}


class Bench:
    """A course with one assignment and one participant, whose address we know."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database, self.settings = database, settings
        with database.write() as session:
            self.course = builders.build_course(session, settings, _PLATFORM)
            self.assignment = builders.build_assignment(session, settings, self.course)
        self.person_id = self.add_person("5")
        self._count = 0

    def add_person(self, sub: str, address: str | None = ADDRESS) -> int:
        """A participant with this address."""
        with self.database.write() as session:
            person_id = builders.build_person(session, self.course, sub)
            session.execute(update(Person).where(Person.id == person_id).values(email=address))
        return person_id

    def tell(self, kind: str = RELEASED, **more: Any) -> int:
        """Promise a message; its number."""
        self._count += 1
        values = {
            "once": str(self._count),
            "person_id": self.person_id,
            "context_id": self.course.context_id,
            "assignment_id": self.assignment.id,
            **more,
        }
        with self.database.write() as session:
            number = tell(session, kind, **values)
        assert number is not None
        return number

    def hand_in(self, person_id: int | None = None) -> Any:
        """Somebody hands their work in."""
        with self.database.write() as session:
            return builders.build_work(session, self.assignment, person_id or self.person_id)

    def work(self, **changes: Any) -> float | None:
        """Send as a worker does until nothing is due.

        :param changes: settings to work with.
        """
        settings = replace(self.settings, **changes)
        seconds = send_due(self.database, settings, find_facts)
        while seconds == 0:
            seconds = send_due(self.database, settings, find_facts)
        return seconds

    def row(self, number: int) -> Any:
        """A message as it stands."""
        with self.database.read() as session:
            return session.execute(select(*Message.__table__.c).where(Message.id == number)).one()

    def state(self, number: int) -> tuple[str, str | None]:
        """State and reason of a message."""
        row = self.row(number)
        return row.state, row.reason

    def rows(self, kind: str) -> list[Any]:
        """All messages of a kind."""
        with self.database.read() as session:
            return list(
                session.execute(
                    select(*Message.__table__.c).where(Message.kind == kind).order_by(Message.id)
                )
            )
