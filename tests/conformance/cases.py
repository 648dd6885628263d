"""Which test stands for which numbered case, so that a command can list them with their state.

Numbers and titles are those of the project's list of launch and attack cases: A login (1 to
17), B the certification's known-bad payloads (18 to 29), C and D valid launches (30 to 50),
E token, state and claims (51 to 108), F deep linking (109 to 129), G names and roles (130 to
147), H grades (148 to 169), I service tokens and keys (170 to 179), J registration (180 to 187),
K sessions (188 to 199), L attacks (205 to 216, as far as they stand), M Moodle (224 to 239).
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

import pytest

Test = TypeVar("Test", bound=Callable[..., Any])

TITLES: dict[int, str] = {}
TESTS: dict[int, list[str]] = defaultdict(list)
"""Test functions by case number, filled as the test modules are imported."""

NOT_TESTED: dict[int, str] = {}
"""Cases that no test can prove yet, each with the reason."""

TESTED_IN_PART = {
    108: "A refused launch's way back carries lti_errormsg and lti_errorlog; pages of a visit have "
    "no way back of their own, so nothing sends lti_msg or lti_log.",
    159: "A mark over the maximum is refused too; no policy lets one through.",
    189: "Here in Chromium; in Firefox by `make firefox`, which CI does not run (decision 0017).",
    190: "No Safari at hand; its lost cookie is acted out by a browser that keeps none.",
}
"""Cases of which a part waits for a later piece of work."""


def case(number: int, title: str) -> Callable[[Test], Test]:
    """Say which numbered case a test proves."""

    def mark(test: Test) -> Test:
        assert TITLES.setdefault(number, title) == title, f"case {number} has two titles"
        TESTS[number].append(f"{test.__module__}::{test.__name__}")
        marked: Test = pytest.mark.case(number, title)(test)
        return marked

    return mark
