"""Opening the dossier of an account: its rows in six statements, and the views that they make."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from asyncpg import Connection, Record
from cryptography.exceptions import InvalidTag

from core.accounts.model import Role, Scope
from core.basics import phone as phones
from core.basics.facts import dataclass
from core.basics.sealing import Keyring
from core.billing import profiles
from core.billing import sql as billing
from core.billing.debts import customers
from core.billing.debts.customers import CustomerDebt, OwnDebt
from core.billing.engine import believing
from core.billing.estimation import ESTIMATED
from core.billing.model import Standing, Tariffs
from core.billing.terms import PLAIN
from core.dossier import seeing, sql, telling
from core.dossier.model import Dossier, LinkSeen, Move, Paper, RequestSeen
from core.dossier.sql import FactRow, Relative
from core.finding import sql as finding
from core.finding.actions import opened
from core.metering.model import Meter, Point

MOST_ACCOUNTS = 500
"""So many accounts of one customer are counted together on a page."""


async def open_account(
    conn: Connection, account_id: int, *, keyring: Keyring, at: datetime, full: bool
) -> Dossier | None:
    """All that the staff see of an account at that time; None where there is none. `full`: phones and papers are told
    as they are, else by their last digits (R39)."""
    card = await sql.card(conn, account_id, at)
    if card is None:
        return None
    family = await sql.family(conn, account_id, [card["holder_id"]], MOST_ACCOUNTS + 1)
    points, meters = await sql.places(conn, sorted(family))
    gathered = _Gathered(
        card,
        family,
        points,
        meters,
        await billing.tariffs(conn),
        await sql.readings(conn, account_id),
        await sql.money(conn, account_id),
    )
    return _dossier(account_id, gathered, keyring, at.astimezone(ZoneInfo(card["timezone"])).date(), full=full)


@dataclass(frozen=True, slots=True)
class _Gathered:
    """The rows of an account and of those of the same holder."""

    card: Record
    family: Mapping[int, Relative]
    points: Mapping[int, Sequence[Point]]
    meters: Mapping[int, Sequence[Meter]]
    tariffs: Tariffs
    readings: Sequence[Mapping[str, Any]]
    money: Sequence[Mapping[str, Any]]


def _dossier(account_id: int, known: _Gathered, keyring: Keyring, today: date, *, full: bool) -> Dossier:
    card, state = known.card, known.family[account_id].state
    rows = sql.facts(card["facts"])
    stands = _stands(card, known.family, known.meters, known.tariffs, today)
    own = believing.as_told(tuple(known.meters.get(account_id, ())), state.conditions)
    standing_meters = [meter for meter in own if today in meter.installed]
    facts, claimed = telling.facts_seen(rows, today), telling.claims(known.money, state, today)
    names = _names(card, rows, keyring)
    opener, opened_on = card["customer_id"], card["opened_on"]
    return Dossier(
        id=account_id,
        number=card["number"],
        kind=card["kind"],
        today=today,
        zone=card["timezone"],
        currency=card["currency"],
        persons=card["persons"],
        opened_on=opened_on,
        building=card["building"],
        manager=card["manager"],
        holder=names.get(card["holder_id"]),
        address=opened(keyring, card["data_key"], card["address_sealed"], b"address"),
        documents=_papers(keyring, card["holder_key"], card["documents"], b"document", full=full),
        banks=_papers(keyring, card["data_key"], card["banks"], b"bank", full=full),
        holders=telling.holders(rows, names, opener=opener, account=account_id, opened_on=opened_on),
        links=_links(card["links"], keyring, full=full),
        points=telling.points(
            known.points.get(account_id, ()), standing_meters, state.conditions, known.tariffs, today
        ),
        devices=telling.devices(rows, today),
        route=telling.route(rows, account_id, today),
        meters=telling.meters(own, known.readings, facts, _moves(rows), today),
        facts=facts,
        claims=claimed,
        payments=telling.payments(known.money),
        months=telling.months(claimed),
        requests=_requests(card["requests"]),
        debt=_debt(card["holder_id"], known.family, known.points, stands, today),
        standing=stands[account_id],
        account_ids={one.number: id for id, one in known.family.items()},
        more_accounts=len(known.family) > MOST_ACCOUNTS,
    )


def _requests(rows: str | None) -> tuple[RequestSeen, ...]:
    return tuple(
        RequestSeen(number, subject, state, datetime.fromisoformat(since), datetime.fromisoformat(opened_at))
        for number, subject, state, since, opened_at in sql.listed(rows)
    )


async def photo(conn: Connection, account_id: int, photo_id: int, *, keyring: Keyring) -> bytes | None:
    """The JPEG that came with a reading of the account; None where there is none, or its customer was erased."""
    found = await sql.photo(conn, account_id, photo_id)
    if found is None or found["content"] is None:
        return None
    try:
        mine = keyring.customer(found["data_key"]) if found["data_key"] else keyring.installation
        return mine.open(found["content"], purpose=b"photo")
    except InvalidTag:
        return None


@dataclass(frozen=True, slots=True)
class Name:
    """What a page about an account is headed by."""

    number: str
    holder: str | None


async def name_of(conn: Connection, account_id: int, *, keyring: Keyring, at: datetime) -> Name | None:
    """The account's number and who holds it; None where there is none."""
    found = (await finding.cards(conn, [account_id], at.date())).get(account_id)
    return None if found is None else Name(found.number, opened(keyring, found.holder_key, found.name_sealed, b"name"))


def _stands(
    card: Record, family: Mapping[int, Relative], meters: Mapping[int, Sequence[Meter]], tariffs: Tariffs, today: date
) -> dict[int, Standing | None]:
    pack = None if card["profile"] is None else profiles.profile(card["profile"])
    return customers.stands_of(
        {id: one.state for id, one in family.items()},
        {id: one.persons for id, one in family.items()},
        meters,
        tariffs,
        terms=PLAIN if pack is None else pack.debts,
        rules=ESTIMATED if pack is None else pack.estimation,
        today=today,
    )


def _debt(
    holder: int,
    family: Mapping[int, Relative],
    points: Mapping[int, Sequence[Point]],
    stands: Mapping[int, Standing | None],
    today: date,
) -> CustomerDebt:
    """The debt of the holder over all that he holds today, as `customers.debt_of` tells it."""
    told = [
        OwnDebt(one.number, tuple(sorted({point.service for point in points.get(id, ())})), stands[id])
        for id, one in family.items()
        if customers.holder_of(one.state, one.customer_id, today) == holder
    ]
    return CustomerDebt(tuple(sorted(told, key=lambda one: one.number)))


def _names(card: Record, rows: Sequence[FactRow], keyring: Keyring) -> dict[int, str | None]:
    names = {
        card["customer_id"]: opened(keyring, card["data_key"], card["opener_name"], b"name"),
        card["holder_id"]: opened(keyring, card["holder_key"], card["holder_name"], b"name"),
    }
    for row in rows:
        if row.holder_id is not None and row.holder_id not in names:
            names[row.holder_id] = opened(keyring, row.holder_key, row.name_sealed, b"name")
    return names


def _papers(keyring: Keyring, key: bytes | None, rows: str | None, purpose: bytes, *, full: bool) -> tuple[Paper, ...]:
    found = [(kind, opened(keyring, key, bytes.fromhex(sealed), purpose)) for kind, sealed in sql.listed(rows)]
    return tuple(Paper(kind, seeing.paper(number, full=full)) for kind, number in found if number is not None)


def _links(rows: str | None, keyring: Keyring, *, full: bool) -> tuple[LinkSeen, ...]:
    found = []
    for role, extra, name, since, till, contract_on, sealed, language, opted_out, key, bounced in sql.listed(rows):
        number = opened(keyring, bytes.fromhex(key) if key else None, bytes.fromhex(sealed), b"phone")
        found.append(
            LinkSeen(
                "" if number is None else seeing.phone(number, full=full),
                Role(role),
                tuple(Scope(one) for one in extra),
                name,
                datetime.fromisoformat(since),
                datetime.fromisoformat(till) if till else None,
                date.fromisoformat(contract_on) if contract_on else None,
                language,
                opted_out,
                bounced >= phones.BOUNCES,
            )
        )
    return tuple(found)


def _moves(rows: Sequence[FactRow]) -> tuple[Move, ...]:
    return tuple(
        Move(row.event, row.subject, row.days.start, row.document, row.author, row.place, row.back > 0)
        for row in rows
        if row.fact is None
    )
