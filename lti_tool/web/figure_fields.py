"""Fields for figures: marks, amounts of money, whole numbers. Exact, never a float."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, cast

import wtforms

from lti_tool.web.cleaning import REFUSED, clean_text
from lti_tool.web.fields import OwnField

_DECIMAL = re.compile(r"(?P<sign>[-\u2212]?)(?P<whole>\d{1,15})(?:\.(?P<part>\d{1,15}))?", re.ASCII)
_GROUPED = re.compile(r"[-\u2212]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)


class _Figure(OwnField, wtforms.StringField):
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
            return REFUSED.sub("", str(self.raw_data[0]))
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
