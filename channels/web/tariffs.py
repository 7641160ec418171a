"""The tariffs in force, for everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel import dates

from channels.web.model import Guest, Open, Page, Route
from core.basics.money import MICRO
from core.billing.model import Block, BlockMode, Scaling, TariffVersion
from core.cabinet import viewing
from core.store.pool import acquire
from pages.volumes import Volumes
from pages.words import PageWords

_BOUNDS = {Scaling.PERSONS: "per_person", Scaling.PER_DAY: "per_day"}


@dataclass(frozen=True, slots=True)
class Step:
    """A step of use: in words, what is to be known of it besides, and the price in each zone."""

    name: str
    notes: tuple[str, ...]
    prices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """The prices of some months; `months` is empty where they hold all year."""

    months: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as one reads it: `about` says in short what it is, `zones` head its columns, `notes` is what else is
    paid."""

    name: str
    about: str
    since: date
    source: str
    caption: str
    zones: tuple[str, ...]
    parts: tuple[Part, ...]
    notes: tuple[str, ...]


async def tariffs(guest: Guest) -> Page:
    """Each plan that holds today, with all that it costs."""
    house = guest.house
    today = house.now().astimezone(house.zone).date()
    async with acquire(house.pool) as conn:
        known = await house.viewer.tariffs(conn, await viewing.newest_tariff(conn))
        services = await house.viewer.services(conn, wall=house.wall())
    held = sorted((one for versions in known.values() for one in versions if today in one.valid), key=_name)
    return Page("tariffs.html", {"held": [told(one, services.get(one.plan, ""), guest.words) for one in held],
                                 "today": today})  # fmt: skip


def _name(version: TariffVersion) -> str:
    return version.plan


def told(version: TariffVersion, service: str, t: PageWords) -> Plan:
    """The version in words; `service` is what it is for, empty where no account has it."""
    unit = Volumes(t).unit(service) if service else ""
    zones = version.zones
    kinds = [t(f"tariffs.kind_{len(zones)}")] if len(zones) <= 3 else []
    if len(version.blocks) > 1 or any(len(one.blocks) > 1 for one in version.seasons):
        kinds.append(t("tariffs.blocks"))
    if version.demand:
        kinds.append(t("tariffs.two_part"))
    named = [t.get("service", service)] if service else []
    parts = [Part(_months(t, one.months), _steps(one.blocks, version, unit, t)) for one in version.seasons]
    rest = t("tariffs.rest") if parts else ""
    return Plan(
        name=version.plan,
        about=" · ".join((*named, *kinds)),
        since=version.valid.start,
        source=version.source,
        caption=t("tariffs.caption", unit=unit or t("tariffs.unit_any")),
        zones=tuple(t("tariffs.price") if zone == "total" else t.get("register", zone) for zone in zones),
        parts=(*parts, Part(rest, _steps(version.blocks, version, unit, t))),
        notes=_notes(version, t),
    )


def _steps(blocks: Sequence[Block], version: TariffVersion, unit: str, t: PageWords) -> tuple[Step, ...]:
    volume = Volumes(t)
    steps = []
    for block in blocks:
        notes = []
        if len(blocks) == 1:
            name = t("tariffs.any")
        elif block.up_to is None:
            name = t("tariffs.above")
        else:
            bound = _BOUNDS.get(version.scaling, "up_to")
            name = t(f"tariffs.{bound}", used=volume.times(block.up_to), unit=unit).replace("  ", " ")
        if block.alone is not None:
            notes.append(t("tariffs.alone", used=volume.times(block.alone), unit=unit))
        if block.flat:
            notes.append(t("tariffs.flat", sum=t.money(block.flat)))
        prices = tuple(volume.rate(block.rates[zone]) if zone in block.rates else "–" for zone in version.zones)
        steps.append(Step(name, tuple(notes), prices))
    return tuple(steps)


def _notes(version: TariffVersion, t: PageWords) -> tuple[str, ...]:
    notes = [t("tariffs.standing", sum=t.money(version.standing)) if version.standing else t("tariffs.no_standing")]
    if version.demand:
        kopecks, finer = divmod(version.demand, MICRO // 100)
        rate = Volumes(t).rate(version.demand) if finer else t.money(kopecks)
        notes.append(t("tariffs.demand", sum=rate))
    if version.ratchet:
        percent = Volumes(t).times(version.ratchet * 100)
        notes.append(t("tariffs.ratchet", percent=percent, months=version.ratchet_months))
    if version.minimum:
        notes.append(t("tariffs.minimum", sum=t.money(version.minimum)))
    percent = Volumes(t).times(version.vat * 100)
    notes.append(t("tariffs.vat_on", percent=percent) if version.vat else t("tariffs.vat_in"))
    if version.mode is BlockMode.VOLUME and len(version.blocks) > 1:
        notes.append(t("tariffs.whole"))
    return tuple(notes)


def _months(t: PageWords, months: Sequence[int]) -> str:
    """The names of months, joined."""
    return t("tariffs.season", months=", ".join(
        dates.format_date(date(2000, month, 1), format="LLLL", locale=t.language) for month in months
    ))  # fmt: skip


ROUTES: tuple[Route, ...] = (Open("/tariffs", tariffs),)
