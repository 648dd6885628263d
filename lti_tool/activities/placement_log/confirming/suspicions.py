"""What makes a tutor look twice at whom a participant asked: hints, never refusals.

A free-mail address, the participant's own, one that hosts for several, or one at the
participant's own school. A fixed number of queries, however many are looked at.
"""

from collections import defaultdict
from collections.abc import Collection
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log.confirming.confirmation import ConfirmationRead
from lti_tool.activities.placement_log.models import Confirmation, PartnerVisit
from lti_tool.people.models import Guest, Person
from lti_tool.programme.models import Mentorship, SchoolAgreement
from lti_tool.programme.numbers import load_programme_numbers


def domain_of(address: str) -> str:
    """What stands behind the @, in small letters; a trust's subdomains count as its own."""
    return address.rpartition("@")[2].strip().lower()


def is_same_place(one: str, other: str) -> bool:
    """Whether two domains are one, or one lies below the other."""
    return bool(one and other) and (
        one == other or one.endswith(f".{other}") or other.endswith(f".{one}")
    )


def list_hints(
    email: str,
    *,
    own: str | None,
    school_domains: Collection[str],
    others: int,
    free: Collection[str],
) -> list[str]:
    """Hints about one host's address. Pure.

    :param own: the participant's address, where we are told it.
    :param school_domains: domains known to belong to the participant's own school.
    :param others: how many other participants' visits the same address was asked to confirm.
    :param free: domains of free mail.
    """
    address, domain = email.strip().lower(), domain_of(email)
    if own and address == own.strip().lower():
        return ["This is the participant’s own address."]
    hints = []
    if domain in free:
        hints.append(f"{domain} is free mail: nothing shows that it belongs to the host school.")
    elif any(is_same_place(domain, one) for one in school_domains):
        hints.append("The address is at the participant’s own school, or where they have theirs.")
    if others:
        people = "another participant" if others == 1 else f"{others} other participants"
        hints.append(f"The same address was asked about visits of {people}.")
    return hints


def _own_domains(
    session: Session, own: dict[int, str | None], free: Collection[str]
) -> dict[int, set[str]]:
    """Domains of each participant's own school: their mentor's, their head's and their own."""
    found: dict[int, set[str]] = defaultdict(set)
    for table in (Mentorship, SchoolAgreement):
        rows = session.execute(
            select(table.person_id, Guest.email)
            .join(Guest, Guest.id == table.guest_id)
            .where(table.person_id.in_(own))
        )
        for person_id, email in rows:
            found[person_id].add(domain_of(email))
    for person_id, address in own.items():
        if address:
            found[person_id].add(domain_of(address))
    return {person_id: domains - set(free) for person_id, domains in found.items()}


def hints_of(
    session: Session, config_dir: Path, asked: Collection[ConfirmationRead]
) -> dict[int, list[str]]:
    """Hints by the confirmation's row number; none for those that came by a code or on paper."""
    by_mail = [one for one in asked if one.guest_id is not None and one.guest_email]
    people: dict[int, int] = {
        visit_id: person_id
        for visit_id, person_id in session.execute(
            select(PartnerVisit.id, PartnerVisit.person_id).where(
                PartnerVisit.id.in_({one.visit_id for one in by_mail})
            )
        )
    }
    hosted: dict[int, set[int]] = defaultdict(set)
    for guest_id, person_id in session.execute(
        select(Confirmation.guest_id, PartnerVisit.person_id)
        .join(PartnerVisit, PartnerVisit.id == Confirmation.visit_id)
        .where(Confirmation.guest_id.in_({one.guest_id for one in by_mail}))
        .distinct()
    ):
        hosted[guest_id or 0].add(person_id)
    own: dict[int, str | None] = {
        person_id: email
        for person_id, email in session.execute(
            select(Person.id, Person.email).where(Person.id.in_(set(people.values())))
        )
    }
    free = load_programme_numbers(config_dir).free_mail
    domains = _own_domains(session, own, free)
    found = {}
    for one in by_mail:
        person_id = people[one.visit_id]
        found[one.id] = list_hints(
            one.guest_email or "",
            own=own.get(person_id),
            school_domains=domains.get(person_id, set()),
            others=len(hosted[one.guest_id or 0] - {person_id}),
            free=free,
        )
    return found
