"""What mentoring works out by itself: entries, sides, months, lengths, wording."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.activities.placement_log.mentoring.doors import months_later
from lti_tool.activities.placement_log.mentoring.entry import MODES, Action, Entry, read_entry
from lti_tool.activities.placement_log.mentoring.forms import MeetingForm, form_of
from lti_tool.activities.placement_log.mentoring.mentorships import today
from lti_tool.activities.placement_log.mentoring.parties import (
    MENTOR,
    PARTICIPANT,
    TUTOR,
    TUTORIAL,
    WITH_MENTOR,
    Party,
    may_write,
    other_side,
)
from lti_tool.activities.placement_log.mentoring.seen import days_in_words
from lti_tool.activities.placement_log.mentoring.wording import load_mentor_words
from lti_tool.core.errors import Unusable

CONFIG = Path(__file__).resolve().parents[3] / "config"
WORDS = st.text("abc déf 123,.", min_size=1, max_size=60).map(str.strip).filter(bool)
DAYS = st.dates(date(2026, 1, 1), date(2030, 1, 1))
ENTRIES = st.builds(
    Entry,
    held_on=st.integers(0, 700).map(lambda days: today() - timedelta(days=days)),
    minutes=st.integers(5, 600),
    mode=st.sampled_from(sorted(MODES)),
    topics=WORDS,
    outcomes=WORDS | st.just(""),
    actions=st.lists(st.builds(Action, WORDS, DAYS), max_size=8).map(tuple),
    no_child=st.frozensets(st.text("0123456789abcdef", min_size=16, max_size=16), max_size=2),
)


@given(ENTRIES)
def test_an_entry_comes_back_as_it_was_kept(entry: Entry) -> None:
    again = read_entry(entry.held_on, entry.minutes, entry.mode, entry.document)
    assert again == entry and again.no_child == entry.no_child
    assert read_entry(entry.held_on, entry.minutes, entry.mode, {}).actions == ()


@given(ENTRIES)
def test_a_form_gives_back_the_entry_it_was_made_of(entry: Entry) -> None:
    form = form_of(entry)
    posted = {name: [field._value()] for name, field in form._fields.items() if name != "mode"}
    again = MeetingForm(_Posted({**posted, "mode": [entry.mode]}))
    assert again.validate(), again.errors
    assert again.entry == entry
    assert len(again.lines) >= min(len(entry.actions) + 1, 8)


class _Posted(dict):
    """A form as a browser sends it."""

    def getlist(self, name: str) -> list[str]:
        return self[name]


@given(st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)))
def test_months_later_is_that_month_and_never_a_later_day(at: datetime) -> None:
    later = months_later(at, 18)
    assert (later.year * 12 + later.month) - (at.year * 12 + at.month) == 18
    assert later.day <= at.day and later.time() == at.time()


def test_the_other_side_confirms() -> None:
    assert other_side(WITH_MENTOR, PARTICIPANT) == MENTOR
    assert other_side(TUTORIAL, PARTICIPANT) == TUTOR
    assert {other_side(WITH_MENTOR, MENTOR), other_side(TUTORIAL, TUTOR)} == {PARTICIPANT}
    allowed = {
        side: {kind for kind in (WITH_MENTOR, TUTORIAL) if may_write(Party(side, 1, 1, 1), kind)}
        for side in (PARTICIPANT, MENTOR, TUTOR)
    }
    assert allowed == {
        PARTICIPANT: {WITH_MENTOR, TUTORIAL},
        MENTOR: {WITH_MENTOR},
        TUTOR: {TUTORIAL},
    }


def test_lengths_in_words() -> None:
    said = [days_in_words(count) for count in range(6)]
    assert said == ["none", "half a day", "1 day", "1½ days", "2 days", "2½ days"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda d: d.pop("mentor"), "needs “mentor”"),
        (lambda d: d["mentor"].pop("sees_not"), "needs “mentor”"),
        (lambda d: d["mentor"].update(does=[]), "“does” must be a list"),
        (lambda d: d["mentor"].update(source=" "), "“source” must be a text"),
        (lambda d: d["mentor"]["visit_states"].pop("done"), "“visit_states” must be"),
    ],
)
def test_wrong_wording_stops_the_start(tmp_path: Path, change, says: str) -> None:
    document = yaml.safe_load((CONFIG / "words" / "placement.yaml").read_text("utf-8"))
    change(document)
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "placement.yaml").write_text(yaml.safe_dump(document), "utf-8")
    with pytest.raises(Unusable, match=says):
        load_mentor_words(tmp_path)


def test_a_missing_file_of_wording_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="cannot be read"):
        load_mentor_words(tmp_path)
