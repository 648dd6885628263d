"""Who has the turn."""

import threading
import time

from lti_tool.serving.turns import PATIENCE_S, Turns


def _taken_by_another(turns: Turns) -> list[int]:
    """What another thread that wants the turn gets, as soon as it does."""
    got: list[int] = []
    threading.Thread(target=lambda: got.append(turns.take()), daemon=True).start()
    return got


def _wait_for(got: list[int]) -> int:
    until = time.monotonic() + 5
    while not got and time.monotonic() < until:
        time.sleep(0.005)
    return got[0]


def test_one_has_it_and_keeps_it_while_it_looks() -> None:
    turns = Turns()
    mine = turns.take()
    theirs = _taken_by_another(turns)
    time.sleep(0.3)
    assert theirs == []
    turns.begin()
    assert turns.end(mine)
    turns.pass_on(mine)
    assert _wait_for(theirs) > mine


def test_who_is_held_up_loses_it_and_knows_so() -> None:
    turns = Turns()
    mine = turns.take()
    theirs = _taken_by_another(turns)
    began = time.monotonic()
    turns.begin()
    assert _wait_for(theirs) > mine
    assert time.monotonic() - began >= PATIENCE_S
    assert not turns.end(mine)
    turns.begin()
    assert turns.end(theirs[0])


def test_it_goes_from_one_who_is_held_up_to_the_next_and_the_first_comes_back() -> None:
    turns = Turns()
    first = turns.take()
    turns.begin()
    second = _wait_for(_taken_by_another(turns))
    turns.begin()
    third = _wait_for(_taken_by_another(turns))
    assert first < second < third
    assert not turns.end(first) and not turns.end(second)
    again = _taken_by_another(turns)
    turns.begin()
    assert turns.end(third)
    turns.pass_on(first)
    time.sleep(0.2)
    assert again == [], "who has lost it cannot pass it on"
    turns.pass_on(third)
    assert _wait_for(again) > third


def test_a_late_end_takes_nothing_from_the_new_holder() -> None:
    turns = Turns()
    mine = turns.take()
    turns.begin()
    theirs = _wait_for(_taken_by_another(turns))
    turns.begin()
    assert not turns.end(mine)
    assert _wait_for(_taken_by_another(turns)) > theirs, "whoever holds it now is held up too"
