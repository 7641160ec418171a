"""Volumes as people write them: with the unit of their service."""

from decimal import Decimal

from pages.words import PageWords

UNITS = {"electricity": "kwh", "heat": "gcal"}
_REST = "m3"


class Volumes:
    """Writes a volume with the unit of its service."""

    def __init__(self, words: PageWords, units: str = "unit") -> None:
        """`units` is the group of the texts kwh, m3 and gcal."""
        self._words = words
        self._units = units

    def __call__(self, thousandths: int | None, service: str) -> str:
        if thousandths is None:
            return "–"
        number = self._words.number(Decimal(thousandths).scaleb(-3))
        return f"{number}\u00a0{self.unit(service)}"

    def unit(self, service: str) -> str:
        """In what the use of the service is measured."""
        return self._words(f"{self._units}.{UNITS.get(service, _REST)}")

    def times(self, thousandths: int) -> str:
        """A multiplier."""
        return self._words.number(Decimal(thousandths).scaleb(-3))

    def rate(self, millionths: int) -> str:
        """A price of a unit."""
        return self._words.number(Decimal(millionths).scaleb(-6))
