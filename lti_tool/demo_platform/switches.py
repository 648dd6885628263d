"""The switches that make the platform misbehave, kept in the state file.

Each switch has a name, a kind and a sentence for people. Where a switch bites
is decided by the module it bites in; the page for them is in misbehave.py.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lti_tool.demo_platform.store import Store

FLAG, COUNT, SECONDS, PEOPLE, CHOICE = "flag", "count", "seconds", "people", "choice"


@dataclass(frozen=True)
class Switch:
    key: str
    kind: str
    label: str
    group: str
    default: Any
    choices: tuple[str, ...] = ()


LAUNCHES, TOKENS, SERVICES, COURSE = "Launches", "Tokens and keys", "Services", "Course"

SWITCHES: tuple[Switch, ...] = (
    Switch("next_wrong_nonce", COUNT, "Next launches with a wrong nonce", LAUNCHES, 0),
    Switch("next_expired_id_token", COUNT, "Next launches with an expired id token", LAUNCHES, 0),
    Switch("next_unknown_kid", COUNT, "Next launches signed with an unknown key", LAUNCHES, 0),
    Switch(
        "always_repost", FLAG, "Every launch takes one more hop (Moodle's repost)", LAUNCHES, False
    ),
    Switch("withhold_names", FLAG, "Names and e-mail addresses are not sent", LAUNCHES, False),
    Switch(
        "jwks",
        CHOICE,
        "The platform's public keys",
        TOKENS,
        "ok",
        ("ok", "not_found", "down", "empty"),
    ),
    Switch("slow_token_s", SECONDS, "Seconds to wait before a token", TOKENS, 0.0),
    Switch("next_token_429", COUNT, "Next token requests answered 429", TOKENS, 0),
    Switch("next_token_500", COUNT, "Next token requests answered 500", TOKENS, 0),
    Switch("next_token_503", COUNT, "Next token requests answered 503", TOKENS, 0),
    Switch(
        "keyset_blocked",
        FLAG,
        "The platform cannot fetch the tool's keys (404 page)",
        TOKENS,
        False,
    ),
    Switch("withhold_lineitem_scope", FLAG, "The tool may not make columns", TOKENS, False),
    Switch("down", FLAG, "All services and the token endpoint answer 503", SERVICES, False),
    Switch(
        "slow_score_s",
        SECONDS,
        "Seconds to wait after taking a score, before the answer",
        SERVICES,
        0.0,
    ),
    Switch("next_429", COUNT, "Next service requests answered 429", SERVICES, 0),
    Switch("retry_after_s", COUNT, "Retry-After on each 429, in seconds", SERVICES, 2),
    Switch("next_500", COUNT, "Next service requests answered 500", SERVICES, 0),
    Switch("next_503", COUNT, "Next service requests answered 503", SERVICES, 0),
    Switch(
        "lock_all", FLAG, "Every column is locked: a score is answered 500 with []", SERVICES, False
    ),
    Switch(
        "show_zero_results", FLAG, "Results show a mark of 0 (else it is left out)", SERVICES, False
    ),
    Switch(
        "roster",
        CHOICE,
        "The list of members is answered",
        SERVICES,
        "well",
        ("well", "401", "403", "404", "429", "500", "web_page", "empty"),
    ),
    Switch("slow_roster_s", SECONDS, "Seconds to wait before the list of members", SERVICES, 0.0),
    Switch("roster_page", COUNT, "Members on a page of the list at most (0: all)", SERVICES, 0),
    Switch(
        "roster_link",
        CHOICE,
        "How the list of members names its next page",
        SERVICES,
        "as_moodle",
        (
            "as_moodle",
            "unquoted",
            "other_parameters_first",
            "several_links",
            "relative",
            "itself",
            "plain_http",
            "other_site",
            "for_ever",
        ),
    ),
    Switch("roster_extra", COUNT, "Made-up participants added to each list", COURSE, 0),
    Switch("unenrolled", PEOPLE, "People the course has forgotten", COURSE, ()),
)
BY_KEY: dict[str, Switch] = {switch.key: switch for switch in SWITCHES}
MAXIMUM_SECONDS = 120.0


class UnknownSwitch(Exception):
    """There is no such switch, or the value does not fit it."""


class Switches:
    """How all switches stand."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.RLock()

    def as_dict(self) -> dict[str, Any]:
        saved = self._store.get_setting("switches") or {}
        return {s.key: saved.get(s.key, _plain(s.default)) for s in SWITCHES}

    def get(self, key: str) -> Any:
        return self.as_dict()[key]

    def set(self, changes: Mapping[str, Any]) -> None:
        """Sets some switches and leaves the others. All or nothing."""
        parsed = {key: _parse(key, value) for key, value in changes.items()}
        with self._lock:
            self._store.set_setting("switches", self.as_dict() | parsed)

    def reset(self) -> None:
        with self._lock:
            self._store.set_setting("switches", {})

    def take(self, key: str) -> bool:
        """Uses up one of a count; False when none is left."""
        with self._lock:
            left = int(self.get(key))
            if left > 0:
                self.set({key: left - 1})
            return left > 0

    def is_unenrolled(self, user_id: str) -> bool:
        return user_id in self.get("unenrolled")


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _parse(key: str, value: Any) -> Any:
    switch = BY_KEY.get(key)
    if switch is None:
        raise UnknownSwitch(f"There is no switch called {key}.")
    try:
        return _convert(switch, value)
    except (TypeError, ValueError) as error:
        raise UnknownSwitch(f"{value!r} does not fit the switch {key}.") from error


def _convert(switch: Switch, value: Any) -> Any:
    if switch.kind == FLAG:
        return value if isinstance(value, bool) else str(value).lower() in ("1", "true", "on")
    if switch.kind == COUNT:
        return max(0, int(value))
    if switch.kind == SECONDS:
        return min(max(0.0, float(value)), MAXIMUM_SECONDS)
    if switch.kind == PEOPLE:
        people = value.split(",") if isinstance(value, str) else list(value)
        return sorted({str(person).strip() for person in people} - {""})
    if value not in switch.choices:
        raise ValueError(value)
    return value
