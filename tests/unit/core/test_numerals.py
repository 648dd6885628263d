"""Numbers as forms and files carry them."""

import pytest

from lti_tool.core.numerals import whole


@pytest.mark.parametrize(
    "text", [None, "", "²", "١٢", "１", "-1", "1.5", "1e9", "9" * 10, "9" * 5000]
)
def test_what_is_no_number_counts_as_what_is_said(text: str | None) -> None:
    assert whole(text, -1) == -1


def test_a_number_is_one() -> None:
    assert whole("007") == 7 and whole("9" * 9) == 999_999_999
