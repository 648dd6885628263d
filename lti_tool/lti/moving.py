"""A platform gets a new address: its issuer and our entries with it, what was kept of the old one.

The rows stay, so everybody keeps their number and with it their work. A platform is one issuer,
so all its registrations move together. Columns and members' lists have rewriting of their own, on
the floors that own them; `launch/moving.py` does the whole in one transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, bindparam, delete, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from lti_tool.core import clock
from lti_tool.db.statements import count_changed
from lti_tool.lti.addresses import check_address, origin
from lti_tool.lti.errors import RegistrationUnusable
from lti_tool.lti.makers import is_shared
from lti_tool.lti.models import (
    AccessToken,
    Context,
    Deployment,
    KeySet,
    Platform,
    Registration,
    WaitingLogin,
)
from lti_tool.lti.registrations import get_for_change
from lti_tool.settings import Settings

_GIVEN = {
    "auth_login_url": "login address",
    "auth_token_url": "token address",
    "jwks_url": "key set address",
}
_DERIVED = {**_GIVEN, "auth_audience": "token audience", "registration_client_url": "own record"}
_KEPT: dict[str, Any] = {
    "logins that wait in a frame, to be begun again": WaitingLogin,
    "key sets kept": KeySet,
    "service tokens kept": AccessToken,
}


@dataclass(frozen=True, slots=True)
class NewAddress:
    """Where a platform is to be found from now on, as the operator says it."""

    issuer: str
    client_id: str | None = None
    auth_login_url: str | None = None
    auth_token_url: str | None = None
    jwks_url: str | None = None
    beginnings: tuple[tuple[str, str], ...] = ()
    """Further beginnings of addresses, and what they become: services with a host of their own."""


@dataclass(slots=True)
class Move:
    """A move on its way: whom it concerns, how addresses change, and what did so far."""

    registration_ids: Sequence[int]
    beginnings: tuple[tuple[str, str], ...]
    was: dict[str, str]
    became: dict[str, str]
    counts: dict[str, int] = field(default_factory=dict)
    stays: dict[str, int] = field(default_factory=dict)
    """Addresses that stand elsewhere and were left, by kind."""

    @property
    def is_needed(self) -> bool:
        """Whether anything changed."""
        return self.was != self.became or any(self.counts.values())

    def of(self, url: str) -> str:
        """What an address becomes: the same where it stood under none of the old beginnings.
        One that stands at its new place already stays there, so that a move can be repeated."""
        for old, new in self.beginnings:
            if _stands_under(url, old) and not (
                _stands_under(new, old) and _stands_under(url, new)
            ):
                parts = urlsplit(url)
                rest = url[len(f"{parts.scheme}://{parts.netloc}") :]
                return new.rstrip("/") + rest[len(urlsplit(old).path.rstrip("/")) :]
        return url

    def rewrite(
        self, session: Session, what: str, column: Any, *where: ColumnElement[bool]
    ) -> None:
        """Rewrite one column of addresses and count what changed and what stays, under `what`.

        :param where: which rows; of this platform's registrations alone.
        """
        attribute: InstrumentedAttribute[str | None] = column
        table = attribute.class_.__table__
        rows = session.execute(
            select(table.c.id, attribute).where(attribute.is_not(None), *where)
        ).all()
        changes = [
            {"its_id": number, "its_url": becomes}
            for number, url in rows
            if (becomes := self.of(url)) != url
        ]
        if changes:
            session.connection().execute(
                update(table)
                .where(table.c.id == bindparam("its_id"))
                .values({attribute.key: bindparam("its_url")}),
                changes,
            )
        left = sum(not self._is_here(self.of(url)) for _, url in rows)
        self.count(what, len(changes))
        self.stays[what] = self.stays.get(what, 0) + left

    def _is_here(self, url: str) -> bool:
        return any(_stands_under(url, new) for _, new in self.beginnings)

    def count(self, what: str, number: int) -> None:
        """So many more of something changed."""
        self.counts[what] = self.counts.get(what, 0) + number


def _stands_under(url: str, beginning: str) -> bool:
    """Whether an address has the beginning's scheme, host and port, and a path below its path."""
    try:
        if origin(url) != origin(beginning):
            return False
    except ValueError:
        return False
    path = urlsplit(beginning).path.rstrip("/")
    rest = urlsplit(url).path
    return rest == path or rest.startswith(f"{path}/")


def _check(session: Session, settings: Settings, platform: Platform, to: NewAddress) -> None:
    """Every address that we shall call is one we may call, and the new issuer is nobody else's."""
    if not to.issuer or to.issuer != to.issuer.strip():
        raise RegistrationUnusable("The issuer is empty or has spaces around it.")
    check_address(settings, "issuer", to.issuer)
    for name, label in _GIVEN.items():
        if (given := getattr(to, name)) is not None:
            check_address(settings, label, given)
    for old, new in to.beginnings:
        if origin(old) == "://":
            raise RegistrationUnusable(f"“{old}” is no web address. Give the beginning in full.")
        check_address(settings, "new beginning", new)
    taken = session.scalars(
        select(Registration.id)
        .join(Platform, Platform.id == Registration.platform_id)
        .where(Platform.issuer == to.issuer, Platform.id != platform.id)
        .order_by(Registration.id)
    ).all()
    if taken:
        known = " and ".join(map(str, taken))
        raise RegistrationUnusable(
            f"{to.issuer} is connected already, as registration {known}, with people of its own, "
            "and nobody can tell which of them are the same. Nothing was changed. "
            "A platform that moves must not be registered again at its new address first."
        )


def _check_siblings(
    platform: Platform, mine: Registration, others: Sequence[Registration], to: NewAddress
) -> None:
    if others and is_shared(platform.issuer) and to.issuer != platform.issuer:
        raise RegistrationUnusable(
            f"{platform.issuer} stands for all customers of a maker, and {len(others) + 1} "
            "registrations are known under it. They cannot all move. Nothing was changed."
        )
    same = next((one.id for one in others if one.client_id == to.client_id), None)
    if to.client_id is not None and same is not None:
        raise RegistrationUnusable(
            f"Registration {same} of the same platform has the client id “{to.client_id}” already. "
            "Nothing was changed."
        )
    if to.client_id is not None and (
        not to.client_id.strip() or to.client_id != to.client_id.strip()
    ):
        raise RegistrationUnusable("The client id is empty or has spaces around it.")


def _change(move: Move, registration: Registration, given: dict[str, str | None]) -> bool:
    """Let one registration stand at its new addresses."""
    changed = False
    for name, label in (*_DERIVED.items(), ("client_id", "client id")):
        now = getattr(registration, name)
        if now is None:
            continue
        becomes = given.get(name) or (now if name == "client_id" else move.of(now))
        key = f"{label} of registration {registration.id}"
        move.was[key], move.became[key] = now, becomes
        if becomes != now:
            setattr(registration, name, becomes)
            changed = True
    return changed


def _drop_kept(session: Session, move: Move) -> None:
    """What was kept of the old address is asked for anew at the new one."""
    for what, table in _KEPT.items():
        mine = delete(table).where(table.registration_id.in_(move.registration_ids))
        move.count(what, count_changed(session, mine))


def begin_move(session: Session, settings: Settings, registration_id: int, to: NewAddress) -> Move:
    """Hold a platform's registrations, and let platform and registrations stand at the new
    address. The caller moves the rest in the same transaction.

    :raises RegistrationNotFound: there is none with this number.
    :raises RegistrationUnusable: an address that cannot be used, or that is somebody else's.
    """
    mine = get_for_change(session, registration_id)
    platform = session.get_one(Platform, mine.platform_id)
    others = session.scalars(
        select(Registration)
        .where(Registration.platform_id == platform.id, Registration.id != mine.id)
        .order_by(Registration.id)
        .with_for_update()
    ).all()
    _check(session, settings, platform, to)
    _check_siblings(platform, mine, others, to)
    beginnings = (*to.beginnings, (platform.issuer, to.issuer))
    move = Move(
        [mine.id, *(one.id for one in others)],
        tuple(sorted(beginnings, key=lambda pair: -len(pair[0]))),
        {"issuer": platform.issuer},
        {"issuer": to.issuer},
    )
    platform.issuer = to.issuer
    given = {name: getattr(to, name) for name in (*_GIVEN, "client_id")}
    for registration in (mine, *others):
        if _change(move, registration, given if registration is mine else {}):
            registration.updated_at = clock.now()
    for name, label in _GIVEN.items():
        check_address(settings, label, getattr(mine, name))
    contexts = Context.deployment_id.in_(
        select(Deployment.id).where(Deployment.registration_id.in_(move.registration_ids))
    )
    move.rewrite(session, "addresses of members’ lists", Context.memberships_url, contexts)
    if move.is_needed:
        _drop_kept(session, move)
    return move
