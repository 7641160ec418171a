"""What is said of the conversation itself, from the fullest wording to the shortest."""

from collections.abc import Iterator
from typing import assert_never

from core.conversing import (
    AcceptWanted,
    AccessWanted,
    CodeWanted,
    Conversed,
    Declined,
    LanguageSet,
    LanguagesTold,
    NoRoom,
    NothingAsked,
    OptedIn,
    OptedOut,
    QuestionLapsed,
)
from core.wording.phrases import Phrases, quoted, sentences

_FRAGMENT = 12
"""Units of the customer's words that are quoted back to him."""


def conversed(phrases: Phrases, reply: Conversed) -> Iterator[str]:
    put, count = phrases.catalog.put, phrases.formats.count
    match reply:
        case LanguageSet(language=language):
            yield put("language.set", language=phrases.named("language", language))
        case LanguagesTold(missing=missing):
            yield put("language.missing" if missing else "language.told")
        case OptedOut(question=question):
            yield put("opted.out_asked" if question else "opted.out")
        case OptedIn():
            yield put("opted.in")
        case NoRoom(phone=phone):
            yield put("no_room", phone=phone or put("phone.on_bill"))
        case NothingAsked():
            yield put("nothing_asked")
        case Declined(about=about):
            yield put(_DECLINED[about])
        case AcceptWanted(digits=digits):
            yield put("unusual.least", digits=count(digits))
        case AccessWanted(account=account):
            yield put("access.wanted", account=phrases.account(account))
        case CodeWanted():
            yield put("code.wanted")
        case QuestionLapsed():
            yield from _lapsed(phrases, reply)
        case _:
            assert_never(reply)


_DECLINED = {"reading": "declined.reading", "access": "declined.access", "account": "declined.account"}


def _lapsed(phrases: Phrases, reply: QuestionLapsed) -> Iterator[str]:
    put = phrases.catalog.put
    if reply.access:
        yield put("lapsed.access")
    elif reply.digits:
        yield put("lapsed.reading", digits=phrases.formats.count(reply.digits))
        yield put("lapsed.reading_short")
    else:
        yield put("lapsed.other")


def asked_again(phrases: Phrases, questions: Iterator[str], fragment: str) -> Iterator[str]:
    """A question once more, after the words that are no answer to it where there is room for both."""
    put, said = phrases.catalog.put, quoted(fragment, _FRAGMENT).strip()
    wordings = tuple(questions)
    if said:
        message = "again.number" if said.isdigit() else "again.words"
        yield from (put(message, fragment=said, question=question) for question in wordings)
    yield from wordings


def help_told(phrases: Phrases, example: str | None, questions: Iterator[str] | None) -> Iterator[str]:
    """What can be sent; first the question that is open, where one is."""
    put = phrases.catalog.put
    if questions is not None:
        yield from (sentences(question, put("help.beside")) for question in questions)
    elif example is not None:
        yield sentences(put("help.example", example=phrases.formats.count(example)), put("help.commands"))
    yield sentences(put("help.plain"), put("help.commands"))
