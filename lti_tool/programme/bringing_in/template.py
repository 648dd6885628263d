"""The file to fill in: the cohort's names and addresses with what is recorded of each, so that
what comes back unchanged changes nothing."""

from collections.abc import Sequence

from lti_tool.papers.tables import Cell, Table
from lti_tool.programme import words
from lti_tool.programme.bringing_in.columns import FileWords
from lti_tool.programme.bringing_in.comparing import Member
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
