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

NOT_TESTED: dict[int, str] = {
    145: "Differences are not asked for: a whole reading costs one call for 200 members and mends "
    "whatever an earlier one missed, and Moodle offers none.",
    209: "Tutor allocation is not built yet: every tutor of a course marks all its work.",
    213: "Nothing is exported as CSV or XLSX yet; the pages escape what they show.",
}
"""Cases that no test can prove yet, each with the reason."""

TESTED_IN_PART = {
    108: "The tool adds no lti_msg or lti_errormsg to the way back yet.",
    159: "A mark over the maximum is refused too; no policy lets one through.",
    169: "Marks stay in the tool; an export is not built yet.",
    189: "Chromium only; what is known of Firefox is written down in docs/decisions.",
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
