"""What the tests of mentoring share: the people, their pages, the rows and the messages."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update

from lti_tool.activities.placement_log.mentoring import doors
from lti_tool.activities.placement_log.models import Meeting, MentorDoor
from lti_tool.core import clock
from lti_tool.coursework.letters import find_facts
from lti_tool.coursework.models import Assignment
from lti_tool.mail.models import Message
from lti_tool.mail.words import load_messages
from lti_tool.people.guest_links import address_of, keep_guest
from lti_tool.people.models import Membership, Person
from lti_tool.programme.models import Mentorship, School
from tests.support.visiting import Visitor, World

TOOL = "https://tool.example"
ADDRESS = "grace@school.example"
LOG = {"custom": {"activity": "placement-log"}, "resource_link_title": "Placement log"}


def text(answer: Any) -> str:
    """The page."""
    return answer.get_data(as_text=True)


def ago(days: int) -> date:
    """A day in the past, as England counts."""
    return clock.in_london(clock.now()).date() - timedelta(days=days)


def held(days: int = 2, **more: str) -> dict[str, str]:
    """A meeting as it is typed."""
    return {
        "held_on": ago(days).isoformat(),
        "minutes": "45",
        "mode": "in_person",
        "topics": "The provision map and how governors read it.",
        "outcomes": "A date with the governors.",
        "what_1": "Bring the costs to the meeting",
        "by_1": "2027-01-15",
        **more,
    }


@dataclass
class Mentor:
    """Somebody who came by a link."""

    client: Any
    handle: str
    secret: str
    csrf_token: str = ""
    revision: str = "0"

    def url(self, path: str = "") -> str:
        return f"/g/{self.handle}/mentor/{path}"

    def _note(self, answer: Any) -> Any:
        page = text(answer)
        for name, shape in (("csrf_token", "[0-9a-f]+"), ("revision", r"\d+")):
            found = re.search(rf'name="{name}" value="({shape})"', page)
            if found:
                setattr(self, name, found.group(1))
        return answer

    def get(self, path: str = "") -> Any:
        return self._note(self.client.get(self.url(path), **self._options()))

    def post(self, path: str, data: dict[str, Any] | None = None) -> Any:
        form = {"csrf_token": self.csrf_token, "revision": self.revision, **(data or {})}
        return self._note(self.client.post(self.url(path), data=form, **self._options()))

    def _options(self) -> dict[str, Any]:
        return {"headers": {"Cookie": f"guest={self.secret}"}, "base_url": TOOL}


@dataclass
class Bench:
    """One participant with a mentor, and a tutor."""

    world: World
    amara: Visitor
    tutor: Visitor
    assignment_id: int
    context_id: int
    person_id: int
    membership_id: int
    mentorship_id: int

    @property
    def one(self) -> str:
        """The tutor's page of the participant."""
        return f"placement/mentoring/{self.membership_id}/"

    def send_link(self) -> int:
        """Give the mentor a link; its number."""
        with self.world.database.write() as session:
            return doors.send_link(
                session, self.world.settings, self.mentorship_id, self.assignment_id, None
            )

    def path_of(self, link_id: int) -> str:
        return address_of(self.world.settings, link_id).removeprefix(TOOL)

    def open(self, link_id: int) -> Any:
        """Press the button of a link's page."""
        client = self.world.app.test_client(use_cookies=False)
        return client.post(self.path_of(link_id), base_url=TOOL)

    def come(self, link_id: int | None = None) -> Mentor:
        """The mentor on their page."""
        answer = self.open(link_id or self.send_link())
        assert answer.status_code == 303, text(answer)
        secret = re.match(r"guest=(\w+);", answer.headers["Set-Cookie"]).group(1)
        handle = answer.headers["Location"].split("/")[2]
        mentor = Mentor(self.world.app.test_client(use_cookies=False), handle, secret)
        mentor.get()
        return mentor

    def rows(self, table: Any, *columns: Any) -> list[Any]:
        with self.world.database.read() as session:
            return list(session.execute(select(*(columns or (table,))).order_by(table.id)))

    def meeting(self) -> Meeting:
        """The only meeting."""
        with self.world.database.read() as session:
            kept = session.scalars(select(Meeting)).one()
            session.expunge(kept)
            return kept

    def kinds(self) -> list[str]:
        """Kinds of the messages promised, in their order."""
        return [row[0] for row in self.rows(Message, Message.kind)]

    def facts(self, kind: str) -> Any:
        """What the latest message of a kind would say if it left now."""
        with self.world.database.read() as session:
            row = session.execute(
                select(*Message.__table__.c).where(Message.kind == kind).order_by(Message.id.desc())
            ).first()
            assert row is not None, kind
            facts = find_facts(session, self.world.settings, row)
        if not facts.is_moot:
            values = {"course": "", "activity": "", **facts.values}
            for one in load_messages(self.world.settings.config_dir).kinds[kind].body:
                one.format_map(values)  # a placeholder that nobody fills is an error
        return facts

    def change(self, table: Any, **values: Any) -> None:
        with self.world.database.write() as session:
            session.execute(update(table).values(**values))

    def links(self) -> list[int]:
        return [row[0] for row in self.rows(MentorDoor, MentorDoor.guest_link_id)]


def add_mentor(world: World, person_id: int, email: str, days: int = 30) -> int:
    """Name somebody's mentor."""
    with world.database.write() as session:
        school = School(
            registration_id=world.registration_id,
            name="Ashgrove Primary",
            created_at=clock.now(),
        )
        session.add(school)
        session.flush()
        mentorship = Mentorship(
            person_id=person_id,
            school_id=school.id,
            guest_id=keep_guest(session, world.registration_id, "Grace Bell", email),
            role="leadership",
            started_on=ago(days),
            created_at=clock.now(),
        )
        session.add(mentorship)
        session.flush()
        return mentorship.id


def make_bench(world: World) -> Bench:
    """People in a course with a placement log."""
    tutor = world.let_in("3", "tutor", **LOG)
    amara = world.let_in("5", "participant", **LOG)
    with world.database.write() as session:
        person_id = session.scalars(select(Person.id).where(Person.sub == "5")).one()
        assignment_id, context_id = session.execute(
            select(Assignment.id, Assignment.context_id)
        ).one()
        member = select(Membership.id).where(Membership.person_id == person_id)
        membership_id = session.scalars(member).one()
        session.execute(update(Person).values(email=Person.sub + "@uni.example"))
    mentorship_id = add_mentor(world, person_id, ADDRESS)
    amara.get("placement/meetings/")
    return Bench(
        world, amara, tutor, assignment_id, context_id, person_id, membership_id, mentorship_id
    )
