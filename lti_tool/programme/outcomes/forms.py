"""The forms of outcomes, and the guard over what is written in them."""

from dataclasses import dataclass, field
from pathlib import Path

from flask import request

from lti_tool.privacy.guard import is_clear_key
from lti_tool.privacy.posted import Doubt, Held, doubts_of, posted_act, take_out
from lti_tool.privacy.prose import find_in_prose
from lti_tool.privacy.words import guard_words
from lti_tool.programme.outcomes.signing import REASON_LIMIT
from lti_tool.programme.outcomes.words import NOTE
from lti_tool.web.forms import Choice, Choices, Form, LongText, Text, Whole

_NOT_KEPT = "This is not saved yet: it seems to name somebody ({}). No pupil is named here."


class PieceForm(Form):
    """A piece of evidence: what it is, what it counts for, how it shows it."""

    source = Choice("What do you offer?", as_list=True)
    title = Text(
        "Title",
        max_length=300,
        required=False,
        hint="For a note of your own: what it is about, in a few words.",
    )
    outcomes = Choices("Which outcomes does it count for?", required="Choose at least one outcome.")
    note = LongText(
        "How does it show them?",
        max_length=4000,
        required=False,
        hint="In your words, naming no pupil. For a note of your own this is the evidence.",
    )

    def check(self, *, is_note: bool) -> bool:
        """Whether it can be kept: a note needs a title and words."""
        is_good = self.validate()
        if is_note and not self.title.data:
            self.problem("title", "Give your note a title.")
            is_good = False
        if is_note and not self.note.data:
            self.problem("note", "Write your note: it is the evidence.")
            is_good = False
        return is_good

    @property
    def is_note(self) -> bool:
        """Whether it offers a note of the participant's own."""
        return bool(self.source.data == NOTE)


class DecisionForm(Form):
    """What a tutor decides on an outcome."""

    decision = Choice("What do you decide?")
    reason = LongText(
        "Reason or question",
        max_length=REASON_LIMIT,
        required=False,
        hint="The participant reads it. A question or opening again always needs one; signing off "
        "needs one where no evidence is offered. Name no pupil.",
    )
    built_on = Whole("Made from", required=False)


@dataclass(frozen=True, slots=True)
class Guarded:
    """What the guard found in a form that was posted."""

    held: dict[str, Held] = field(default_factory=dict)
    cleared: frozenset[str] = frozenset()
    """Keys of words that were said to be no child's name."""

    @property
    def carried(self) -> str:
        """The keys as the form carries them on."""
        return "|".join(sorted(self.cleared))


def _held(doubts: tuple[Doubt, ...]) -> Held:
    return Held(_NOT_KEPT.format(", ".join(f"“{one.text}”" for one in doubts)), doubts)


def look_through(
    form: Form, names: tuple[str, ...], config_dir: Path, known: frozenset[str] = frozenset()
) -> Guarded:
    """Look through fields of a form for names, and put a sentence at each that seems to hold one.

    :param known: what was said before to be no child's name.
    """
    act, words = posted_act(), guard_words(config_dir)
    told = (*request.form.get("cleared", "").split("|"),)
    told += act.of if act.name == "not-a-child" else ()
    cleared = known | frozenset(key for key in told if is_clear_key(key))
    held = {}
    for name in names:
        found = find_in_prose(form[name].data or "", words, cleared)
        if act.name == "leave-out" and any(one.clear_key in act.of for one in found):
            for one in sorted(found, key=lambda one: -len(one.text)):
                if one.clear_key in act.of:
                    form[name].data = take_out(form[name].data, one)
            found = find_in_prose(form[name].data, words, cleared)
        if found:
            held[name] = _held(doubts_of(found))
            form.problem(name, held[name].sentence)
    return Guarded(held, cleared)
