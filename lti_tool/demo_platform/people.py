"""Who and what is in the demo: people, courses and the links in them.

Plain data, all fictional. To show another activity, add a Link here; nothing
else needs to change. Rules about grades and launches do not belong here.
"""

from dataclasses import dataclass, field

PARTICIPANT = "participant"
TUTOR = "tutor"
MARKER = "second marker"
LEADER = "programme leader"
ADMIN = "site administrator"


@dataclass(frozen=True)
class Person:
    """One account on the platform. Moodle's ids are small integers, sent as text."""

    id: str
    username: str
    title: str
    given_name: str
    family_name: str
    part: str
    about: str
    sourcedid: str
    launch_role: str = "Learner"
    roster_role: str = "Learner"

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def display_name(self) -> str:
        return f"{self.title} {self.name}".strip()

    @property
    def email(self) -> str:
        return f"{self.username}@example.ac.uk"

    @property
    def gradable(self) -> bool:
        return self.part == PARTICIPANT

    @property
    def staff(self) -> bool:
        return not self.gradable


@dataclass(frozen=True)
class Course:
    """One course area. `history` names the courses it was copied from."""

    id: str
    label: str
    title: str
    sourcedid: str
    about: str
    members: tuple[str, ...]
    history: str = ""


@dataclass(frozen=True)
class Link:
    """One activity in a course. A graded link gets its own column at once."""

    id: str
    course_id: str
    title: str
    description: str
    custom: dict[str, str] = field(default_factory=dict)
    graded: bool = True
    maximum: int = 100
    resource_id: str = ""
    tag: str = ""
    url: str = ""
    """Where the tool wants to be opened; its usual address where empty."""
    tool_id: str = ""
    """Which tool it belongs to; the demo's own where empty."""


PEOPLE: tuple[Person, ...] = (
    Person(
        "5",
        "aokafor",
        "",
        "Amara",
        "Okafor",
        PARTICIPANT,
        "New SENCo at a primary school. Start here.",
        "S1005",
    ),
    Person(
        "6",
        "bwhitlock",
        "",
        "Ben",
        "Whitlock",
        PARTICIPANT,
        "SENCo at a secondary school.",
        "S1006",
    ),
    Person(
        "7",
        "chughes",
        "",
        "Cerys",
        "Hughes",
        PARTICIPANT,
        "SENCo across two small schools. Repeats the module next year.",
        "S1007",
    ),
    Person(
        "3",
        "hmarsh",
        "Dr",
        "Helen",
        "Marsh",
        TUTOR,
        "Marks the work and looks after the gradebook.",
        "T1003",
        "Instructor",
        "Instructor",
    ),
    Person(
        "8",
        "nellis",
        "",
        "Nora",
        "Ellis",
        MARKER,
        "Non-editing teacher: Moodle launches her as a tutor but lists her as a learner.",
        "T1008",
        "Instructor",
        "Learner",
    ),
    Person(
        "4",
        "isiddiqui",
        "Prof.",
        "Imran",
        "Siddiqui",
        LEADER,
        "Leads the programme. Moodle sends him as a tutor and no more.",
        "L1004",
        "Instructor",
        "Instructor",
    ),
    Person(
        "2",
        "rsaeed",
        "",
        "Rania",
        "Saeed",
        ADMIN,
        "Looks after this site. Opens any course, and stands on no course’s list of members.",
        "A1002",
        "Instructor",
    ),
)

_COHORT_NAMES = (
    ("Aisha", "Rahman"),
    ("Daniel", "Price"),
    ("Ewa", "Nowak"),
    ("Femi", "Adeyemi"),
    ("Grace", "Holloway"),
    ("Harriet", "Lloyd"),
    ("Ismail", "Yusuf"),
    ("Joanna", "Fairley"),
    ("Kwame", "Mensah"),
    ("Lucy", "Trent"),
    ("Maria", "Santos"),
    ("Oliver", "Bray"),
)
COHORT: tuple[Person, ...] = tuple(
    Person(
        str(number),
        f"{given[0]}{family}".lower(),
        "",
        given,
        family,
        PARTICIPANT,
        "Takes part in last term’s course and hands in by themself.",
        f"S1{number:03}",
    )
    for number, (given, family) in enumerate(_COHORT_NAMES, start=101)
)
"""People nobody plays: they hand in when a tutor asks for it, so that there is work to mark."""

COHORT_COURSE = "3"

COURSES: tuple[Course, ...] = (
    Course(
        "2",
        "NASENCO-M1",
        "PG Certificate SEN and Inclusion: Module 1",
        "SEN7001-2026",
        "The course to start with.",
        ("5", "6", "7", "3", "8", "4"),
    ),
    Course(
        "9",
        "NASENCO-M1-NEXT",
        "PG Certificate SEN and Inclusion: Module 1 (next year)",
        "SEN7001-2027",
        "Next year’s copy of Module 1, as Moodle makes copies.",
        ("7", "3", "4"),
        history="2",
    ),
    Course(
        COHORT_COURSE,
        "NASENCO-M1-LAST",
        "PG Certificate SEN and Inclusion: Module 1 (last term)",
        "SEN7001-2025",
        "A course with twelve participants, for marking a whole cohort.",
        (*(person.id for person in COHORT), "3", "8", "4"),
    ),
)

_AUDIT = {
    "activity": "provision-map-audit",
    "context_history": "$Context.id.history",
    "due": "$ResourceLink.submission.endDateTime",
}

_LOG = {**_AUDIT, "activity": "placement-log"}
_STANDARDS = {"activity": "quality-standards", "context_history": "$Context.id.history"}

LINKS: tuple[Link, ...] = (
    Link(
        "1",
        "2",
        "Provision-map audit",
        "<p>Audit the provision map of <em>your school</em> and cost it.</p>",
        _AUDIT,
    ),
    Link(
        "2",
        "2",
        "Provision-map audit (practice)",
        "<p>Try the audit first. This link has no column of its own.</p>",
        _AUDIT,
        graded=False,
    ),
    Link("4", "2", "Quality standards checklist", "<p>For the team.</p>", _STANDARDS, False),
    Link(
        "11",
        "9",
        "Provision-map audit",
        "<p>Audit the provision map of <em>your school</em> and cost it.</p>",
        _AUDIT,
    ),
    Link(
        "12",
        "9",
        "Provision-map audit (practice)",
        "<p>Try the audit first. This link has no column of its own.</p>",
        _AUDIT,
        graded=False,
    ),
    Link(
        "21",
        COHORT_COURSE,
        "Provision-map audit",
        "<p>Audit the provision map of <em>your school</em> and cost it.</p>",
        _AUDIT,
    ),
    Link(
        "3",
        "2",
        "Placement log",
        "<p>Visits to partner schools, meetings with your mentor, and sessions.</p>",
        _LOG,
    ),
    Link(
        "22",
        COHORT_COURSE,
        "Placement log",
        "<p>Visits to partner schools, meetings with your mentor, and sessions.</p>",
        _LOG,
    ),
)


def find_person(person_id: str | None) -> Person | None:
    return next((p for p in (*PEOPLE, *COHORT) if p.id == person_id), None)


def may_enter(person: Person, course: Course) -> bool:
    """Members may, and a site administrator without being one, as in Moodle."""
    return person.id in course.members or person.part == ADMIN


def list_members(course: Course) -> list[Person]:
    """Members by family name, the order in which Moodle lists them."""
    members = [p for p in (*PEOPLE, *COHORT) if p.id in course.members]
    return sorted(members, key=lambda p: (p.family_name, p.given_name))
