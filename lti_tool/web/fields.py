"""Fields for words and choices, and what all our fields share.

One sentence when a needed answer is missing, one when it cannot be used, and what was typed is
kept to be shown again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

import wtforms
from wtforms import widgets
from wtforms.fields import choices as wtforms_choices
from wtforms.validators import StopValidation, ValidationError

from lti_tool.web.cleaning import REFUSED, clean_text, require_length

# The published types of WTForms are behind the library: they do not know SelectChoice yet.
SelectChoice: Any = wtforms_choices.SelectChoice  # type: ignore[attr-defined]

Options = Mapping[str, str] | Sequence[Any]


class OwnField(wtforms.Field):
    """What our fields share: one sentence when a needed answer is missing, and a kept raw text.

    ``required`` is True for the usual sentence, a sentence of its own, or False. ``hint`` is shown
    beneath the label (WTForms calls it description).
    """

    verb = "Enter"
    # Each kind of field has data of its own kind, which the types of WTForms cannot say.
    data: Any

    def __init__(
        self,
        label: str,
        *,
        required: bool | str = True,
        hint: str = "",
        **options: Any,
    ) -> None:
        super().__init__(label, description=hint, **options)
        self.needed = bool(required)
        self.missing_sentence = required if isinstance(required, str) else self._usual_sentence()
        if self.needed:
            self.flags.required = True

    def _usual_sentence(self) -> str:
        text = self.label.text.rstrip("?:. ")
        return f"{self.verb} an answer for \u201c{text}\u201d."

    def is_missing(self) -> bool:
        """Say whether the person left this empty."""
        return self.data is None or self.data == ""

    def pre_validate(self, form: Any) -> None:
        """Stop with one sentence: a second one about the same field helps nobody."""
        if self.errors or self.process_errors:
            raise StopValidation
        if self.is_missing():
            if self.needed:
                raise StopValidation(self.missing_sentence)
            raise StopValidation


class Text(OwnField, wtforms.StringField):
    """One line of text. Data is a str, empty when nothing was typed."""

    single_line = True

    def __init__(self, label: str, *, max_length: int = 200, **options: Any) -> None:
        super().__init__(label, **options)
        self.max_length = max_length

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Clean what was posted; on refusal keep it as typed, to be shown again."""
        typed = str(valuelist[0]) if valuelist else ""
        # What cannot be kept cannot be shown again either: a NUL is not valid in a page.
        self.data = REFUSED.sub("", typed)
        self.data = clean_text(typed, lines=not self.single_line)
        require_length(self.data, self.max_length)


class LongText(Text):
    """Several lines of text, in a textarea; line ends are kept as a single newline."""

    widget = widgets.TextArea()
    single_line = False

    def __init__(self, label: str, max_length: int = 5_000, **options: Any) -> None:
        super().__init__(label, max_length=max_length, **options)


def as_options(options: Options) -> list[Any]:
    """Make SelectChoice objects of a mapping, of (value, label) pairs, or of plain strings."""
    if isinstance(options, Mapping):
        return [SelectChoice(value, label) for value, label in options.items()]
    made = []
    for option in options:
        if isinstance(option, str):
            made.append(SelectChoice(option))
        elif isinstance(option, tuple):
            made.append(SelectChoice(*option))
        else:
            made.append(option)
    return made


class Choice(OwnField, wtforms.SelectField):
    """One answer out of several, as radio buttons or (``as_list=True``) a drop-down list.

    ``options`` is a mapping of value to label, or (value, label) pairs, or strings; change them
    for one form with ``form.name.offer(...)`` before validating. Data is the value or None.
    """

    verb = "Choose"

    def __init__(
        self,
        label: str,
        options: Options = (),
        *,
        as_list: bool = False,
        first: str = "Choose one",
        **others: Any,
    ) -> None:
        if not as_list:
            others.setdefault("widget", widgets.ListWidget(prefix_label=False))
            others.setdefault("option_widget", widgets.RadioInput())
        super().__init__(label, choices=[], **others)
        self.as_list = as_list
        self.first = first
        self.offer(options)

    def offer(self, options: Options) -> None:
        """Set the answers on offer; a list starts with an empty one so that none is a default."""
        made = as_options(options)
        self.choices = [SelectChoice("", self.first), *made] if self.as_list else made

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the first value; nothing chosen is None."""
        self.data = str(valuelist[0]) if valuelist and valuelist[0] else None

    def pre_validate(self, form: Any) -> None:
        """Accept nothing (where allowed) or one of the answers that were on offer."""
        super().pre_validate(form)
        if self.data not in {choice.value for choice in cast(Iterable[Any], self.choices)}:
            raise ValidationError(
                f"Choose one of the answers listed for \u201c{self.label.text}\u201d."
            )


class Choices(OwnField, wtforms.SelectMultipleField):
    """Any number of answers, as tick boxes in a group. Data is a list of values."""

    verb = "Choose"
    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()

    def __init__(self, label: str, options: Options = (), **others: Any) -> None:
        super().__init__(label, choices=[], **others)
        self.offer(options)

    def offer(self, options: Options) -> None:
        """Set the answers on offer."""
        self.choices = as_options(options)

    def _usual_sentence(self) -> str:
        return f"Choose at least one answer for \u201c{self.label.text.rstrip('?:. ')}\u201d."

    def is_missing(self) -> bool:
        """Say whether no box was ticked."""
        return not self.data

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take every value once, in the order of the page."""
        self.data = list(dict.fromkeys(str(value) for value in valuelist if value))

    def pre_validate(self, form: Any) -> None:
        """Accept only answers that were on offer."""
        super().pre_validate(form)
        offered = {choice.value for choice in cast(Iterable[Any], self.choices)}
        if not offered.issuperset(self.data or ()):
            raise ValidationError(
                f"Choose from the answers listed for \u201c{self.label.text}\u201d."
            )


class Tick(OwnField, wtforms.BooleanField):
    """One box to tick. Not required unless told; a required one has to be ticked."""

    def __init__(self, label: str, *, required: bool | str = False, **options: Any) -> None:
        super().__init__(label, required=required, **options)

    def _usual_sentence(self) -> str:
        return f"Tick the box \u201c{self.label.text}\u201d to go on."

    def is_missing(self) -> bool:
        """Say whether the box is empty."""
        return not self.data
