"""What of people stands in the tables of the gradebook: marks on their way, and what is shown."""

from typing import Any

from sqlalchemy import ColumnElement

from lti_tool.gradebook.models import Comparison, Delivery, DeliveryAttempt, ShownResult
from lti_tool.gradebook.states import CANCELLED, ERASED, NEEDS_PERSON, WAITING
from lti_tool.privacy.holdings import Emptied, Goes, Holding, Keeps, Stays, acts, hold

_ASSIGNMENT = "line_item_id.assignment_id"
_OPEN = (WAITING, NEEDS_PERSON)


def _is_open() -> ColumnElement[bool]:
    return Delivery.state.in_(_OPEN)


def _is_settled() -> ColumnElement[bool]:
    return Delivery.state.not_in(_OPEN)


_STOPPED: dict[str, Any] = {
    "state": CANCELLED,
    "reason": ERASED,
    "comment": "",
    "revision": Delivery.revision + 1,
    "lease": None,
    "leased_until": None,
}
_KEEPS = Keeps("assessed_work", _ASSIGNMENT)

hold(
    Holding(
        Delivery,
        "Marks not sent yet",
        "person_id",
        Emptied(_STOPPED, "nothing more is sent to the gradebook"),
        where=_is_open,
        leaves_out=("lease", "leased_until", "tries", "due_at"),
        keeps=_KEEPS,
    ),
    Holding(
        Delivery,
        "Marks sent to the gradebook",
        "person_id",
        Emptied({"comment": ""}, "the score is a record of assessed work; the words go"),
        where=_is_settled,
        leaves_out=("lease", "leased_until", "tries", "due_at"),
        keeps=_KEEPS,
    ),
    Holding(
        DeliveryAttempt,
        "Each try to send a mark",
        "delivery_id.person_id",
        Stays("it holds a score and times: a record of assessed work"),
        keeps=Keeps("assessed_work", f"delivery_id.{_ASSIGNMENT}"),
    ),
    Holding(
        ShownResult,
        "What the gradebook showed",
        "person_id",
        Goes("the course site has it"),
        keeps=_KEEPS,
    ),
    *acts(Comparison, "Comparisons you asked for", "asked_by_id", only=("asked_at", "read_at")),
    *acts(ShownResult, "Differences you decided about", "decided_by_id", only=("decided_at",)),
)
