"""The forms by which a tutor records one person's facts: what each shows, checks and writes.

Every form carries a mark of what it was opened on, so that two tutors never overwrite each other
unseen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from lti_tool.core.errors import Conflict
from lti_tool.people.queries import find_address
from lti_tool.programme import recording
from lti_tool.programme.eligibility import Facts
from lti_tool.programme.forms import (
    AgreementForm,
    CheckedForm,
    DbsForm,
    MentorForm,
    SchoolForm,
    StandingForm,
    today,
)
from lti_tool.programme.mentors import By, Named, name_mentor
from lti_tool.programme.numbers import load_programme_numbers
from lti_tool.programme.recording import TUTOR, DbsFacts
from lti_tool.programme.schools import keep_school
from lti_tool.programme.standing import keep_standing
from lti_tool.programme.words import load_school_words
from lti_tool.settings import Settings


class NoSchool(Conflict):
    """A fact that belongs to a school, of somebody whose school is not known."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record is made: what every act of writing needs."""

    session: Session
    settings: Settings
    registration_id: int
    by: By


Posted = MultiDict[str, str] | None
Make = Callable[[Session, Path, Facts, Posted], CheckedForm]
Save = Callable[[Place, Facts, Any], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record."""

    title: str
    lead: str
    make: Make
    """The form, with what is recorded or what was posted."""
    save: Save
    mark: Callable[[Facts], int]
    """What changes with every change of what the form is about."""


def _school(session: Session, config_dir: Path, facts: Facts, posted: Posted) -> SchoolForm:
    form = SchoolForm(posted)
    form.offer(load_school_words(config_dir))
    form.not_before = facts.post.started_on if facts.post else None
    return form


def _save_school(place: Place, facts: Facts, form: SchoolForm) -> None:
    school_id = keep_school(
        place.session,
        place.registration_id,
        urn=form.urn.data or None,
        name=form.name.data,
        phase=form.phase.data or "",
        kind=form.kind.data or "",
    )
    recording.change_school(
        place.session,
        facts.standing.person_id,
        school_id,
        started_on=form.started_on.data,
        by=place.by,
    )


def _require_school(facts: Facts) -> int:
    if facts.post is None:
        raise NoSchool("Record the school first: this belongs to a school.")
    return facts.post.school.id


def _mentor(session: Session, config_dir: Path, facts: Facts, posted: Posted) -> MentorForm:
    form = MentorForm(posted, obj=facts.mentor if posted is None else None)
    form.own_email = find_address(session, facts.standing.person_id)
    return form


def _save_mentor(place: Place, facts: Facts, form: MentorForm) -> None:
    name_mentor(
        place.session,
        place.settings,
        facts.standing.person_id,
        _require_school(facts),
        Named(form.name.data, form.email.data, form.role.data),
        registration_id=place.registration_id,
        started_on=today(),
        by=place.by,
    )


def _dbs(session: Session, config_dir: Path, facts: Facts, posted: Posted) -> DbsForm:
    form = DbsForm(posted, obj=facts.dbs if posted is None else None)
    form.checked_by.offer({one: one for one in load_school_words(config_dir).offices.values()})
    return form


def _save_dbs(place: Place, facts: Facts, form: DbsForm) -> None:
    told = DbsFacts(
        form.level.data,
        form.workforce.data,
        form.issued_on.data,
        form.update_service_on.data,
        form.checked_by.data,
        form.checked_on.data,
    )
    recording.record_dbs(place.session, facts.standing.person_id, told, source=TUTOR, by=place.by)


def _standing(session: Session, config_dir: Path, facts: Facts, posted: Posted) -> StandingForm:
    standing = facts.standing
    qts = {True: "yes", False: "no"}.get(standing.has_qts) if standing.has_qts is not None else None
    form = StandingForm(posted, obj=standing if posted is None else None, qts=qts)
    form.numbers = load_programme_numbers(config_dir)
    return form


def _save_standing(place: Place, facts: Facts, form: StandingForm) -> None:
    values = {
        "has_qts": {"yes": True, "no": False}.get(form.qts.data or ""),
        "qts_checked_on": form.qts_checked_on.data,
        "induction": form.induction.data or "",
        "senco_since": form.senco_since.data,
        "is_aspiring": bool(form.is_aspiring.data),
        "trn": form.trn.data or None,
        "qualification": form.qualification.data or "",
        "course_began_on": form.course_began_on.data,
    }
    keep_standing(place.session, facts.standing, values, by=place.by, source=TUTOR)


def _agreement(session: Session, config_dir: Path, facts: Facts, posted: Posted) -> AgreementForm:
    return AgreementForm(posted)


def _save_agreement(place: Place, facts: Facts, form: AgreementForm) -> None:
    recording.record_agreement(
        place.session,
        facts.standing.person_id,
        _require_school(facts),
        agreed_on=form.agreed_on.data,
        release_days=form.release_days.data,
        source=TUTOR,
        by=place.by,
    )


KINDS: dict[str, Kind] = {
    "school": Kind(
        "Where they work",
        "Another school is a further entry; what was before stays in the history. The mentor’s "
        "link and the agreement of the school before end.",
        _school,
        _save_school,
        lambda facts: facts.post.id if facts.post else 0,
    ),
    "agreement": Kind(
        "An agreement on paper",
        "For an agreement that reached you another way. The head’s link, if one is open, ends.",
        _agreement,
        _save_agreement,
        lambda facts: facts.agreement.id if facts.agreement else 0,
    ),
    "mentor": Kind(
        "Mentor",
        "Another address is another mentor: the link of the mentor before ends.",
        _mentor,
        _save_mentor,
        lambda facts: facts.mentor.id if facts.mentor else 0,
    ),
    "dbs": Kind(
        "DBS check",
        "Facts of the single central record, never the certificate or its number. These replace "
        "the facts that counted before, which stay in the history.",
        _dbs,
        _save_dbs,
        lambda facts: facts.dbs.id if facts.dbs else 0,
    ),
    "standing": Kind(
        "Teacher and SENCO",
        "QTS, induction and dates. Nobody needs a day on which they became a SENCO.",
        _standing,
        _save_standing,
        lambda facts: facts.standing.revision,
    ),
}
