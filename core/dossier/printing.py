"""A bill as it was issued: written once from what is frozen, kept, and the same bytes for ever (row Q3)."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from asyncpg import Connection
from cryptography.exceptions import InvalidTag

from core.basics.facts import dataclass
from core.basics.money import MILLI
from core.basics.periods import Month
from core.basics.sealing import Keyring, Sealer
from core.billing.tariffs import plain
from core.dossier import face as faces
from core.dossier import sql
from core.dossier.face import Face
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


@dataclass(frozen=True, slots=True)
class Paper:
    """What a bill says, its form as it was printed first, and what proves both: the SHA-256 of the form, and the seal
    of the claim as in `Printed`. `body` is empty where no form was asked for."""

    face: Face
    body: bytes
    digest: bytes
    seal: bytes | None
    sealed_on: date | None


async def paper(
    conn: Connection,
    account_id: int,
    no: int,
    *,
    keyring: Keyring,
    at: datetime,
    form: str | None = None,
    draw: Callable[[Face], bytes] | None = None,
) -> Paper | None:
    """The claim of that number as a bill, in the form `pdf-ru` or `pdf-en` where one is asked for, which `draw` draws
    the first time; None where there is no such claim, or its customer was erased. The first face and the first bytes of
    each form are kept, and come again whatever the program and the company say today.

    :raises Changed: what was kept was changed.
    """
    forms = ["face"] if form is None else ["face", form]
    row = await sql.kept_bills(conn, account_id, no, forms)
    if row is None or row["data_key"] is None:
        return None
    sealer = keyring.customer(row["data_key"])
    kept = json.loads(row["forms"] or "{}")
    if "face" not in kept:
        found = await sql.face(conn, account_id, no)
        address = opened(keyring, row["data_key"], found["address_sealed"], b"address") if found else None
        kept["face"] = await _keep(conn, account_id, no, "face", faces.encode(faces.made(found, address)), sealer, at)
    body = _opened(sealer, kept["face"], "face", account_id, no)
    face = faces.decode(body)
    if form is not None:
        assert draw is not None
        if form not in kept:
            kept[form] = await _keep(conn, account_id, no, form, draw(face), sealer, at)
        body = _opened(sealer, kept[form], form, account_id, no)
    return Paper(face, body if form else b"", hashlib.sha256(body).digest(), row["seal"], row["sealed_on"])


async def _keep(
    conn: Connection, account_id: int, no: int, form: str, body: bytes, sealer: Sealer, at: datetime
) -> list[str]:
    """Keeps a form, and what is kept of it then, which is another's where he was quicker."""
    digest = hashlib.sha256(body).digest()
    sealed = sealer.seal(body, purpose=form.encode())
    await sql.keep_bill(conn, account_id, no, sealed, digest, at=at, form=form)
    row = await sql.kept_bills(conn, account_id, no, [form])
    assert row is not None
    kept: list[str] = json.loads(row["forms"])[form]
    return kept


def _opened(sealer: Sealer, kept: Sequence[str], form: str, account_id: int, no: int) -> bytes:
    """
    :raises Changed: it is not what was kept.
    """
    sealed, digest = (bytes.fromhex(one) for one in kept)
    try:
        body = sealer.open(sealed, purpose=form.encode())
    except InvalidTag as error:
        raise Changed(f"{form} of bill {no} of account {account_id}") from error
    if hashlib.sha256(body).digest() != digest:
        raise Changed(f"{form} of bill {no} of account {account_id}")
    return body


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
        "energy": "потребление", "standing": "постоянная плата", "demand": "мощность", "minimum": "до наименьшей платы",
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
