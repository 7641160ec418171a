"""The page of the company: what it says of itself, its rule pack, and every tariff with its days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.basics.payee import BadPayee, Payee
from core.basics.periods import DAY
from core.billing import company, profiles
from core.billing.company import BadProfile, Said
from core.billing.model import Block, TariffVersion
from core.employees.model import EVERYBODY, Role
from core.store.pool import Connection
from pages.words import PageWords
from staff.model import Asked, Form, Get, Go, Page, Post, Route

ADMINS = frozenset({Role.ADMIN})

PAYEE = ("name", "inn", "kpp", "account", "bank", "bic", "correspondent")

_MILLION = Decimal(1_000_000)
_THOUSAND = Decimal(1000)


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a plan in words: `state` is past, now or coming, `prices` a line for each block of each season."""

    plan: str
    first: date
    last: date | None
    state: str
    prices: tuple[str, ...]
    more: tuple[str, ...]
    source: str


async def shown(asked: Asked) -> Page:
    """All of it."""
    async with asked.connection() as conn:
        return await _page(asked, conn)


async def tell(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """What the company says of itself from now on."""
    said = Said(
        form.get("name", ""), form.get("phone", "").strip(), form.get("window", "").strip(), form.get("pay", "")
    )
    before = await company.told(conn)
    if before is None:
        return await _page(asked, conn, "company.none")
    try:
        await company.tell(conn, company.checked(said, zone=before.timezone, pack=before.pack))
    except BadProfile as wrong:
        return await _page(asked, conn, f"company.wrong_{wrong.field}", said)
    return Go("/company", "company")


async def pay(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """Whom bills are paid to from now on; with every field empty, nobody."""
    said = Payee(*(form.get(name, "").strip() for name in PAYEE))
    if await company.told(conn) is None:
        return await _page(asked, conn, "company.none")
    try:
        await company.tell_payee(conn, said if any(getattr(said, name) for name in PAYEE) else None)
    except BadPayee as wrong:
        return await _page(asked, conn, f"payee.wrong_{wrong.field}", payee=said)
    return Go("/company", "payee")


async def _page(
    asked: Asked,
    conn: Connection,
    trouble: str | None = None,
    said: Said | None = None,
    payee: Payee | None = None,
) -> Page:
    profile = await company.told(conn)
    versions = await company.tariffs(conn)
    if said is None and profile is not None:
        window = f"{profile.window[0]}-{profile.window[1]}" if profile.window else ""
        said = Said(profile.name, profile.phone, window, profile.pay)
    values = {
        "profile": profile,
        "pack": None if profile is None else profiles.profile(profile.pack),
        "said_of": said or Said("", ""),
        "payee": payee or await company.payee(conn) or Payee(*[""] * len(PAYEE)),
        "payee_fields": PAYEE,
        "versions": [_version(asked.words, one, asked.today) for one in versions],
        "may": asked.employee.may(ADMINS),
        "trouble": trouble,
    }
    return Page("company.html", values, 422 if trouble else 200)


def _version(words: PageWords, one: TariffVersion, today: date) -> Version:
    last = None if one.valid.end is None else one.valid.end - DAY
    state = "now" if today in one.valid else "past" if last is not None and last < today else "coming"
    prices = list(_prices(words, one.blocks, ""))
    for season in one.seasons:
        prices += _prices(words, season.blocks, words("company.months", months=", ".join(map(str, season.months))))
    more = []
    if one.standing:
        more.append(words("company.standing", sum=words.money(one.standing)))
    if one.demand:
        more.append(words("company.demand", sum=words.number(Decimal(one.demand) / _MILLION)))
    if one.ratchet:
        rate = words.number(Decimal(one.ratchet) / 10)
        more.append(words("company.ratchet", rate=rate, months=one.ratchet_months))
    if one.minimum:
        more.append(words("company.minimum", sum=words.money(one.minimum)))
    if one.vat:
        more.append(words("company.vat", rate=words.number(Decimal(one.vat) / 10)))
    return Version(one.plan, one.valid.start, last, state, tuple(prices), tuple(more), one.source)


def _prices(words: PageWords, blocks: Sequence[Block], when: str) -> list[str]:
    """Each block: the price of each zone, and how far it goes where there is another."""
    lines = []
    for block in blocks:
        rates = ", ".join(
            f"{words.get('zone', zone)} {words.number(Decimal(rate) / _MILLION)}" for zone, rate in block.rates.items()
        )
        upto = (
            ""
            if len(blocks) == 1
            else words("company.above")
            if block.up_to is None
            else words("company.up_to", volume=words.number(Decimal(block.up_to) / _THOUSAND))
        )
        lines.append(" ".join(part for part in (when, rates, upto) if part))
    return lines


ROUTES: tuple[Route, ...] = (
    Get("/company", EVERYBODY, shown),
    Post("/company", ADMINS, tell),
    Post("/company/payee", ADMINS, pay),
)
