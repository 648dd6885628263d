"""Writing about a day in a school: a scholar's surname is then a child's first name."""

from pathlib import Path

import pytest

from lti_tool.privacy.prose import find_in_prose
from lti_tool.privacy.words import guard_words, observing_words

CONFIG = Path(__file__).resolve().parents[3] / "config"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Three groups a day; Oliver was reading with a TA.", "Oliver"),
        ("I saw Lewis reading with a TA.", "Lewis"),
    ],
)
def test_a_name_that_is_a_scholars_too_is_found(text: str, name: str) -> None:
    assert [one.text for one in find_in_prose(text, observing_words(CONFIG), frozenset())] == [name]
    assert not find_in_prose(text, guard_words(CONFIG), frozenset()), "Level 7 prose cites them"


@pytest.mark.parametrize(
    "text",
    [
        "As Oliver (2013) argues, the social model matters.",
        "Mike Oliver wrote of this.",
        "Webster and Blatchford (2015) found that TAs were often the teacher of those pupils.",
        "The SENCO showed me Zones of Regulation and Hamish & Milo.",
    ],
)
def test_what_is_cited_or_a_programme_is_not(text: str) -> None:
    assert not find_in_prose(text, observing_words(CONFIG), frozenset())
