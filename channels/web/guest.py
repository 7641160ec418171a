"""A reading by whoever knows account and meter: it waits for the owner's yes, and nobody learns anything (T8)."""

import hashlib
import re
from collections.abc import Sequence

from channels.web import login
from channels.web.model import Form, Guest, Page
from core.basics.channel import Channel
from core.cabinet import entering, viewing
from core.commands import Named, SubmitReading
from core.inbox.model import Fate, Inbound
from core.store.pool import acquire
from pages import forms

_ACCOUNT = re.compile(r"[0-9A-ZА-ЯЁ-]{3,30}")
_SERIAL = re.compile(r"[0-9A-ZА-ЯЁ-]{2,30}")
FIELDS = ("number", "serial", "digits", "second", "third")
_NUMBER = re.compile(r"[0-9]{1,12}(?:[.][0-9]{1,6})?", re.ASCII)


def shown(form: Form, *, trouble: str | None = None, done: bool = False, status: int = 200) -> Page:
    """The form, or the one sentence that follows it."""
    return Page("guest.html", {"form": form, "trouble": trouble, "done": done}, status)


async def leave(guest: Guest, form: Form, browser: str) -> Page:
    """Puts the reading aside for the owner of the account, where account and meter belong together. What is told, and
    what is asked of the database, is the same where they do not."""
    number, serial, *digits = (re.sub(r"\s", "", form.get(one, "")).upper().replace(",", ".") for one in FIELDS)
    read = [one for one in digits if one]
    wrong = _wrong(number, serial, digits, read)
    if wrong is not None:
        return shown(form, trouble=f"guest.{wrong}", status=422)
    key = form.get("key", "")
    if not forms.is_key(key):
        raise forms.OtherForm
    house = guest.house
    async with acquire(house.pool) as conn, conn.transaction():
        network = login.network_of(house.client(guest.request))
        if not await entering.guest_may(conn, network, door=house.door, wall=house.wall()):
            return shown(form, trouble="guest.too_many", status=429)
    names = ("total",) if len(read) == 1 else ("t1", "t2", "t3")
    values = tuple(Named(name, one) for name, one in zip(names, read, strict=False))
    async with login.evenly():
        answer = await house.answer(_inbound(guest, browser, key, SubmitReading(values, number, serial)))
    if answer.fate is Fate.MUTED:
        return shown(form, trouble="guest.too_many", status=429)
    return shown({}, done=True)


def _wrong(number: str, serial: str, digits: Sequence[str], read: Sequence[str]) -> str | None:
    """What is wrong with how it is written; a meter of two zones has two registers, and none is left out."""
    if not _ACCOUNT.fullmatch(number):
        return "bad_number"
    if not _SERIAL.fullmatch(serial):
        return "bad_serial"
    if not read or not all(_NUMBER.fullmatch(one) for one in read):
        return "bad_digits"
    return None if list(digits[: len(read)]) == list(read) else "no_gap"


def _inbound(guest: Guest, browser: str, key: str, reading: SubmitReading) -> Inbound:
    """A message of nobody's phone: the browser is who speaks, as far as caps go."""
    speaker = hashlib.sha256(b"guest" + browser.encode()).hexdigest()
    words = f"{reading.account} {reading.meter} {' '.join(one.digits for one in reading.values)}"
    return Inbound(
        channel=Channel.WEB,
        provider=viewing.PROVIDER,
        reference=hashlib.sha256(speaker.encode() + key.encode()).hexdigest(),
        address=f"guest:{speaker}",
        said=reading,
        at=guest.house.now(),
        payload=words.encode(),
        words=words,
    )
