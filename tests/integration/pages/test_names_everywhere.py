"""A name typed or uploaded at every place a participant can reach is in no byte of the database.

Every place gets a name of its own, so that a leak says where it is. Bringing a map in has its own
test of hidden names beside this one.
"""

import io
import json
import re
import zipfile

import docx
import pytest

from lti_tool.activities.provision_map_audit.map.row_form import ALL_FIELDS
from tests.integration.pages import work
from tests.integration.pages.test_bringing_in import _fields, _preview, _stored, _text
from tests.support.visiting import Visitor, World

_FIRST = ("Tyler", "Amelia", "Zainab", "Kacper", "Aoife", "Oliver", "Freya", "Priya", "Rhys")
_FETCH = {"X-Requested-With": "fetch"}
_BOXED = (
    '<w:p xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml"><w:r><w:pict><v:shape><v:textbox><w:txbxContent>'
    "<w:p><w:r><w:t>{}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
)


class Names:
    """Names, each used at one place; both halves of each are found nowhere else."""

    def __init__(self) -> None:
        self.places: dict[str, str] = {}

    def at(self, place: str) -> str:
        """A sentence that names somebody, for this place."""
        number = len(self.places)
        surname = f"Q{chr(97 + number // 26)}{chr(97 + number % 26)}rbeck"
        self.places[place] = surname
        return f"{_FIRST[number % len(_FIRST)]} {surname} struggles with reading"

    def leaks(self, world: World) -> list[str]:
        """Places whose name stands in the database, whole or as its first name."""
        stored = _stored(world)
        assert b"Lexia" in stored, "what names nobody is kept, and would be seen here"
        firsts = [one for one in _FIRST if re.search(rb"\b" + one.encode() + rb"\b", stored)]
        return [at for at, name in self.places.items() if name.encode() in stored] + firsts


@pytest.fixture
def visitor(world: World) -> Visitor:
    """A participant with a map, and an earlier draft of it."""
    visitor = world.let_in("5", "participant")
    work.bring_in(visitor)
    page = _preview(visitor, "Provision\tWeeks\nLexia\t10\n")
    sent = {**_fields(page), "mode": "replace", "act": "keep"}
    assert visitor.post("audit/map/bring-in", sent).status_code == 303
    return visitor


def test_no_field_of_a_row_keeps_a_name(world: World, visitor: Visitor) -> None:
    names = Names()
    visitor.get("audit/map/rows/new")
    for field in ALL_FIELDS:
        typed = {"name": "Lexia", "measure_2": "YARC", field: names.at(field)}
        answer = visitor.post("audit/map/rows/new", {**typed, "base": json.dumps(typed)})
        assert answer.status_code in (303, 422), field
    assert len(names.places) > 60 and names.leaks(world) == []


@pytest.mark.parametrize("kind", ["add", "cells"])
def test_no_cell_of_the_grid_keeps_a_name(world: World, visitor: Visitor, kind: str) -> None:
    names = Names()
    start = visitor.get("audit/map/grid", headers={"Accept": "application/json"}).get_json()
    known = start["rows"][0]
    cells = {field: names.at(field) for field in ALL_FIELDS}
    change = {"kind": "add", "row": "nabcdefgh1", "after": None, "cells": cells}
    if kind == "cells":
        both = {
            name: {"from": known["cells"].get(name, ""), "to": text} for name, text in cells.items()
        }
        change = {"kind": "cells", "row": known["id"], "cells": both}
    answer = visitor.post("audit/map/changes", {"changes": json.dumps([change])}, headers=_FETCH)
    assert answer.status_code == 200 and answer.get_json()["refused"], _text(answer)
    assert names.leaks(world) == []


def _typed(page: str, names: Names, place: str) -> dict[str, str]:
    """A name in every box, choice and hidden field of a page that a person could fill or forge."""
    found = re.findall(r'<(?:textarea|select|input)[^>]* name="([^"]+)"', page)
    left = {"csrf_token", "revision"}
    return {name: names.at(f"{place} {name}") for name in dict.fromkeys(found) if name not in left}


@pytest.mark.parametrize(
    ("path", "least", "headers"),
    [
        *(("writing", 20, {}), ("writing", 20, _FETCH), ("plan", 10, {}), ("plan", 10, _FETCH)),
        *(("school", 15, {}), ("figures/what-if", 5, {}), ("hand-in", 1, {})),
    ],
)
def test_no_field_of_a_page_keeps_a_name(
    world: World, visitor: Visitor, path: str, least: int, headers: dict[str, str]
) -> None:
    names = Names()
    visitor.get("audit/writing")
    visitor.post("audit/writing", {"outcome_set": "outcomes-2014"})
    sent = _typed(_text(visitor.get(f"audit/{path}")), names, path)
    assert len(sent) >= least, sorted(sent)
    answer = visitor.post(f"audit/{path}", sent, headers=headers)
    assert answer.status_code < 500
    for name, text in sent.items():
        assert visitor.post(f"audit/{path}", {name: text}, headers=headers).status_code < 500
    assert names.leaks(world) == []


def test_what_is_no_child_is_never_taken_from_the_post(world: World, visitor: Visitor) -> None:
    names = Names()
    visitor.get("audit/writing")
    visitor.post("audit/writing", {"act": f"not-a-child|{names.at('act')}"})
    visitor.get("audit/plan")
    visitor.post("audit/plan", {"act": f"not-a-child|{names.at('plan act')}"})
    visitor.get("audit/map/rows/new")
    visitor.post("audit/map/rows/new", {"name": "Lexia", "not_a_child": names.at("row")})
    page = _preview(visitor, "Provision\tWeeks\nNessy\t10\n")
    kept = {**_fields(page), "cleared": names.at("cleared"), "act": "keep"}
    kept["column|0|1"] = names.at("column")
    visitor.post("audit/map/bring-in", kept)
    visitor.post("audit/map/bring-in/forget", {"word": names.at("word")})
    assert names.leaks(world) == []


def test_a_pasted_map_keeps_no_name_of_heading_or_cell(world: World, visitor: Visitor) -> None:
    names = Names()
    headings = ["Provision", "Aim", "Pupil view", "Notes", names.at("heading")[:20]]
    rows = [headings, ["Lexia", *(names.at(f"cell {number}") for number in range(3)), "x"]]
    page = _preview(visitor, "\n".join("\t".join(row) for row in rows) + "\n")
    assert visitor.post("audit/map/bring-in", {**_fields(page), "act": "keep"}).status_code == 303
    assert "Lexia" in _text(visitor.get("audit/map")) and names.leaks(world) == []


def _commentary(names: Names) -> bytes:
    made = docx.Document()
    made.add_heading(names.at("heading"), 1)
    made.add_paragraph(names.at("paragraph"))
    made.add_paragraph(names.at("bullet"), style="List Bullet")
    made.add_table(1, 1).cell(0, 0).text = names.at("table")
    first, _, rest = names.at("across bold").partition(" ")
    line = made.add_paragraph()
    line.add_run(first).bold = True
    line.add_run(f" {rest}").italic = True
    made.element.body.insert(0, docx.oxml.parse_xml(_BOXED.format(names.at("text box"))))
    section = made.sections[0]
    section.header.paragraphs[0].text = names.at("header")
    section.footer.paragraphs[0].text = names.at("footer")
    made.add_comment(line.runs, names.at("comment"), names.at("comment's author"), "T")
    for field in ("author", "title", "subject", "comments", "last_modified_by", "keywords"):
        setattr(made.core_properties, field, names.at(field))
    out = io.BytesIO()
    made.save(out)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("word/odd.txt", names.at("an odd part"))
    return out.getvalue()


def test_no_place_of_a_word_document_keeps_a_name(world: World, visitor: Visitor) -> None:
    names = Names()
    data = _commentary(names)
    visitor.get("audit/writing/commentary")
    sent = {"file": (io.BytesIO(data), f"{names.at('file name')}.docx")}
    answer = visitor.post("audit/writing/commentary", sent, content_type="multipart/form-data")
    page = _text(answer)
    assert answer.status_code == 422 and names.leaks(world) == []
    form = {name: "leave-out" for name in re.findall(r'name="(about-[^"]+)"', page)}
    form |= {name: value for name, value in _fields(page).items() if name.startswith("file_")}
    answer = visitor.post("audit/writing/commentary", form)
    assert answer.status_code == 303, _text(answer)
    shown = _text(visitor.get("audit/writing/commentary"))
    assert "struggles with reading" in shown and "rbeck" not in shown
    assert names.leaks(world) == []
