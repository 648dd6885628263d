"""Pages of mentoring cost a fixed number of queries, however many people and meetings there are."""

from sqlalchemy import select

from lti_tool.activities.placement_log.mentoring import nudges
from lti_tool.activities.placement_log.models import Meeting, MentorQuestion, PartnerVisit
from lti_tool.core import clock
from lti_tool.people.models import Person
from tests.integration.mentoring.bench import LOG, Bench, add_mentor, ago
from tests.support.statements import listen, stop_listening

MOST = {"placement/mentoring/": 16, "placement/meetings/": 14, "mentor": 16, "one": 14}


class _Counted:
    """How many reads a block makes."""

    def __init__(self, bench: Bench) -> None:
        self.database, self.seen = bench.world.database, []

    def _note(self, _c, _cur, statement, *_rest) -> None:
        self.seen.append(statement)

    def __enter__(self) -> "_Counted":
        listen(self.database, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        stop_listening(self.database, self._note)

    @property
    def reads(self) -> int:
        return len([one for one in self.seen if one.startswith("SELECT")])


def _add(bench: Bench, count: int, first: int) -> None:
    """More participants, each with a mentor, meetings, visits and a question."""
    for number in range(first, first + count):
        bench.world.let_in(str(number), "participant", **LOG)
    with bench.world.database.read() as session:
        numbers = dict(session.execute(select(Person.sub, Person.id)).all())
    for number in [*range(first, first + count), 5]:
        person = numbers[str(number)]
        mentorship = (
            bench.mentorship_id
            if number == 5
            else add_mentor(bench.world, person, f"m{number}@school.example")
        )
        with bench.world.database.write() as session:
            now = clock.now()
            for day in range(3):
                session.add(
                    Meeting(
                        assignment_id=bench.assignment_id,
                        person_id=person,
                        kind="mentor",
                        mentorship_id=mentorship,
                        held_on=ago(day),
                        minutes=30,
                        mode="phone",
                        document={"topics": "x"},
                        document_version=1,
                        written_by="mentor",
                        revision=1,
                        created_at=now,
                        updated_at=now,
                    )
                )
                session.add(
                    PartnerVisit(
                        assignment_id=bench.assignment_id,
                        person_id=person,
                        number=first * 10 + day,
                        half_days=1,
                        document={},
                        document_version=1,
                        state="planned",
                        state_since=now,
                        revision=1,
                        created_at=now,
                        updated_at=now,
                    )
                )
            session.add(
                MentorQuestion(
                    mentorship_id=mentorship,
                    assignment_id=bench.assignment_id,
                    text="?",
                    asked_at=now,
                )
            )


def test_pages_and_the_sweep_cost_the_same_however_much_there_is(bench: Bench) -> None:
    mentor = bench.come()
    costs: list[dict[str, int]] = []
    for first in (100, 200):
        _add(bench, 2 if first == 100 else 6, first)
        found = {}
        for name, get in (
            ("placement/mentoring/", lambda: bench.tutor.get("placement/mentoring/")),
            ("one", lambda: bench.tutor.get(bench.one)),
            ("placement/meetings/", lambda: bench.amara.get("placement/meetings/")),
            ("mentor", mentor.get),
        ):
            with _Counted(bench) as counted:
                assert get().status_code == 200
            found[name] = counted.reads
        with _Counted(bench) as counted, bench.world.database.read() as session:
            nudges.list_nudges(session, bench.world.settings.config_dir)
        found["sweep"] = counted.reads
        costs.append(found)
    assert costs[0] == costs[1]
    for name, most in MOST.items():
        assert costs[0][name] <= most, costs[0]


def test_a_long_list_is_turned_page_by_page(bench: Bench) -> None:
    for start in ("0", "100", "999999", "abc", "-1"):
        assert bench.tutor.get(f"placement/mentoring/?start={start}").status_code == 200
