"""What the cells of a row mean, with a sentence at each that cannot be meant. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lti_tool.programme import words as fixed
from lti_tool.programme.bringing_in.columns import FileWords, plain
from lti_tool.programme.bringing_in.reading import RowRead
from lti_tool.programme.checking import check_dbs_days, check_standing
from lti_tool.programme.mailboxes import check_email
from lti_tool.programme.mentors import Named
from lti_tool.programme.numbers import ProgrammeNumbers
from lti_tool.programme.recording import DbsFacts
from lti_tool.programme.schools import check_urn
from lti_tool.programme.words import SchoolWords
from lti_tool.web.cleaning import clean_text, require_length
from lti_tool.web.time_fields import read_day

_DAYS = (
    "qts_checked_on", "senco_since", "course_began_on", "started_on", "agreed_on",
    "dbs_issued_on", "dbs_update_service_on", "dbs_checked_on",
)  # fmt: skip
_TEXTS = {"name": 300, "email": 320, "trn": 20, "school": 200, "urn": 20, "mentor": 200,
          "mentor_email": 320}  # fmt: skip
_DBS = ("dbs_level", "dbs_workforce", "dbs_issued_on", "dbs_checked_by", "dbs_checked_on")
_MENTOR = ("mentor", "mentor_email", "mentor_role")
_AS_FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class SchoolGiven:
    """A school as a row names it."""

    name: str
    urn: str | None
    phase: str
    kind: str
    started_on: date | None


@dataclass
class RowMeant:
    """What a row says; nothing where its cells are empty."""

    place: int
    name: str = ""
    email: str = ""
    standing: dict[str, Any] = field(default_factory=dict)
    school: SchoolGiven | None = None
    agreed_on: date | None = None
    release_days: int | None = None
    mentor: Named | None = None
    dbs: DbsFacts | None = None
    problems: dict[str, str] = field(default_factory=dict)
    """Sentences by column."""


@dataclass(frozen=True, slots=True)
class Words:
    """All words and numbers that cells are read with."""

    file: FileWords
    schools: SchoolWords
    numbers: ProgrammeNumbers
    today: date


def _choice(options: Mapping[str, str]) -> Callable[[str], str]:
    by_words = {plain(one): key for key, one in options.items()}
    by_words |= {plain(key.replace("_", " ")): key for key in options}

    def read(text: str) -> str:
        found = by_words.get(plain(text))
        if found is None:
            raise ValueError(f"Enter one of: {', '.join(options.values())}.")
        return found

    return read


def _yes_or_no(words: FileWords) -> Callable[[str], bool]:
    def read(text: str) -> bool:
        if plain(text) in words.yes:
            return True
        if plain(text) in words.no:
            return False
        raise ValueError("Enter yes or no, or leave it empty where it is not known.")

    return read


def _day(text: str) -> date:
    """A day as typed, or as a workbook gives it, which is with a time of midnight."""
    return read_day(text.removesuffix("T00:00:00").removesuffix(" 00:00:00"))


def _text(limit: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        found = clean_text(text, lines=False)
        if found.startswith(_AS_FORMULA):
            raise ValueError("This begins like a formula. Take the sign at its beginning away.")
        require_length(found, limit)
        return found

    return read


def _whole(most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 4 and int(text) <= most):
            raise ValueError(f"Enter a whole number from 0 to {most}.")
        return int(text)

    return read


def _readers(words: Words) -> dict[str, Callable[[str], Any]]:
    offices = {one: one for one in words.schools.offices.values()}
    return {
        **{key: _text(limit) for key, limit in _TEXTS.items()},
        **dict.fromkeys(_DAYS, _day),
        "qts": _yes_or_no(words.file),
        "aspiring": _yes_or_no(words.file),
        "agreed": _yes_or_no(words.file),
        "induction": _choice(fixed.INDUCTIONS),
        "qualification": _choice(fixed.QUALIFICATIONS),
        "phase": _choice(words.schools.phases),
        "kind": _choice(words.schools.kinds),
        "mentor_role": _choice(fixed.MENTOR_ROLES),
        "dbs_level": _choice(fixed.DBS_LEVELS),
        "dbs_workforce": _choice(fixed.WORKFORCES),
        "dbs_checked_by": _choice(offices),
        "release_days": _whole(words.numbers.most_release_days),
    }


def read_rows(rows: Iterable[RowRead], words: Words) -> list[RowMeant]:
    """What each row says, with a sentence at every cell that cannot be meant."""
    readers = _readers(words)
    return [_read_row(row, readers, words) for row in rows]


def _read_row(row: RowRead, readers: Mapping[str, Callable[[str], Any]], words: Words) -> RowMeant:
    meant = RowMeant(row.place)
    found: dict[str, Any] = {}
    for key, text in row.cells.items():
        if not text:
            continue
        try:
            found[key] = readers[key](text)
        except ValueError as error:
            meant.problems[key] = str(error)
    meant.name, meant.email = found.get("name", ""), found.get("email", "")
    _standing(meant, found, words)
    _school(meant, found, words)
    _agreement(meant, found, words)
    _mentor(meant, found)
    _dbs(meant, found, words)
    return meant


def _say(meant: RowMeant, problems: Mapping[str, str], names: Mapping[str, str]) -> None:
    for name, sentence in problems.items():
        meant.problems.setdefault(names.get(name, name), sentence)


def _standing(meant: RowMeant, found: dict[str, Any], words: Words) -> None:
    names = {"qts": "has_qts", "aspiring": "is_aspiring"}
    plainly = ("qts_checked_on", "induction", "senco_since", "qualification", "course_began_on")
    for key in ("qts", "aspiring", "trn", *plainly):
        if key in found:
            meant.standing[names.get(key, key)] = found[key]
    wrong = check_standing(
        senco_since=found.get("senco_since"),
        is_aspiring=bool(found.get("aspiring")),
        qts_checked_on=found.get("qts_checked_on"),
        qualification=found.get("qualification", ""),
        course_began_on=found.get("course_began_on"),
        trn=found.get("trn"),
        today=words.today,
        numbers=words.numbers,
    )
    _say(meant, wrong, {})


def _school(meant: RowMeant, found: dict[str, Any], words: Words) -> None:
    given = [key for key in ("school", "urn", "phase", "kind", "started_on") if key in found]
    if not given:
        return
    if "school" not in found:
        meant.problems.setdefault("school", "Enter the name of the school that this row tells of.")
        return
    wrong = check_urn(found.get("urn", ""))
    if wrong is not None:
        meant.problems.setdefault("urn", wrong)
    began = found.get("started_on")
    if began is not None and began > words.today:
        meant.problems.setdefault("started_on", "This day is still to come: check the year.")
    meant.school = SchoolGiven(
        found["school"], found.get("urn"), found.get("phase", ""), found.get("kind", ""), began
    )


def _agreement(meant: RowMeant, found: dict[str, Any], words: Words) -> None:
    agreed_on = found.get("agreed_on")
    if not found.get("agreed"):
        if agreed_on is not None and "agreed" not in found:
            meant.problems.setdefault("agreed", "Enter yes if the school agreed on that day.")
        return
    if agreed_on is None:
        meant.problems.setdefault("agreed_on", "Enter the day on which the school agreed.")
    elif agreed_on > words.today:
        meant.problems.setdefault("agreed_on", "This day is still to come: check the year.")
    meant.agreed_on, meant.release_days = agreed_on, found.get("release_days")


def _require_all(meant: RowMeant, found: dict[str, Any], keys: tuple[str, ...], of: str) -> bool:
    """Whether a group of cells is whole; a sentence at each that is empty where it is not."""
    missing = [key for key in keys if key not in found]
    if len(missing) == len(keys):
        return False
    for key in missing:
        meant.problems.setdefault(key, f"Enter this too: the facts of a {of} are kept together.")
    return not missing


def _mentor(meant: RowMeant, found: dict[str, Any]) -> None:
    if not _require_all(meant, found, _MENTOR, "mentor"):
        return
    wrong = check_email(found["mentor_email"])
    if wrong is not None:
        meant.problems.setdefault("mentor_email", wrong)
    meant.mentor = Named(found["mentor"], found["mentor_email"], found["mentor_role"])


def _dbs(meant: RowMeant, found: dict[str, Any], words: Words) -> None:
    if not _require_all(meant, found, _DBS, "DBS check"):
        if "dbs_update_service_on" in found and not any(key in found for key in _DBS):
            sentence = "Enter the other facts of the DBS check too: they are kept together."
            meant.problems.setdefault("dbs_update_service_on", sentence)
        return
    update_on = found.get("dbs_update_service_on")
    days = (found["dbs_issued_on"], update_on, found["dbs_checked_on"])
    names = {name: f"dbs_{name}" for name in ("issued_on", "update_service_on", "checked_on")}
    _say(meant, check_dbs_days(*days, words.today), names)
    meant.dbs = DbsFacts(
        found["dbs_level"], found["dbs_workforce"], days[0], update_on, found["dbs_checked_by"],
        days[2],
    )  # fmt: skip
