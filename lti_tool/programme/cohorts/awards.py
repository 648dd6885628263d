"""What a board could award a person, what is missing, and which day closes on them. Pure.

NASENCo needs credits, every outcome signed off, QTS and induction, and a board on or before its
last day; without QTS the same credits are a Postgraduate Certificate, which can be raised later.
The result of an NPQ is the lead provider's and is never worked out here.
"""

from calendar import isleap
from dataclasses import dataclass
from datetime import date

from lti_tool.core.clock import plain_day
from lti_tool.programme.cohorts.words import (
    AWARDS_OF,
    NASENCO,
    NO_AWARD,
    NPQ,
    PG_CERTIFICATE,
)

_INDUCTED = ("done", "exempt")


@dataclass(frozen=True, slots=True)
class Law:
    """Days and years that the law sets, from `config/rules/`."""

    nasenco_closed_from: date
    """Cohorts that begin on or after this day cannot take NASENCo (SI 2024/535)."""
    nasenco_ends_on: date
    """The last day on which a board can award NASENCo (SI 2024/535)."""
    senco_years: int
    """From becoming a SENCO to holding the qualification (SEND Regulations 2014, 49)."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a person, as far as an award rests on it."""

    route: str
    starts_on: date
    """When their cohort began."""
    credits_asked: int
    credits: int
    """Of modules passed and confirmed by a board."""
    outcomes_asked: int
    outcomes_met: int
    """Signed off."""
    has_qts: bool | None = None
    """None: not known."""
    induction: str = ""
    """done, exempt, not_done, or empty: not known."""
    senco_since: date | None = None

    @property
    def has_credits(self) -> bool:
        """Whether the credits are there; a programme that asks for none has none to give."""
        return 0 < self.credits_asked <= self.credits

    @property
    def has_outcomes(self) -> bool:
        """Whether every outcome is signed off."""
        return 0 < self.outcomes_asked <= self.outcomes_met

    @property
    def is_qualified(self) -> bool:
        """Whether QTS and induction are known to be there."""
        return self.has_qts is True and self.induction in _INDUCTED


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a board that sat on a day could award, and what is missing for the whole of it."""

    kind: str
    """nasenco, pg_certificate or none; on an NPQ always none, since nobody works it out."""
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day that closes on somebody, with the words for it."""

    day: date
    words: str


@dataclass(frozen=True, slots=True)
class Window:
    """What is still to come of a module that is not passed."""

    module: str
    board_on: date | None
    """The board that is planned, where one is."""
    resubmit_until: date | None
    """The last day of a resubmission that would follow from that board, or from the last."""


def is_closed(route: str, starts_on: date, law: Law) -> str:
    """Why a cohort that begins on a day cannot take a route, in a sentence; empty where it can."""
    if route != NASENCO or starts_on < law.nasenco_closed_from:
        return ""
    return (
        f"NASENCo is closed to cohorts that begin on or after "
        f"{plain_day(law.nasenco_closed_from)} (SI 2024/535). Choose the NPQ or the Postgraduate "
        "Certificate."
    )


def _are(number: float) -> str:
    return "is" if number == 1 else "are"


def _missing_credits(facts: Facts) -> list[str]:
    if facts.credits_asked == 0:
        return ["The programme says of no credits that it asks for. Set them on its page."]
    if facts.has_credits:
        return []
    short = facts.credits_asked - facts.credits
    return [f"{short} of {facts.credits_asked} credits {_are(short)} not yet confirmed by a board."]


def _missing_outcomes(facts: Facts) -> list[str]:
    if facts.has_outcomes:
        return []
    if facts.outcomes_asked == 0:
        return ["The cohort’s outcome set holds no outcomes."]
    short = facts.outcomes_asked - facts.outcomes_met
    return [f"{short} of {facts.outcomes_asked} outcomes {_are(short)} not yet signed off."]


def _missing_teacher(facts: Facts) -> list[str]:
    found = []
    if facts.has_qts is None:
        found.append("Whether they have QTS is not known.")
    elif not facts.has_qts:
        found.append("They do not have QTS.")
    if not facts.induction:
        found.append("Whether induction is done is not known.")
    elif facts.induction not in _INDUCTED:
        found.append("Induction is not done.")
    return found


def forecast(facts: Facts, law: Law, on: date) -> Forecast:
    """What a board that sat on a day could award by these facts.

    :param on: the day of the board; for a look ahead, today.
    """
    if facts.route == NPQ:
        return Forecast(NO_AWARD, ("The lead provider says pass or fail.",))
    missing = _missing_credits(facts)
    certificate = PG_CERTIFICATE if facts.has_credits else NO_AWARD
    if facts.route != NASENCO:
        return Forecast(certificate, tuple(missing))
    missing += _missing_outcomes(facts) + _missing_teacher(facts)
    if closed := is_closed(NASENCO, facts.starts_on, law):
        missing.append(closed)
    if on > law.nasenco_ends_on:
        missing.append(f"NASENCo could be awarded until {plain_day(law.nasenco_ends_on)} only.")
    return Forecast(certificate if missing else NASENCO, tuple(missing))


def can_be_raised(facts: Facts, law: Law, awarded: str, on: date) -> bool:
    """Whether a certificate that was awarded could now become NASENCo."""
    return awarded == PG_CERTIFICATE and forecast(facts, law, on).kind == NASENCO


def bars(facts: Facts, law: Law, kind: str, decided_on: date, today: date) -> list[str]:
    """What forbids recording an award, whatever the board said: law, dates, the route.

    :return: sentences; none where it can be recorded.
    """
    found = []
    if kind not in AWARDS_OF.get(facts.route, ()):
        found.append("This award is not one of the programme’s route.")
    if decided_on > today:
        found.append("The day of the decision lies ahead. Record it once it is made.")
    if decided_on < facts.starts_on:
        found.append("The day of the decision is before the cohort began.")
    if kind != NASENCO:
        return found
    if closed := is_closed(NASENCO, facts.starts_on, law):
        found.append(closed)
    if decided_on > law.nasenco_ends_on:
        found.append(f"NASENCo could be awarded until {plain_day(law.nasenco_ends_on)} only.")
    return found + _missing_teacher(facts)


def doubts(facts: Facts, kind: str) -> list[str]:
    """What the tool does not know of an award that a board decided all the same.

    :return: sentences; each asks for a reason.
    """
    found = _missing_credits(facts) if kind in (NASENCO, PG_CERTIFICATE) else []
    return found + (_missing_outcomes(facts) if kind == NASENCO else [])


def years_after(day: date, years: int) -> date:
    """The anniversary of a day; of 29 February the day before, where there is none."""
    year = day.year + years
    if (day.month, day.day) == (2, 29) and not isleap(year):
        return date(year, 2, 28)
    return day.replace(year=year)


def deadlines_of(facts: Facts, law: Law) -> tuple[Deadline, ...]:
    """The days that close on a person, the nearest first."""
    found = []
    if facts.route == NASENCO:
        found.append(Deadline(law.nasenco_ends_on, "the last day for NASENCo"))
    if facts.senco_since is not None:
        day = years_after(facts.senco_since, law.senco_years)
        found.append(Deadline(day, f"{law.senco_years} years after becoming a SENCO"))
    return tuple(sorted(found, key=lambda one: one.day))


def warnings(
    deadlines: tuple[Deadline, ...], windows: tuple[Window, ...], today: date
) -> tuple[str, ...]:
    """What would pass a deadline, in words: a board that is planned, a resubmission after it.

    :param windows: of the modules that are not passed; none for who has their award.
    """
    found = []
    for deadline in deadlines:
        said = f"{plain_day(deadline.day)}, {deadline.words}"
        if deadline.day < today:
            found.append(f"{said}, has passed.")
            continue
        for window in windows:
            if window.board_on is not None and window.board_on > deadline.day:
                found.append(
                    f"{window.module}: the board on {plain_day(window.board_on)} would be after "
                    f"{said}."
                )
            elif window.resubmit_until is not None and window.resubmit_until > deadline.day:
                found.append(
                    f"{window.module}: a resubmission could run until "
                    f"{plain_day(window.resubmit_until)} and would pass {said}."
                )
    return tuple(found)
