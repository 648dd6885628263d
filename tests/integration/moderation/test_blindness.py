"""From whom first marks are hidden, and from when they are not."""

from lti_tool.marking.moderation.blindness import list_hidden_first
from lti_tool.marking.queries import SECOND
from tests.support.cohorts import Cohort


def _hidden(cohort: Cohort, sub: str) -> set[int]:
    person = cohort.person(sub)
    rules = cohort.rules()
    with cohort.world.database.read() as session:
        return list_hidden_first(session, cohort.assignment, rules, cohort.works, person)


def test_from_a_blind_moderator_until_they_gave_their_mark(cohort: Cohort) -> None:
    moderator = cohort.world.let_in("4", "tutor")
    home = f"moderation/{cohort.assignment.id}"
    assert _hidden(cohort, "4") == set()
    moderator.get(home)
    moderator.post(f"{home}/start", {"moderator": str(cohort.person("4")), "is_blind": "y"})
    before = _hidden(cohort, "4")
    assert len(before) >= 5 and _hidden(cohort, "3") == set()
    moderator.get(f"{home}/1/piece/1")
    moderator.post(f"{home}/1/piece/1", {"version": "0", "mark": "60"})
    assert len(_hidden(cohort, "4")) == len(before) - 1


def test_from_all_but_the_first_marker_until_both_marks_are_in(cohort: Cohort) -> None:
    cohort.world.let_in("4", "tutor")
    cohort.use_rules("half-marks-double")
    assert _hidden(cohort, "3") == set(), "one's own marks"
    assert _hidden(cohort, "4") == set(cohort.ids)
    cohort.judge(cohort.works[0], "50", kind=SECOND, marker_id=cohort.person("4"))
    assert _hidden(cohort, "4") == set(cohort.ids[1:])
