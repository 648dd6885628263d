"""Block G, cases 130 to 147: names and roles, over HTTP to a platform, on both databases."""

import tracemalloc
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from lti_tool.core import clock
from lti_tool.people.members import GONE_AFTER
from lti_tool.people.models import Roster
from lti_tool.people.problems import describe
from lti_tool.people.roster import get_standing
from tests.conformance.cases import case
from tests.support import claims as c
from tests.support.door import Door
from tests.support.roster_bench import RosterBench
from tests.support.roster_platform import (
    MEDIA,
    PATH,
    QUERY,
    SCOPE,
    member,
    slowly,
    status,
    web_page,
)

CLASS = [member("3", "Instructor"), member("5"), member("6"), member("7")]


@case(130, "instructor launch with NRPS claim")
def test_case_130_the_service_is_recorded_and_asked_for(door: Door) -> None:
    platform = door.new_platform()
    door.enter(platform=platform, role="teacher")
    rows = door.tool.execute(
        "SELECT c.memberships_url, r.due_at, r.read_at FROM context c "
        "JOIN roster r ON r.context_id = c.id JOIN deployment d ON d.id = c.deployment_id "
        "WHERE d.deployment_id = :d",
        d=platform.deployment_ids[0],
    )
    assert len(rows) == 1 and rows[0].read_at is None
    assert rows[0].memberships_url.endswith("/CourseSection/2/bindings/2/memberships")
    other = door.new_platform()
    door.enter(platform=other)
    assert door.tool.execute(
        "SELECT count(*) FROM roster r JOIN context c ON r.context_id = c.id "
        "JOIN deployment d ON d.id = c.deployment_id WHERE d.deployment_id = :d",
        d=other.deployment_ids[0],
    )[0] == (0,), "a participant's launch reads nothing"


@case(131, "GET to context_memberships_url received")
def test_case_131_the_address_is_asked_as_it_was_given(roster_bench: RosterBench) -> None:
    bench = roster_bench
    bench.platform.members = CLASS
    bench.let_in("3", "tutor")
    bench.work()
    (asked,) = bench.platform.asked
    assert (asked.method, asked.path) == ("GET", PATH)
    assert asked.query_string.decode().startswith(QUERY)


@case(132, "Accept: application/vnd.ims.lti-nrps.v2.membershipcontainer+json")
@case(133, "bearer token valid")
@case(134, "token scope contextmembership.readonly")
def test_cases_132_to_134_accept_token_and_scope_are_exact(roster_bench: RosterBench) -> None:
    bench = roster_bench
    bench.platform.members = CLASS
    bench.let_in("3", "tutor")
    bench.work()
    (asked,) = bench.platform.asked
    assert asked.headers["Accept"] == MEDIA
    assert asked.headers["Authorization"] == "Bearer token-1"
    assert bench.platform.scopes == [SCOPE]


@case(133, "bearer token valid")
def test_case_133_a_token_that_lapsed_early_is_replaced_once(roster_bench: RosterBench) -> None:
    bench = roster_bench
    bench.platform.members = CLASS
    bench.platform.answer = lambda asked: (
        status(401)(asked) if asked.headers["Authorization"] == "Bearer token-1" else None
    )
    bench.let_in("3", "tutor")
    bench.work()
    assert bench.roster.problem is None and bench.roster.people_count == 4


@case(135, "affirm response received (earlier guide)")
def test_case_135_the_roster_is_visible(roster_bench: RosterBench) -> None:
    bench = roster_bench
    bench.platform.members = CLASS
    tutor = bench.let_in("3", "tutor")
    bench.work()
    page = bench.page(tutor)
    for number in "567":
        assert f"Given{number} Family{number}" in page
    assert page.count("Not begun") == 3 and "Participants (3)" in page
    assert "3 not begun" in tutor.get("marking/").get_data(as_text=True)


@case(136, "three pages by Link rel=next")
def test_case_136_three_pages_and_everyone_once(roster_bench: RosterBench) -> None:
    bench = roster_bench
    bench.platform.members = [member("3", "Instructor"), *(member(str(n)) for n in range(10, 18))]
    bench.platform.page = 3
    bench.let_in("3", "tutor")
    bench.work()
    assert len(bench.platform.asked) == 3
    assert bench.roster.people_count == 9 and len(bench.people) == 9
    assert bench.platform.asked[1].query_string.decode() == f"{QUERY}&limit=3&from=3"


@case(137, "next link in any form of RFC 8288")
@pytest.mark.parametrize(
    "form",
    [
        "<{url}>; rel=next",
        "<{url}>;rel=NEXT",
        '<{url}>; title="a; b, <c>"; rel="next"',
        '<{url}>; rel="last next"',
        '</first>; rel="first", <{url}>; rel="next", </last>; rel=last',
        '<{relative}>; rel="next"',
        '<?{query}>; Rel = "next"',
    ],
)
def test_case_137_odd_link_headers(roster_bench: RosterBench, form: str) -> None:
    bench = roster_bench
    bench.platform.members = [*CLASS, member("8"), member("9")]
    bench.platform.page = 2

    def link(url: str, _number: int) -> str:
        relative = url.removeprefix(bench.platform.url)
        return form.format(url=url, relative=relative, query=url.partition("?")[2])

    bench.platform.link = link
    bench.let_in("3", "tutor")
    bench.work()
    assert bench.roster.problem is None and bench.roster.people_count == 6


@case(138, "next link pointing to itself, to http:, or to another origin")
@pytest.mark.parametrize(
    "target",
    [
        "{own}",
        "http://platform.example/roster",
        "https://elsewhere.example/roster",
        "//elsewhere.example/roster",
        "{site}@elsewhere.example/roster",
        "http://me:secret@{host}/CourseSection/more",
        "javascript:alert(1)",
        "http://[",
    ],
)
def test_case_138_the_token_goes_nowhere_else(roster_bench: RosterBench, target: str) -> None:
    bench = roster_bench
    bench.platform.members, bench.platform.page = CLASS, 2
    site = bench.platform.url

    def link(_url: str, _number: int) -> str:
        own = bench.platform.asked[-1].url
        return f'<{target.format(own=own, site=site, host=site[7:])}>; rel="next"'

    bench.platform.link = link
    tutor = bench.let_in("3", "tutor")
    bench.work()
    assert len(bench.platform.asked) == 1
    bench.expect_problem("next_page_unusable")
    assert "not the course site’s own" in bench.page(tutor)


@case(138, "next link pointing to itself, to http:, or to another origin")
def test_case_138_a_list_that_goes_in_circles_or_on_for_ever(
    roster_bench: RosterBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = roster_bench
    bench.platform.members, bench.platform.page = CLASS, 1
    first = f"{bench.platform.memberships_url}&limit=200"
    bench.platform.link = lambda url, number: f'<{first if number else url}>; rel="next"'
    bench.let_in("3", "tutor")
    bench.work()
    bench.expect_problem("next_page_unusable")
    assert len(bench.platform.asked) == 2
    monkeypatch.setattr("lti_tool.lti.nrps.MOST_PAGES", 5)
    bench.platform.asked.clear()
    count = iter(range(100))
    bench.platform.link = lambda url, _: f'<{first}&from=0&n={next(count)}>; rel="next"'
    bench.read()
    bench.expect_problem("roster_endless")
    assert len(bench.platform.asked) == 5


@case(139, "rlid added to a URL that already has a query")
def test_case_139_what_the_query_held_is_kept(roster_bench: RosterBench) -> None:
    from lti_tool.lti.nrps import roster_url

    base = roster_bench.platform.memberships_url
    assert roster_url(base, rlid="5&x") == f"{base}&rlid=5%26x&limit=200"
    assert roster_url("https://p.example/r?limit=", rlid="5") == (
        "https://p.example/r?limit=&rlid=5"
    )
    assert roster_url("https://p.example/r") == "https://p.example/r?limit=200"


@case(140, "role filter + paging on Moodle")
def test_case_140_the_role_is_checked_again_here(roster_bench: RosterBench) -> None:
    from sqlalchemy import select

    from lti_tool.lti.models import Registration
    from lti_tool.lti.nrps import read_pages

    bench = roster_bench
    bench.platform.members, bench.platform.page = [*CLASS, member("9", c.LEARNER)], 2
    with bench.world.database.read() as session:
        registration = session.execute(select(*Registration.__table__.c)).one()
    pages = list(
        read_pages(
            bench.world.database,
            bench.world.settings,
            registration,
            bench.platform.memberships_url,
            role=c.LEARNER,
        )
    )
    assert [[one.user_id for one in page.members] for page in pages] == [["5"], ["6", "7"], ["9"]]
    assert b"membership%23Learner" in bench.platform.asked[0].query_string


@case(141, "status Inactive / Deleted / absent")
def test_case_141_inactive_is_not_erased_and_absent_means_active(roster_bench: RosterBench) -> None:
    bench = roster_bench
    bench.platform.members = CLASS
    bench.let_in("3", "tutor")
    bench.work()
    bench.platform.members = [
        CLASS[0],
        member("5", status="Inactive"),
        member("6", status="Deleted"),
        member("7", status=None),
    ]
    bench.read()
    active = {sub: row.is_active for sub, row in bench.people.items()}
    assert active == {"3": True, "5": False, "6": False, "7": True}
    assert bench.people["5"].name == "Given5 Family5"
    bench.platform.members = CLASS
    bench.read()
    assert bench.people["5"].is_active


@case(142, "member vanishes from the roster")
def test_case_142_three_readings_without_someone(roster_bench: RosterBench) -> None:
    from tests.integration.pages import work

    bench = roster_bench
    bench.platform.members = CLASS
    tutor, author = bench.let_in("3", "tutor"), bench.let_in("5", "participant")
    work.bring_in(author)
    work.hand_in(author)
    work.mark_and_release(tutor, *["60"] * 6)
    bench.read()
    bench.platform.members = [one for one in CLASS if one["user_id"] not in {"5", "3"}]
    for number in range(1, GONE_AFTER + 1):
        bench.read()
        assert bench.people["5"].is_active == (number < GONE_AFTER)
    assert bench.people["3"].is_active, "administrators never stand on Moodle's roster"
    queue = tutor.get("marking/").get_data(as_text=True)
    assert "Given5 Family5" in queue and "Released" in queue
    assert "Given5" not in bench.page(tutor)
    bench.let_in("5", "participant")
    assert bench.people["5"].is_active, "a launch brings them back"


@case(143, "privacy: no names or emails")
def test_case_143_pseudonyms(roster_bench: RosterBench) -> None:
    bench = roster_bench
    bare = {"name": None, "given_name": None, "family_name": None, "email": None}
    bench.platform.members = [member("3", "Instructor", **bare), member("5", **bare)]
    tutor = bench.let_in("3", "tutor", name=None)
    bench.work()
    assert f"Person {bench.people['5'].person_id}" in bench.page(tutor)
    bench.platform.members = CLASS
    bench.read()
    bench.platform.members = [member("3", "Instructor", **bare), member("5", **bare)]
    bench.read()
    assert "Given5 Family5" in bench.page(tutor), "a name once given is kept"


@case(144, "10 000 members")
def test_case_144_ten_thousand_in_the_background(roster_bench: RosterBench) -> None:
    bench = roster_bench
    bench.platform.members = [member("3", "Instructor")]
    bench.platform.members += [member(str(100_000 + n)) for n in range(9_999)]
    tutor = bench.let_in("3", "tutor")
    counts: list[int] = []

    def look(_page: int) -> None:
        with bench.world.database.read() as session:
            standing = get_standing(session, 1)
        assert standing.is_being_read
        counts.append(standing.people_count)

    bench.platform.before = look
    tracemalloc.start()
    try:
        bench.work()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert bench.roster.people_count == 10_000
    assert len(counts) == 50 and counts == sorted(counts) and counts[-1] > 9_000
    assert peak < 40 * 1024 * 1024
    page = bench.page(tutor)
    assert "Participants (9999)" in page and "Page 1 of 100" in page
    assert tutor.get("people/?page=100").status_code == 200


PROBLEMS: list[tuple[Callable[[Any], Any], str]] = [
    (status(401), "no_access"),
    (status(403), "no_access"),
    (status(404), "not_there"),
    (status(429, **{"Retry-After": "30"}), "busy"),
    (status(500), "failing"),
    (status(503), "failing"),
    (status(302, Location="https://elsewhere.example/"), "refused"),
    (status(200), "answer_unreadable"),
    (slowly(1.5), "timeout"),
    (web_page, "a_web_page"),
]


@case(145, "rel=differences")
def test_case_145_changes_alone_are_asked_for_where_the_platform_tells_them(
    roster_bench: RosterBench,
) -> None:
    bench = roster_bench
    bench.platform.members, bench.platform.changes = CLASS, []
    bench.let_in("3", "tutor")
    bench.work()
    whole = bench.roster
    bench.platform.changes = [member("6", status="Deleted"), member("8")]
    bench.read()
    last = bench.platform.asked[-1]
    assert "since" in last.args and last.args["Type_Id"] == "7"
    active = {sub: row.is_active for sub, row in bench.people.items()}
    assert active == {"3": True, "5": True, "6": False, "7": True, "8": True}
    assert bench.roster.people_count == whole.people_count, "who was not named has not left"
    assert (bench.roster.whole_at, bench.roster.problem) == (whole.whole_at, None)


@case(145, "rel=differences")
@pytest.mark.parametrize("code", [400, 404, 410])
def test_case_145_the_whole_is_read_where_changes_are_refused(
    roster_bench: RosterBench, code: int
) -> None:
    bench = roster_bench
    bench.platform.members, bench.platform.changes = CLASS, []
    bench.let_in("3", "tutor")
    bench.work()
    refuse = status(code)
    bench.platform.answer = lambda asked: refuse(asked) if "since" in asked.args else None
    bench.platform.members = [*CLASS, member("9")]
    bench.read()
    assert "9" in bench.people and bench.roster.problem is None


@case(145, "rel=differences")
def test_case_145_the_token_goes_to_no_other_host_and_a_day_later_all_is_read(
    roster_bench: RosterBench,
) -> None:
    bench = roster_bench
    bench.platform.members = CLASS
    bench.platform.changes = []
    bench.let_in("3", "tutor")
    bench.work()
    with bench.world.database.write() as session:
        session.execute(update(Roster).values(differences_url="https://evil.example/since"))
    bench.read()
    assert "since" not in bench.platform.asked[-1].args and bench.roster.problem is None
    with bench.world.database.write() as session:
        long_ago = clock.now() - timedelta(days=2)
        session.execute(update(Roster).values(whole_at=long_ago))
    bench.read()
    assert "since" not in bench.platform.asked[-1].args


@case(146, "401/403/404/429/500/timeout/HTML")
@pytest.mark.parametrize(("answer", "code"), PROBLEMS, ids=[x + str(n) for n, (_, x) in
                                                            enumerate(PROBLEMS)])  # fmt: skip
def test_case_146_problems_are_told_and_the_last_good_roster_stays(
    roster_bench: RosterBench, answer: Callable[[Any], Any], code: str
) -> None:
    bench = roster_bench
    bench.platform.members = CLASS
    tutor = bench.let_in("3", "tutor")
    bench.work()
    before, read_at = bench.people, bench.roster.read_at
    bench.platform.answer = answer
    bench.read(platform_timeout_s=0.5)
    bench.expect_problem(code)
    assert bench.people == before
    assert (bench.roster.read_at, bench.roster.people_count) == (read_at, 4)
    page = bench.page(tutor)
    assert describe(code).sentence in page and "as it was when last read" in page
    bench.platform.answer = None
    bench.read()
    assert bench.roster.problem is None
    assert describe(code).sentence not in bench.page(tutor)


@case(146, "401/403/404/429/500/timeout/HTML")
def test_case_146_a_passing_problem_is_tried_again_and_not_for_ever(
    roster_bench: RosterBench,
) -> None:
    bench = roster_bench
    bench.platform.answer = status(500)
    bench.let_in("3", "tutor")
    for tries in (1, 2, 3):
        seconds = bench.work()
        assert len(bench.platform.asked) == tries
        assert (seconds is None) == (tries == 3)
        if tries < 3:
            with bench.world.database.write() as session:
                session.execute(update(Roster).values(due_at=clock.now()))


@case(146, "401/403/404/429/500/timeout/HTML")
def test_case_146_a_service_that_is_not_offered(roster_bench: RosterBench) -> None:
    tutor = roster_bench.let_in("3", "tutor", memberships_url=None)
    page = roster_bench.page(tutor)
    assert "IMS LTI Names and Role Provisioning" in page and "Read the list again" not in page
    assert roster_bench.platform.asked == []


@case(147, "Moodle: tutor is Instructor in launch but Learner in NRPS")
def test_case_147_the_roster_never_lowers_what_a_launch_proved(roster_bench: RosterBench) -> None:
    bench = roster_bench
    bench.platform.members = [member("3", "Learner"), member("5"), member("6", "Instructor")]
    tutor, author = bench.let_in("3", "tutor"), bench.let_in("5", "participant")
    bench.work()
    row = bench.people["3"]
    assert (row.roles, row.roster_roles) == ("tutor", "participant")
    assert tutor.get("marking/").status_code == 200
    assert author.get("audit/").status_code == 200
    page = bench.page(tutor)
    assert "Participants (1)" in page
    learner = bench.let_in("6", "participant")
    assert learner.get("marking/").status_code == 403, "the roster's word opens no tutor's page"
