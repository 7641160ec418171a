"""What is said to people who share an account, in words."""

from collections.abc import Iterator
from typing import assert_never

from core.households import (
    ContractCode,
    Household,
    InvitationDeclined,
    InvitationOver,
    InvitationTaken,
    Invited,
    MoveBegun,
    MoveCode,
    MovedAway,
    MovedHere,
    MoveStopped,
    RightsChanged,
)
from core.wording.phrases import Phrases


def shared(phrases: Phrases, reply: Household) -> Iterator[str]:
    """In one segment."""
    put = phrases.catalog.put
    match reply:
        case Invited(account=account, phone=phone, reads=reads, asks=asks):
            name = "invite.cabinet" if not asks else "invite.reads" if reads else "invite.plain"
            yield put(name, account=account, phone=phone)
        case InvitationTaken(account=account, reads=reads):
            yield put("invite.taken_reads" if reads else "invite.taken", account=account)
        case InvitationDeclined(account=account):
            yield put("invite.declined", account=account)
        case InvitationOver(account=account):
            yield put("invite.over", account=account)
        case RightsChanged(account=account, reads=reads):
            yield put("rights.reads" if reads else "rights.plain", account=account)
        case MoveCode(code=code):
            yield put("move.code", code=code)
        case MoveBegun(phone=phone, at=at):
            yield put("move.begun", phone=phone, day=phrases.formats.day(at.date()), time=f"{at:%H:%M}")
        case MoveStopped():
            yield put("move.stopped")
        case MovedAway(phone=phone):
            yield put("move.away", phone=phone)
        case MovedHere():
            yield put("move.here")
        case ContractCode(account=account, code=code):
            yield put("contract.code", account=account, code=code)
        case _:
            assert_never(reply)
