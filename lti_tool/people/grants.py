"""Roles that a course site cannot send: programme leader, and tutor where a course asks for it.

Given by an operator's command or by a leader on their page, within one course or a whole
registration, and taken back the same way. Each act is audited. A grant adds to what a launch
proved and never takes its place: whoever marks must come as Instructor too.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict, NotFound, Unusable
from lti_tool.db.statements import AnyRow
from lti_tool.lti.models import Context, Deployment, Registration
from lti_tool.people.models import Grant, Person
from lti_tool.people.operations import keep_person

LEADER, TUTOR = "programme-leader", "tutor"
ROLES = (LEADER, TUTOR)
CONTEXT, REGISTRATION, PROGRAMME = "context", "registration", "programme"


def holds(
    roles: tuple[str, ...],
    person_id: Any,
    context_id: Any,
    registration_id: Any,
    programme_key: Any = None,
) -> ColumnElement[bool]:
    """A condition: the person has one of these roles here. Takes columns or row numbers.

    :param programme_key: the course's `programme_key`, where the query reads it anyway.
    """
    return exists().where(*_reaches(roles, person_id, context_id, registration_id, programme_key))


def held(
    person_id: Any, context_id: Any, registration_id: Any, programme_key: Any
) -> ScalarSelect[Any]:
    """What the person has here, for a query that reads the course: 1 where they lead, 0 where they
    only teach, nothing where they have no grant. Takes columns, as `holds` does."""
    leads = case((Grant.role == LEADER, 1), else_=0)
    reaches = _reaches(ROLES, person_id, context_id, registration_id, programme_key)
    return select(func.max(leads)).where(*reaches).scalar_subquery()


def _reaches(
    roles: tuple[str, ...], person_id: Any, context_id: Any, registration_id: Any, programme: Any
) -> tuple[ColumnElement[bool], ...]:
    """Conditions on grants: of these roles, the person's, in force, that reach this course."""
    one_of = or_(*(Grant.role == role for role in roles))  # IN is written anew each time
    here = or_(
        and_(Grant.scope == CONTEXT, Grant.scope_key == cast(context_id, String)),
        and_(Grant.scope == REGISTRATION, Grant.scope_key == cast(registration_id, String)),
        and_(Grant.scope == PROGRAMME, _is_of_programme(context_id, programme)),
    )
    return Grant.person_id == person_id, one_of, Grant.revoked_at.is_(None), here


def _is_of_programme(context_id: Any, programme_key: Any) -> ColumnElement[bool]:
    if programme_key is not None:
        return and_(programme_key != "", Grant.scope_key == programme_key)
    its_course = aliased(Context)
    # Said outright what is the outer query's: left to itself, a column of `context_id` two levels
    # down would be read from any row of its table, and a grant would reach everywhere.
    joined = (
        select(its_course.programme_key)
        .where(its_course.id == context_id, its_course.programme_key != "")
        .correlate_except(its_course)
    )
    return Grant.scope_key.in_(joined)


def programme_scope_key(registration_id: int, programme: str) -> str:
    """How a grant, and the course it reaches, name a programme of a registration."""
    return f"{registration_id}:{programme}"


def programme_of(session: Session, context_id: int) -> str:
    """The key, as grants name it, of the programme a course is a run of; empty where of none."""
    return session.scalar(select(Context.programme_key).where(Context.id == context_id)) or ""


def find_scope(
    session: Session, registration_id: int, context: str | None, programme: str | None = None
) -> tuple[str, str]:
    """Scope and key of a grant.

    :param context: the platform's own id of a course, where the grant is for one.
    :raises NotFound: nobody has come from such a course yet.
    """
    if context is not None and programme is not None:
        raise Unusable("Give a course or a programme, not both.")
    if programme is not None:
        return PROGRAMME, programme_scope_key(registration_id, programme)
    if context is None:
        return REGISTRATION, str(registration_id)
    found = session.scalars(
        select(Context.id)
        .join(Deployment, Deployment.id == Context.deployment_id)
        .where(Deployment.registration_id == registration_id, Context.context_id == context)
        .order_by(Context.id)
    ).all()
    if not found:
        raise NotFound(
            f"Nobody has come from a course with the id {context} on this registration yet. Moodle "
            "shows a course’s id in its address (course/view.php?id=…)."
        )
    if len(found) > 1:
        raise Conflict("Several deployments have a course with this id. Grant for all instead.")
    return CONTEXT, str(found[0])


def keep_somebody(session: Session, registration_id: int, sub: str) -> int:
    """The row number of a person by the platform's id, made where they have not come yet.

    :raises NotFound: there is no such registration.
    """
    platform_id = session.scalar(
        select(Registration.platform_id).where(Registration.id == registration_id)
    )
    if platform_id is None:
        raise NotFound(f"There is no registration {registration_id}.")
    if not 0 < len(sub) <= 255 or "\x00" in sub:
        raise Unusable("A person’s id has 1 to 255 characters.")
    return keep_person(session, platform_id, sub, {})


def _in_force(person_id: int, role: str, scope: str, key: str) -> list[ColumnElement[bool]]:
    return [
        Grant.person_id == person_id,
        Grant.role == role,
        Grant.scope == scope,
        Grant.scope_key == key,
        Grant.revoked_at.is_(None),
    ]


def give(session: Session, person_id: int, role: str, scope: tuple[str, str], **actor: Any) -> bool:
    """Give a role.

    :param actor: as `audit.record` takes it: `actor_id`, or `actor="operator"`.
    :return: False where they had it already.
    """
    if role not in ROLES:
        raise Unusable(f"There is no role {role}. Use {' or '.join(ROLES)}.")
    in_turn = select(Person.id).where(Person.id == person_id).with_for_update(key_share=True)
    session.execute(in_turn)
    if session.scalar(select(Grant.id).where(*_in_force(person_id, role, *scope))) is not None:
        return False
    grant = Grant(
        person_id=person_id,
        role=role,
        scope=scope[0],
        scope_key=scope[1],
        granted_at=clock.now(),
    )
    session.add(grant)
    session.flush()
    _note(session, "role granted", grant.id, person_id, role, scope, actor)
    return True


def take_back(
    session: Session, person_id: int, role: str, scope: tuple[str, str], **actor: Any
) -> bool:
    """Take a role back; the row stays, with the time.

    :return: False where they did not have it.
    """
    ids = session.scalars(select(Grant.id).where(*_in_force(person_id, role, *scope))).all()
    for number in ids:
        session.execute(update(Grant).where(Grant.id == number).values(revoked_at=clock.now()))
        _note(session, "role taken back", number, person_id, role, scope, actor)
    return bool(ids)


def _note(
    session: Session,
    act: str,
    number: int,
    person_id: int,
    role: str,
    scope: tuple[str, str],
    actor: dict[str, Any],
) -> None:
    said = {"person": person_id, "role": role, "scope": scope[0], "key": scope[1]}
    context_id = int(scope[1]) if scope[0] == CONTEXT else None
    record(session, act, ("grant", number), context_id=context_id, became=said, **actor)


def list_grants(
    session: Session, registration_id: int | None = None, sub: str | None = None
) -> list[AnyRow]:
    """Roles in force, oldest first; people by the platform's id, without names.

    :param sub: of one person only, by the platform's id.
    """
    query = (
        select(
            Grant.id,
            Grant.person_id,
            Grant.role,
            Grant.scope,
            Grant.scope_key,
            Grant.granted_at,
            Person.sub,
            Context.context_id.label("course"),
        )
        .join(Person, Person.id == Grant.person_id)
        .outerjoin(
            Context,
            and_(Grant.scope == CONTEXT, cast(Context.id, String) == Grant.scope_key),
        )
        .where(Grant.revoked_at.is_(None))
        .order_by(Grant.id)
    )
    if registration_id is not None:
        query = query.join(Registration, Registration.platform_id == Person.platform_id).where(
            Registration.id == registration_id
        )
    if sub is not None:
        query = query.where(Person.sub == sub)
    return list(session.execute(query))


def take_back_one(session: Session, grant_id: int, **actor: Any) -> bool:
    """Take back what one grant gave.

    :return: False where it is not in force.
    """
    row = session.execute(
        select(Grant.person_id, Grant.role, Grant.scope, Grant.scope_key).where(
            Grant.id == grant_id, Grant.revoked_at.is_(None)
        )
    ).first()
    return row is not None and take_back(
        session, row.person_id, row.role, (row.scope, row.scope_key), **actor
    )


def holders(
    session: Session, context_id: int, registration_id: int
) -> dict[int, frozenset[tuple[str, str]]]:
    """Who has a grant in a context: roles with their scopes, by person."""
    rows = session.execute(
        select(Grant.person_id, Grant.role, Grant.scope).where(
            Grant.revoked_at.is_(None),
            or_(
                and_(Grant.scope == CONTEXT, Grant.scope_key == str(context_id)),
                and_(Grant.scope == REGISTRATION, Grant.scope_key == str(registration_id)),
                and_(
                    Grant.scope == PROGRAMME,
                    Grant.scope_key.in_(
                        select(Context.programme_key).where(
                            Context.id == context_id, Context.programme_key != ""
                        )
                    ),
                ),
            ),
        )
    )
    found: dict[int, frozenset[tuple[str, str]]] = {}
    for person_id, role, scope in rows:
        found[person_id] = found.get(person_id, frozenset()) | {(role, scope)}
    return found


def require_grants(session: Session, context_id: int, wanted: bool, *, actor_id: int) -> None:
    """A leader says whether an Instructor needs a grant here before they mark."""
    was = session.execute(
        select(Context.requires_grant).where(Context.id == context_id).with_for_update()
    ).scalar_one()
    if was == wanted:
        return
    session.execute(update(Context).where(Context.id == context_id).values(requires_grant=wanted))
    record(
        session,
        "markers named" if wanted else "markers open",
        ("context", context_id),
        actor_id=actor_id,
        context_id=context_id,
        was={"requires_grant": was},
        became={"requires_grant": wanted},
    )
