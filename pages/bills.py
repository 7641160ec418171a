"""A bill as a person reads it, on a page and on paper: the same rows with the same sums, in each language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from core.dossier.face import Face, FaceLine
from pages import words
from pages.words import PageWords

TEXTS: Mapping[str, PageWords] = words.load(Path(__file__).with_name("texts"))
"""The words of bills, in each language."""

_PAYEE = (
    ("payee", "name"), ("inn", "inn"), ("kpp", "kpp"), ("payee_account", "account"), ("bank", "bank"), ("bic", "bic"),
    ("correspondent", "correspondent"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the bill: what for, how much of it, and the sum."""

    what: str
    volume: str
    amount: str


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill in words. `about` are pairs of what stands at its head, `rows` what was charged, `balance` how that and
    what was there before come to `total`, whose last pair it is; `payee` whom to pay."""

    title: str
    month: str
    company: str
    phone: str
    about: tuple[tuple[str, str], ...]
    heads: tuple[str, str, str]
    rows: tuple[Row, ...]
    balance: tuple[tuple[str, str], ...]
    total: tuple[str, str]
    payee: tuple[tuple[str, str], ...]
    pay: str
    code: str | None
    code_label: str
    code_told: str
    page: str


def told(face: Face, language: str) -> Bill:
    """The bill in the words of a language."""
    t = TEXTS[language]

    def money(amount: int) -> str:
        return t.money(amount, face.currency)

    title = t("bill.title", kind=t(f"bill.{face.kind}"), number=face.number, no=face.no)
    return Bill(
        title=title,
        month=t("bill.month", month=t.month(face.month.first)),
        company=face.company,
        phone=t("bill.phone", phone=face.phone) if face.phone else "",
        about=tuple(_about(face, t)),
        heads=(t("bill.what"), t("bill.volume"), t("bill.sum")),
        rows=tuple(Row(_what(one, t), _volume(one, t), money(one.amount)) for one in face.lines),
        balance=tuple((name, money(amount)) for name, amount in _balance(face, t)),
        total=(t("bill.to_pay"), money(face.closing))
        if face.closing >= 0
        else (t("bill.nothing") + ". " + t("bill.credit"), money(-face.closing)),
        payee=tuple((t(f"bill.{name}"), getattr(face.payee, field)) for name, field in _PAYEE if _has(face, field)),
        pay=t("bill.pay", ways=face.pay) if face.pay else "",
        code=face.code,
        code_label=t("bill.code"),
        code_told=t("bill.code_told", sum=money(face.to_pay), number=face.number),
        page=t("bill.page", title=title, page="{page}"),
    )


def _has(face: Face, field: str) -> bool:
    return face.payee is not None and getattr(face.payee, field) != ""


def _about(face: Face, t: PageWords) -> Iterator[tuple[str, str]]:
    yield t("bill.account"), face.number
    if face.address:
        yield t("bill.address"), face.address
    yield t("bill.issued"), t.day(face.issued_on)
    yield t("bill.due"), t.day(face.due_on)


def _what(line: FaceLine, t: PageWords) -> str:
    return f"{t.get('bill_service', line.service)}, {t.get('bill_line', line.kind)}"


def _volume(line: FaceLine, t: PageWords) -> str:
    if not line.volume:
        return ""
    return f"{t.number(Decimal(line.volume).scaleb(-3))}\u00a0{t.get('bill_unit', line.service)}"


def _balance(face: Face, t: PageWords) -> Iterator[tuple[str, int]]:
    """From what was there before to what there is with this bill."""
    yield t("bill.charged"), face.amount
    if face.opening:
        yield (t("bill.before") if face.opening > 0 else t("bill.ahead")), face.opening
    for kind, amount in face.others:
        yield t(f"bill.{kind}"), amount
    if face.paid:
        yield t("bill.paid"), -face.paid


def pdf(face: Face, language: str) -> bytes:
    """The bill as a PDF, the same bytes for the same bill."""
    # Who prints no bill does not wait until the maker of PDF is loaded.
    from pages import paper  # noqa: PLC0415

    return paper.drawn(told(face, language), language)
