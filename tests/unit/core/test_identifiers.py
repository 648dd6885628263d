"""Numbers drawn by chance, and the words they are told by."""

import pytest

from lti_tool.core.identifiers import SPELT_LENGTH, number_of, random_number, spelt

_HIGHEST = 2**63 - 1


@pytest.mark.parametrize("number", [0, 1, 255, 2**62, _HIGHEST])
def test_a_number_comes_back_from_its_word(number: int) -> None:
    assert len(spelt(number)) == SPELT_LENGTH
    assert spelt(number).isalnum()
    assert number_of(spelt(number)) == number


@pytest.mark.parametrize(
    "word", ["", "0", "8" + "0" * 15, "F" * 16, "0" * 17, "0" * 15 + "g", "٠" * 16]
)
def test_no_other_word_is_one(word: str) -> None:
    """Nor is one more than a row's number can be: a database would refuse it."""
    assert number_of(word) is None


def test_numbers_are_far_apart() -> None:
    drawn = {random_number() for _ in range(1000)}
    assert len(drawn) == 1000
    assert all(0 <= one <= _HIGHEST for one in drawn)
    assert sum(one > _HIGHEST // 2 for one in drawn) > 350
