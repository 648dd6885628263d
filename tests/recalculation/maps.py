"""The maps that are recalculated: the example, three hundred rows, and awkward ones."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

from lti_tool.activities.provision_map_audit.document import Document, new_document, with_rows
from lti_tool.activities.provision_map_audit.rows import (
    AREAS,
    SCALES,
    TIERS,
    Measure,
    ProvisionRow,
    StaffShare,
)

D = Decimal
_ROLES = ("ta", "hlta", "teacher", "therapist", "unspecified", "volunteer", "elsa", "no_staff")
_NAMES = ("=1+1", "+44", "-2", "@SUM(A1)", "Phonics", "Lego therapy")


def made_map(rows: int, seed: int) -> Document:
    """A map of any size in which much is missing, drawn from a fixed seed."""
    draw = random.Random(seed)

    def maybe(number: int, missing: float = 0.12) -> Decimal | None:
        return None if draw.random() < missing else D(number)

    def row(place: int) -> ProvisionRow:
        staff = tuple(
            StaffShare(
                role,
                D(draw.choice(("1", "2", "0.5"))),
                None if draw.random() < 0.7 else D(draw.randint(1200, 6000)) / 100,
            )
            for role in draw.sample(_ROLES, draw.choice((0, 1, 1, 1, 2, 3)))
        )
        pounds = draw.randint(0, 90_000)
        scale = draw.choice(SCALES[:3])
        before = draw.randint(70, 110)
        return ProvisionRow(
            name=f"{draw.choice(_NAMES)} {place}",
            area=draw.choice((*AREAS, None)),
            tier=draw.choice((*TIERS, None)),
            weeks=maybe(draw.randint(1, 39)),
            sessions_per_week=maybe(draw.randint(1, 5)),
            minutes_per_session=maybe(draw.randint(5, 60)),
            group_size=maybe(draw.randint(0, 8)),
            groups=D(draw.randint(0, 3)),
            pupils_reached=maybe(draw.randint(0, 20), 0.6),
            staff=staff,
            other_cost=draw.choice((None, D(0), D(pounds) / 100, D(pounds) / 100)),
            measure="A test" if draw.random() < 0.7 else "",
            scale=scale,
            entry_score=str(before),
            exit_score=str(before + draw.randint(-2, 12)) if draw.random() < 0.8 else "",
            pupils_measured=maybe(draw.randint(1, 20)),
            met_target=maybe(draw.randint(0, 10)),
            months_between=maybe(draw.randint(1, 9), 0.5),
            confidence_band=maybe(draw.randint(2, 6), 0.5),
        )

    drawn = [(row(place), {}) for place in range(1, rows + 1)]
    return {**with_rows(new_document(), drawn, replace=True), "rates": {"ta": "17.24"}}


def awkward_map() -> Document:
    """One row for each rule that reads oddly, with figures that do not come out even."""
    third = D(1) / D(3)
    rows = (
        ProvisionRow(),
        ProvisionRow(name="No staff said", minutes_per_session=D(30), sessions_per_week=D(3),
                     weeks=D(12), group_size=D(4)),
        ProvisionRow(name="Bought in", other_cost=D("1250.005"), pupils_reached=D(7)),
        ProvisionRow(name="Bought in for no cost", other_cost=D(0), pupils_reached=D(7)),
        ProvisionRow(name="Volunteers, times not known", group_size=D(3),
                     staff=(StaffShare("volunteer", D(2)),)),
        ProvisionRow(name="No groups", minutes_per_session=D(30), sessions_per_week=D(3),
                     weeks=D(12), groups=D(0), group_size=D(4), staff=(StaffShare("ta", D(1)),)),
        ProvisionRow(name="Groups of nobody", minutes_per_session=D(20), sessions_per_week=D(1),
                     weeks=D(6), group_size=D(0), staff=(StaffShare("ta", D(1)),)),
        ProvisionRow(name="A rate that no role has", minutes_per_session=D(20),
                     sessions_per_week=D(1), weeks=D(6), group_size=D(3),
                     staff=(StaffShare("unspecified", D(1)), StaffShare("ta", D(1)))),
        ProvisionRow(name="Other cost not known", minutes_per_session=D(20),
                     sessions_per_week=D(1), weeks=D(6), group_size=D(3), other_cost=None,
                     staff=(StaffShare("ta", D(1)),)),
        ProvisionRow(name="Five roles", area="semh", tier="specialist",
                     minutes_per_session=D("22.5"), sessions_per_week=D("2.5"), weeks=D(11),
                     groups=D(3), group_size=D(7), other_cost=D("0.01"),
                     staff=tuple(StaffShare(role, D("0.5"), rate) for role, rate in (
                         ("ta", D("17.235")), ("hlta", None), ("teacher", D("41.01")),
                         ("therapist", third * 100), ("senco", None)))),
        ProvisionRow(name="A year by its dates", weeks=D(38), start_on=dt.date(2026, 9, 7),
                     end_on=dt.date(2027, 7, 20), scale="reading_age", entry_score="7y 6m",
                     exit_score="8y 0m"),
        ProvisionRow(name="Worked example of the course", area="cognition_learning",
                     tier="targeted", minutes_per_session=D(30), sessions_per_week=D(3),
                     weeks=D(12), group_size=D(4), other_cost=D(40),
                     staff=(StaffShare("ta", D(1), D("16.50")),),
                     measure="Reading age", scale="reading_age", entry_score="7y 6m",
                     exit_score="8y 3m", months_between=D(3), pupils_measured=D(4),
                     met_target=D(3),
                     more_measures=(Measure("Standard score", "standard_score", "84", "91",
                                            confidence_band=D(5)),)),
    )  # fmt: skip
    return with_rows(new_document(), [(row, {}) for row in rows], replace=True)
