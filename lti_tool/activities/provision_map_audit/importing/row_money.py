"""Settling the money of a row: rates, other costs, and amounts that the sheet worked out itself.

A declared total is compared with hours x rate where the row has both. Where the row names staff and
times but no rate, the rate follows from the declared cost. Where there is no staff time at all, the
declared cost is the cost.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from lti_tool.activities.provision_map_audit.importing.column_codes import UNITS
from lti_tool.activities.provision_map_audit.importing.columns import ColumnMatch
from lti_tool.activities.provision_map_audit.importing.gathered import Gathered
from lti_tool.activities.provision_map_audit.importing.headings import DECLARED_COSTS
from lti_tool.activities.provision_map_audit.readings.money import Money, say_pounds
from lti_tool.activities.provision_map_audit.rows import StaffShare
from lti_tool.activities.provision_map_audit.sheets.cells import Cell
from lti_tool.activities.provision_map_audit.words import Words
from lti_tool.core.numerals import plain

_HEADING_PER = {
    "cost_per_week": "week",
    "cost_per_session": "session",
    "cost_per_term": "term",
    "cost_per_half_term": "half term",
    "cost_per_month": "month",
    "cost_per_pupil": "pupil",
}
_PENNY = Decimal("0.01")
Item = tuple[ColumnMatch, Cell, Money]


def settle_money(got: Gathered, words: Words) -> None:
    """Set the staff's rates and the other cost; adds problems where amounts disagree."""
    items = [_with_heading(item) for item in got.money]
    hourly = [i for i in items if i[0].field == "hourly_rate" or i[2].per == "hour"]
    _rates(got, [item for item in hourly if item[2].per in (None, "hour")])
    for item in hourly:
        if item[2].per not in (None, "hour"):
            got.keep_unread(
                item[0], item[1], "This is not a rate for an hour. Type pounds an hour."
            )
    other = [i for i in items if i[0].field == "other_cost" and i not in hourly]
    _other(got, other, words)
    declared = [i for i in items if i not in hourly and i not in other]
    if declared:
        order = DECLARED_COSTS
        declared.sort(key=lambda item: order.index(item[0].field or "total_cost"))
        _declared(got, declared, words)


def _with_heading(item: Item) -> Item:
    column, cell, money = item
    per = _HEADING_PER.get(column.field or "") or (
        column.unit if column.unit in UNITS["other_cost"] else None
    )
    return (column, cell, replace(money, per=per)) if per and not money.per else item


def _rates(got: Gathered, items: list[Item]) -> None:
    staff: tuple[StaffShare, ...] = got.values.get("staff", ())
    if not items:
        return
    by_role = {item[0].role: item for item in items if item[0].role}
    if len(items) > 1 and len(by_role) == len(items):
        got.values["staff"] = tuple(
            replace(s, hourly_rate=by_role[s.role][2].amount)
            if s.role in by_role and s.hourly_rate is None
            else s
            for s in staff
        )
        return
    column, cell, money = items[0]
    if got.rates:
        _rates_in_order(got, column, cell)
        return
    if len(items) > 1 and any(item[2].amount != money.amount for item in items):
        got.problem(column, cell, "There are two hourly rates. We used the first.")
    if not staff:
        _rate_alone(got, money.amount, column, cell)
        return
    if len({share.role for share in staff}) > 1:
        got.problem(
            column,
            cell,
            f"One rate stands beside several roles. We used {say_pounds(money.amount)} for each "
            "adult. Correct it if the rates differ.",
        )
    got.values["staff"] = tuple(
        share if share.hourly_rate is not None else replace(share, hourly_rate=money.amount)
        for share in staff
    )


def _rates_in_order(got: Gathered, column: ColumnMatch, cell: Cell) -> None:
    """Several rates in one cell go to the roles in the order in which both are written."""
    staff: tuple[StaffShare, ...] = got.values.get("staff", ())
    if len(staff) != len(got.rates):
        sentence = "There are not as many rates as roles. Type one rate for each role."
        got.keep_unread(column, cell, sentence)
        return
    pairs = list(zip(staff, got.rates, strict=True))
    got.values["staff"] = tuple(replace(share, hourly_rate=rate) for share, rate in pairs)
    said = ", ".join(f"{say_pounds(rate)} an hour" for rate in got.rates)
    got.said(column, cell, said, "The rates go to the roles in their order.")


def _rate_alone(got: Gathered, rate: Decimal, column: ColumnMatch, cell: Cell) -> None:
    """A rate without a role: one adult, as far as the cell says."""
    if rate == 0 and not got.values.get("minutes_per_session"):
        return
    unread = any(problem.field == "staff" for problem in got.problems)
    if not unread and not column.role:
        got.problem(column, cell, "No role is named. We counted one adult at this rate.")
    role = column.role or "unspecified"
    got.values["staff"] = (StaffShare(role, got.staff_count or Decimal(1), rate),)


def _other(got: Gathered, items: list[Item], words: Words) -> None:
    total = Decimal(0)
    for item in items:
        amount = _amount(got, item, words)
        if amount is None:
            got.values["other_cost"] = None
        else:
            total += amount
    if "other_cost" not in got.values:
        got.values["other_cost"] = total


def _amount(got: Gathered, item: Item, words: Words) -> Decimal | None:
    """The whole amount of money per something; None with a problem when it cannot be told."""
    column, cell, money = item
    times = _times(got, money.per, words)
    if times is None:
        got.keep_unread(
            column,
            cell,
            f"{money.said()} cannot be made into a whole cost from this row. Type the whole amount "
            "in pounds.",
        )
        return None
    if money.per not in (None, "year"):
        got.said(column, cell, f"{money.said()}, {plain(round(times, 2))} times")
    return money.amount * times


def _times(got: Gathered, per: str | None, words: Words) -> Decimal | None:
    weeks = got.values.get("weeks")
    sessions = got.values.get("sessions_per_week")
    groups = got.values.get("groups", Decimal(1))
    if per in (None, "year"):
        return Decimal(1)
    if per == "pupil":
        size = got.values.get("group_size")
        pupils: Decimal | None = got.values.get("pupils_reached") or (size and size * groups)
        return pupils
    if weeks is None or per in ("month", "day", "hour"):
        return None
    if per == "week":
        return Decimal(weeks)
    if per == "session":
        return sessions * weeks * groups if sessions else None
    return _terms(Decimal(weeks), per, words)


def _terms(weeks: Decimal, per: str, words: Words) -> Decimal | None:
    """How many terms or half terms so many weeks are; None when they fit none."""
    if weeks >= words.year.weeks - 2:
        return Decimal(3 if per == "term" else 6)
    each = words.year.a_term if per == "term" else words.year.a_half_term
    count = (weeks / each).to_integral_value()
    slack = Decimal(2 if per == "term" else 1) * max(count, Decimal(1))
    return count if count >= 1 and abs(weeks - count * each) <= slack else None


def _declared(got: Gathered, items: list[Item], words: Words) -> None:
    """Compare or use the amounts the sheet gives for the whole row."""
    hours = _hours(got)
    staff: tuple[StaffShare, ...] = got.values.get("staff", ())
    needed = {"minutes_per_session", "sessions_per_week", "weeks", "schedule", "staff"}
    unread = {problem.field for problem in got.problems if problem.kind == "unread"} & needed
    if hours is not None and staff:
        _compare(got, items, hours, words)
    elif not unread:
        _whole_cost(got, items[0], words)
    else:
        column, cell, money = items[0]
        got.problem(
            column,
            cell,
            f"The sheet gives {money.said()}, but another cell of this row could not be read, so "
            "it is not counted. Fill in who delivers it, the minutes, sessions and weeks.",
        )
        got.unread.setdefault(column.field or "", cell.text)


def _hours(got: Gathered) -> Decimal | None:
    numbers = [got.values.get(n) for n in ("minutes_per_session", "sessions_per_week", "weeks")]
    if any(number is None for number in numbers):
        return None
    product: Decimal = numbers[0] * numbers[1] * numbers[2] / 60  # type: ignore[operator]
    return product * Decimal(got.values.get("groups", 1))


def _whole_cost(got: Gathered, item: Item, words: Words) -> None:
    """The row does not give all its staff time, so the cost that it gives is the whole cost."""
    amount = _amount(got, item, words)
    if amount is None:
        return
    already = got.values.get("other_cost") or Decimal(0)
    column, cell, _ = item
    whole = amount + already if column.field == "staff_cost" else max(amount, already)
    got.values["other_cost"] = whole
    staff: tuple[StaffShare, ...] = got.values.get("staff", ())
    if staff:
        roles = ", ".join(words.role_labels.get(share.role, share.role) for share in staff)
        got.notes.append(f"Delivered by: {roles}. The cost given is the whole cost.")
    got.values["staff"] = (StaffShare("included", Decimal(1)),)
    note = "The staff time is not given in full, so the sheet's cost is taken as the whole cost."
    if got.values.get("minutes_per_session") or got.values.get("sessions_per_week"):
        got.problem(column, cell, f"{note} Fill in the times and the staff to work it out.")
    got.said(column, cell, f"{say_pounds(whole)} in all", note)


def _compare(got: Gathered, items: list[Item], hours: Decimal, words: Words) -> None:
    staff: tuple[StaffShare, ...] = got.values["staff"]
    column, cell, money = items[0]
    times = _times(got, money.per, words)
    if times is None:
        return
    amount = money.amount * times
    other = got.values.get("other_cost") or Decimal(0)
    for_staff = amount if column.field == "staff_cost" else amount - other
    if all(share.hourly_rate is None for share in staff):
        adults = hours * sum((share.count for share in staff), Decimal(0))
        if adults > 0 and for_staff >= 0 and not any(s.role == "no_staff" for s in staff):
            rate = _shortest_rate(for_staff, adults)
            got.values["staff"] = tuple(replace(share, hourly_rate=rate) for share in staff)
            got.problem(
                column,
                cell,
                f"No hourly rate is given. The sheet's cost makes {say_pounds(round(rate, 2))} an "
                "hour, so we used that. Type the rate if it is another.",
            )
        return
    if any(share.hourly_rate is None for share in staff):
        return
    ours = sum((hours * s.count * (s.hourly_rate or Decimal(0)) for s in staff), Decimal(0))
    if abs(ours - for_staff) >= _PENNY * 2:
        whole = ours if column.field == "staff_cost" else ours + other
        got.problem(
            column,
            cell,
            f"The sheet gives {money.said()}, and we make it {say_pounds(round(whole / times, 2))} "
            "from the hours and rates. We kept ours. Check which is right.",
        )


def _shortest_rate(cost: Decimal, hours: Decimal) -> Decimal:
    """The rate with the fewest decimals, two at least, that makes the cost.

    A rate of thirteen decimals would stand so in the form and in the workbook. What is left over
    is so small that a map of many rows still adds up to the penny.
    """
    for places in range(2, 12):
        rate = round(cost / hours, places)
        if abs(rate * hours - cost) < _PENNY / 20:
            return rate
    return cost / hours
