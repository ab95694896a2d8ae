"""National holidays of Indonesia, for the closed days of the demo (§12.5: no test on a closed day).

Fixed days and those that follow Easter are exact. Islamic days come from the tabular calendar and may
differ by a day from the government's decree; an operator replaces them. Imlek, Nyepi and Waisak are
listed year by year.
"""

from __future__ import annotations

import datetime as dt

_FIXED = (
    (1, 1, "Tahun Baru Masehi"),
    (5, 1, "Hari Buruh Internasional"),
    (6, 1, "Hari Lahir Pancasila"),
    (8, 17, "Proklamasi Kemerdekaan"),
    (12, 25, "Hari Raya Natal"),
)
_AFTER_EASTER = ((-2, "Wafat Yesus Kristus"), (0, "Paskah"), (39, "Kenaikan Yesus Kristus"))
_ISLAMIC = (
    (1, 1, "Tahun Baru Islam"),
    (3, 12, "Maulid Nabi Muhammad"),
    (7, 27, "Isra Mikraj"),
    (10, 1, "Hari Raya Idul Fitri"),
    (10, 2, "Hari Raya Idul Fitri"),
    (12, 10, "Hari Raya Idul Adha"),
)
_LISTED = (
    (dt.date(2025, 1, 29), "Tahun Baru Imlek"),
    (dt.date(2025, 3, 29), "Hari Raya Nyepi"),
    (dt.date(2025, 5, 12), "Hari Raya Waisak"),
    (dt.date(2026, 2, 17), "Tahun Baru Imlek"),
    (dt.date(2026, 3, 19), "Hari Raya Nyepi"),
    (dt.date(2026, 5, 31), "Hari Raya Waisak"),
    (dt.date(2027, 2, 6), "Tahun Baru Imlek"),
    (dt.date(2027, 3, 8), "Hari Raya Nyepi"),
    (dt.date(2027, 5, 20), "Hari Raya Waisak"),
)


def holidays(year: int) -> dict[dt.date, str]:
    """Return the national holidays of a year with their names, in order."""
    found = {day: name for day, name in _LISTED if day.year == year}
    for hijri in range((year - 623) * 33 // 32, (year - 620) * 33 // 32 + 1):
        for month, day_no, name in _ISLAMIC:
            day = islamic_day(hijri, month, day_no)
            if day.year == year:
                found.setdefault(day, name)
    for days, name in _AFTER_EASTER:
        found.setdefault(easter(year) + dt.timedelta(days=days), name)
    for month, day_no, name in _FIXED:
        found[dt.date(year, month, day_no)] = name
    return dict(sorted(found.items()))


def islamic_day(year: int, month: int, day: int) -> dt.date:
    """Return the day of the tabular Islamic calendar (30-year cycle, civil epoch)."""
    julian_day = (11 * year + 3) // 30 + 354 * year + 30 * month - (month - 1) // 2 + day + 1_948_440 - 385
    return dt.date.fromordinal(julian_day - 1_721_425)


def easter(year: int) -> dt.date:
    """Return Easter Sunday (the anonymous Gregorian computation)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leap_centuries, century_rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - correction + 15) % 30
    leaps, leap_rest = divmod(rest, 4)
    weekday = (32 + 2 * century_rest + 2 * leaps - epact - leap_rest) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return dt.date(year, month, day + 1)
