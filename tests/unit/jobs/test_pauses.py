"""What is put off is not taken for the work of a wrong clock, which would make it due at once."""

import random
from datetime import timedelta

import pytest
from requests.structures import CaseInsensitiveDict

from lti_tool.gradebook import verdicts as of_scores
from lti_tool.jobs.leasing import LONGEST_PAUSE
from lti_tool.lti.calls import Answer
from lti_tool.mail import verdicts as of_mail


@pytest.fixture(autouse=True)
def at_its_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses are uneven by chance."""
    monkeypatch.setattr(random, "uniform", lambda _least, most: most)
    monkeypatch.setattr(random, "random", lambda: 1.0)


@pytest.mark.parametrize("tries", [1, 7, 12, 100])
def test_no_pause_is_longer_than_the_longest(tries: int) -> None:
    seconds = (
        of_mail.pause_s(tries),
        of_scores.pause(tries, timedelta(days=3)),
        Answer(429, CaseInsensitiveDict({"Retry-After": "9999999"}), b"").retry_after or 0.0,
    )
    assert timedelta(seconds=max(seconds)) < LONGEST_PAUSE
