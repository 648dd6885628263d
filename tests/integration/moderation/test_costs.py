"""Pages of moderation cost a fixed number of queries, however much work there is."""

from pathlib import Path

import pytest

from tests.support.cohorts import Cohort, make_cohort
from tests.support.statements import listen, stop_listening
from tests.support.visiting import make_world

MOST = 30


def _selects(cohort: Cohort, path: str) -> int:
    seen: list[str] = []

    def note(_c, _cur, statement, *_rest) -> None:
        seen.append(statement)

    cohort.tutor.get(path)
    listen(cohort.world.database, note)
    try:
        assert cohort.tutor.get(path).status_code == 200
    finally:
        stop_listening(cohort.world.database, note)
    return len([one for one in seen if one.startswith("SELECT")])


@pytest.mark.parametrize("rules", ["standard", "half-marks-double"])
def test_lists_cost_the_same_however_long_they_are(tmp_path: Path, rules: str) -> None:
    costs = []
    for count in (2, 12):
        folder = tmp_path / str(count)
        cohort = make_cohort(make_world(folder), ("62",) * count, rules=rules)
        cohort.world.let_in("4", "tutor")
        home = f"moderation/{cohort.assignment.id}"
        paths = ["moderation/", home, f"{home}/examiner"]
        if rules == "standard":
            cohort.tutor.get(home)
            form = {"moderator": str(cohort.person("4"))}
            assert cohort.tutor.post(f"{home}/start", form).status_code == 303
            paths.append(f"{home}/1")
        else:
            paths.append(f"marking/{cohort.assignment.id}/double")
        costs.append({path: _selects(cohort, path) for path in paths})
    assert costs[0] == costs[1]
    assert max(costs[0].values()) <= MOST
