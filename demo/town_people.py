"""The town as a whole: its accounts, and everybody who has a phone."""

from collections.abc import Iterable, Iterator
from datetime import date

from core.accounts.model import Role
from demo.clock import START
from demo.town_model import Dwelling, Inhabitant, Link, Paying, Town, Trait
from demo.town_neighbours import neighbours
from demo.town_specials import specials

SEED = 2025
COUNT = 174
"""Neighbours beside those with a story: some two hundred accounts in all."""

STRANGER = Inhabitant("stranger", "+79780009999", "", "", "ru", (), (Trait.STRANGER,))
FOREIGNER = Inhabitant("foreign", "+442079460123", "", "", "en", (), (Trait.FOREIGN,))
"""Phones that belong to nobody; the second one in a country to which the company does not answer."""

_RECENT = date(2025, 9, 1)
"""Who has paid the bill of this month or a later one is no debtor yet."""


def town(seed: int = SEED, *, count: int = COUNT) -> Town:
    """The town of a seed; the same seed makes the same town."""
    dwellings = (*specials(), *neighbours(count, seed=seed))
    return Town(seed, dwellings, (*_inhabitants(dwellings), STRANGER, FOREIGNER))


def traits_of(dwelling: Dwelling) -> Iterator[Trait]:
    """What is special about an account."""
    yield from dwelling.traits
    if dwelling.paid_until is not None and dwelling.paid_until < _RECENT:
        yield Trait.DEBTOR
    elif dwelling.paying in _PAYING:
        yield _PAYING[dwelling.paying]
    if dwelling.silent_from is not None and Trait.UNREAD not in dwelling.traits:
        yield Trait.FORECAST
    if len(dwelling.meters) > 1:
        yield Trait.TWO_METERS
    for meter in dwelling.meters:
        if len(meter.zones) > 1:
            yield Trait.TWO_ZONES if len(meter.zones) == 2 else Trait.THREE_ZONES
        if meter.tariff == "CRIMEA-CITY":
            yield Trait.BLOCKS
        if meter.multiplier > 1:
            yield Trait.TRANSFORMER
        if meter.fraction:
            yield Trait.FRACTION
        if meter.verified_until is not None and meter.verified_until < START.date():
            yield Trait.EXPIRED


_PAYING = {Paying.LATE: Trait.LATE, Paying.PARTIAL: Trait.PARTIAL, Paying.AHEAD: Trait.ADVANCE}

_ROLES = {Role.HELPER: Trait.HELPER, Role.TENANT: Trait.TENANT, Role.UNVERIFIED: Trait.UNVERIFIED}


def _inhabitants(dwellings: Iterable[Dwelling]) -> Iterator[Inhabitant]:
    phones: dict[str, list[tuple[Dwelling, Link]]] = {}
    for dwelling in dwellings:
        for link in dwelling.links:
            phones.setdefault(link.phone, []).append((dwelling, link))
    for phone, linked in phones.items():
        yield _inhabitant(phone, linked)


def _inhabitant(phone: str, linked: list[tuple[Dwelling, Link]]) -> Inhabitant:
    dwelling, link = next(((home, link) for home, link in linked if link.role is Role.OWNER), linked[0])
    return Inhabitant(
        key=phone[-4:],
        phone=phone,
        name=link.who or dwelling.name,
        address=dwelling.address,
        language=dwelling.language,
        accounts=tuple(home.number for home, _ in linked),
        traits=tuple(dict.fromkeys(_traits(linked))),
    )


def _traits(linked: list[tuple[Dwelling, Link]]) -> Iterator[Trait]:
    if len(linked) > 1:
        yield Trait.SEVERAL_ACCOUNTS
    for dwelling, link in linked:
        if link.role in _ROLES:
            yield _ROLES[link.role]
        if link.role is Role.OWNER:
            yield from traits_of(dwelling)
            if len(dwelling.links) > 1:
                yield Trait.SHARED
        if dwelling.kind == "organisation":
            yield Trait.ORGANISATION
        if dwelling.language == "en":
            yield Trait.ENGLISH
