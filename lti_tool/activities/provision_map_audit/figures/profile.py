"""The school behind the map, as typed: phase, roll, needs by count, budget, threshold, sources.

Pure functions over the document, which keeps the profile as a mapping of text to text. Everything
may be left empty, and the school's details may be left out altogether: then they are emptied, and
what is left is how pay is reckoned. Only counts are kept here, never a pupil.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

LEVELS = ("support", "ehc")
SOURCES = ("roll", "needs", "budget", "threshold", "rates", "on_costs", "weeks")
# What says how pay is reckoned, not which school it is: it stays when the details are left out.
_OF_PAY = ("on_costs_percent", "weeks")
_SOURCES_OF_PAY = ("rates", "on_costs", "weeks")


@dataclass(frozen=True)
class Profile:
    """A school's own figures; None or empty where not given.

    `support` and `ehc` count pupils by primary need (census codes) with SEN support (census K) and
    with an EHC plan (census E). `notional_budget` and `threshold` are pounds, each for its own
    year. `on_costs_percent` is added to the rates of the roles in `without_on_costs`. `weeks` is
    the school's year. `sources` says where each figure comes from, by the names in `SOURCES`.
    """

    left_out: bool = False
    phase: str = ""
    roll: Decimal | None = None
    support: Mapping[str, Decimal] = field(default_factory=dict)
    ehc: Mapping[str, Decimal] = field(default_factory=dict)
    notional_budget: Decimal | None = None
    budget_year: str = ""
    threshold: Decimal | None = None
    threshold_year: str = ""
    weeks: Decimal | None = None
    on_costs_percent: Decimal | None = None
    without_on_costs: frozenset[str] = frozenset()
    sources: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Profile:
        """The profile a document holds; a figure that cannot be read counts as not given."""
        kept: Mapping[str, str] = document.get("profile") or {}
        return cls(
            left_out=kept.get("left_out") == "yes",
            phase=kept.get("phase", ""),
            roll=_number(kept, "roll"),
            support=_counts(kept, "support"),
            ehc=_counts(kept, "ehc"),
            notional_budget=_number(kept, "notional_budget"),
            budget_year=kept.get("budget_year", ""),
            threshold=_number(kept, "threshold"),
            threshold_year=kept.get("threshold_year", ""),
            weeks=_number(kept, "weeks"),
            on_costs_percent=_number(kept, "on_costs_percent"),
            without_on_costs=frozenset(kept.get("without_on_costs", "").split()),
            sources={
                name: kept[f"source.{name}"] for name in SOURCES if kept.get(f"source.{name}")
            },
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said of the school itself."""
        bare = without_school(self)
        return self == Profile(
            left_out=self.left_out,
            weeks=bare.weeks,
            on_costs_percent=bare.on_costs_percent,
            without_on_costs=bare.without_on_costs,
            sources=bare.sources,
        )

    @property
    def pupils_with_sen(self) -> Decimal | None:
        """Pupils with SEN support or an EHC plan; None where no count is given."""
        given = [*self.support.values(), *self.ehc.values()]
        return sum(given, Decimal(0)) if given else None

    def by_area(self, areas: Mapping[str, str]) -> dict[str, Decimal]:
        """Pupils by broad area of need, from primary needs. `areas` gives the area of a code."""
        found: dict[str, Decimal] = {}
        for counts in (self.support, self.ehc):
            for need, count in counts.items():
                area = areas.get(need, "other")
                found[area] = found.get(area, Decimal(0)) + count
        return found


def with_profile(document: Mapping[str, Any], profile: Profile) -> dict[str, Any]:
    """The document with this profile; of a school that is left out only its pay stays."""
    kept = without_school(profile) if profile.left_out else profile
    texts = {
        "left_out": "yes" if kept.left_out else "",
        "phase": kept.phase,
        "budget_year": kept.budget_year,
        "threshold_year": kept.threshold_year,
        "without_on_costs": " ".join(sorted(kept.without_on_costs)),
        **{name: _text(getattr(kept, name)) for name in ("roll", "notional_budget", "threshold")},
        **{name: _text(getattr(kept, name)) for name in _OF_PAY},
        **{f"support.{need}": _text(count) for need, count in kept.support.items()},
        **{f"ehc.{need}": _text(count) for need, count in kept.ehc.items()},
        **{f"source.{name}": kept.sources.get(name, "") for name in SOURCES},
    }
    return {**document, "profile": {name: text for name, text in texts.items() if text}}


def without_school(profile: Profile) -> Profile:
    """The profile with the school left out; what says how pay is reckoned stays."""
    return Profile(
        left_out=True,
        weeks=profile.weeks,
        on_costs_percent=profile.on_costs_percent,
        without_on_costs=profile.without_on_costs,
        sources={name: text for name, text in profile.sources.items() if name in _SOURCES_OF_PAY},
    )


def _text(value: Decimal | None) -> str:
    return "" if value is None else str(value)


def _number(kept: Mapping[str, str], name: str) -> Decimal | None:
    try:
        number = Decimal(kept.get(name, ""))
    except ArithmeticError:
        return None
    return number if number.is_finite() and number >= 0 else None


def _counts(kept: Mapping[str, str], level: str) -> dict[str, Decimal]:
    found = {}
    for name in kept:
        number = _number(kept, name) if name.startswith(f"{level}.") else None
        if number is not None:
            found[name.removeprefix(f"{level}.")] = number
    return found
