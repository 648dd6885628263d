"""The programme's files in config, and what a row of the cohort's file means."""

import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.core.errors import Unusable
from lti_tool.papers.lists import open_rows
from lti_tool.papers.tables import Table, to_csv
from lti_tool.programme.agreement_words import load_wording
from lti_tool.programme.bringing_in.columns import load_file_words
from lti_tool.programme.bringing_in.meaning import RowMeant, Words, read_rows
from lti_tool.programme.bringing_in.reading import RowRead, read_file
from lti_tool.programme.numbers import load_programme_numbers
from lti_tool.programme.words import load_school_words

CONFIG = Path(__file__).parents[3] / "config"
FILE_WORDS = load_file_words(CONFIG)
WORDS = Words(
    FILE_WORDS, load_school_words(CONFIG), load_programme_numbers(CONFIG), date(2026, 11, 9)
)
DBS = {
    "dbs_level": "Enhanced",
    "dbs_workforce": "child",
    "dbs_issued_on": "12/1/2026",
    "dbs_checked_by": "school office",
    "dbs_checked_on": "2026-01-20T00:00:00",
}


def _meant(row: RowRead, words: Words) -> RowMeant:
    return read_rows([row], words)[0]


def _changed(folder: Path, name: str, change: object) -> Path:
    shutil.copytree(CONFIG / "words", folder / "words")
    shutil.copytree(CONFIG / "rules", folder / "rules")
    path = folder / name
    document = yaml.safe_load(path.read_text("utf-8"))
    change(document)  # type: ignore[operator]
    path.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "load", "change", "said"),
    [
        ("words/schools.yaml", load_school_words, lambda d: d.pop("kinds"), "kinds"),
        ("words/schools.yaml", load_school_words, lambda d: d["phases"].update(x=""), "“x”"),
        ("words/agreement.yaml", load_wording, lambda d: d.pop("terms"), "terms"),
        ("words/agreement.yaml", load_wording, lambda d: d.update(version=1), "version"),
        ("words/cohort_file.yaml", load_file_words, lambda d: d["columns"].pop("urn"), "urn"),
        (
            "words/cohort_file.yaml",
            load_file_words,
            lambda d: d["columns"]["urn"].update(also=["School"]),
            "stands for both",
        ),
        (
            "rules/programme.yaml",
            load_programme_numbers,
            lambda d: d["deadlines"].pop("nasenco_closed_from"),
            "nasenco_closed_from",
        ),
    ],
)
def test_a_wrong_file_is_named(
    tmp_path: Path, name: str, load: object, change: object, said: str
) -> None:
    with pytest.raises(Unusable, match=said):
        load(_changed(tmp_path, name, change))  # type: ignore[operator]


def test_headings_of_other_offices_are_understood() -> None:
    data = "Student Name;E-Mail;DBS issue date;DBS certificate number;Shoe size\nA;a@b.c;;001;4\n\n"
    read = read_file(data.encode("cp1252"), FILE_WORDS)
    assert read.rows == [RowRead(2, {"name": "A", "email": "a@b.c", "dbs_issued_on": ""})]
    assert read.refused == ["DBS certificate number"] and read.unread == ["Shoe size"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "holds no rows"),
        (b"TRN\n1234567\n", "says who each row is about"),
        (b"Name,Full name\n", "mean the same"),
        (b"\x00\x01", "no table that can be read"),
        (b"\xd0\xcf\x11\xe0", "old or locked workbook"),
        (b"PK\x03\x04 and nothing else", "could not be read"),
        (b"Name\n" + b"A\n" * 2100, "at most 2000 rows"),
    ],
)
def test_files_that_cannot_be_read(data: bytes, said: str) -> None:
    with pytest.raises(Unusable, match=said):
        read_file(data, FILE_WORDS)


def test_a_whole_row() -> None:
    meant = _meant(
        RowRead(2, {"name": "A", "qts": "Held", "school": "Ashgrove", "urn": "116123",
                    "started_on": "1/9/2020", "agreed": "y", "agreed_on": "2026-10-01",
                    "release_days": "5", "mentor": "O", "mentor_email": "o@a.sch.uk",
                    "mentor_role": "senior senco", **DBS}),
        WORDS,
    )  # fmt: skip
    # A senior SENCO is said by the key as well as by the words of the page.
    assert meant.problems == {}
    assert meant.dbs is not None and meant.dbs.issued_on == date(2026, 1, 12)
    assert meant.dbs.checked_by == "School office" and meant.dbs.checked_on == date(2026, 1, 20)
    assert meant.mentor is not None and meant.mentor.role == "senior_senco"
    assert meant.standing == {"has_qts": True} and meant.release_days == 5


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"qts": "perhaps"}, "qts"),
        ({"dbs_level": "Enhanced"}, "dbs_checked_on"),
        ({**DBS, "dbs_checked_by": "Mrs Smith"}, "dbs_checked_by"),
        ({**DBS, "dbs_issued_on": "31/2/2026"}, "dbs_issued_on"),
        ({"dbs_update_service_on": "2026-01-01"}, "dbs_update_service_on"),
        ({"mentor": "O"}, "mentor_email"),
        ({"urn": "116123"}, "school"),
        ({"school": "A", "urn": "1161"}, "urn"),
        ({"agreed": "yes"}, "agreed_on"),
        ({"agreed_on": "2026-10-01"}, "agreed"),
        ({"release_days": "-1"}, "release_days"),
        ({"school": "=cmd()"}, "school"),
        ({"qualification": "NASENCo award", "course_began_on": "2025-09-01"}, "qualification"),
    ],
)
def test_what_cannot_be_meant_is_said_at_its_column(cells: dict[str, str], column: str) -> None:
    meant = _meant(RowRead(7, {"name": "A", **cells}), WORDS)
    assert column in meant.problems


@given(st.dictionaries(st.sampled_from(sorted(FILE_WORDS.headings)), st.text(max_size=40)))
def test_no_cell_brings_a_row_down(cells: dict[str, str]) -> None:
    meant = _meant(RowRead(2, cells), WORDS)
    assert all(sentence.endswith(".") for sentence in meant.problems.values())


_TEXT = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="'"), max_size=20
)


@given(st.lists(st.tuples(_TEXT, _TEXT), min_size=1, max_size=5))
def test_what_we_write_as_csv_comes_back_as_it_was(rows: list[tuple[str, str]]) -> None:
    data = to_csv(Table("T", ("a,b", "c"), rows))
    back = open_rows(data, most_rows=10)
    stripped = [[cell.strip() for cell in row] for row in rows]
    assert back == [["a,b", "c"], *(row if any(row) else [] for row in stripped)]
