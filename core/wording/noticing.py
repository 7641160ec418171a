"""What customers are told of official warnings, in words, from the fullest wording to the shortest."""

from collections.abc import Iterator
from typing import assert_never

from core.noticed import (
    CodeStrange,
    NoNotices,
    NothingToPromise,
    Noticed,
    NoticeRead,
    NoticesTold,
    NoticeWithdrawn,
    PromiseBarred,
    Promised,
    PromiseStands,
    PromiseTooLate,
    PromiseWhen,
)
from core.wording.phrases import Phrases, quoted, sentences

_CODE = 6
"""Units of a code that is no warning's."""


def noticed(phrases: Phrases, reply: Noticed) -> Iterator[str]:
    put, day_ = phrases.catalog.put, phrases.formats.day
    match reply:
        case NoticesTold():
            yield from _told(phrases, reply)
        case NoNotices():
            yield put("notices.none")
        case NoticeRead(number=number, day=day):
            yield put("notices.read", number=str(number), day=day_(day))
        case CodeStrange(code=code):
            yield put("notices.code_strange", code=quoted(code, _CODE))
            yield put("notices.code_short")
        case Promised(until=until):
            yield put("promise.taken", day=day_(until))
        case PromiseWhen(latest=latest):
            yield put("promise.when", latest=day_(latest))
        case PromiseTooLate(day=day, latest=latest, past=True):
            yield put("promise.past", day=day_(day), latest=day_(latest))
        case PromiseTooLate(day=day, latest=latest):
            # A day of another year would read like the latest that may be: 05.12.
            told = day_(day) if day.year == latest.year else phrases.formats.full_day(day)
            yield put("promise.too_late", day=told, latest=day_(latest))
        case PromiseStands(number=number, until=until, phone=phone):
            phone = phone or put("phone.on_bill")
            yield put("promise.stands", number=str(number), day=day_(until), phone=phone)
            yield put("promise.stands_short", number=str(number), day=day_(until))
        case PromiseBarred(phone=phone):
            yield put("promise.barred", phone=phone or put("phone.on_bill"))
        case NothingToPromise():
            yield put("promise.nothing")
        case NoticeWithdrawn(number=number, day=day, court=True):
            yield put("notices.withdrawn_court", number=str(number), day=day_(day))
        case NoticeWithdrawn(number=number, day=day):
            yield put("notices.withdrawn", number=str(number), day=day_(day))
            yield put("notices.withdrawn_short", number=str(number), day=day_(day))
        case _:
            assert_never(reply)


def _told(phrases: Phrases, reply: NoticesTold) -> Iterator[str]:
    """As many of the latest as there is room for, with the code that says the last was read."""
    put = phrases.catalog.put
    hint = put("notices.hint", code=reply.code) if reply.code else ""
    for shown in range(len(reply.notices), 0, -1):
        some = reply.notices[:shown]
        listed = [put("notices.one", number=str(number), day=phrases.formats.day(day)) for number, day in some]
        more = len(reply.notices) - shown
        text = put("notices.some", notices=", ".join(listed))
        text = put("notices.more", notices=", ".join(listed), more=str(more)) if more else text
        yield sentences(text, hint)
    yield sentences(put("notices.count", count=str(len(reply.notices))), hint)
