"""Which command the words of a text make together."""

from collections.abc import Iterable
from functools import lru_cache

from core.basics.facts import dataclass
from core.commands import Subject
from core.grammar.senses import Sense as S

WEIGHTLESS = frozenset(
    (
        S.GREETING, S.THANKS, S.POLITE, S.FILLER, S.PRONOUN, S.PREPOSITION, S.AND, S.MARK, S.ASIDE, S.WELCOME,
        S.REGARDS,
    )
)  # fmt: skip
"""Senses that change nothing."""


@dataclass(frozen=True, slots=True)
class Row:
    """A command, the senses that it needs and those that may stand beside them. What stands in neither forbids it.
    `kind` is the command's name in the table of `understanding`; a subject of its own is named by it."""

    kind: str | Subject
    needs: frozenset[S]
    beside: frozenset[S]


_TIMES = (S.DATE, S.TIME, S.DATE_WORD, S.PART_OF_DAY, S.CLOCK, S.PERIOD, S.NOW, S.MONTH)
_SERVICES = (S.ELECTRICITY, S.WATER, S.GAS, S.HEAT, S.COLD, S.HOT)
_ASKING = (
    S.ASK, S.WANT, S.CAN, S.MINE, S.YOURS, S.THERE_IS, S.QUERY, S.HOW_MUCH, S.WHAT, S.LAST, S.FEELING, S.AGAIN, S.EVERY,
)  # fmt: skip
_PLACES = (S.HOUSE, S.FLAT, S.STREET, S.STREET_NAME, S.CITY, S.ADDRESS)
_ACCOUNT = (S.ACCOUNT, S.NUMBER, S.CODE, S.BILL, S.NUMBER_SIGN)
_POLITELY = (S.WANT, S.CAN, S.QUERY, S.MINE)
_VISITING = (
    *_TIMES,
    *_POLITELY,
    S.TOPIC,
    S.CLERK,
    S.WHEN,
    S.NUMBER,
    S.BILL,
    S.ACCOUNT,
    S.METER,
    S.ASK,
    S.READING,
    S.BALANCE,
)


def _rows(kind: str | Subject, *needs: Iterable[S], beside: Iterable[S] = ()) -> list[Row]:
    return [Row(kind, frozenset(each), frozenset(beside)) for each in needs]


TABLE: tuple[Row, ...] = (
    *_rows("opt_out", {S.STOP}, {S.NEWS, S.NO}, {S.CANCEL, S.MESSAGES},
           *({how, what} for how in (S.NOT, S.NO_MORE, S.CEASE)
             for what in (S.WRITE_ME, S.MESSAGES, S.NOTICES, S.NEWS)),
           *({S.SWITCH_OFF, what} for what in (S.MESSAGES, S.NOTICES, S.NEWS)),
           beside=(S.WANT, S.CAN, S.MINE, S.NO_MORE, S.MORE, S.YOURS, S.WRITE_ME, S.MESSAGES, S.NOTICES, S.NEWS,
                   S.AGAIN, S.FEELING, S.EVERY, S.CEASE, S.NOT, S.STOP, S.SWITCH_OFF, S.NOT_ME, S.NOW, S.PHONE_LABEL,
                   S.NUMBER_SIGN, S.CANCEL, S.JUNK)),
    *_rows("opt_in", {S.START}, {S.NEWS, S.YES}, {S.AGAIN, S.WRITE_ME}, {S.AGAIN, S.WRITE_ME, S.MESSAGES},
           *({S.SWITCH_ON, what} for what in (S.MESSAGES, S.NOTICES, S.NEWS)),
           *({S.WANT, S.WRITE_ME, what} for what in (S.MESSAGES, S.NOTICES, S.NEWS)),
           beside=(S.WANT, S.CAN, S.MINE, S.YOURS, S.MESSAGES, S.NOTICES, S.NEWS, S.AGAIN, S.WRITE_ME, S.NOW)),
    *_rows("undo", {S.UNDO}, {S.CANCEL_WORD}, {S.CANCEL, S.READING}, {S.CANCEL_WORD, S.READING},
           beside=(S.WANT, S.LAST, S.MINE, S.FEELING)),
    *_rows("not_me", {S.NOT_ME}),
    *_rows(Subject.CANCEL_VISIT, {S.CANCEL, S.VISIT}, {S.CANCEL_WORD, S.VISIT}, {S.CANCEL, S.BOOK},
           {S.CANCEL_WORD, S.BOOK}, {S.UNDO, S.VISIT}, {S.UNDO, S.CODE}, {S.CANCEL, S.CODE},
           {S.CANCEL_WORD, S.CODE}, {S.CANCEL, S.VISIT_LIST}, {S.CANCEL_WORD, S.VISIT_LIST}, {S.ABSENT, S.VISIT},
           {S.UNBOOK},
           beside=(*_TIMES, *_POLITELY, S.NUMBER, S.CODE, S.CLERK, S.TOPIC, S.EVERY, S.FEELING, S.BOOK, S.VISIT,
                   S.ABSENT, S.VISIT_LIST)),
    *_rows(Subject.MOVE_VISIT, {S.MOVE}, {S.MOVE, S.VISIT}, {S.MOVE, S.BOOK}, {S.MOVE, S.VISIT_LIST},
           beside=(*_TIMES, *_POLITELY, S.NUMBER, S.CLERK, S.TOPIC)),
    *_rows(Subject.VISITS, {S.MINE, S.VISIT}, {S.WHEN, S.VISIT, S.MINE}, {S.WHEN, S.VISIT}, {S.ASK, S.VISIT},
           {S.THERE_IS, S.VISIT}, {S.LISTING, S.VISIT}, {S.WHAT, S.VISIT},
           {S.VISIT_LIST},
           beside=(S.ASK, S.QUERY, S.LISTING, S.WHEN, S.WHAT, S.THERE_IS, S.MINE, S.CAN, S.VISIT, S.VISIT_LIST,
                   S.LAST, *_TIMES)),
    *_rows("submit", {S.VISIT, S.READING}, beside=(S.METER, S.ELECTRICITY, S.SEND)),
    *_rows(Subject.BOOK, {S.BOOK}, {S.VISIT}, {S.BOOK, S.VISIT}, {S.RECORD, S.VISIT}, {S.RECORD, S.CLERK},
           beside=_VISITING),
    *_rows("link", {S.LINK}, {S.LINK, S.ACCOUNT}, {S.LINK, S.BILL}, {S.LINK, S.METER}, {S.LINK, S.NUMBER_SIGN},
           {S.SWITCH_ON, S.ACCOUNT},
           beside=(S.NUMBER, S.CODE, S.ACCOUNT, S.BILL, S.METER, S.SERIAL, S.NUMBER_SIGN, S.WANT, S.MINE, S.CAN,
                   S.MONEY, S.PHONE_LABEL, S.QUERY, S.SUM, S.BALANCE)),
    *_rows("language", {S.LANGUAGE}, {S.TONGUE}, {S.LANGUAGE, S.TONGUE}, {S.WRITE_ME, S.TONGUE},
           beside=(S.SPEAK, S.WANT, S.CAN, S.MINE, S.QUERY)),
    *_rows(Subject.HUMAN, {S.REQUEST, S.NUMBER},
           beside=(*_ASKING, *_TIMES, S.NUMBER_SIGN, S.HUMAN, S.COMPLAINT, S.NOTICES, S.WHEN, S.WHERE, S.HOW)),
    *_rows("complaint", {S.COMPLAINT}, {S.OUTAGE}, {S.WRONG}, {S.REQUEST}, {S.WHY, S.BILL},
           {S.WHY, S.COMPLAINT}, {S.WHY, S.PENALTY}, {S.WHERE, S.PENALTY}, {S.WHY, S.MUCH}, {S.MUCH, S.BALANCE},
           {S.MUCH, S.BILL}, {S.MUCH, S.SUM}, {S.PAID, S.FEELING, S.EVERY},
           beside=(*_TIMES, *_SERVICES, *_ASKING, *_ACCOUNT, S.METER, S.BALANCE, S.BILL, S.WHY, S.NOT, S.READING, S.PAY,
                   S.HUMAN, S.UNKNOWN, S.COMPLAINT, S.REQUEST, S.OUTAGE, S.WRONG, S.WHERE, S.JUNK, S.MONEY, S.TARIFF,
                   S.USE, S.SWITCH_OFF, S.PLANNED_OUTAGE, S.TOPIC, S.PENALTY, S.ROUGH, S.VISIT, S.WHEN, S.HOW,
                   S.PHONE, S.MUCH, S.PAID, S.PAST, S.OWE, S.SUM, S.PASSED, S.PAYMENTS, S.KWH, S.MORE, *_PLACES)),
    *_rows("complaint", {S.NOT, S.BALANCE}, beside=(*_ASKING, S.SUM, S.BILL)),
    *_rows("help", {S.HELP}, beside=(*_ASKING, S.HOW, S.READING, S.SEND, S.NUMBER, S.LISTING, S.METER, S.NOT)),
    *_rows("help", {S.ASK}, beside=(S.WANT, S.CAN, S.QUERY, S.WHAT)),
    *_rows("help", {S.LISTING}, {S.HELP, S.LISTING}, {S.ASK, S.LISTING}, {S.WHAT, S.LISTING}, {S.QUERY},
           {S.HOW, S.READING, S.SEND}, {S.HOW, S.SEND}, {S.HOW, S.STOP}, {S.HOW, S.LINK}, {S.HOW, S.HELP},
           {S.WHERE, S.READING, S.SEND}, {S.HOW, S.READING}, {S.WHEN, S.READING, S.SEND}, {S.WHEN, S.READING},
           {S.HOW, S.BOOK}, {S.HOW, S.VISIT}, {S.HOW, S.SWITCH_OFF, S.MESSAGES},
           {S.HOW, S.READING, S.WRITE_ME}, {S.WHERE, S.READING, S.WRITE_ME}, {S.HOW, S.READING, S.RECORD},
           {S.WHERE, S.SEND}, {S.WHERE, S.READING}, {S.HOW, S.UNDO}, {S.HOW, S.WRITE_ME, S.MESSAGES},
           beside=(S.WANT, S.CAN, S.QUERY, S.ASK, S.WHAT, S.LISTING, S.HOW, S.THERE_IS, S.METER, S.ELECTRICITY,
                   S.MESSAGES, S.BOOK, S.VISIT, S.STOP, S.SEND, S.READING, S.MINE, S.ACCOUNT, S.BILL)),
    *_rows(Subject.HUMAN, {S.HUMAN}, {S.HUMAN, S.ASK}, {S.HUMAN, S.HELP},
           beside=(*_POLITELY, *_TIMES, S.PHONE, S.HELP, S.CLERK, S.ASK, S.NUMBER, S.NOT, S.NUMBER_SIGN,
                   S.PHONE_LABEL)),
    *_rows(Subject.FORECAST, {S.FORECAST}, beside=(*_ASKING, *_TIMES, *_SERVICES, S.ACCOUNT, S.NUMBER)),
    *_rows(Subject.HISTORY, {S.READING, S.ECHO, S.QUERY}, {S.READING, S.ECHO, S.CAN}, {S.READING, S.PASSED},
           {S.READING, S.PASSED, S.ECHO}, {S.PAST, S.READING, S.ECHO}, {S.READING, S.SEND, S.PASSED},
           beside=(*_ASKING, *_TIMES, *_SERVICES, S.METER, S.PAST, S.ECHO, S.NUMBER)),
    *_rows(Subject.PAYMENTS, {S.PAYMENTS}, {S.HISTORY, S.PAY}, {S.HISTORY, S.PAYMENTS}, {S.LAST, S.PAY},
           {S.PASSED, S.PAY}, {S.PASSED, S.PAYMENTS}, {S.PAID}, {S.PAY, S.ECHO, S.QUERY},
           beside=(*_ASKING, *_TIMES, *_SERVICES, *_ACCOUNT, S.HISTORY, S.LISTING, S.WHEN, S.PAY, S.ECHO)),
    *_rows(Subject.PROMISE, {S.PROMISE}, beside=(*_TIMES, S.BALANCE, S.BILL, S.MONEY, S.NUMBER)),
    *_rows(Subject.PAY, {S.PAY}, {S.PAY, S.BILL}, {S.PAY, S.BALANCE}, {S.HOW, S.PAY}, {S.HOW, S.OWE}, {S.WHERE, S.PAY},
           {S.ASK, S.PAY}, {S.PAY, S.OWE}, {S.PAY, S.ACCOUNT}, {S.WHERE, S.OWE},
           beside=(*_ASKING, *_SERVICES, *_ACCOUNT, S.HOW, S.WHERE, S.BALANCE, S.PAY, S.PERIOD)),
    *_rows(Subject.HISTORY, {S.HISTORY}, {S.HISTORY, S.READING}, {S.LAST, S.READING}, {S.WHAT, S.READING},
           {S.READING, S.QUERY}, {S.ASK, S.READING}, {S.HISTORY, S.USE}, {S.HOW_MUCH, S.USE}, {S.PAST, S.READING},
           {S.MINE, S.READING, S.QUERY}, {S.ASK, S.USE}, {S.USE}, {S.HOW_MUCH, S.KWH},
           {S.MINE, S.READING}, {S.WHAT, S.USE}, {S.HISTORY, S.BILL}, {S.HISTORY, S.BALANCE},
           {S.MINE, S.USE}, {S.WHAT, S.HISTORY},
           beside=(*_ASKING, *_TIMES, *_SERVICES, *_ACCOUNT, S.METER, S.PAST, S.HISTORY, S.LISTING, S.READING, S.KWH)),
    *_rows(Subject.NOTICES, {S.NOTICES}, {S.PLANNED_OUTAGE}, {S.WHEN, S.PLANNED_OUTAGE}, {S.NOTICES, S.PLANNED_OUTAGE},
           {S.WHEN, S.SWITCH_OFF, S.ELECTRICITY}, {S.MESSAGES},
           beside=(*_ASKING, *_TIMES, *_SERVICES, *_ACCOUNT, S.WHEN, S.STREET_NAME, S.PLANNED_OUTAGE, S.LISTING)),
    *_rows("balance", {S.BALANCE}, {S.HOW_MUCH, S.OWE}, {S.WHAT, S.OWE}, {S.BALANCE, S.OWE}, {S.ASK, S.BILL},
           {S.HOW_MUCH, S.BILL}, {S.OWE}, {S.THERE_IS, S.OWE}, {S.HOW_MUCH, S.PAY}, {S.HOW_MUCH, S.ELECTRICITY},
           {S.HOW_MUCH, S.ACCOUNT}, {S.WHAT, S.BALANCE, S.ACCOUNT},
           {S.WHAT, S.BILL}, {S.BILL, S.MINE}, {S.HOW_MUCH, S.THERE_IS}, {S.HOW_MUCH, S.PAY, S.OWE},
           {S.BILL, S.NUMBER}, {S.PENALTY}, {S.WHAT, S.SUM}, {S.SUM, S.BILL},
            {S.ASK, S.SUM}, {S.HOW, S.ASK, S.BALANCE},
           beside=(*_ASKING, *_TIMES, *_SERVICES, *_ACCOUNT, S.BALANCE, S.OWE, S.KWH, S.PENALTY, S.SUM, *_PLACES)),
    *_rows("why", {S.WHY}, {S.WHY, S.BALANCE}, {S.WHY, S.OWE}, {S.WHY, S.HOW_MUCH},
           beside=(*_ACCOUNT, *_ASKING, *_TIMES, S.BALANCE, S.OWE, S.SUM)),
    *_rows(Subject.BILL, {S.BILL}, beside=(*_ASKING, *_TIMES, *_SERVICES, S.ACCOUNT, S.NUMBER, S.CODE)),
    *_rows(Subject.BILL, {S.WHEN, S.PAY}, {S.WHEN, S.OWE}, {S.WHEN, S.BALANCE}, {S.WHEN, S.BILL},
           beside=(*_ASKING, *_SERVICES, S.ACCOUNT, S.BALANCE, S.OWE, S.PAY, S.BILL)),
    *_rows("submit", {S.READING}, {S.SEND, S.READING}, {S.RECORD, S.READING}, {S.READING, S.PHOTO}, {S.SEND, S.METER},
           {S.SEND, S.DATE_WORD},
           beside=(*_TIMES, *_SERVICES, S.WANT, S.CAN, S.METER, S.SEND, S.PHOTO, S.MINE, S.ACCOUNT, S.PART_OF_DAY,
                   S.RECORD, S.TARIFF, S.ASK, S.KWH, S.DAY, S.NIGHT)),
    *_rows(Subject.ACCOUNTS, {S.ACCOUNTS}, beside=_ASKING),
    *_rows(Subject.ACKNOWLEDGE, {S.ACKNOWLEDGE, S.CODE}),
    *_rows(Subject.NEWS, {S.NEWS}, beside=_ASKING),
)  # fmt: skip
"""The first row that fits decides."""


def match(senses: frozenset[S]) -> Row | None:
    """The command that a set of senses makes, those of WEIGHTLESS aside; None where it makes none."""
    weighty = senses - WEIGHTLESS
    return _match(weighty) if weighty else None


@lru_cache(maxsize=4096)
def _match(weighty: frozenset[S]) -> Row | None:
    return next((row for row in TABLE if row.needs <= weighty and weighty <= row.needs | row.beside), None)
