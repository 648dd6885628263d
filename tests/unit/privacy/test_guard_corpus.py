"""The guard over writing, held against a corpus: every name whole, and hardly a false alarm."""

from __future__ import annotations

from lti_tool.privacy.posted import take_out
from lti_tool.privacy.prose import find_in_prose
from lti_tool.privacy.words import GuardWords
from tests.unit.privacy.guard_corpus import MUST_FIND, MUST_STAY_QUIET

NOBODY: frozenset[str] = frozenset()
MOST_FALSE_ALARMS = 2


def _texts(text: str, words: GuardWords) -> list[str]:
    return [one.text for one in find_in_prose(text, words, NOBODY)]


def test_every_name_of_the_corpus_is_found_whole(words: GuardWords) -> None:
    missed = []
    for said, names in MUST_FIND:
        found = _texts(said, words)
        missed += [f"{said} wants {name}, gave {found}" for name in names if name not in found]
    every = sum(len(names) for _, names in MUST_FIND)
    recall = f"recall {every - len(missed)} of {every}"
    assert len(MUST_FIND) >= 60 and not missed, "\n".join([recall, *missed])


def test_leave_it_out_takes_every_word_of_a_name(words: GuardWords) -> None:
    left = []
    for said, names in MUST_FIND:
        rest = said
        for one in find_in_prose(said, words, NOBODY):
            rest = take_out(rest, one)
        left += [
            f"{said} became {rest}"
            for name in names
            if any(rest.count(word) > said.count(word) - name.count(word) for word in name.split())
        ]
    assert not left, "\n".join(left)


def test_scholars_places_and_programmes_raise_hardly_an_alarm(words: GuardWords) -> None:
    alarms = {said: found for said in MUST_STAY_QUIET if (found := _texts(said, words))}
    said = [f"false alarms: {len(alarms)} of {len(MUST_STAY_QUIET)}", *map(str, alarms.items())]
    assert len(MUST_STAY_QUIET) >= 60 and len(alarms) <= MOST_FALSE_ALARMS, "\n".join(said)


def test_an_essay_of_them_all_is_as_quiet(words: GuardWords) -> None:
    found = _texts("\n\n".join(MUST_STAY_QUIET), words)
    assert len(found) <= MOST_FALSE_ALARMS, found
