"""Keeping what a file would change, after somebody saw it."""

from collections.abc import Sequence

from lti_tool.audit.operations import record
from lti_tool.programme import recording
from lti_tool.programme.bringing_in.comparing import CHANGED, Compared
from lti_tool.programme.eligibility import Facts
from lti_tool.programme.forms import today
from lti_tool.programme.mentors import name_mentor
from lti_tool.programme.recording import OFFICE
from lti_tool.programme.records import Place
from lti_tool.programme.schools import keep_school
from lti_tool.programme.standing import keep_standing


def keep_all(place: Place, compared: Sequence[Compared]) -> int:
    """Keep every row that changes something and can be taken whole; an empty cell changes nothing.

    :return: how many rows were kept.
    """
    kept = [one for one in compared if one.state == CHANGED and one.facts is not None]
    for one in kept:
        if one.facts is not None:
            _keep_row(place, one, one.facts)
    if kept:
        record(
            place.session,
            "facts brought in",
            ("context", place.by.context_id),
            actor_id=place.by.person_id,
            context_id=place.by.context_id,
            became={"participants": len(kept)},
        )
    return len(kept)


def _keep_school(place: Place, one: Compared, facts: Facts) -> int:
    """The school that the row's further facts belong to; 0 where none is known and none needed."""
    given = one.row.school
    if given is None or "school" not in one.changes:
        return facts.post.school.id if facts.post else 0
    school_id = keep_school(
        place.session,
        place.registration_id,
        urn=given.urn,
        name=given.name,
        phase=given.phase,
        kind=given.kind,
    )
    recording.change_school(
        place.session,
        facts.standing.person_id,
        school_id,
        started_on=given.started_on or today(),
        by=place.by,
    )
    return school_id


def _keep_row(place: Place, one: Compared, facts: Facts) -> None:
    row, person_id = one.row, facts.standing.person_id
    if "standing" in one.changes:
        keep_standing(place.session, facts.standing, row.standing, by=place.by, source=OFFICE)
    school_id = _keep_school(place, one, facts)
    if "agreement" in one.changes and row.agreed_on is not None:
        recording.record_agreement(
            place.session,
            person_id,
            school_id,
            agreed_on=row.agreed_on,
            release_days=row.release_days,
            source=OFFICE,
            by=place.by,
        )
    if "mentor" in one.changes and row.mentor is not None:
        name_mentor(
            place.session,
            place.settings,
            person_id,
            school_id,
            row.mentor,
            registration_id=place.registration_id,
            started_on=today(),
            by=place.by,
        )
    if "dbs" in one.changes and row.dbs is not None:
        recording.record_dbs(place.session, person_id, row.dbs, source=OFFICE, by=place.by)
