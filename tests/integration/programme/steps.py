"""What the tests of the programme share: a participant, a head by link, rows to look at."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from lti_tool.audit.models import AuditEntry
from lti_tool.db import Base
from lti_tool.people.guest_links import address_of
from lti_tool.programme.models import SchoolAgreement
from tests.support.visiting import Visitor, World

TOOL = "https://tool.example"
SCHOOL = {"name": "Ashgrove Primary", "urn": "116123", "phase": "primary", "kind": "academy",
          "started_on": "2020-09-01"}  # fmt: skip
HEAD = {"name": "Ruth Calder", "email": "head@ashgrove.sch.uk"}
AGREES = {
    "act": "agree",
    "yes-release_days": "5",
    "yes-mentor_name": "Owen Blake",
    "yes-mentor_email": "o.blake@ashgrove.sch.uk",
    "yes-mentor_role": "leadership",
    "yes-dbs_held": "yes",
    "yes-dbs_level": "enhanced",
    "yes-dbs_workforce": "child",
    "yes-dbs_issued_on": "2026-01-12",
    "yes-dbs_update_service_on": "",
    "yes-dbs_checked_by": "School business manager",
    "yes-dbs_checked_on": "2026-01-20",
    "yes-senco_since": "2025-09-01",
    "yes-signed_name": "Ruth Calder",
    "yes-signed_role": "Head teacher",
    "yes-agrees": "y",
}


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def participant(world: World, sub: str = "5", **more: Any) -> Visitor:
    """Somebody who takes part and has opened the page of what is missing."""
    visitor = world.let_in(sub, "participant", email=f"p{sub}@ashgrove.sch.uk", **more)
    visitor.get("programme/")
    return visitor


def asks(visitor: Visitor) -> None:
    """The participant says where they work and asks their head."""
    visitor.get("programme/school")
    kept = visitor.post("programme/school", {**SCHOOL, "seen": "0"})
    assert kept.status_code == 303, text_of(kept)
    visitor.get("programme/head")
    asked = visitor.post("programme/head", HEAD)
    assert asked.status_code == 303, text_of(asked)


def link_path(world: World) -> str:
    """The path of the link given last to a head."""
    with world.database.read() as session:
        link_id = session.scalar(
            select(SchoolAgreement.guest_link_id).order_by(SchoolAgreement.id.desc()).limit(1)
        )
    assert link_id is not None
    return address_of(world.settings, link_id).removeprefix(TOOL)


@dataclass
class Head:
    """A head who opened their link."""

    client: Any
    handle: str
    secret: str
    csrf_token: str = ""

    def get(self) -> TestResponse:
        answer = self.client.get(f"/g/{self.handle}/head/", **self._options())
        found = re.search(r'name="csrf_token" value="([0-9a-f]+)"', text_of(answer))
        self.csrf_token = found.group(1) if found else self.csrf_token
        return answer

    def post(self, data: dict[str, str]) -> TestResponse:
        form = {"csrf_token": self.csrf_token, **data}
        return self.client.post(f"/g/{self.handle}/head/", data=form, **self._options())

    def _options(self) -> dict[str, Any]:
        return {"headers": {"Cookie": f"guest={self.secret}"}, "base_url": TOOL}


def open_link(world: World, path: str) -> Head:
    """Press the button of the page that the link opens."""
    client = world.app.test_client(use_cookies=False)
    answer = client.post(path, base_url=TOOL)
    assert answer.status_code == 303, text_of(answer)
    found = re.match(r"guest=(\w+);", answer.headers["Set-Cookie"])
    assert found is not None
    head = Head(client, answer.headers["Location"].split("/")[-3], found.group(1))
    head.get()
    return head


def rows_of(world: World) -> dict[str, list[tuple[Any, ...]]]:
    """Every row there is, but those of visits: any post moves a visit's end."""
    with world.database.read() as session:
        return {
            table.name: [tuple(row) for row in session.execute(select(table))]
            for table in Base.metadata.sorted_tables
            if table.name != "visit"
        }


def acts_of(world: World) -> list[str]:
    with world.database.read() as session:
        return list(session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))
