"""What the tests of confirming share: people at both ends, their pages, the messages between."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from lti_tool.activities.placement_log.confirming.confirmation import ConfirmationRead
from lti_tool.activities.placement_log.models import Confirmation
from lti_tool.audit.models import AuditEntry
from lti_tool.coursework.letters import find_facts
from lti_tool.db.base import Base
from lti_tool.mail.worker import send_due
from tests.support.mail_sink import MailSink
from tests.support.partner_visits import Visiting

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For tests in which nothing depends on the kind of database."""
HOST = "jo@hillside.sch.uk"
SIGNED = {"act": "yes", "yes-name": "Jo Field", "yes-role": "SENCO"}
_LINK = re.compile(r"https://tool\.example(/g/open/\S+)")
_CODE = re.compile(r"\b([A-Z2-9]{4}-[A-Z2-9]{4})\b")
_SEEN = re.compile(r'name="seen" value="([0-9a-f]{64})"')
_ACTION = re.compile(r'action="(/confirm/[^"]+)"')


def text_of(answer: TestResponse) -> str:
    """A page's text, for looking into."""
    return answer.get_data(as_text=True)


class Bench:
    """A participant, their host, and the mail between them."""

    def __init__(self, visiting: Visiting, sink: MailSink) -> None:
        self.visiting, self.world, self.sink = visiting, visiting.world, sink
        self.visitor = visiting.visitor
        self.host: FlaskClient = self.world.app.test_client(use_cookies=False)

    def get(self, path: str) -> TestResponse:
        """A page as somebody without an account asks for it."""
        return self.host.get(path, base_url="https://tool.example")

    def post(self, path: str, **data: str) -> TestResponse:
        """A form as somebody without an account sends it."""
        return self.host.post(path, data=data, base_url="https://tool.example")

    def ask(self, email: str = HOST, name: str = "Jo Field") -> TestResponse:
        """The participant asks somebody by e-mail, on the page."""
        self.visitor.get("placement/visits/1/confirm")
        return self.visitor.post("placement/visits/1/confirm/ask", {"name": name, "email": email})

    def work(self) -> None:
        """Send every message that is due."""
        while send_due(self.world.database, self.world.settings, find_facts) == 0:
            pass

    def letters(self, address: str = HOST) -> list[str]:
        """The texts that went to an address."""
        found = []
        for one in self.sink.taken:
            if one.recipients == [address]:
                part = one.message.get_body(("plain",))
                assert part is not None
                found.append(part.get_content())
        return found

    def link(self, email: str = HOST) -> str:
        """Ask by e-mail and read the link in the message."""
        assert self.ask(email).status_code == 303
        self.work()
        return self.link_in(self.letters(email)[-1])

    def link_in(self, letter: str) -> str:
        """The link's path in a letter."""
        found = _LINK.search(letter)
        assert found, letter
        return found[1]

    def code_in(self, letter: str) -> str:
        """The code in a letter or on a page."""
        found = _CODE.search(letter)
        assert found, letter
        return found[1]

    def form(self, path: str) -> tuple[str, dict[str, str]]:
        """Where the host's page sends its forms, and the hidden proof of what was seen."""
        page = text_of(self.get(path))
        action, seen = _ACTION.search(page), _SEEN.search(page)
        assert action and seen, page
        return action[1], {"seen": seen[1]}

    def say(self, path: str, **data: str) -> TestResponse:
        """The host looks at the page and answers."""
        action, hidden = self.form(path)
        return self.post(action, **hidden, **data)

    def confirm(self, path: str | None = None) -> ConfirmationRead:
        """The host says yes."""
        answer = self.say(path or self.link(), **SIGNED)
        assert answer.status_code == 303, text_of(answer)
        return self.visiting.asked()[0]

    def state(self) -> str:
        """The state of the visit."""
        return self.visiting.visit().state

    def rows(self) -> dict[str, Any]:
        """Everything that is kept of confirmations and how much is kept of all else, so that a
        test can say that nothing changed."""
        with self.world.database.read() as session:
            counts = {
                table.name: session.scalar(select(func.count()).select_from(table))
                for table in Base.metadata.sorted_tables
                if table.name != "attempts"
            }
            kept = session.execute(
                select(*Confirmation.__table__.c).order_by(Confirmation.id)
            ).all()
        return {"counts": counts, "kept": [tuple(row) for row in kept], "state": self.state()}

    def acts(self) -> list[str]:
        """What the audit tells of the visit."""
        with self.world.database.read() as session:
            return list(
                session.scalars(
                    select(AuditEntry.act)
                    .where(
                        AuditEntry.subject_kind == "partner_visit",
                        AuditEntry.subject_id == self.visiting.visit_id,
                    )
                    .order_by(AuditEntry.id)
                )
            )
