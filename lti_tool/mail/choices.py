"""Which messages a person would rather not have. Without a choice they get them all."""

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.db.statements import insert_if_missing
from lti_tool.mail.models import MailChoice


def list_unwanted(session: Session, person_id: int) -> set[str]:
    """The kinds a person chose not to get."""
    return set(
        session.scalars(
            select(MailChoice.kind).where(
                MailChoice.person_id == person_id, MailChoice.is_wanted.is_(False)
            )
        )
    )


def choose(
    session: Session, person_id: int, offered: Collection[str], wanted: Collection[str]
) -> None:
    """Keep a person's choice among the kinds offered to them; others stay as they were."""
    now = clock.now()
    for kind in offered:
        values = {"is_wanted": kind in wanted, "changed_at": now}
        key = {"person_id": person_id, "kind": kind}
        if insert_if_missing(session, MailChoice, ["person_id", "kind"], key | values) is None:
            session.execute(
                update(MailChoice)
                .where(MailChoice.person_id == person_id, MailChoice.kind == kind)
                .values(**values)
            )
