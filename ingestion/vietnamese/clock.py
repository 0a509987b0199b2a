"""The clock of Vietnam: moments are kept in UTC without a zone, days are days in Vietnam.

The same rule in SQL is the macro ``vietnam_day``.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

#: UTC+7, without daylight saving.
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def vietnam_time(moment: datetime) -> datetime:
    """The wall clock in Vietnam, without zone; a ``moment`` without zone is UTC."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(VIETNAM).replace(tzinfo=None)


def utc_time(moment: datetime) -> datetime:
    """The moment in UTC, without zone; a ``moment`` without zone is Vietnam's wall clock."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)).astimezone(UTC).replace(tzinfo=None)


def today() -> date:
    """The day in Vietnam, now. Not for transformations: they take dates from documents."""
    return datetime.now(VIETNAM).date()
