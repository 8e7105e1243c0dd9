"""Quarters of the calendar, by which managers report and the SEC cuts its files."""

from datetime import date, timedelta


def first_day(year: int, quarter: int) -> date:
    """Return the first day of a year's quarter, 1 to 4."""
    return date(year, 3 * quarter - 2, 1)


def last_day(year: int, quarter: int) -> date:
    """Return the last day of a year's quarter, 1 to 4."""
    next_begins = date(year + quarter // 4, quarter % 4 * 3 + 1, 1)
    return next_begins - timedelta(days=1)
