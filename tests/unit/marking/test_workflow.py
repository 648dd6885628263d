"""The six states of marking, and that more marking never takes a piece backwards."""

import itertools
from dataclasses import fields, replace

import pytest

from lti_tool.marking.workflow import (
    IN_MARKING,
    IN_MODERATION,
    MARKED,
    NOT_MARKED,
    READY,
    RELEASED,
    STATES,
    Facts,
    state_of,
)

FRESH = Facts(False, False, False, False, False, False, False)
DONE = replace(FRESH, is_begun=True, all_marks_in=True, is_decided=True)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (FRESH, NOT_MARKED),
        (replace(FRESH, is_begun=True), IN_MARKING),
        (DONE, READY),
        (replace(DONE, awaits_moderation=True), MARKED),
        (replace(DONE, awaits_moderation=True, in_open_round=True), IN_MODERATION),
        (replace(DONE, is_decided=False, is_double_marked=True), IN_MODERATION),
        (replace(DONE, is_released=True), RELEASED),
    ],
)
def test_each_state(facts: Facts, state: str) -> None:
    assert state_of(facts) == state


def test_every_combination_has_a_state() -> None:
    for values in itertools.product((False, True), repeat=len(fields(Facts))):
        assert state_of(Facts(*values)) in STATES
