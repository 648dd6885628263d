"""What of people stands in the tables of `people`: profile, memberships, roles, visits, guests.

The names of everybody stand here and nowhere else, so that erasing them empties every page.
"""

from typing import Any

from sqlalchemy import ColumnElement, String, cast, literal

from lti_tool.core import clock
from lti_tool.lti.messages import ERASED
from lti_tool.people.models import (
    Grant,
    Guest,
    GuestLink,
    GuestSignature,
    GuestVisit,
    Membership,
    Person,
    Visit,
)
from lti_tool.privacy.holdings import Emptied, Goes, Holding, Keeps, hold, label

ERASED_GUEST = "(name erased)"


def _was_not_erased() -> ColumnElement[bool]:
    return Person.erased_at.is_(None)


def _sub() -> Any:
    return literal(ERASED) + cast(Person.id, String)


label(Guest, "name")
label(GuestSignature, "name")
hold(
    Holding(
        Person,
        "You",
        "id",
        Emptied(
            {
                "sub": _sub(),
                "name": None,
                "given_name": None,
                "family_name": None,
                "email": None,
                "display": None,
                "erased_at": clock.now,
            },
            "name, address, settings and the course site’s number for you go; what stays of your "
            "work is then held by a number that leads to nobody",
        ),
        where=_was_not_erased,
    ),
    Holding(
        Membership,
        "Courses you are in",
        "person_id",
        Emptied({"is_active": False}, "it says that somebody took part, and not who"),
    ),
    Holding(Grant, "Roles given to you here", "person_id", Goes()),
    Holding(
        Visit,
        "Pages you have open",
        "person_id",
        Goes(),
        leaves_out=("handle", "secret_digest", "return_url", "deep_linking"),
    ),
    Holding(
        Guest,
        "People whom only you have brought",
        "id",
        Emptied(
            {
                "name": ERASED_GUEST,
                "email": literal("erased-") + cast(Guest.id, String) + "@erased.invalid",
            },
            "name and address go; the row holds together what they answered",
        ),
        only=("name", "created_at"),
        keeps=Keeps("guests", "created_at"),
    ),
    Holding(
        GuestLink,
        "Links for people whom only you have brought",
        "guest_id",
        Emptied({"revoked_at": clock.now}, "the link is closed; it holds no name"),
        only=("purpose", "created_at", "expires_at", "revoked_at"),
        keeps=Keeps("guest_links", "expires_at", unlinks=True),
    ),
    Holding(
        GuestVisit,
        "When those links were opened",
        "guest_link_id.guest_id",
        Goes(),
        only=("started_at",),
        keeps=Keeps("guest_links", "guest_link_id.expires_at"),
    ),
    Holding(
        GuestSignature,
        "Names under what they confirmed",
        "guest_id",
        Emptied(
            {"name": None, "role": None, "erased_at": clock.now},
            "the name goes; the seal covers a salted hash of it and still holds",
        ),
        only=("name", "role", "signed_at"),
        keeps=Keeps("guests", "signed_at"),
    ),
)
