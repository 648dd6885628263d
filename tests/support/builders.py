"""States for tests to begin from: courses, people, work, marks, columns.

Plain functions over a session, made of the tool's own operations, so that a state here is one
that launches and marking would have brought about.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from lti_tool.activities.provision_map_audit import ACTIVITY
from lti_tool.coursework.extensions import deadline_for
from lti_tool.coursework.handing_in import hand_in
from lti_tool.coursework.operations import save_work, set_assignment
from lti_tool.coursework.own_work import get_work
from lti_tool.coursework.queries import (
    AssignmentRead,
    HandedIn,
    get_assignment,
    list_handed_in,
)
from lti_tool.coursework.rules import get_rules, rules_version_in_force
from lti_tool.gradebook.operations import keep_line_item
from lti_tool.lti.messages import AgsEndpoint, LaunchMessage
from lti_tool.lti.models import Deployment, Registration
from lti_tool.lti.places import keep_context, keep_link, point_link
from lti_tool.lti.registrations import RegistrationValues, add_registration
from lti_tool.marking.judging import View, save_judgement
from lti_tool.marking.queries import find_judgement, rubric_of
from lti_tool.marking.releasing import release_mark
from lti_tool.marking.rubrics import version_in_force
from lti_tool.marking.terms import get_terms
from lti_tool.people.operations import keep_membership, keep_person
from lti_tool.settings import Settings

CONFIG = Path(__file__).parents[2] / "config"
_AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
ALL_SCOPES = tuple(
    _AGS + name for name in ("lineitem", "lineitem.readonly", "result.readonly", "score")
)


@dataclass(frozen=True)
class Course:
    """A course area on a registered platform, with a tutor in it."""

    registration_id: int
    platform_id: int
    deployment_id: int
    context_id: int
    said_id: str
    """The platform's own id of the course."""
    tutor_id: int


def _message(course_or_ids: Any, **changes: Any) -> LaunchMessage:
    values: dict[str, Any] = {
        "registration_id": course_or_ids.registration_id,
        "platform_id": course_or_ids.platform_id,
        "deployment_id": course_or_ids.deployment_id,
        "message_type": "LtiResourceLinkRequest",
        "sub": "3",
        "name": None,
        "given_name": None,
        "family_name": None,
        "email": None,
        "roles": frozenset({"tutor"}),
        "context_id": course_or_ids.said_id,
        "context_title": "Module 1",
        "context_label": "M1",
        "context_history": "",
        "resource_link_id": "1",
        "resource_link_title": "Provision-map audit",
    }
    return LaunchMessage(**{**values, **changes})


def build_course(
    session: Session, settings: Settings, values: Mapping[str, Any], context: str = "2"
) -> Course:
    """Register a platform, unless it is there, and launch a tutor into one of its courses.

    :param values: as `RegistrationValues` takes them.
    """
    given = {**values, "deployment_ids": tuple(values["deployment_ids"])}
    registration_id, _ = add_registration(session, settings, RegistrationValues(**given))
    registration = session.get_one(Registration, registration_id)
    deployment = session.query(Deployment).filter_by(registration_id=registration_id).first()
    assert deployment is not None
    ids = Course(registration_id, registration.platform_id, deployment.id, 0, context, 0)
    context_id = keep_context(session, _message(ids))
    tutor_id = keep_person(session, registration.platform_id, "3", {"name": "Dr Helen Marsh"})
    keep_membership(session, context_id, tutor_id, "tutor")
    return Course(
        registration_id, registration.platform_id, deployment.id, context_id, context, tutor_id
    )


def build_person(session: Session, course: Course, sub: str, name: str | None = None) -> int:
    """A participant of a course, by the platform's own id."""
    profile = {"name": name or f"Participant {sub}"}
    person_id = keep_person(session, course.platform_id, sub, profile)
    keep_membership(session, course.context_id, person_id, "participant")
    return person_id


def build_assignment(
    session: Session,
    settings: Settings,
    course: Course,
    *,
    link: str = "1",
    title: str = "Provision-map audit",
    maximum: Decimal = Decimal(100),
    line_items_url: str | None = None,
    line_item_url: str | None = None,
    scopes: tuple[str, ...] = ALL_SCOPES,
) -> AssignmentRead:
    """Work set at a link, with the column that the launch named, if any."""
    message = _message(course, resource_link_id=link, resource_link_title=title)
    row = keep_link(session, course.context_id, message)
    assignment_id = set_assignment(
        session,
        context_id=course.context_id,
        activity=ACTIVITY,
        title=title,
        rubric_version=version_in_force(session, settings.config_dir, ACTIVITY.rubric_key),
        rules_version=rules_version_in_force(session, settings.config_dir, ACTIVITY.rules_key),
        maximum=maximum,
    )
    point_link(session, row.id, assignment_id)
    assignment = get_assignment(session, assignment_id, (course.context_id,))
    launch_again(
        session,
        course,
        assignment,
        link=link,
        ags=AgsEndpoint(line_items_url, line_item_url, scopes),
    )
    return assignment


def launch_again(
    session: Session, course: Course, assignment: AssignmentRead, *, link: str, ags: AgsEndpoint
) -> None:
    """What a launch keeps of the column it names."""
    keep_line_item(
        session,
        assignment_id=assignment.id,
        context_id=course.context_id,
        registration_id=course.registration_id,
        resource_id=assignment.resource_id,
        resource_link_id=link,
        label=assignment.title,
        maximum=assignment.maximum,
        ags=ags,
    )


def build_work(
    session: Session,
    assignment: AssignmentRead,
    person_id: int,
    document: dict[str, Any] | None = None,
) -> HandedIn:
    """Work begun and handed in.

    :param document: what it says; nothing yet if left out.
    """
    empty = ACTIVITY.new_document()
    written = document or empty
    work = get_work(session, assignment.id, person_id, empty)
    save_work(session, assignment, person_id, ACTIVITY, work, written, revision=work.revision)
    work = get_work(session, assignment.id, person_id, empty)
    declared = {"own-work": "This is my own work."}
    deadline = deadline_for(session, CONFIG, assignment, person_id)
    hand_in(session, assignment, person_id, ACTIVITY, work, declared, deadline)
    return next(
        one
        for one in list_handed_in(session, (assignment.context_id,))
        if one.assignment_id == assignment.id and one.person_id == person_id
    )


def judge(
    session: Session,
    settings: Settings,
    course: Course,
    assignment: AssignmentRead,
    work: HandedIn,
    mark: Decimal | None,
    feedback: str = "Clear and well argued.",
) -> int:
    """Mark work: the same mark on every criterion, or None to leave the last one unmarked.

    :return: the judgement's number.
    """
    rubric = rubric_of(session, assignment)
    given: dict[str, Decimal | None] = {one.id: mark for one in rubric.criteria}
    if mark is None:
        given = {one.id: Decimal(50) for one in rubric.criteria[:-1]}
    before = find_judgement(session, work.submission_id)
    built_on = before.number if before else 0
    save_judgement(
        session,
        work,
        rubric,
        get_rules(session, settings.config_dir, assignment.rules_key, assignment.rules_version),
        View(given, {}, feedback, ""),
        built_on=built_on,
        marker_id=course.tutor_id,
    )
    return int(built_on) + 1


def release(
    session: Session,
    settings: Settings,
    course: Course,
    assignment: AssignmentRead,
    work: HandedIn,
    mark: Decimal,
    feedback: str = "Clear and well argued.",
) -> int | None:
    """Mark work and release the mark, in this session's transaction.

    :return: the delivery's number, or None where there is no gradebook.
    """
    number = judge(session, settings, course, assignment, work, mark, feedback)
    terms = get_terms(session, settings.config_dir, assignment)
    return release_mark(session, assignment, work, terms, number=number, actor_id=course.tutor_id)
