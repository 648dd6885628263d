"""Number formats of Excel: which numbers are dates, and the text that a person sees in a cell.

Uses openpyxl's rules for dates. A format such as `0 "mins"` shows "30 mins", and so do we, because
the unit then stands in the cell as far as the person who typed it is concerned.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from lti_tool.activities.provision_map_audit.sheets.cells import CellValue
from lti_tool.core.numerals import plain, whole


class Styles:
    """Handler for xl/styles.xml: the number format of each cell style."""

    def __init__(self, epoch_1904: bool) -> None:
        self.epoch = CALENDAR_MAC_1904 if epoch_1904 else CALENDAR_WINDOWS_1900
        self._custom: dict[int, str] = {}
        self._formats: list[int] = []
        self._struck_fonts: list[bool] = []
        self._fonts: list[int] = []
        self._in_cells = self._in_fonts = False
        self._cache: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Collect custom formats and the list of cell styles."""
        tag = tag.rpartition(":")[2]
        number = attributes.get("numFmtId", "0")
        number_id = whole(number)
        if tag == "numFmt":
            self._custom[number_id] = attributes.get("formatCode", "")[:300]
        elif tag == "cellXfs":
            self._in_cells = True
        elif tag == "fonts":
            self._in_fonts = True
        elif tag == "xf" and self._in_cells and len(self._formats) < 70_000:
            self._formats.append(number_id)
            font = attributes.get("fontId", "0")
            self._fonts.append(whole(font))
        elif self._in_fonts:
            self._font(tag, attributes)

    def _font(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "font" and len(self._struck_fonts) < 70_000:
            self._struck_fonts.append(False)
        elif tag == "strike" and self._struck_fonts:
            self._struck_fonts[-1] = attributes.get("val", "1") not in ("0", "false")

    def is_struck(self, style: str) -> bool:
        """Whether a style puts a line through the whole cell."""
        index = whole(style)
        font = self._fonts[index] if index < len(self._fonts) else 0
        return font < len(self._struck_fonts) and self._struck_fonts[font]

    def end(self, tag: str) -> None:
        """The list of cell styles ends."""
        tag = tag.rpartition(":")[2]
        if tag == "cellXfs":
            self._in_cells = False
        elif tag == "fonts":
            self._in_fonts = False

    def text(self, text: str) -> None:
        """Nothing stands between the tags."""

    def format_of(self, style: str) -> str:
        """The format code of a style, such as '0.00' or 'dd/mm/yyyy'."""
        if style not in self._cache:
            index = whole(style)
            number = self._formats[index] if index < len(self._formats) else 0
            code = self._custom.get(number) or BUILTIN_FORMATS.get(number) or "General"
            if 27 <= number <= 36 or 50 <= number <= 58:
                code = "dd/mm/yyyy"
            self._cache[style] = code
        return self._cache[style]


def as_cell_value(raw: str, kind: str, style: str, strings: list[str], styles: Styles) -> CellValue:
    """The value of a stored cell: text, number, truth value, date or time. None when empty."""
    if not raw:
        return None
    if kind == "s":
        at = whole(raw, len(strings))
        return strings[at] or None if at < len(strings) else None
    if kind in ("str", "inlineStr", "e"):
        return raw
    if kind == "b":
        return raw.strip() == "1"
    if kind == "d":
        return _iso(raw)
    return _number(raw, styles.format_of(style), styles.epoch)


def _iso(raw: str) -> CellValue:
    try:
        return dt.datetime.fromisoformat(raw.rstrip("Z"))
    except ValueError:
        return raw


def _number(raw: str, code: str, epoch: dt.datetime) -> CellValue:
    try:
        # Excel shows 15 digits; what lies beyond is the noise of binary fractions.
        number = Decimal(format(float(raw), ".15g"))
    except (ValueError, InvalidOperation, OverflowError):
        return raw
    if not number.is_finite():
        return raw
    if code != "General" and _is_date(code):
        try:
            moment: CellValue = from_excel(float(raw), epoch, timedelta=is_timedelta_format(code))
        except (ValueError, OverflowError):
            return number
        if moment is not None:
            return moment
    return number


@lru_cache(maxsize=256)
def _is_date(code: str) -> bool:
    return is_date_format(code)


def show(value: CellValue, code: str) -> str:
    """The text a person sees, near enough to recognise it. Dates are shown in UK order."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Decimal):
        return _show_number(value, code)
    if isinstance(value, dt.datetime):
        at_midnight = (value.hour, value.minute) == (0, 0)
        return value.strftime("%d/%m/%Y" if at_midnight else "%d/%m/%Y %H:%M")
    if isinstance(value, dt.date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    if isinstance(value, dt.timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return ""


def _show_number(value: Decimal, code: str) -> str:
    if code == "General":
        return plain(value)
    main = code.split(";")[0]
    if "%" in re.sub(r'"[^"]*"', "", main):
        return f"{plain(value * 100)}%"
    currency = re.search(r"\[\$([^\]-]{0,20})[^\]]{0,40}\]", main)
    main = re.sub(r"\[[^\]]{0,60}\]|_.|\*.", "", main)
    start, digits, end = _around_digits(main)
    if not digits:
        return plain(value)
    start = (currency.group(1) if currency else "") + start
    return f"{start}{plain(value)}{end}".strip()


def _around_digits(code: str) -> tuple[str, bool, str]:
    """The literal text before and after the digits of a format code."""
    found = re.search(r"[0#?][0#?.,]*", code)
    if not found:
        return "", False, ""
    return _literal(code[: found.start()]), True, _literal(code[found.end() :])


def _literal(code: str) -> str:
    quoted = re.findall(r'"([^"]*)"|\\(.)|([£$€ ])', code)
    return "".join("".join(groups) for groups in quoted)
