"""What a bill says, as facts: written once from what is frozen, kept, and the same for ever (row Q3).

Pages, the PDF and the payment code are made from it, so all of them name the same sums.
"""

import json
from datetime import date
from typing import Any

from core.basics import payee as payees
from core.basics.facts import dataclass
from core.basics.payee import Payee
from core.basics.periods import Month
from core.dossier import sql

_MONTHS = (
    "январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
)  # fmt: skip

_BILLS = ("opening", "bill")
_PAYEE = ("name", "inn", "kpp", "account", "bank", "bic", "correspondent")


@dataclass(frozen=True, slots=True)
class FaceLine:
    """A line of the bill: the volume in thousandths of the service's unit, None where it is no matter of volume."""

    service: str
    kind: str
    volume: int | None
    amount: int


@dataclass(frozen=True, slots=True)
class Face:
    """A bill, kopecks. `opening` is the balance behind the bill before it, `others` what was demanded since by kind,
    `paid` what was paid since, `closing` the balance with this bill (negative: paid ahead). `code` is what the payment
    code says, None where nobody is named to be paid, or nothing is to be paid."""

    number: str
    no: int
    kind: str
    month: Month
    issued_on: date
    due_on: date
    currency: str
    company: str
    phone: str
    pay: str
    address: str
    lines: tuple[FaceLine, ...]
    amount: int
    opening: int
    others: tuple[tuple[str, int], ...]
    paid: int
    closing: int
    payee: Payee | None
    code: str | None

    @property
    def to_pay(self) -> int:
        return max(self.closing, 0)


def made(row: Any, address: str | None) -> Face:
    """The bill that the rows of `sql.face` tell of."""
    claimed, payments = sql.listed(row["claimed"]), sql.listed(row["paid"])
    last = max((no for no, kind, _ in claimed if kind in _BILLS), default=0)
    opening = sum(amount for no, _, amount in claimed if no <= last)
    opening -= sum(amount for no, amount in payments if no <= last)
    paid = sum(amount for no, amount in payments if no > last)
    since: dict[str, int] = {}
    for no, kind, amount in claimed:
        if no > last:
            since[kind] = since.get(kind, 0) + amount
    closing = opening + sum(since.values()) - paid + row["amount"]
    payee = None if row["payee_name"] is None else Payee(*(row[f"payee_{name}"] for name in _PAYEE))
    month = Month.of(row["month"])
    code = None
    if payee is not None and closing > 0:
        purpose = f"Оплата по лицевому счёту {row['number']} за {_MONTHS[month.month - 1]} {month.year} г."
        code = payees.payload(payee, amount=closing, account=row["number"], purpose=purpose)
    return Face(
        number=row["number"],
        no=row["no"],
        kind=row["kind"],
        month=month,
        issued_on=row["issued_on"],
        due_on=row["due_on"],
        currency=row["currency"],
        company=row["company"] or "",
        phone=row["phone"] or "",
        pay=row["pay"] or "",
        address=address or "",
        lines=tuple(FaceLine(*one) for one in sql.listed(row["lines"])),
        amount=row["amount"],
        opening=opening,
        others=tuple(since.items()),
        paid=paid,
        closing=closing,
        payee=payee,
        code=code,
    )


def encode(face: Face) -> bytes:
    """The bill as JSON, UTF-8."""
    told = {name: getattr(face, name) for name in _PLAIN} | {
        "month": str(face.month),
        "issued_on": face.issued_on.isoformat(),
        "due_on": face.due_on.isoformat(),
        "lines": [[one.service, one.kind, one.volume, one.amount] for one in face.lines],
        "others": face.others,
        "payee": None if face.payee is None else {name: getattr(face.payee, name) for name in _PAYEE},
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()


_PLAIN = (
    "number", "no", "kind", "currency", "company", "phone", "pay", "address", "amount", "opening", "paid", "closing",
    "code",
)  # fmt: skip


def decode(body: bytes) -> Face:
    """The bill that was kept as JSON."""
    told = json.loads(body)
    return Face(
        **{name: told[name] for name in _PLAIN},
        month=Month.of(date.fromisoformat(f"{told['month']}-01")),
        issued_on=date.fromisoformat(told["issued_on"]),
        due_on=date.fromisoformat(told["due_on"]),
        lines=tuple(FaceLine(*one) for one in told["lines"]),
        others=tuple((kind, amount) for kind, amount in told["others"]),
        payee=None if told["payee"] is None else Payee(**told["payee"]),
    )
