"""Puts what the company says into a language and within its number of SMS segments."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import assert_never

from core.chatting import ChatCode, Chatted
from core.conversing import Conversed
from core.households import Household
from core.introductions import Introduction, WhichToLeave
from core.logins import Login
from core.messages import (
    About,
    Accepted,
    Apology,
    AskedAgain,
    BalanceTold,
    BeforeControl,
    ConfirmReading,
    DateUnclear,
    Explained,
    HelpTold,
    HigherThanLater,
    Impossible,
    LowerThanLast,
    MeterGone,
    MeterUnknown,
    NoMeter,
    NotAllowed,
    NoTariff,
    NothingToWithdraw,
    NotUnderstoodTold,
    NotYet,
    NotYours,
    OtherMeter,
    ReadingWanted,
    Reply,
    RolledOver,
    SumDiffers,
    TooManyDigits,
    UnknownPhone,
    Unusual,
    WhichAccount,
    WhichMeter,
    Withdrawn,
    ZonesSwapped,
    ZonesWanted,
)
from core.noticed import Noticed
from core.records import (
    AccountNamed,
    AccountsTold,
    BillTold,
    ForecastTold,
    ForecastTooEarly,
    HistoryTold,
    NameHow,
    NameRefused,
    NoBill,
    PaymentCame,
    PaymentsTold,
    PayTold,
    Record,
    SumChanged,
)
from core.requests.model import RequestAnswered, Requested
from core.tasking import StaffWrote, Tasked
from core.visiting import Visiting
from core.withheld import Withheld
from core.wording import (
    accepting,
    asking,
    catalogs,
    chatting,
    conversing,
    entering,
    households,
    introducing,
    noticing,
    recalling,
    requesting,
    summing,
    tasking,
    visiting,
    withholding,
)
from core.wording.fitting import Fitting
from core.wording.formats import Formats
from core.wording.phrases import Phrases, is_tail, quoted
from core.wording.segments import fits
from core.wording.texts import TEXTS

_NAMED = 16
"""Units of what the customer named and we do not know: a serial, an account, a day."""


ANSWER_SEGMENTS = 3
"""What an employee may answer to a request, in his own words."""

CHAT_SEGMENTS = 4
"""What is said of a chat itself goes out in a chat, where words cost nothing; so long it is still read."""


class Words:
    """Every language of the company."""

    def __init__(self, languages: Mapping[str, catalogs.Catalog], *, default: str = "ru") -> None:
        """:raises KeyError: the default language is not among them."""
        if default not in languages:
            raise KeyError(default)
        self._phrases = {language: Phrases.of(catalog) for language, catalog in languages.items()}
        self._default = default
        self.languages = tuple(self._phrases)
        self._fitting = {language: Fitting(phrases) for language, phrases in self._phrases.items()}

    @classmethod
    def read(cls, directory: Path, *, default: str = "ru") -> "Words":
        """The words in the .po files under a directory.

        :raises catalogs.UnusableCatalog: a language that is not complete or not sound.
        """
        return cls(catalogs.load(directory, TEXTS), default=default)

    @property
    def default(self) -> str:
        """The company's own language."""
        return self._default

    def formats(self, locale: str) -> Formats:
        """How a language (the default one where it is not known) writes sums and days."""
        return self._phrases[locale if locale in self._phrases else self._default].formats

    def say(self, reply: Reply, locale: str, *, page: bool = False) -> str:
        """The reply in a language (the default one where it is not known), as full as its segments allow; for a `page`,
        where one presses and does not reply."""
        language = locale if locale in self._phrases else self._default
        if isinstance(reply, Accepted) and (said := self._fitting[language].said(reply)) is not None:
            return said
        text = self.tried(reply, language)
        return visiting.below(self._phrases[language], text) if page else text

    def label(self, name: str, locale: str) -> str:
        """What stands on a button, or beside a command of a chat.

        :raises KeyError: there is no such text.
        """
        return self._phrases[locale if locale in self._phrases else self._default].catalog.put(name)

    def tried(self, reply: Reply, language: str) -> str:
        """The reply by trying its wordings one after another."""
        phrases = self._phrases[language]
        allowed = segments_allowed(reply)
        text = ""
        for text in wordings(phrases, reply):
            if fits(text, allowed):
                break
        return text


def segments_allowed(reply: Reply) -> int:
    """The SMS segments that a reply may take at worst-case values (ruling 19): two where several meters, the help or a
    customer's own name for an account are printed, otherwise one."""
    if isinstance(reply, Chatted):
        return 1 if isinstance(reply, ChatCode) else CHAT_SEGMENTS
    match reply:
        case HelpTold() | WhichMeter():
            return 2
        case About(account=account, reply=told):
            return 2 if _own_name(account) else segments_allowed(told)
        case AskedAgain(question=question):
            return segments_allowed(question)
        case Accepted(taken=taken, account=account):
            return 2 if _own_name(account) or any(one.serial is not None for one in taken) else 1
        case NoTariff(taken=taken):
            return 2 if any(one.serial is not None for one in taken) else 1
        case BalanceTold(account=account) | Explained(account=account):
            return 2 if _own_name(account) else 1
        case PaymentsTold(account=account) | BillTold(account=account) | NoBill(account=account):
            return 2 if _own_name(account) else 1
        case HistoryTold(meters=meters, account=account) | ForecastTold(meters=meters, account=account):
            return 2 if _own_name(account) or len(meters) > 1 else 1
        case ForecastTooEarly(account=account):
            return 2 if _own_name(account) else 1
        case AccountNamed():
            return 2
        case AccountsTold(accounts=accounts):
            return 2 if any(one.name is not None for one in accounts) else 1
        case WhichAccount(choices=choices) | WhichToLeave(choices=choices):
            return 2 if any(_own_name(choice) for choice in choices) else 1
        case RequestAnswered() | StaffWrote():
            return ANSWER_SEGMENTS
        case NameHow(accounts=accounts):
            return 2 if any(_own_name(one) for one in accounts) else 1
        case _:
            return 1


def _own_name(account: str | None) -> bool:
    return account is not None and not is_tail(account)


def wordings(phrases: Phrases, reply: Reply) -> Iterator[str]:
    """The reply in words, from the fullest wording to the shortest."""
    match reply:
        case Accepted():
            return accepting.accepted(phrases, reply)
        case Withdrawn():
            return accepting.withdrawn(phrases, reply)
        case NoTariff():
            return accepting.no_tariff(phrases, reply)
        case BalanceTold():
            return summing.balance(phrases, reply)
        case Explained():
            sums = summing.explained(phrases, reply)
            return visiting.spared(phrases, reply, sums) if reply.spares else sums
        case ReadingWanted() | ZonesWanted() | WhichAccount() | WhichMeter() | ConfirmReading() | NotUnderstoodTold():
            return _asked(phrases, reply)
        case About(account=account, reply=told):
            return (phrases.about(account, text) for text in wordings(phrases, told))
        case AskedAgain(question=question, fragment=fragment):
            return conversing.asked_again(phrases, wordings(phrases, question), fragment)
        case HelpTold(example=example, question=asked):
            return conversing.help_told(phrases, example, wordings(phrases, asked) if asked else None)
        case LowerThanLast() | HigherThanLater() | BeforeControl() | Unusual() | Impossible() | RolledOver():
            return _checked(phrases, reply)
        case OtherMeter() | ZonesSwapped() | SumDiffers() | MeterGone() | MeterUnknown() | NoMeter() | TooManyDigits():
            return _placed(phrases, reply)
        case _:
            return _of_a_subject(phrases, reply)


def _of_a_subject(
    phrases: Phrases,
    reply: "Conversed | Chatted | Record | Introduction | Requested | Tasked | Noticed | Visiting | Withheld | Login"
    " | Household | _Plain",
) -> Iterator[str]:
    if isinstance(reply, Chatted):
        return chatting.chatted(phrases, reply)
    if isinstance(reply, Conversed):
        return conversing.conversed(phrases, reply)
    if isinstance(reply, Record):
        return _recalled(phrases, reply)
    if isinstance(reply, Introduction):
        return introducing.introduced(phrases, reply)
    if isinstance(reply, Requested):
        return iter((requesting.requested(phrases, reply),))
    if isinstance(reply, Tasked):
        return tasking.tasked(phrases, reply)
    if isinstance(reply, Noticed):
        return noticing.noticed(phrases, reply)
    if isinstance(reply, Visiting):
        return visiting.visiting(phrases, reply)
    if isinstance(reply, Withheld):
        return withholding.withheld(phrases, reply)
    if isinstance(reply, Login):
        return entering.entered(phrases, reply)
    if isinstance(reply, Household):
        return households.shared(phrases, reply)
    return iter((_plain(phrases, reply),))


def _asked(
    phrases: Phrases,
    reply: ReadingWanted | ZonesWanted | WhichAccount | WhichMeter | ConfirmReading | NotUnderstoodTold,
) -> Iterator[str]:
    match reply:
        case ReadingWanted():
            return asking.wanted(phrases, reply)
        case ZonesWanted():
            return asking.zones_wanted(phrases, reply)
        case WhichAccount():
            return asking.which_account(phrases, reply)
        case WhichMeter():
            return asking.which_meter(phrases, reply)
        case ConfirmReading(digits=digits):
            return iter((phrases.catalog.put("confirm.full", digits=phrases.formats.count(digits)),))
        case NotUnderstoodTold():
            return asking.not_understood(phrases, reply)
        case _:
            assert_never(reply)


def _recalled(phrases: Phrases, reply: Record) -> Iterator[str]:
    match reply:
        case AccountsTold():
            return recalling.accounts(phrases, reply)
        case AccountNamed():
            return recalling.named(phrases, reply)
        case NameRefused():
            return recalling.not_named(phrases, reply)
        case NameHow():
            return recalling.name_how(phrases, reply)
        case HistoryTold():
            return recalling.history(phrases, reply)
        case PaymentsTold():
            return recalling.payments(phrases, reply)
        case PaymentCame():
            return recalling.payment_came(phrases, reply)
        case SumChanged():
            return recalling.sum_changed(phrases, reply)
        case BillTold():
            return recalling.bill(phrases, reply)
        case NoBill():
            return recalling.no_bill(phrases, reply)
        case PayTold():
            return recalling.pay(phrases, reply)
        case ForecastTold():
            return recalling.forecast(phrases, reply)
        case ForecastTooEarly():
            return recalling.too_early(phrases, reply)
        case _:
            assert_never(reply)


def _checked(
    phrases: Phrases, reply: LowerThanLast | HigherThanLater | BeforeControl | Unusual | Impossible | RolledOver
) -> Iterator[str]:
    match reply:
        case LowerThanLast():
            return asking.lower(phrases, reply)
        case HigherThanLater():
            return asking.higher(phrases, reply)
        case BeforeControl():
            return asking.control(phrases, reply)
        case Unusual():
            return asking.unusual(phrases, reply)
        case Impossible():
            return asking.impossible(phrases, reply)
        case RolledOver():
            return asking.rolled_over(phrases, reply)
        case _:
            assert_never(reply)


def _placed(
    phrases: Phrases,
    reply: OtherMeter | ZonesSwapped | SumDiffers | MeterGone | MeterUnknown | NoMeter | TooManyDigits,
) -> Iterator[str]:
    put = phrases.catalog.put
    match reply:
        case OtherMeter():
            return asking.other_meter(phrases, reply)
        case ZonesSwapped():
            return asking.swapped(phrases, reply)
        case SumDiffers(zones_sum=zones_sum, total=total):
            return iter(
                (put("sum.full", zones_sum=phrases.formats.count(zones_sum), total=phrases.formats.count(total)),)
            )
        case MeterGone():
            return asking.gone(phrases, reply)
        case MeterUnknown(serial=serial):
            return iter((put("meter.unknown", serial=quoted(serial, _NAMED)),))
        case NoMeter():
            return iter((put("meter.none"),))
        case TooManyDigits():
            return asking.too_many_digits(phrases, reply)
        case _:
            assert_never(reply)


_Plain = NothingToWithdraw | DateUnclear | UnknownPhone | NotYours | NotAllowed | NotYet | Apology


def _plain(phrases: Phrases, reply: _Plain) -> str:
    """A reply that has one wording."""
    put = phrases.catalog.put
    match reply:
        case DateUnclear(day=day):
            return put("date.unclear", day=phrases.formats.full_day(day))
        case NotYours(account=account):
            return put("account.not_yours", account=quoted(account, _NAMED))
        case NotYet(subject=subject, phone=phone):
            return put(f"not_yet.{subject}", phone=phone or put("phone.on_bill"))
        case _:
            return put(_fixed(reply))


def _fixed(
    reply: NothingToWithdraw | UnknownPhone | NotAllowed | Apology,
) -> str:
    """The text of a reply that holds no values."""
    match reply:
        case NothingToWithdraw():
            return "withdrawn.nothing"
        case UnknownPhone():
            return "phone.unknown"
        case NotAllowed():
            return "account.not_allowed"
        case Apology():
            return "apology"
        case _:
            assert_never(reply)
