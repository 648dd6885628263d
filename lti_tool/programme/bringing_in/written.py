"""The file to fill in, and a row put into words for the preview.

The template holds the cohort's names and addresses with what is recorded of each, so that what
comes back unchanged changes nothing.
"""

from collections.abc import Sequence
from datetime import date

from lti_tool.papers.tables import Cell, Table
from lti_tool.programme import words
from lti_tool.programme.bringing_in.columns import FileWords
from lti_tool.programme.bringing_in.comparing import Member
from lti_tool.programme.bringing_in.meaning import RowMeant
from lti_tool.programme.dates import in_words
from lti_tool.programme.eligibility import Facts
from lti_tool.programme.words import SchoolWords


def make_table(
    file_words: FileWords,
    school_words: SchoolWords,
    members: Sequence[Member],
    facts: dict[int, Facts],
) -> Table:
    """A row for each participant under the headings of the file."""
    rows = []
    for one in members:
        cells = _cells(one, facts[one.person_id], school_words)
        rows.append([cells.get(key) for key in file_words.headings])
    return Table("Cohort", tuple(file_words.headings.values()), rows)


def say_changes(row: RowMeant, groups: Sequence[str]) -> dict[str, str]:
    """What a row would have recorded, by group of facts, as people read it."""
    said = {}
    if row.school is not None:
        since = f", since {in_words(row.school.started_on)}" if row.school.started_on else ""
        urn = f" (URN {row.school.urn})" if row.school.urn else ""
        said["school"] = f"{row.school.name}{urn}{since}"
    if row.agreed_on is not None:
        days = (
            ""
            if row.release_days is None
            else f", {row.release_days} {'day' if row.release_days == 1 else 'days'} of release"
        )
        said["agreement"] = f"agreed on {in_words(row.agreed_on)}{days}"
    if row.mentor is not None:
        role = words.MENTOR_ROLES[row.mentor.role].lower()
        said["mentor"] = f"{row.mentor.name}, {row.mentor.email}, {role}"
    if row.dbs is not None:
        said["dbs"] = (
            f"{words.DBS_LEVELS[row.dbs.level]}, {words.WORKFORCES[row.dbs.workforce].lower()}, "
            f"issued on {in_words(row.dbs.issued_on)}, checked by {row.dbs.checked_by} on "
            f"{in_words(row.dbs.checked_on)}"
        )
    said["standing"] = "; ".join(_say_standing(row))
    return {group: said.get(group, "") for group in groups}


def _say_standing(row: RowMeant) -> list[str]:
    labels = {
        "has_qts": "QTS",
        "qts_checked_on": "QTS checked on",
        "induction": "induction",
        "senco_since": "SENCO since",
        "is_aspiring": "not a SENCO yet",
        "trn": "TRN",
        "qualification": "studies for",
        "course_began_on": "course began on",
    }
    by_key = {**words.INDUCTIONS, **words.QUALIFICATIONS}
    found = []
    for name, value in row.standing.items():
        if isinstance(value, bool):
            shown = "yes" if value else "no"
        else:
            shown = in_words(value) if isinstance(value, date) else by_key.get(value, value)
        found.append(f"{labels[name]} {shown}")
    return found


def _cells(member: Member, facts: Facts, school_words: SchoolWords) -> dict[str, Cell]:
    standing, post, mentor, dbs = facts.standing, facts.post, facts.mentor, facts.dbs
    found: dict[str, Cell] = {
        "name": member.name,
        "email": member.email,
        "trn": standing.trn,
        "qts": standing.has_qts,
        "qts_checked_on": standing.qts_checked_on,
        "induction": words.INDUCTIONS.get(standing.induction),
        "senco_since": standing.senco_since,
        "aspiring": True if standing.is_aspiring else None,
        "qualification": words.QUALIFICATIONS.get(standing.qualification),
        "course_began_on": standing.course_began_on,
    }
    if post is not None:
        found |= {
            "school": post.school.name,
            "urn": post.school.urn,
            "phase": school_words.phases.get(post.school.phase),
            "kind": school_words.kinds.get(post.school.kind),
            "started_on": post.started_on,
        }
    if mentor is not None:
        found |= {
            "mentor": mentor.name,
            "mentor_email": mentor.email,
            "mentor_role": words.MENTOR_ROLES.get(mentor.role),
        }
    if dbs is not None:
        found |= {
            "dbs_level": words.DBS_LEVELS.get(dbs.level),
            "dbs_workforce": words.WORKFORCES.get(dbs.workforce),
            "dbs_issued_on": dbs.issued_on,
            "dbs_update_service_on": dbs.update_service_on,
            "dbs_checked_by": dbs.checked_by,
            "dbs_checked_on": dbs.checked_on,
        }
    return found
