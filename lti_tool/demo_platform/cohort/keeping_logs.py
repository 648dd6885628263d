"""What the made-up participants, their tutor and their hosts do in the placement log.

Each step is one person's: plan a visit, bring facts in, approve, write up, confirm as a host by
the code on the participant's phone, accept. They end in different states on purpose, so that the
tutor's page of the cohort has somebody in each, and somebody who is stuck.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial

from lti_tool.demo_platform.cohort.walker import Stuck, Walker, enter
from lti_tool.demo_platform.people import COHORT, Person

_SCHOOLS = ("Oakfield Primary School", "St Anne’s Junior School", "Riverside Academy")
_FOCUS = (
    "How support in class is planned and looked back on",
    "How parents are part of a review",
    "How the SENCO works with the leadership team",
)
_SEEN = (
    "Support staff meet for twenty minutes each Friday and look at two plans together.",
    "Parents open the review and say what has changed at home before anybody else speaks.",
    "Provision is a standing item of the leadership team, with one question a week.",
)
_PLANNED_ONLY, _WITHOUT_CHECK, _NOT_BEGUN, _NOT_WRITTEN = 9, 10, 11, 8
_BY_MAIL, _WRONG, _ABSENT, _MADE_UP = (6, 7), 5, 2, 4
_CODE = re.compile(r'class="code-shown">(?:<span[^>]*>[^<]*</span>)?\s*([A-Z0-9-]{8,12})')
_VISIT = re.compile(r'href="[^"]*?(/placement/visits/\d+)"')
_LATEST_DAYS = 10
"""How many days further back a day is looked for, where schools were closed on the first."""


@dataclass(frozen=True)
class Place:
    """Where the log is: the platform, the link, and the tutor who looks after it."""

    platform_url: str
    link_id: str
    tutor: Person


@dataclass(frozen=True)
class Step:
    """One thing that somebody does; its key says that it was done."""

    key: str
    act: Callable[[], None]


def _open(place: Place, person: Person) -> tuple[Walker, str]:
    walker = Walker()
    return walker, enter(walker, person, place.link_id, place.platform_url)


def _weekday(days: int) -> date:
    """The Monday to Friday nearest to so many days from today."""
    day = datetime.now(UTC).date() + timedelta(days=days)
    return day - timedelta(days=max(0, day.weekday() - 4))


def _plan(place: Place, number: int, days: int) -> None:
    """Plan a whole day; where a bank holiday is in the way, a day before it."""
    walker, visit = _open(place, COHORT[number])
    for earlier in range(_LATEST_DAYS):
        page = walker.open(f"{visit}/placement/visits/new")
        school = _SCHOOLS[number % len(_SCHOOLS)]
        changes = [
            ("school_name", school),
            ("host_name", "Jo Bennett"),
            ("host_email", f"office@school{number % len(_SCHOOLS)}.example.sch.uk"),
            ("visit_on", _weekday(days - earlier).isoformat()),
            ("school_is_open", "y"),
            ("arrives_at", "08:45"),
            ("leaves_at", "15:15"),
            ("half_days", "2"),
            ("focus", _FOCUS[number % len(_FOCUS)]),
        ]
        try:
            walker.send(page, page.form_with("visit_on"), changes)
        except Stuck:
            continue
        return
    raise Stuck("No day was found on which a school could be visited.")


def _facts() -> bytes:
    """The programme office's file: all but one have a check."""
    checked = (datetime.now(UTC).date() - timedelta(days=200)).isoformat()
    lines = [
        "Participant,Participant’s e-mail,QTS,QTS checked on,Induction,School,Working there since,"
        "School agreed,Agreed on,Days of release,Mentor,Mentor’s e-mail,Mentor’s role,"
        "DBS level,DBS workforce,DBS issued on,DBS checked by,DBS checked on"
    ]
    for number, person in enumerate(COHORT):
        dbs = f"enhanced,child,{checked},School office,{checked}"
        lines.append(
            f"{person.name},{person.email},yes,{checked},done,Own School {number + 1},{checked},"
            f"yes,{checked},5,Mentor {person.family_name},mentor{person.id}@own.example.sch.uk,"
            f"leadership,{dbs if number != _WITHOUT_CHECK else ',,,,'}"
        )
    return "\n".join(lines).encode()


def _prepare(place: Place) -> None:
    """The tutor brings facts in, sets sessions up, takes attendance of the first, and approves."""
    walker, visit = _open(place, place.tutor)
    page = walker.open(f"{visit}/programme/file/")
    seen = walker.send(page, page.form_with(has_file=True), [], {"file": ("c.csv", _facts())})
    walker.send(seen, seen.form_with("file_data"), [("act", "keep")])
    for title, days in (("Online session 1: reading research", -20), ("Online session 2", 25)):
        page = walker.open(f"{visit}/placement/sessions/new")
        given = [("kind", "online"), ("title", title), ("held_on", _weekday(days).isoformat())]
        walker.send(page, page.form_with("title", "held_on"), [*given, ("starts_at", "16:30")])
    _attend(walker, visit)
    _decide(walker, visit, "approve")


def _attend(walker: Walker, visit: str) -> None:
    page = walker.open(f"{visit}/placement/sessions")
    first = re.search(r"/placement/sessions/\d+(?=\")", page.text)
    if first is None:
        raise Stuck("No session is listed.")
    page = walker.open(f"{visit}{first[0]}")
    names = [name for name in page.form_with("revision").choices if name.startswith("mark-")]
    marks = {_ABSENT: "absent", _MADE_UP: "made_up"}
    changes = [(name, marks.get(at, "present")) for at, name in enumerate(names)]
    walker.send(page, page.form_with("revision"), changes)


def _decide(walker: Walker, visit: str, act: str, most: int = len(COHORT)) -> None:
    """Approve or accept together what is on the tutor's list."""
    page = walker.open(f"{visit}/placement/tutor/visits/")
    for form in page.forms:
        ticks = form.choices.get("visit", [])
        if ticks and act in form.acts:
            walker.send(page, form, [*(("visit", one) for one in ticks[:most]), ("act", act)])


def _own_visit(walker: Walker, visit: str) -> str:
    """The address of somebody's first visit."""
    found = _VISIT.search(walker.open(f"{visit}/placement/visits/").text)
    if found is None:
        raise Stuck("No visit is listed.")
    return f"{visit}{found[1]}"


def _make(place: Place, number: int) -> None:
    """Write the visit up, mark it done, and have the host asked or standing beside."""
    walker, visit = _open(place, COHORT[number])
    own = _own_visit(walker, visit)
    page = walker.open(f"{own}/write")
    form = page.form_with("shared")
    outcomes = form.choices.get("outcome", [])[number : number + 2]
    written = [("shared", _SEEN[number % len(_SEEN)]), ("change", "Try it with one year group.")]
    walker.send(page, form, [*written, *(("outcome", one) for one in outcomes), ("act", "close")])
    page = walker.open(own)
    for form in page.forms:
        if form.action.endswith("/done"):  # not there where an earlier try got this far
            walker.send(page, form, [])
    page = walker.open(f"{own}/confirm")
    if number in _BY_MAIL:
        given = [("name", "Jo Bennett"), ("email", "office@school.example.sch.uk")]
        walker.send(page, page.form_to("/ask"), given)
        return
    code = _CODE.search(walker.send(page, page.form_to("/code"), []).text)
    if code is None:
        raise Stuck("No code was shown.")
    _confirm(visit.partition("/v/")[0], code[1], "wrong" if number == _WRONG else "yes")


def _confirm(tool_url: str, code: str, answer: str) -> None:
    """The host, on a device of their own, who has no account."""
    host = Walker()
    page = host.open(f"{tool_url}/confirm")
    seen = host.send(page, page.form_with("code"), [("code", code)])
    name, role = (f"{answer}-name", f"{answer}-role")
    changes = [(name, "Jo Bennett"), (role, "SENCO")]
    if answer == "wrong":
        changes.append(("wrong-reason", "We had agreed on the morning only."))
    host.send(seen, seen.form_with(name, role), changes)


def _meet(place: Place, number: int) -> None:
    """Write a meeting with the mentor down, which waits for the mentor's word."""
    walker, visit = _open(place, COHORT[number])
    page = walker.open(f"{visit}/placement/meetings/new/mentor")
    given = [
        ("held_on", _weekday(-9).isoformat()),
        ("minutes", "45"),
        ("mode", "in_person"),
        ("topics", "What the visit showed, and what to try first."),
    ]
    walker.send(page, page.form_with("held_on", "minutes"), given)


def _accept(place: Place) -> None:
    walker, visit = _open(place, place.tutor)
    _decide(walker, visit, "accept", 3)


def list_steps(place: Place) -> Iterator[Step]:
    """All that is done, in order."""
    for number in range(_NOT_BEGUN):
        days = 21 if number in (_PLANNED_ONLY, _WITHOUT_CHECK) else -14 - 2 * number
        yield Step(f"plan-{number}", partial(_plan, place, number, days))
    yield Step("prepare", partial(_prepare, place))
    for number in range(_NOT_WRITTEN):
        yield Step(f"make-{number}", partial(_make, place, number))
    for number in range(4):
        yield Step(f"meet-{number}", partial(_meet, place, number))
        yield Step(f"again-{number}", partial(_plan, place, number, 30))
    yield Step("accept", partial(_accept, place))
