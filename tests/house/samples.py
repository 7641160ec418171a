"""Samples of every reply, at the largest values that can occur."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from typing import Any, get_args, get_type_hints

from core import chatting, conversing, households, introductions, logins, messages, noticed, records, tasking, withheld
from core.accounts.model import Role
from core.basics.periods import Month
from core.commands import Subject, Unclear
from core.messages import Accepted, Money, Reply, Slice, Taken
from core.records import CountsLater, Doubt, ForecastReplaced
from core.requests import model as requests
from core.selfservice import requesting
from core.selfservice.deciding import PERFORMED
from tests.house import visits

SUM = 999_999_999
"""Kopecks: 9 999 999.99."""
DIGITS = "123456789"
FRACTION = "123456.789"
VOLUME = 123_456_789_123
PHONE = "8-800-000-00-00"
CASE = "9999999"
SERIAL = "00001234567890987"
DAY = date(2025, 12, 22)
MONTHS = tuple(Month(2023 + number // 12, number % 12 + 1) for number in range(36))
OWN_NAME = "Дача у озера, второй дом 🏡"

SERVICES = ("electricity", "cold_water", "hot_water", "gas", "heat", "steam from the power station")
ZONES = (("total",), ("day", "night"), ("t1", "t2", "t3"), ("peak", "halfpeak", "night"))
MONEY = (
    None,
    Money(0),
    Money(SUM, due_on=DAY),
    Money(SUM, overdue=SUM - 1, due_on=DAY),
    Money(SUM, overdue=SUM, due_on=DAY),
    Money(SUM, overdue=SUM - 1, penalty=SUM - 2),
    Money(SUM, overdue=SUM, penalty=SUM - 1),
    Money(0, credit=SUM),
    Money(SUM, due_on=DAY, part=(DAY, SUM)),
    Money(SUM, overdue=SUM - 1, penalty=SUM - 2, part=(DAY, SUM)),
)


def _taken(zones: tuple[str, ...], digits: str, serial: str | None = None) -> tuple[Taken, ...]:
    return tuple(Taken(zone, digits, VOLUME, serial) for zone in zones)


def _accepted() -> list[Reply]:
    month = MONTHS[10]
    remarks: list[dict[str, Any]] = [
        {},
        {"late_for": month},
        {"early_for": month, "window": (15, 25)},
        {"early_for": month},
        {"later": CountsLater(DAY, DAY, MONTHS[8])},
        {"later": CountsLater(DAY, DAY, MONTHS[8]), "unverified_since": DAY},
        *({"unverified_since": DAY, "doubt": doubt} for doubt in Doubt),
        {"replaced": ForecastReplaced(VOLUME, VOLUME, -SUM)},
        {"replaced": ForecastReplaced(VOLUME, VOLUME, SUM), "unverified_since": DAY, "late_for": month},
    ]
    several = (*_taken(("total",), DIGITS, "1" + SERIAL), *_taken(("day", "night"), DIGITS, "2" + SERIAL))
    made: list[Reply] = []
    for money, remark, kind, day in product(MONEY, remarks, ("taken", "corrected", "repeated"), (None, DAY)):
        options: dict[str, Any] = {**remark, "money": money, "day": day}
        made += [Accepted(_taken(zones, DIGITS), **_former(kind, len(zones)), **options) for zones in ZONES]
        made.append(Accepted(several * 3, **_former(kind, len(several) * 3), **options))
        one = _taken(("total",), FRACTION)
        made += [Accepted(one, account=name, **_former(kind, 1), **options) for name in ("..4321", OWN_NAME)]
    return made


def _former(kind: str, registers: int) -> dict[str, Any]:
    return {"repeated": kind == "repeated", "instead": (FRACTION,) * registers if kind == "corrected" else ()}


def _slices() -> list[tuple[Slice, ...]]:
    pieces = ((VOLUME, 123_456_789), (VOLUME, 123_456_789), (VOLUME, 123_456_789))
    return [
        (),
        tuple(Slice(month, SUM // 36, overdue=True) for month in MONTHS),
        tuple(Slice(month, SUM // 36, overdue=month.year < 2025, pieces=pieces) for month in MONTHS),
        (*(Slice(month, SUM // 36, overdue=True) for month in MONTHS), Slice(MONTHS[0], SUM, penalty=True)),
        tuple(Slice(month, (-SUM, SUM)[month.month % 2]) for month in MONTHS),
        (Slice(MONTHS[0], SUM, pieces=pieces),),
        (Slice(MONTHS[0], SUM, planned=True, next=(DAY, SUM)), Slice(MONTHS[1], SUM, pieces=pieces)),
    ]


def _changes() -> list[records.Changed]:
    """Few and many parts, of other years too, from a sum to pay and from a credit."""
    read = [records.Shift(month, (-SUM, SUM)[month.month % 2], VOLUME, VOLUME + 1) for month in MONTHS]
    bills = [records.Shift(month, SUM, bill=True) for month in MONTHS[-2:]]
    some = [read, read[:1], read[:2], bills, bills[:1], [*read, *bills, records.Shift(None, SUM)]]
    return [records.Changed(before, tuple(each)) for each in some for before in (SUM, 0, -SUM)]


def replies(languages: Sequence[str]) -> list[Reply]:
    """Every kind of reply, in the shapes and at the values that make it longest."""
    accounts = (None, "..4321", OWN_NAME)
    about_one = _about_an_account()
    return [
        *_accepted(),
        *about_one,
        *[messages.About(name, reply) for name in ("..4321", OWN_NAME) for reply in about_one],
        messages.NothingToWithdraw(),
        *[messages.BalanceTold(money, each, one) for money in MONEY if money for each in _slices() for one in accounts],
        *[messages.Explained(each, sum_, one) for each in _slices() for sum_ in (SUM, 0, -SUM) for one in accounts],
        *[
            messages.Explained((), sum_, one, each)
            for each in _changes()
            for sum_ in (SUM, 0, -SUM)
            for one in accounts
        ],
        *_conversed(languages),
        messages.UnknownPhone(),
        messages.NotYours("1" * 40),
        messages.NotAllowed(),
        *[
            messages.NotUnderstoodTold(reason, fragment, example)
            for reason in Unclear
            for fragment in ("", "{x}" * 9, "я" * 30, "🏡" * 9, "\n \u202e\ud83d\0")
            for example in (None, DIGITS)
        ],
        *[messages.NotYet(subject, PHONE) for subject in Subject if subject not in PERFORMED],
        messages.Apology(),
        *_recalled(accounts),
        *_introduced(),
        *_households(),
        *_requested(),
        *_tasked(),
        *_chatted(),
        *_noticed(),
        *visits.replies(_slices(), SUM),
    ]


def _conversed(languages: Sequence[str]) -> list[Reply]:
    tails, names = tuple(f"..{1000 + number}" for number in range(30)), (OWN_NAME, "..4321") * 10
    questions = [
        *_questions(),
        *[messages.WhichAccount(digits, some[:n]) for digits in ((), (DIGITS,)) for some in (tails, names)
          for n in (2, 9, 20)],
        *[messages.WhichAccount((), some[:n], records.Total(sum_, overdue, 19, hidden)) for some in (tails, names)
          for n in (2, 20) for sum_, overdue in ((0, 0), (SUM, 0), (SUM, SUM - 1), (SUM, SUM)) for hidden in (0, 19)],
        *[messages.WhichMeter(DIGITS, tuple((service, SERIAL) for service in SERVICES * n)) for n in (1, 5)],
    ]  # fmt: skip
    return [
        *questions,
        *[messages.AskedAgain(question, fragment) for question in questions for fragment in ("", "99", "я" * 30)],
        *[messages.HelpTold(example, question) for example in (None, DIGITS, f"{DIGITS} {DIGITS} {DIGITS}")
          for question in (None, *questions)],
        *[conversing.LanguageSet(language) for language in languages],
        *[conversing.LanguagesTold(missing) for missing in (False, True)],
        *[conversing.OptedOut(question) for question in (False, True)],
        conversing.OptedIn(),
        *[conversing.NoRoom(each) for each in (PHONE, "")],
        conversing.NothingAsked(),
        *[conversing.Declined(about) for about in get_args(get_type_hints(conversing.Declined)["about"])],
        *[conversing.QuestionLapsed(digits) for digits in ("", FRACTION, f"{DIGITS} {DIGITS} {DIGITS}")],
        conversing.QuestionLapsed(access=True),
    ]  # fmt: skip


def _questions() -> list[Reply]:
    """The questions that are asked once more, in short."""
    accept = [conversing.AcceptWanted(digits) for digits in (FRACTION, f"{DIGITS} {DIGITS}")]
    return [
        *accept,
        conversing.AccessWanted("..4321"),
        conversing.CodeWanted(),
        *[messages.About(name, one) for name in ("..4321", OWN_NAME) for one in accept],
    ]


def _about_an_account() -> list[Reply]:
    """What is said of a reading and of one account among several."""
    zones = [zones for zones in ZONES if len(zones) > 1]
    return [
        *[messages.NoTariff(_taken(each, DIGITS)) for each in ZONES],
        messages.NoTariff(()),
        *[messages.Withdrawn((DIGITS,) * n, (DIGITS,) * n * kept, DAY) for n in (1, 2, 3) for kept in (0, 1)],
        *[messages.ReadingWanted((DIGITS,) * len(each), each) for each in ZONES],
        *[messages.ZonesWanted(each, (DIGITS,) * len(each)) for each in zones],
        *[messages.ZonesSwapped(tuple((zone, DIGITS) for zone in each)) for each in zones],
        *[messages.LowerThanLast(DIGITS, DIGITS, DAY, handed) for handed in (False, True)],
        messages.HigherThanLater(DIGITS, DIGITS, DAY),
        messages.BeforeControl(DAY, DIGITS),
        messages.Unusual(DIGITS, VOLUME, VOLUME),
        *[messages.Impossible(DIGITS, VOLUME, suggestion) for suggestion in (None, DIGITS)],
        messages.RolledOver(DIGITS, DIGITS, VOLUME),
        *[messages.OtherMeter(DIGITS, service, SERIAL) for service in SERVICES],
        messages.SumDiffers(DIGITS, DIGITS),
        *[messages.MeterGone(SERIAL, DAY, current) for current in (None, SERIAL)],
        messages.MeterUnknown(SERIAL * 10),
        messages.NoMeter(),
        *[messages.TooManyDigits("1" * 15, wheels, DIGITS) for wheels in range(1, 10)],
        *[messages.ConfirmReading(digits) for digits in (DIGITS, FRACTION)],
        *[withheld.NotTaken(digits, fault) for digits in (DIGITS, FRACTION, "") for fault in withheld.Fault],
        *[withheld.Doubted(digits) for digits in (DIGITS, FRACTION, " ".join([DIGITS] * 3))],
        messages.DateUnclear(DAY),
        *[messages.NotUnderstoodTold(reason, "я" * 30, DIGITS) for reason in Unclear],
    ]


def _requested() -> list[Reply]:
    return [
        *[requests.RequestOpened(subject, CASE, PHONE) for subject in requesting.SUBJECTS],
        requests.RequestRepeated(CASE, PHONE),
        requests.RequestsFull(PHONE),
        *[
            requests.RequestStands(CASE, state, DAY, today)
            for state in requests.State
            for today in (DAY, date(2026, 1, 9))
        ],
        requests.RequestUnknown("9" * 40),
        requests.RequestAnswered(CASE, "Ж" * 180),
    ]


def _chatted() -> list[Reply]:
    tail = "..17-05"
    return [
        chatting.ChatGreeted(),
        chatting.NumberWanted(),
        *[chatting.ContactRefused(why) for why in chatting.Foreign],
        *[chatting.ChatBound(tail, (OWN_NAME,) * n) for n in (0, 1, 20)],
        chatting.ChatCodeSent(tail),
        chatting.ChatCode("482100"),
        *[chatting.ChatCodeRefused(why) for why in ("wrong", "lapsed", "spent")],
        *[chatting.ChatMoved(tail, each) for each in (PHONE, "")],
        *[chatting.NotForChat(what) for what in chatting.Unfit],
        chatting.ButtonOld(),
        chatting.OnlyReadings(),
    ]


def _tasked() -> list[Reply]:
    everything = tuple((kind, 999) for kind in tasking.TaskKind)
    return [
        *[tasking.TasksCame(came, 12345, 1234) for came in (everything, *((one,) for one in everything))],
        *[tasking.TasksLate(late) for late in (everything, everything[:1])],
        tasking.StaffWrote("Ж" * 170),
        logins.LoginCode("123456"),
        logins.VisitCode("123456"),
    ]


def _noticed() -> list[Reply]:
    number = 99_999_999
    return [
        *[noticed.NoticesTold(((number, DAY),) * n, code) for n in (1, 2, 3, 30) for code in ("", "7WWW")],
        noticed.NoNotices(),
        noticed.NoticeRead(number, DAY),
        *[noticed.CodeStrange(code) for code in ("7WWW", "Ж" * 40)],
        noticed.Promised(DAY),
        noticed.PromiseWhen(DAY),
        noticed.PromiseTooLate(DAY, DAY, past=True),
        *[noticed.PromiseTooLate(day, DAY) for day in (DAY, DAY.replace(year=2026))],
        noticed.PromiseStands(number, DAY, PHONE),
        *[noticed.PromiseBarred(phone) for phone in (PHONE, "")],
        noticed.NothingToPromise(),
        noticed.NoticeWithdrawn(number, DAY),
        noticed.NoticeWithdrawn(number, DAY, court=True),
    ]


def _households() -> list[Reply]:
    account, phone = "..4321", "..17-05"
    return [
        *[households.Invited(account, phone, reads, asks) for reads in (False, True) for asks in (False, True)],
        *[households.InvitationTaken(account, reads) for reads in (False, True)],
        households.InvitationDeclined(account),
        households.InvitationOver(account),
        *[households.RightsChanged(account, reads) for reads in (False, True)],
        households.MoveCode("482100"),
        households.MoveBegun(phone, datetime(2025, 12, 22, 23, 59, tzinfo=UTC)),
        households.MoveStopped(),
        households.MovedAway(phone),
        households.MovedHere(),
        households.ContractCode(account, "482100"),
    ]


def _introduced() -> list[Reply]:
    account, phone = "..4321", "..17-05"
    return [
        introductions.RegisterHow(),
        introductions.CodeSent(account, "482100"),
        introductions.RegisterRefused(),
        introductions.AlreadyLinked(account),
        *[introductions.TooManyTries(each) for each in (PHONE, "")],
        *[introductions.TooManyMessages(each) for each in (PHONE, "")],
        *[introductions.StillYours(account, number) for number in (1, 2, 20)],
        introductions.StillTold(),
        introductions.CodeWrong(),
        introductions.CodeExpired(),
        *[introductions.Registered(account, (digits,) * n) for n in (0, 1, 2, 3) for digits in (DIGITS, FRACTION)],
        introductions.Unlinked(),
        introductions.UnlinkedFrom(account),
        introductions.TrustedYou(account),
        introductions.RemovedYou(account),
        *[
            introductions.WhichToLeave(some[:number])
            for some in (tuple(f"..{1000 + no}" for no in range(30)), (OWN_NAME, "..4321") * 10)
            for number in (2, 9, 20)
        ],
        *[introductions.PhoneLinked(account, phone, *each) for each in ((True,), (False,), (False, True))],
        *[introductions.ContractTaken(account, reads) for reads in (False, True)],
        introductions.ContractEnded(account),
        introductions.PhoneTrusted(account),
        introductions.PhoneRemoved(account),
        introductions.PhoneGone(account),
        introductions.ReadingLeft(),
        *[
            introductions.ReadingCame(account, phone, (digits,) * n, asks)
            for n in (1, 2, 3)
            for digits in (DIGITS, "1.5")
            for asks in (True, False)
        ],
        *[introductions.ReadingAside((digits,) * n) for n in (1, 2, 3) for digits in (DIGITS, FRACTION)],
    ]


def _recalled(accounts: tuple[str | None, ...]) -> list[Reply]:
    """What stands on record, for an account that is the only one, one of several, one with a name."""
    old, month = date(2021, 12, 22), MONTHS[0]
    roles = list(Role)
    numbered = tuple(records.OwnAccount(f"..{1000 + no}", None, roles[no % 5].value) for no in range(20))
    own = tuple(records.OwnAccount(f"..{1000 + no}", OWN_NAME[:12], roles[no % 5].value) for no in range(20))
    used = [records.MeterForecast(service, VOLUME, VOLUME, VOLUME) for service in ("electricity", "steam", "heat")]
    made: list[Reply] = [
        *[records.AccountsTold(each[:n]) for each in (numbered, own) for n in (1, 2, 9, 20)],
        *[records.AccountNamed("..4321", name) for name in ("Д" * 12, "🏡" * 12)],
        *[records.NameRefused(fault, 20) for fault in records.NameFault],
        *[records.NameHow(called * n, 20) for called in (("..4321",), (OWN_NAME[:12],)) for n in (1, 2, 20)],
        *[records.PayTold(SUM, overdue, 0, DAY, ways, "..4321")
          for overdue in (0, SUM - 1, SUM) for ways in ("", "Ж" * 32)],
        records.PayTold(0, 0, 0, None, "", "..4321"),
        records.PayTold(0, 0, SUM, None, "", "..4321"),
    ]  # fmt: skip
    for account in accounts:
        for zones in ZONES:
            rows = ((DAY, (FRACTION,) * len(zones)), *((old, (FRACTION,) * len(zones)),) * 3)
            made.append(records.HistoryTold((records.MeterHistory(zones, rows),), DAY, account))
            several = tuple(records.MeterHistory(zones, rows, SERIAL + str(no)) for no in range(12))
            made.append(records.HistoryTold(several, DAY, account))
        made += [
            records.HistoryTold((), DAY, account),
            *[records.PaymentsTold(((old, -SUM),) * n, DAY, account) for n in range(5)],
            *[records.PaymentCame(SUM, months, penalty, ahead, DAY, to_pay, account and "..4321")
              for months in ((), ((month, SUM),), tuple((each, SUM // 36) for each in MONTHS))
              for penalty in (0, SUM // 2) for ahead in (0, SUM // 3) for to_pay in (SUM, 0, -SUM, None)],
            *[records.SumChanged(to_pay, change, DAY, digits, old, account and "..4321")
              for to_pay in (SUM, 0, -SUM) for change in (SUM, -SUM) for digits in ((), (FRACTION,), (FRACTION,) * 3)],
            *[records.BillTold(month, SUM, corrected, left, due, DAY, account, planned)
              for corrected in (0, -SUM) for left in (0, SUM) for due in (DAY, old) for planned in (0, left)],
            *[records.NoBill(each, account) for each in (None, month)],
            *[records.ForecastTold(month, (one,), SUM, SUM, SUM, 12, account) for one in used],
            records.ForecastTold(month, tuple(replace(one, serial=SERIAL) for one in used * 4), SUM, SUM, SUM, 12,
                                 account),
            records.ForecastTooEarly(2, 3, account),
        ]  # fmt: skip
    return made
