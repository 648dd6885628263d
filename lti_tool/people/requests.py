"""What a person may ask for of their own data: a copy of all of it, and that it is erased.

An operator does it by `lti-tool privacy`; the university has made sure who asks.
"""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core.errors import Conflict, NotFound
from lti_tool.lti.registrations import get_registration
from lti_tool.people.brought import brought_by
from lti_tool.people.models import Guest, Person
from lti_tool.privacy import erasing, exporting
from lti_tool.privacy.holdings import Subject, list_objections

NOBODY = 0
"""No person has this row number: the subject is an outsider."""


class NobodyKnown(NotFound):
    """Nothing is held about somebody with this id."""


class Objected(Conflict):
    """Something stands against erasing; the sentence says what."""


def find_subject(
    session: Session, registration_id: int, sub: str, *, locks: bool = False
) -> Subject:
    """Whom a course site knows by an id, with the outsiders only they have brought.

    :param sub: the course site's own id of the person.
    :param locks: nobody else may change the person meanwhile.
    :raises NobodyKnown: there is nobody, or what was held is erased.
    :raises RegistrationNotFound: there is no such registration.
    """
    platform_id = get_registration(session, registration_id).platform_id
    query = select(Person.id).where(
        Person.platform_id == platform_id, Person.sub == sub, Person.erased_at.is_(None)
    )
    person_id = session.scalar(query.with_for_update() if locks else query)
    if person_id is None:
        raise NobodyKnown(
            "Nothing is held about this person: no one with this id has come from there, or their "
            "data are erased already."
        )
    return Subject(person_id, brought_by(session, person_id))


def find_guest(session: Session, registration_id: int, email: str) -> Subject:
    """An outsider by their address: a host, head, mentor, examiner or reviewer.

    :raises NobodyKnown: nobody has this address, or it is erased.
    """
    found = session.scalar(
        select(Guest.id).where(
            Guest.registration_id == registration_id, Guest.email == email.strip().lower()
        )
    )
    if found is None:
        raise NobodyKnown("Nothing is held under this address, or it is erased already.")
    return Subject(NOBODY, (found,))


def export(
    session: Session, subject: Subject, to: Path, *, with_private: bool
) -> exporting.Contents:
    """Write all that is held about somebody to a zip, and leave a note that it was done.

    :param with_private: with what the university decides about too, such as private notes.
    """
    contents = exporting.write(session, subject, to, with_private=with_private)
    record(session, "personal data exported", ("person", subject.person_id), actor="operator")
    return contents


def erase(session: Session, subject: Subject, *, actor: str = "operator") -> list[erasing.Line]:
    """Erase somebody: what only they need goes, what is a record of assessed work loses the name.

    A later launch by the same account makes a new person. Of an outsider name and address go and
    their links close; what they answered stays, without a name.

    :param actor: "operator", or "tool" where their time was over.
    :raises Objected: a result is held back, as in an appeal or a case of academic integrity.
    """
    if subject.person_id != NOBODY:  # a launch of theirs waits, else its visit would stay
        session.execute(select(Person.id).where(Person.id == subject.person_id).with_for_update())
    against = [one for one in list_objections(session) if one.person_id == subject.person_id]
    if against:
        raise Objected(" ".join(one.sentence for one in against))
    lines = erasing.erase(session, subject)
    is_guest = subject.person_id == NOBODY
    whom = ("guest", subject.guest_ids[0]) if is_guest else ("person", subject.person_id)
    done = {
        word: sum(one.count for one in lines if one.done == word)
        for word in ("deleted", "emptied", "kept")
    }
    record(session, "personal data erased", whom, actor=actor, became=done)
    return lines
