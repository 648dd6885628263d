"""Which test stands for which numbered case, so that a command can list them with their state.

Numbers and titles are those of the project's list of launch and attack cases: A login (1 to
17), B the certification's known-bad payloads (18 to 29), C and D valid launches (30 to 50),
E token, state and claims (51 to 108).
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
    14: "The platform's storage is not offered by the tool yet; that it does no harm is tested.",
    94: "Deep linking and submission review are refused like the unsupported kinds for now.",
    108: "The tool adds no lti_msg or lti_errormsg to the way back yet.",
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
