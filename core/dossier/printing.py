"""A bill as it was issued: written once from what is frozen, kept, and the same bytes for ever (row Q3)."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from asyncpg import Connection

from core.basics.facts import dataclass
from core.basics.money import MILLI
from core.basics.periods import Month
from core.basics.sealing import Keyring
from core.billing.tariffs import plain
from core.dossier import sql
from core.finding.actions import opened

WIDTH = 64


class Changed(Exception):
    """What is kept of the bill is not what its hash was taken of."""


@dataclass(frozen=True, slots=True)
class Printed:
    """The bytes of the bill and their SHA-256; `seal` is the hash over the claim and its lines that the close of
    `sealed_on` froze, None before it."""

    body: bytes
    digest: bytes
    seal: bytes | None
    sealed_on: date | None


async def bill(conn: Connection, account_id: int, no: int, *, keyring: Keyring, at: datetime) -> Printed | None:
    """The claim of that number as a document; None where there is none, or its customer was erased. What it is printed
    from never changes; the bytes of the first time are kept with their hash, and come again whatever the program
    prints today.

    :raises Changed: what was kept was changed.
    """
    row = await sql.bill(conn, account_id, no)
    if row is None or row["data_key"] is None:
        return None
    sealer = keyring.customer(row["data_key"])
    if row["body"] is None:
        body = _written(row, opened(keyring, row["data_key"], row["address_sealed"], b"address")).encode()
        digest = hashlib.sha256(body).digest()
        await sql.keep_bill(conn, account_id, no, sealer.seal(body, purpose=b"bill"), digest, at=at)
        return Printed(body, digest, row["seal"], row["sealed_on"])
    body = sealer.open(row["body"], purpose=b"bill")
    if hashlib.sha256(body).digest() != row["digest"]:
        raise Changed(f"bill {no} of account {account_id}")
    return Printed(body, row["digest"], row["seal"], row["sealed_on"])


_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "opening": "ВХОДЯЩИЙ ОСТАТОК", "bill": "СЧЁТ", "recalculation": "ПЕРЕРАСЧЁТ", "penalty": "ПЕНИ",
        "write_off": "СПИСАНИЕ", "interest": "ПРОЦЕНТЫ ПО РАССРОЧКЕ",
    }
)  # fmt: skip
_SERVICES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "electricity": ("Электроэнергия", "кВт·ч"), "cold_water": ("Холодная вода", "м³"),
        "hot_water": ("Горячая вода", "м³"), "gas": ("Газ", "м³"), "heat": ("Отопление", "Гкал"),
    }
)  # fmt: skip
_LINES: Mapping[str, str] = MappingProxyType(
    {
        "energy": "потребление", "standing": "постоянная плата", "minimum": "до наименьшей платы",
        "uplift": "повышающий коэффициент", "common": "общедомовые нужды", "vat": "НДС", "benefit": "льгота",
        "opening": "по учёту прежней системы",
    }
)  # fmt: skip
_MONTHS = (
    "январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
)  # fmt: skip


def _written(row: Any, address: str | None) -> str:
    return "\n".join(_text(row, address)) + "\n"


def _text(row: Any, address: str | None) -> Iterator[str]:
    month = Month.of(row["month"])
    yield f"{_KINDS[row['kind']]} № {row['number']}-{row['no']}"
    yield from filter(None, (row["company"], row["phone"] and f"тел. {row['phone']}"))
    yield ""
    yield f"Лицевой счёт: {row['number']}"
    if address:
        yield f"Адрес: {address}"
    yield f"За {_MONTHS[month.month - 1]} {month.year} г."
    yield f"Выставлен {_day(row['issued_on'])}, оплатить до {_day(row['due_on'])}"
    yield ""
    for service, kind, volume, amount in sql.listed(row["lines"]):
        name, unit = _SERVICES[service]
        told = f"{name}, {_LINES.get(kind, kind)}"
        used = f", {plain(volume, MILLI).replace('.', ',')} {unit}" if volume else ""
        yield _line(told + used, amount)
    yield _line("ИТОГО", row["amount"])
    if row["pay"]:
        yield ""
        yield f"Как оплатить: {row['pay']}"


def _line(told: str, amount: int) -> str:
    money = f"{Decimal(amount).scaleb(-2):.2f}".replace(".", ",")
    return f"{told} {'.' * max(WIDTH - len(told) - len(money) - 2, 2)} {money}"


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"
