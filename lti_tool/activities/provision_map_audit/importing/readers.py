"""The readers of cells, each text read once in an import.

A map says "30 mins" and "TA" hundreds of times. What was read is forgotten after the import, so
that no text of a workbook stays in memory.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar

from lti_tool.activities.provision_map_audit.importing import headings
from lti_tool.activities.provision_map_audit.privacy import fields
from lti_tool.activities.provision_map_audit.readings import dates, groups, money, reading, staff
from lti_tool.activities.provision_map_audit.readings import time as times
from lti_tool.privacy import guard

P = ParamSpec("P")
R = TypeVar("R")
_forget: list[Callable[[], None]] = [headings.forget]


def _once(read: Callable[P, R]) -> Callable[P, R]:
    kept = lru_cache(maxsize=8192)(read)
    _forget.append(kept.cache_clear)
    return kept  # type: ignore[return-value]


read_area = _once(reading.read_area)
read_tier = _once(reading.read_tier)
read_percent = _once(reading.read_percent)
read_date = _once(dates.read_date)
read_span = _once(dates.read_span)
read_groups = _once(groups.read_groups)
read_money = _once(money.read_money)
read_rates = _once(money.read_rates)
read_staff = _once(staff.read_staff)
read_time = _once(times.read_time)
read_length = _once(times.read_length)
suspect_text = _once(guard.suspect_text)
suspect_words = _once(fields.suspect_words)


def forget() -> None:
    """Forget every text that was read."""
    for clear in _forget:
        clear()
