"""Whether a released mark still counts as it was released.

Afterwards marks may have been saved anew, the cohort scaled, or a later due date granted: what the
participant sees, the gradebook shows and a board would confirm is then not what counts. A recorded
decision stands whatever marking says.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import partial
from typing import Protocol

from sqlalchemy.orm import Session

from lti_tool.coursework.queries import HandedIn
from lti_tool.db.statements import AnyRow
from lti_tool.marking.deciding import deciding_kind, list_latest
from lti_tool.marking.out import list_out
from lti_tool.marking.reckoning import Reckoned
from lti_tool.marking.standing import CONFIRMED
from lti_tool.marking.terms import Terms

OUT_OF_DATE = (
    "This mark counts otherwise than when it was released: marks were saved since, the cohort was "
    "scaled, or a later date was granted. Release it again first."
)


class Seen(Protocol):
    """A released mark, as far as this asks."""

    @property
    def judgement_id(self) -> int:
        """The judgement that it came of."""

    @property
    def final(self) -> Decimal:
        """The mark itself."""

    @property
    def standing(self) -> str:
        """provisional or confirmed."""


def is_out_already(seen: Seen | None, judgement: AnyRow, reckoned: Reckoned) -> bool:
    """Whether the participant sees this very mark already. One judgement may come to another
    final mark later."""
    return seen is not None and seen.judgement_id == judgement.id and seen.final == reckoned.final


def is_out_of_date(
    seen: Seen | None, judgement: AnyRow | None, reckon: Callable[[Decimal], Reckoned]
) -> bool:
    """Whether a released mark is not what counts now.

    :param judgement: the one that counts now.
    :param reckon: what comes of its overall mark, once it has one.
    """
    if seen is None or judgement is None or seen.standing == CONFIRMED:
        return False
    overall = judgement.overall
    return overall is None or not is_out_already(seen, judgement, reckon(overall))


def list_out_of_date(session: Session, terms: Terms, works: Iterable[HandedIn]) -> set[int]:
    """The submissions of one assignment whose released mark is not what counts now. Two queries."""
    by_id = {work.submission_id: work for work in works}
    latest, kind = list_latest(session, by_id), deciding_kind(terms.rules)
    return {
        number
        for number, seen in list_out(session, by_id).items()
        if is_out_of_date(seen, latest.get((number, kind)), partial(terms.reckon, by_id[number]))
    }
