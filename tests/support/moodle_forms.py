"""Draws the pictures of docs/moodle-admin.md: sketches of Moodle's forms, as SVG.

Nothing of Moodle is in them but the words on its labels, which `moodle_forms.yaml` holds. Drawn
from that file alone, so that the same data always give the same bytes; `make pictures` draws
them too. Each has a white ground of its own and reads on a dark page.
"""

import sys
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures" / "moodle"
DATA = Path(__file__).with_suffix(".yaml")
WIDTH, EDGE = 800, 24
LABEL_X, CONTROL_X = 64, 300
CONTROL_WIDTH = WIDTH - CONTROL_X - EDGE
LINE, GAP, PAD = 20, 14, 9
INK, QUIET, RULE, MARKED, GLOW = "#1d2125", "#5c6670", "#8f959e", "#a3180f", "#fff4d6"
FILLS = {"good": "#357a32", "main": "#0f6cbf"}
_FONT = "Verdana, 'DejaVu Sans', Arial, sans-serif"
_EM = 0.62
"""Width of a letter in parts of its size, on the safe side for every font of the list."""


class Sheet:
    """A picture that grows downwards: `y` is where the next part begins."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.y = EDGE

    def words(self, x: float, y: float, text: str, size: int = 14, **look: Any) -> None:
        """A line of text with its base line at y; `look` as `fill`, `bold`, `middle`."""
        more = ' font-weight="700"' if look.get("bold") else ""
        more += ' text-anchor="middle"' if look.get("middle") else ""
        fill = look.get("fill", INK)
        self.pieces.append(
            f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{fill}"{more}>'
            f"{escape(text, quote=False)}</text>"
        )

    def lines(self, x: float, y: float, lines: list[str], size: int = 14, **look: Any) -> None:
        """Several lines, the first with its base line at y."""
        for number, line in enumerate(lines):
            self.words(x, y + number * LINE, line, size, **look)

    def box(self, x: float, y: float, width: float, height: float, **look: Any) -> None:
        """A rectangle; a marked one has a thick edge and a pale ground."""
        is_marked = look.get("marked", False)
        fill = look.get("fill", GLOW if is_marked else "#ffffff")
        edge = MARKED if is_marked else look.get("edge", RULE)
        self.pieces.append(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" '
            f'rx="{look.get("round", 6)}" fill="{fill}" stroke="{edge}" '
            f'stroke-width="{2.5 if is_marked else 1}"/>'
        )

    def path(self, drawn: str, **look: Any) -> None:
        """A line drawing."""
        self.pieces.append(
            f'<path d="{drawn}" fill="{look.get("fill", "none")}" '
            f'stroke="{look.get("edge", INK)}" stroke-width="{look.get("thick", 2)}" '
            'stroke-linecap="round" stroke-linejoin="round"/>'
        )

    def mark(self, x: float, y: float, number: int | None) -> None:
        """The number of a step, in a disc around (x, y)."""
        if number is not None:
            self.pieces.append(f'<circle cx="{x:g}" cy="{y:g}" r="14" fill="{MARKED}"/>')
            self.words(x, y + 5.5, str(number), 16, fill="#ffffff", bold=True, middle=True)


def wrapped(text: str, width: float, size: int = 14) -> list[str]:
    """The text in lines that fit into `width` pixels."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if line and len(longer) * size * _EM > width:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return lines


def _label(sheet: Sheet, part: dict[str, Any]) -> int:
    """The label on the left, with its mark; the height it takes."""
    lines = wrapped(part["label"], CONTROL_X - LABEL_X - 12)
    sheet.lines(LABEL_X, sheet.y + PAD + 15, lines)
    sheet.mark(EDGE + 14, sheet.y + PAD + 10, part.get("mark"))
    return len(lines) * LINE + 2 * PAD


def _field(sheet: Sheet, part: dict[str, Any], least_lines: int = 1, arrow: bool = False) -> None:
    lines = wrapped(part["value"], CONTROL_WIDTH - 2 * PAD - (30 if arrow else 0))
    height = max(len(lines), least_lines) * LINE + 2 * PAD
    width = float(CONTROL_WIDTH)
    if arrow:
        width = min(width, max(map(len, lines)) * 14 * _EM + 2 * PAD + 36)
    tall = max(_label(sheet, part), height)
    sheet.box(CONTROL_X, sheet.y, width, height, marked=bool(part.get("mark")))
    sheet.lines(CONTROL_X + PAD + 2, sheet.y + PAD + 15, lines)
    if arrow:
        x, y = CONTROL_X + width - 22, sheet.y + height / 2 - 2
        sheet.path(f"M{x - 5:g} {y:g}l5 5 5-5")
    sheet.y += tall + GAP


def _text(sheet: Sheet, part: dict[str, Any]) -> None:
    _field(sheet, part)


def _area(sheet: Sheet, part: dict[str, Any]) -> None:
    _field(sheet, part, least_lines=2)


def _select(sheet: Sheet, part: dict[str, Any]) -> None:
    _field(sheet, part, arrow=True)


def _opened(sheet: Sheet, part: dict[str, Any]) -> None:
    """A list that is opened, with the choice to make."""
    _label(sheet, part)
    row = LINE + 12
    sheet.box(CONTROL_X, sheet.y, 320, row * len(part["options"]) + 8)
    for number, option in enumerate(part["options"]):
        y = sheet.y + 4 + number * row
        is_chosen = option == part["value"]
        if is_chosen:
            sheet.box(CONTROL_X + 4, y, 312, row, marked=True)
        sheet.words(CONTROL_X + PAD + 6, y + 21, option, bold=is_chosen)
    sheet.y += row * len(part["options"]) + 8 + GAP


def _tick(sheet: Sheet, part: dict[str, Any]) -> None:
    is_ticked = part["is_ticked"]
    sheet.box(
        CONTROL_X, sheet.y + 2, 18, 18, round=3, fill=FILLS["main"] if is_ticked else "#ffffff"
    )
    if is_ticked:
        sheet.path(f"M{CONTROL_X + 4} {sheet.y + 11}l4 4 7-8", edge="#ffffff")
    sheet.words(CONTROL_X + 28, sheet.y + 16, part["label"])
    sheet.y += LINE + GAP


def _note(sheet: Sheet, part: dict[str, Any]) -> None:
    lines = wrapped(part["words"], CONTROL_WIDTH)
    sheet.lines(CONTROL_X, sheet.y + 15, lines, fill=QUIET)
    sheet.y += len(lines) * LINE + GAP


def _button(sheet: Sheet, x: float, y: float, words: str, look: str) -> float:
    """A button at (x, y); its width."""
    width = len(words) * 14 * _EM + 2 * PAD + 12
    fill = FILLS.get(look, "#e3e6e9")
    sheet.box(x, y, width, LINE + 2 * PAD, fill=fill, edge=fill)
    sheet.words(
        x + width / 2, y + PAD + 15, words, fill=INK if look == "plain" else "#ffffff", middle=True
    )
    return width


def _buttons(sheet: Sheet, part: dict[str, Any]) -> None:
    x = float(CONTROL_X)
    for one in part["buttons"]:
        width = _button(sheet, x, sheet.y, one["words"], one["look"])
        if one.get("mark"):
            sheet.box(x - 4, sheet.y - 4, width + 8, LINE + 2 * PAD + 8, marked=True, fill="none")
            sheet.mark(EDGE + 14, sheet.y + PAD + 10, one["mark"])
        x += width + 16
    sheet.y += LINE + 2 * PAD + GAP


def _card(sheet: Sheet, x: float, card: dict[str, Any]) -> None:
    """A tool's card of 300 by 270 pixels: state, three icons, name, words, foot."""
    y = sheet.y + 20
    sheet.box(x, y, 300, 250)
    sheet.box(x, y, 300, 104, fill="#f3f4f5")
    good = card["state"] == "Active"
    sheet.box(x + 12, y + 14, 92, 26, fill=FILLS["good"] if good else "#006b76", edge="none")
    sheet.words(x + 58, y + 32, card["state"], 13, fill="#ffffff", bold=True, middle=True)
    for at, drawn, mark in (
        (176, "M{0} {1}m8 8l6 6M{0} {1}m3 3m-7 0a7 7 0 1 0 14 0a7 7 0 1 0-14 0", "details_mark"),
        (216, "M{0} {1}m-5 13l1-5 12-12 4 4-12 12z", "edit_mark"),
        (256, "M{0} {1}m-5-3h16M{0} {1}m-3-2l1 16h10l1-16M{0} {1}m0-4h6", ""),
    ):
        sheet.path(drawn.format(f"{x + at:g}", f"{y + 24:g}"), edge=FILLS["main"])
        if card.get(mark):
            sheet.box(x + at - 13, y + 9, 34, 34, marked=True, fill="none")
            sheet.mark(x + at + 4, y - 8, card[mark])
    sheet.words(x + 150, y + 80, card["tool"], 17, middle=True)
    sheet.lines(x + 16, y + 132, wrapped(card["words"], 280))
    if card.get("button"):
        width = len(card["button"]) * 14 * _EM + 2 * PAD + 12
        _button(sheet, x + 150 - width / 2, y + 202, card["button"], "good")
        sheet.box(x + 146 - width / 2, y + 198, width + 8, 46, marked=True, fill="none")
        sheet.mark(x + 122 - width / 2, y + 221, card["button_mark"])
    else:
        sheet.words(x + 16, y + 232, card["foot"], fill=QUIET)


def _cards(sheet: Sheet, part: dict[str, Any]) -> None:
    for number, card in enumerate(part["cards"]):
        _card(sheet, LABEL_X + number * 348, card)
    sheet.y += 280 + GAP


def _table(sheet: Sheet, part: dict[str, Any]) -> None:
    """One row of the list of tools in a course, with its switch."""
    places = [(64, 140), (214, 190), (420, 80), (516, 140), (690, 90)]
    for head, (x, width) in zip(part["heads"], places, strict=True):
        sheet.lines(x, sheet.y + 15, wrapped(head, width), bold=True)
    y = sheet.y + 2 * LINE + 12
    sheet.path(f"M{LABEL_X} {y}H{WIDTH - EDGE}", edge=RULE)
    sheet.lines(64, y + 30, wrapped(part["tool"], 140))
    sheet.lines(214, y + 30, wrapped(part["words"], 190))
    sheet.words(420, y + 30, "0")
    sheet.box(508, y + 10, 70, 36, marked=True)
    sheet.box(520, y + 17, 44, 22, round=11, fill=FILLS["main"], edge=FILLS["main"])
    sheet.pieces.append(f'<circle cx="553" cy="{y + 28}" r="8" fill="#ffffff"/>')
    sheet.mark(EDGE + 14, y + 27, part["mark"])
    sheet.y = y + 30 + 4 * LINE + GAP


def _values(sheet: Sheet, part: dict[str, Any]) -> None:
    """Lines of names and values that are all to be copied."""
    row = LINE + 8
    height = len(part["values"]) * row + 2 * PAD
    sheet.box(LABEL_X, sheet.y, WIDTH - LABEL_X - EDGE, height, marked=True)
    for number, (name, value) in enumerate(part["values"]):
        y = sheet.y + PAD + 19 + number * row
        sheet.words(LABEL_X + 14, y, f"{name}:", bold=True)
        sheet.words(CONTROL_X + 14, y, value)
    sheet.mark(EDGE + 14, sheet.y + height / 2, part["mark"])
    sheet.y += height + GAP


KINDS: dict[str, Callable[[Sheet, dict[str, Any]], None]] = {
    "text": _text, "area": _area, "select": _select, "opened": _opened, "tick": _tick,
    "note": _note, "buttons": _buttons, "cards": _cards, "table": _table, "values": _values,
}  # fmt: skip


def draw(picture: dict[str, Any]) -> str:
    """One picture as SVG, its alternative text as its title."""
    sheet = Sheet()
    sheet.lines(EDGE, sheet.y + 10, way := wrapped(picture["path"], WIDTH - 2 * EDGE, 13), 13,
                fill=QUIET)  # fmt: skip
    sheet.y += len(way) * LINE + 22
    sheet.words(EDGE, sheet.y, picture["title"], 21, bold=True)
    sheet.y += 26
    for part in picture["parts"]:
        KINDS[part["kind"]](sheet, part)
    height = sheet.y + 4
    body = "\n".join(sheet.pieces)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" '
        f'width="{WIDTH}" height="{height:g}" role="img" font-family="{_FONT}">\n'
        f"<title>{escape(picture['alt'], quote=False)}</title>\n"
        f'<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1:g}" rx="10" '
        f'fill="#ffffff" stroke="#c3c8ce"/>\n{body}\n</svg>\n'
    )


def read_data() -> list[dict[str, Any]]:
    """The pictures as the data file describes them, in its order."""
    found: list[dict[str, Any]] = yaml.safe_load(DATA.read_text("utf-8"))
    return found


def draw_all() -> None:
    """Draw every picture again into docs/pictures/moodle."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for picture in read_data():
        (PICTURES / f"{picture['name']}.svg").write_text(draw(picture), "utf-8")
        sys.stderr.write(f"docs/pictures/moodle/{picture['name']}.svg\n")


if __name__ == "__main__":
    draw_all()
