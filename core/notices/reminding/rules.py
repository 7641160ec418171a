"""Of which day on a reading makes a reminder needless. Pure."""

from datetime import date

from core.metering import rules as metering
from core.notices.model import CLASS, Class, Kind


def reminds(kind: Kind) -> bool:
    """Whether a notice of the kind says something of its recipient that may not be so."""
    return CLASS[kind] is Class.REMINDER


def wanted_since(today: date, window: tuple[int, int] | None) -> date:
    """The first day whose readings count for the bill that comes next: that of the window which is open or comes, the
    first of the month where there is none."""
    if window is None:
        return today.replace(day=1)
    return metering.open_month(today, window).first.replace(day=window[0])
