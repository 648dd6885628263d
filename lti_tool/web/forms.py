"""The base of every form, and the few kinds of field the course needs.

What people type is cleaned here once: spaces trimmed, line ends made alike, characters that no
database keeps refused. Every refusal is a sentence that says what to do next. Protection against
forged posts is not here; the policy of the route sees to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast
from zoneinfo import ZoneInfo

import wtforms
from wtforms import widgets
from wtforms.fields import choices as wtforms_choices
from wtforms.validators import StopValidation, ValidationError

# The published types of WTForms are behind the library: they do not know SelectChoice yet.
SelectChoice: Any = wtforms_choices.SelectChoice  # type: ignore[attr-defined]

LONDON = ZoneInfo("Europe/London")
PLAIN_FIELD_LIMIT = 10_000
EARLIEST_YEAR, LATEST_YEAR = 1900, 2100

Options = Mapping[str, str] | Sequence[Any]

_REFUSED = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Word processors paste a soft line break as a vertical tab, and a page break as a form feed.
_LINE_ENDS = re.compile(r"\r\n|[\r\v\f\u2028\u2029]")
_EDGES = " \t\n\u00a0\u200b\ufeff"
_HIDDEN_CHARACTERS = (
    "Take out the hidden characters in this answer, because they cannot be kept. "
    "Typing it afresh instead of pasting usually does it."
)
_DECIMAL = re.compile(r"(?P<sign>[-\u2212]?)(?P<whole>\d{1,15})(?:\.(?P<part>\d{1,15}))?", re.ASCII)
_GROUPED = re.compile(r"[-\u2212]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_ISO_MOMENT = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})[T ]+(\d{1,2}):(\d{2})(?::00)?", re.ASCII)
_BRITISH_MOMENT = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}),? +(\d{1,2})[:.](\d{2})", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_BRITISH_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)


def clean_text(value: str, *, lines: bool = True) -> str:
    """Give the text without stray edges and with line ends as one character.

    ``lines=False`` also joins lines into one, for fields of a single line. Raises ValueError with
    a sentence for characters that cannot be kept (NUL, other controls, halves of characters).
    """
    text = _LINE_ENDS.sub("\n", value)
    if _REFUSED.search(text):
        raise ValueError(_HIDDEN_CHARACTERS)
    if not lines:
        text = re.sub(r"[\n\t]+", " ", text)
    return text.strip(_EDGES)


def require_length(text: str, limit: int) -> None:
    """Raise ValueError with a sentence when the text is over the limit, in characters."""
    if len(text) > limit:
        over = len(text) - limit
        raise ValueError(
            f"Shorten this by {over:,} character{'' if over == 1 else 's'}: "
            f"it can be {limit:,} characters long at most."
        )


def _clean_plain(value: Any) -> Any:
    """Clean what reaches a plain WTForms text field, so that no field escapes the rules."""
    if not isinstance(value, str):
        return value
    text = clean_text(value)
    require_length(text, PLAIN_FIELD_LIMIT)
    return text


class Form(wtforms.Form):
    """The form that every form of the tool is made from.

    Pass ``request.form`` on POST only; on GET pass ``data=`` or ``obj=``. Give each of two forms
    on one page its own ``prefix``, so that ids stay unique.
    """

    class Meta:
        """How fields are bound: every text field is cleaned, whatever its class."""

        csrf = False
        locales = False

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """Bind as usual, adding the cleaning filter to text fields that are not ours."""
            kind = unbound_field.field_class
            extra: dict[str, Any] = {}
            if issubclass(kind, wtforms.StringField) and not issubclass(kind, _OwnField):
                given = unbound_field.kwargs.get("filters", ())
                extra["filters"] = [_clean_plain, *given]
            return unbound_field.bind(form=form, **{**options, **extra})

    def problem(self, name: str, sentence: str) -> None:
        """Add a sentence to a field after validation, e.g. when the database says no."""
        field = self[name]
        field.errors = [*field.errors, sentence]


class _OwnField(wtforms.Field):
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


class Text(_OwnField, wtforms.StringField):
    """One line of text. Data is a str, empty when nothing was typed."""

    single_line = True

    def __init__(self, label: str, *, max_length: int = 200, **options: Any) -> None:
        super().__init__(label, **options)
        self.max_length = max_length

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Clean what was posted; on refusal keep it as typed, to be shown again."""
        typed = str(valuelist[0]) if valuelist else ""
        # What cannot be kept cannot be shown again either: a NUL is not valid in a page.
        self.data = _REFUSED.sub("", typed)
        self.data = clean_text(typed, lines=not self.single_line)
        require_length(self.data, self.max_length)


class LongText(Text):
    """Several lines of text, in a textarea; line ends are kept as a single newline."""

    widget = widgets.TextArea()
    single_line = False

    def __init__(self, label: str, max_length: int = 5_000, **options: Any) -> None:
        super().__init__(label, max_length=max_length, **options)


class _Figure(_OwnField, wtforms.StringField):
    """A number typed as text. Data is a Decimal or None; what was typed is shown again."""

    inputmode = "decimal"
    what = "a number"
    example = "12 or 12.5"

    def __init__(
        self,
        label: str,
        *,
        minimum: Decimal | int | None = 0,
        maximum: Decimal | int | None = None,
        places: int = 2,
        **options: Any,
    ) -> None:
        super().__init__(label, **options)
        self.minimum = None if minimum is None else Decimal(minimum)
        self.maximum = None if maximum is None else Decimal(maximum)
        self.places = places

    def _value(self) -> str:
        if self.raw_data:
            return _REFUSED.sub("", str(self.raw_data[0]))
        return "" if self.data is None else self.shown(self.data)

    def shown(self, value: Any) -> str:
        """Write the figure as a person would type it: no exponent."""
        return format(Decimal(value), "f")

    def simplified(self, typed: str) -> str:
        """Take away what people may add around the figure; subclasses say what."""
        return typed

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the figure; words, exponents, infinities and fractions of fractions are refused."""
        typed = clean_text(str(valuelist[0]), lines=False) if valuelist else ""
        self.data = None
        if not typed:
            return
        match = _DECIMAL.fullmatch(self.simplified(typed))
        if match is None:
            raise ValueError(f"Enter {self.what} in figures, such as {self.example}.")
        part = match["part"] or ""
        if len(part.rstrip("0")) > self.places:
            raise ValueError(self._places_sentence())
        sign = "-" if match["sign"] else ""
        value = Decimal(f"{sign}{match['whole']}" + (f".{part[: self.places]}" if part else ""))
        self._require_range(value)
        # -0 would be written back as "-0" and compare oddly once it is text.
        self.data = self.finished(abs(value) if value == 0 else value)

    def finished(self, value: Decimal) -> Any:
        """Turn the checked Decimal into the field's data."""
        return value

    def _places_sentence(self) -> str:
        if self.places == 0:
            return f"Enter {self.what} without a decimal point, such as {self.example}."
        digits = "one digit" if self.places == 1 else f"at most {self.places} digits"
        return f"Enter {self.what} with {digits} after the decimal point."

    def _require_range(self, value: Decimal) -> None:
        low, high = self.minimum, self.maximum
        if (low is None or value >= low) and (high is None or value <= high):
            return
        if low is not None and high is not None:
            raise ValueError(f"Enter {self.what} from {self.named(low)} to {self.named(high)}.")
        if low is not None and value < low:
            raise ValueError(f"Enter {self.what} of {self.named(low)} or more.")
        raise ValueError(f"Enter {self.what} of {self.named(cast(Decimal, high))} or less.")

    def named(self, value: Decimal) -> str:
        """Write a limit inside a sentence."""
        return f"{value:,f}"


class Mark(_Figure):
    """A mark: Decimal from 0 to the maximum (100 unless told), with up to two decimal places."""

    what = "a mark"
    example = "62 or 62.5"

    def __init__(self, label: str, *, maximum: Decimal | int | None = 100, **options: Any) -> None:
        super().__init__(label, maximum=maximum, **options)


class Amount(_Figure):
    """A sum of money in pounds: Decimal with two places; a £ sign and commas are welcome."""

    what = "an amount"
    example = "1,250 or 1250.50"

    def simplified(self, typed: str) -> str:
        """Drop the pound sign and well-placed commas; "1,5" stays, and is refused as unclear."""
        text = re.sub(r"^([-\u2212]?)\s*£\s*", r"\1", typed)
        return text.replace(",", "") if _GROUPED.fullmatch(text) else text

    def named(self, value: Decimal) -> str:
        """Write a limit as money."""
        sign = "\u2212" if value < 0 else ""
        size = abs(value)
        return f"{sign}£{size:,.2f}" if size % 1 else f"{sign}£{size:,.0f}"


class Whole(_Figure):
    """A whole number, such as pupils in a group. Data is an int or None."""

    inputmode = "numeric"
    what = "a whole number"
    example = "6"

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, places=0, **options)

    def finished(self, value: Decimal) -> int:
        """Give an int: nobody counts pupils in Decimals."""
        return int(value)


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


class Choice(_OwnField, wtforms.SelectField):
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


class Choices(_OwnField, wtforms.SelectMultipleField):
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


class Tick(_OwnField, wtforms.BooleanField):
    """One box to tick. Not required unless told; a required one has to be ticked."""

    def __init__(self, label: str, *, required: bool | str = False, **options: Any) -> None:
        super().__init__(label, required=required, **options)

    def _usual_sentence(self) -> str:
        return f"Tick the box \u201c{self.label.text}\u201d to go on."

    def is_missing(self) -> bool:
        """Say whether the box is empty."""
        return not self.data


class Day(_OwnField, wtforms.StringField):
    """A date without a time, by the browser's date control. Data is a date or None."""

    widget = widgets.DateInput()

    def _value(self) -> str:
        if self.raw_data:
            return _REFUSED.sub("", str(self.raw_data[0]))
        return self.data.isoformat() if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read 2026-03-01, or 1/3/2026 where a browser offers no control."""
        typed = clean_text(str(valuelist[0]), lines=False) if valuelist else ""
        self.data = None
        if typed:
            self.data = _read_day(typed)


class LocalDateTime(_OwnField, wtforms.StringField):
    """A date and a time of day in the United Kingdom. Data is an aware UTC datetime or None.

    On the two nights a year when the clocks change, a time that does not happen or happens twice
    is refused with a sentence; a time kept earlier and posted back unchanged is always accepted.
    """

    widget = widgets.DateTimeLocalInput()

    def _value(self) -> str:
        if self.raw_data:
            return _REFUSED.sub("", str(self.raw_data[0]))
        return _as_typed(self.data) if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed as London time and keep it as UTC."""
        kept = self.data
        typed = clean_text(str(valuelist[0]), lines=False) if valuelist else ""
        if isinstance(kept, datetime) and typed == _as_typed(kept):
            return
        self.data = None
        if typed:
            self.data = _read_moment(typed)


def _as_typed(moment: datetime) -> str:
    """Write a moment the way a datetime-local control wants it."""
    return moment.astimezone(LONDON).strftime("%Y-%m-%dT%H:%M")


def _read_day(typed: str) -> date:
    """Read a date in either order; raise ValueError with a sentence."""
    if iso := _ISO_DAY.fullmatch(typed):
        year, month, day = (int(part) for part in iso.groups())
    elif british := _BRITISH_DAY.fullmatch(typed):
        day, month, year = (int(part) for part in british.groups())
    else:
        raise ValueError("Enter the date as day, month and year, such as 14/11/2026.")
    return _real_day(year, month, day)


def _real_day(year: int, month: int, day: int) -> date:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise ValueError(f"Check the year: it has to be from {EARLIEST_YEAR} to {LATEST_YEAR}.")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError("Check the day and the month: there is no such date.") from None


def _read_moment(typed: str) -> datetime:
    """Read a London date and time and give it as UTC; raise ValueError with a sentence."""
    if iso := _ISO_MOMENT.fullmatch(typed):
        year, month, day, hour, minute = (int(part) for part in iso.groups())
    elif british := _BRITISH_MOMENT.fullmatch(typed):
        day, month, year, hour, minute = (int(part) for part in british.groups())
    else:
        raise ValueError("Enter the date and the time, such as 14/11/2026 16:00.")
    found = _real_day(year, month, day)
    if hour > 23 or minute > 59:
        raise ValueError("Enter the time by the 24-hour clock, such as 09:30 or 16:00.")
    return _london_to_utc(datetime(found.year, found.month, found.day, hour, minute))


def _london_to_utc(local: datetime) -> datetime:
    """Turn a London wall-clock time into UTC; refuse one that is missing or double."""
    first = local.replace(tzinfo=LONDON, fold=0)
    second = local.replace(tzinfo=LONDON, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    before = f"{local:%H}:00"
    after = f"{local + timedelta(hours=1):%H}:00"
    exists = first.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) == local
    told = "happens twice" if exists else "does not happen"
    raise ValueError(
        f"The clocks change that night, so {local:%H:%M} {told}. "
        f"Enter a time before {before}, or {after} or later."
    )
