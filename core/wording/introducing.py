"""Words for phones that are tied to an account or taken off it."""

from collections.abc import Iterator
from typing import assert_never

from core.introductions import (
    AlreadyLinked,
    CodeExpired,
    CodeSent,
    CodeWrong,
    ContractEnded,
    ContractTaken,
    Introduction,
    PhoneGone,
    PhoneLinked,
    PhoneRemoved,
    PhoneTrusted,
    ReadingAside,
    ReadingCame,
    ReadingLeft,
    Registered,
    RegisterHow,
    RegisterRefused,
    RemovedYou,
    StillTold,
    StillYours,
    TooManyMessages,
    TooManyTries,
    TrustedYou,
    Unlinked,
    UnlinkedFrom,
    WhichToLeave,
)
from core.wording.phrases import Phrases


def introduced(phrases: Phrases, reply: Introduction) -> Iterator[str]:
    """The reply in words, from the fullest wording to the shortest."""
    put = phrases.catalog.put
    match reply:
        case CodeSent(account=account, code=code):
            yield put("register.code", account=account, code=code)
        case AlreadyLinked(account=account):
            yield put("register.known", account=account)
        case TooManyTries(phone=phone):
            yield put("register.locked", phone=phone or put("phone.on_bill"))
        case Registered():
            yield from _registered(phrases, reply)
        case TooManyMessages(phone=phone):
            yield put("phone.flooded", phone=phone or put("phone.on_bill"))
        case TrustedYou(account=account):
            yield put("phone.you_trusted", account=account)
        case RemovedYou(account=account):
            yield put("phone.you_removed", account=account)
        case UnlinkedFrom(account=account):
            yield put("phone.unlinked_from", account=account)
        case WhichToLeave(choices=choices):
            yield from _which_to_leave(phrases, choices)
        case StillYours(account=account, number=number):
            name = "still.one" if number == 1 else "still.several"
            yield put(name, account=account)
        case PhoneLinked(account=account, phone=phone, asks=asks, reads=reads):
            name = "phone.asks" if asks else "phone.reads" if reads else "phone.told"
            yield put(name, account=account, phone=phone)
        case ContractTaken(account=account, reads=reads):
            yield put("contract.reads" if reads else "contract.taken", account=account)
        case ContractEnded(account=account):
            yield put("contract.ended", account=account)
        case PhoneTrusted(account=account):
            yield put("phone.trusted", account=account)
        case PhoneRemoved(account=account):
            yield put("phone.removed", account=account)
        case PhoneGone(account=account):
            yield put("phone.gone", account=account)
        case ReadingCame():
            yield from _came(phrases, reply)
        case ReadingAside(digits=digits):
            yield put("guest.aside", digits=phrases.formats.counts(digits))
            yield put("guest.aside_short")
        case StillTold() | ReadingLeft() | RegisterHow() | RegisterRefused() | CodeWrong() | CodeExpired() | Unlinked():
            yield put(_FIXED[type(reply)])
        case _:
            assert_never(reply)


_FIXED = {
    RegisterHow: "register.how",
    RegisterRefused: "register.refused",
    CodeWrong: "code.wrong",
    CodeExpired: "code.expired",
    Unlinked: "phone.unlinked",
    StillTold: "still.told",
    ReadingLeft: "guest.left",
}


def _registered(phrases: Phrases, reply: Registered) -> Iterator[str]:
    if reply.offered:
        digits = phrases.formats.counts(reply.offered)
        yield phrases.catalog.put("registered.offer", account=reply.account, digits=digits)
        yield phrases.catalog.put("registered.offer_short", account=reply.account, digits=digits)
    yield phrases.catalog.put("registered.plain", account=reply.account)


def _came(phrases: Phrases, reply: ReadingCame) -> Iterator[str]:
    came = phrases.formats.counts(reply.digits)
    name = "guest.came" if reply.asks else "guest.told"
    short = "guest.came_short" if reply.asks else "guest.told_short"
    if reply.phone:
        yield phrases.catalog.put(name, account=reply.account, phone=reply.phone, digits=came)
    yield phrases.catalog.put(short, account=reply.account, digits=came)


def _which_to_leave(phrases: Phrases, choices: tuple[str, ...]) -> Iterator[str]:
    """All of them first, then each; names are shortened, then as many are named as there is room for."""
    put = phrases.catalog.put
    for room, kept in [(16, len(choices)), *((8, kept) for kept in range(len(choices), 0, -1))]:
        named = [put("leave.all"), *(phrases.account(choice, room) for choice in choices[:kept])]
        listed = " ".join(put("which.choice", number=str(no), choice=choice) for no, choice in enumerate(named, 1))
        yield put("leave.which", choices=listed if kept == len(choices) else put("which.more", choices=listed))
