"""The parts of sentences that many answers share, in one language."""

import unicodedata
from collections.abc import Iterable, Sequence

from core.basics.facts import dataclass
from core.messages import Money, Taken
from core.wording import formats as formatting
from core.wording.catalogs import Catalog
from core.wording.formats import Formats
from core.wording.segments import units

_TAIL = 4
"""What of an account or a serial number is shown (ruling 26)."""

_OWN_NAME = 16
"""Units of a customer's own name for an account."""

_NUMBER = 16
"""Units of a number that the customer named and we do not know."""

_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language: its texts and its formats."""

    catalog: Catalog
    formats: Formats

    @classmethod
    def of(cls, catalog: Catalog) -> "Phrases":
        return cls(catalog, formatting.formats(catalog))

    def named(self, group: str, name: str) -> str:
        """What the language calls a zone or a service; the name itself where it has no word for it."""
        text = f"{group}.{name}"
        return self.catalog.put(text) if text in self.catalog.templates else quoted(name, _NUMBER)

    def account(self, account: str, room: int = _OWN_NAME) -> str:
        """An account as the customer knows it: its last digits, or his own name for it."""
        if is_tail(account):
            return self.catalog.put("account.tail", tail=account[-_TAIL:])
        return quoted(account, room)

    def about(self, account: str | None, text: str) -> str:
        """The text, with the account that it is about before it."""
        if account is None:
            return text
        if not text[1:2].isdigit():
            text = text[:1].lower() + text[1:]
        return self.catalog.put("account.prefix", account=self.account(account), text=text)

    def serial(self, serial: str) -> str:
        """The end of a meter's serial number."""
        return self.catalog.put("serial.tail", tail=quoted(serial, _NUMBER)[-_TAIL:])

    def listed(self, words: Sequence[str]) -> str:
        """The words as a list: day, night and total."""
        if len(words) < 2:
            return "".join(words)
        return self.catalog.put("list.last", first=", ".join(words[:-1]), last=words[-1])

    def zones(self, zones: Iterable[str]) -> str:
        return self.listed([self.named("zone", zone) for zone in zones])

    def readings(self, taken: Sequence[Taken], *, used: bool) -> str:
        """The readings as written, each with its register where there are several, and with its use."""
        shown = [self._use(one) if used else self.formats.count(one.digits) for one in taken]
        if len(taken) == 1 and taken[0].serial is None and taken[0].zone == "total":
            return shown[0]
        return ", ".join(
            self.catalog.put("reading.named", name=self._register(one, taken), reading=reading)
            for one, reading in zip(taken, shown, strict=True)
        )

    def money(
        self, money: Money, *, all_well: bool = True, due: bool = True, overdue: str = "long", penalty: bool = False
    ) -> str:
        """What there is to pay (billing.md section 8). `all_well`: say that nothing is overdue; `due`: name the date;
        `overdue`: "long", "short" or "" for not at all; `penalty`: name the penalty in a long one."""
        put, formats = self.catalog.put, self.formats
        if money.credit:
            return put("money.credit" if all_well else "money.credit_short", credit=formats.money(money.credit))
        if not money.to_pay:
            return put("money.nothing" if all_well else "money.nothing_short")
        to_pay = formats.money(money.to_pay)
        if money.overdue and overdue:
            return self._overdue(money, to_pay, overdue, penalty=penalty and money.penalty > 0)
        if money.part is not None and due and not money.overdue:
            day, left = money.part
            return put("money.plan", to_pay=to_pay, part=formats.money(left), due=formats.day(day))
        if money.due_on is not None and due and not money.overdue and money.part is None:
            message = "money.due" if all_well else "money.due_short"
            return put(message, to_pay=to_pay, due=formats.day(money.due_on))
        return put("money.plain" if all_well and not money.overdue else "money.sum", to_pay=to_pay)

    def _overdue(self, money: Money, to_pay: str, size: str, *, penalty: bool) -> str:
        if money.overdue >= money.to_pay:
            if penalty:
                late = self.formats.money(money.penalty)
                return self.catalog.put("money.all_overdue_penalty", to_pay=to_pay, penalty=late)
            return self.catalog.put("money.all_overdue", to_pay=to_pay)
        if penalty and size == "long":
            due, late = self.formats.money(money.overdue), self.formats.money(money.penalty)
            return self.catalog.put("money.overdue_penalty", to_pay=to_pay, overdue=due, penalty=late)
        message = "money.overdue" if size == "long" else "money.overdue_short"
        return self.catalog.put(message, to_pay=to_pay, overdue=self.formats.money(money.overdue))

    def _use(self, one: Taken) -> str:
        text = f"used.{one.service}"
        if one.used is None or text not in self.catalog.templates:
            return self.formats.count(one.digits)
        return self.catalog.put(text, digits=self.formats.count(one.digits), used=self.formats.volume(one.used))

    def _register(self, one: Taken, taken: Sequence[Taken]) -> str:
        """The zone, the end of the serial number, or both where one alone does not tell the registers apart."""
        zone = self.named("zone", one.zone)
        if one.serial is None:
            return zone
        if one.zone == "total" or sum(other.serial == one.serial for other in taken) == 1:
            return self.serial(one.serial)
        return self.catalog.put("reading.named", name=self.serial(one.serial), reading=zone)


def is_tail(account: str) -> bool:
    """Whether an account is given by its digits, not by the customer's own name for it."""
    return account.startswith("..") and len(account) <= len("..") + _TAIL


def sentences(*texts: str) -> str:
    """The texts one after another, each begun with a capital and parted by a full stop; empty ones are left out."""
    joined = ""
    for text in texts:
        if not text:
            continue
        if joined:
            joined += " " if joined[-1] in ".?!" else ". "
        joined += text if text[0].isupper() else text[0].upper() + text[1:]
    return joined


def quoted(text: str, room: int) -> str:
    """The customer's own words in at most `room` units of UCS-2, literally but for what cannot be seen or sent; a cut
    is marked with two dots."""
    if text.isascii() and text.isprintable():
        return text if len(text) <= room else text[: room - 2] + ".."
    visible = "".join(" " if character.isspace() else character for character in text if _visible(character))
    if units(visible) <= room:
        return visible
    kept = ""
    for character in visible:
        if units(kept + character) > room - 2:
            break
        kept += character
    return kept + ".."


def _visible(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) not in _INVISIBLE
