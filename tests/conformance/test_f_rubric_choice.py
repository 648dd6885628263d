"""The tutor chooses a rubric while choosing activities; one of another activity is refused."""

from tests.support import choosing as dl
from tests.support.door import Door

BANDS = "provision-map-audit-bands"


def test_new_work_is_set_with_the_rubric_chosen(door: Door) -> None:
    picker = dl.open_picker(door)
    assert "by bands" in picker.page.text and "The usual one" in picker.page.text
    dl.form_of(picker.send("send", {"title": "By bands", "rubric": BANDS}))
    dl.form_of(dl.open_picker(door).send("send", {"title": "By the usual", "rubric": ""}))
    rows = door.tool.execute(
        "SELECT title, rubric_key, rubric_version FROM assignment "
        "WHERE title IN ('By bands', 'By the usual') ORDER BY title"
    )
    assert [tuple(row)[:2] for row in rows] == [
        ("By bands", BANDS),
        ("By the usual", "provision-map-audit"),
    ]
    assert all(row.rubric_version >= 1 for row in rows)


def test_a_rubric_that_is_not_offered_gets_a_sentence(door: Door) -> None:
    page = dl.open_picker(door).send("send", {"rubric": "../../etc/passwd"})
    assert page.status_code == 422 and "Choose one of the answers listed" in page.text
