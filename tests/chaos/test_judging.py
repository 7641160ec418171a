"""The judge sees each wrong that it is there to see, and none in what is sound."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest

from tests.chaos import judging
from tests.chaos.observing import Account, Ended, Filed, Got, Observed, Reading, Sent, Texted, Told

PHONE, OTHER = "+79780001705", "+79780001706"
FIRST, SECOND, THIRD, FOURTH = (UUID(int=one) for one in range(1, 5))
WIRES = "Авария: не подходите к проводам"
LINE = '{"event": "work.started", "level": "info"}'

SOUND = Observed(
    lease=2.0,
    accounts=(Account(1, PHONE, count=4325, owed=43160, rate=332), Account(2, OTHER, count=4325, owed=0, rate=332)),
    texted=(
        Texted("SM1", PHONE, "04512", count=4512, statuses=(None, 503, 200, 200)),
        Texted("SM2", PHONE, "04500", count=4500),
        Texted("SM3", PHONE, "долг", last=True),
    ),
    got=(
        Got("SM7", PHONE, "Принято 04512 (+187). К оплате 1052,44 р. до 11.12, долга нет"),
        Got("SM8", PHONE, "Исправлено: 04500 вместо 04512. К оплате 1012,60 р. до 11.12, долга нет"),
        Got("SM9", PHONE, "К оплате 1012,60 до 11.12: окт 431,60 + ноя 581,00 (175 x 3,32)"),
        Got("SM0", OTHER, WIRES),
    ),
    filed=(Filed("SM1", "answered", FIRST), Filed("SM2", "answered", SECOND), Filed("SM3", "answered", THIRD)),
    sent=(
        Sent(FIRST, "delivered", "SM7"),
        Sent(SECOND, "sent", "SM8", held=-99.0),
        Sent(THIRD, "sent", "SM9"),
        Sent(FOURTH, "delivered", "SM0"),
    ),
    readings=(Reading(1, 14, "SM1", 4512), Reading(1, 15, "SM2", 4500)),
    rebuilt=0,
    ledger_sum=0,
    unbalanced=0,
    audit=dict.fromkeys(judging.ZERO, 0) | {"inbox_total": 3, "outbox_total": 4, "readings": 2},
    logs={"work-1": f"{LINE}\n{LINE}\nmeterline: cannot go on: the database is not there\n"},
    secrets=("a token for tests only",),
    ended=(Ended("work-1", ours=True, code=-9, said=LINE), Ended("serve-1", False, 1, "meterline: cannot go on: x")),
    told=(Told(frozenset({WIRES, "Keep away from the wires"}), (OTHER,)),),
)


def test_nothing_is_wrong_with_what_is_sound() -> None:
    assert judging.violations(SOUND) == []


def audit(name: str, value: int) -> Callable[[Observed], Observed]:
    return lambda seen: replace(seen, audit={**seen.audit, name: value})


def texts(*more: Texted, without: int = 0) -> Callable[[Observed], Observed]:
    return lambda seen: replace(seen, texted=seen.texted[without:] + more)


def got(*more: Got, without: int = 0) -> Callable[[Observed], Observed]:
    return lambda seen: replace(seen, got=seen.got[without:] + more)


def sent(first: Sent) -> Callable[[Observed], Observed]:
    return lambda seen: replace(seen, sent=(first, *seen.sent[1:]))


def logged(line: str) -> Callable[[Observed], Observed]:
    return lambda seen: replace(seen, logs={"work-1": f"{LINE}\n{line}\n"})


WRONGS: dict[str, tuple[str, Callable[[Observed], Observed]]] = {
    "never acknowledged": ("acknowledged", texts(Texted("SM1", PHONE, "04512", 4512, (503, None)), without=1)),
    "acknowledged before it is on record": (
        "acknowledged",
        texts(Texted("SM1", PHONE, "04512", 4512, unrecorded=1), without=1),
    ),
    "withheld and never fetched": ("filed_once", texts(Texted("SM4", PHONE, "04513", 4513, (), withheld=True))),
    "a server error": ("acknowledged", texts(Texted("SM1", PHONE, "04512", 4512, (500, 200)), without=1)),
    "acknowledged and not filed": ("filed_once", lambda seen: replace(seen, filed=seen.filed[1:])),
    "filed twice": ("filed_once", lambda seen: replace(seen, filed=(*seen.filed, seen.filed[0]))),
    "filed out of nothing": ("filed_once", lambda seen: replace(seen, texted=seen.texted[1:])),
    "quarantined": (
        "filed_once",
        lambda seen: replace(seen, filed=(Filed("SM1", "quarantined", FIRST), *seen.filed[1:])),
    ),
    "an answer lost on the way": ("answered_once", got(without=1)),
    "an answer never sent": ("answered_once", sent(Sent(FIRST, "sent", None))),
    "an answer to another": (
        "answered_once",
        got(Got("SM7", OTHER, "Принято 04512 (+187). К оплате 1052,44 р."), without=1),
    ),
    "an answer sent twice": ("answered_once", got(Got("SM5", PHONE, "Принято 04512 (+187). К оплате 1052,44 р."))),
    "an answer in a chat that came again without need": (
        "answered_once",
        got(Got("79/2", PHONE, "Принято 04512 (+187). К оплате 1052,44 р. до 11.12, долга нет", chat=True)),
    ),
    "words in a chat that answer nothing": (
        "answered_once",
        lambda seen: replace(got(Got("79/2", PHONE, "Долга нет", chat=True))(seen), doubts=5),
    ),
    "a broadcast that came twice": ("told_once", got(Got("SM0", OTHER, WIRES))),
    "a broadcast that came to another": ("told_once", got(Got("SM6", PHONE, WIRES))),
    "a broadcast that did not come": ("told_once", lambda seen: replace(seen, got=seen.got[:-1])),
    "a reading lost": ("readings_kept", lambda seen: replace(seen, readings=seen.readings[1:])),
    "a reading twice": (
        "readings_kept",
        lambda seen: replace(seen, readings=(*seen.readings, Reading(1, 16, "SM2", 4500))),
    ),
    "a reading changed": (
        "readings_kept",
        lambda seen: replace(seen, readings=(Reading(1, 14, "SM1", 4511), *seen.readings[1:])),
    ),
    "an answer about another reading": (
        "answers_name_their_reading",
        got(Got("SM7", PHONE, "Принято 04513 (+188). К оплате 1055,76 р."), without=1),
    ),
    "a wrong sum": ("sums_told", got(Got("SM7", PHONE, "Принято 04512 (+187). К оплате 1052,45 р."), without=1)),
    "no sum": ("sums_told", got(Got("SM7", PHONE, "Принято 04512 (+187)."), without=1)),
    "a balance of another reading": (
        "sums_told",
        lambda seen: replace(seen, got=(*seen.got[:2], Got("SM9", PHONE, "К оплате 1052,44 до 11.12"), seen.got[3])),
    ),
    "a state adrift": ("states_derived", lambda seen: replace(seen, rebuilt=1)),
    "a ledger adrift": ("ledger_balanced", lambda seen: replace(seen, ledger_sum=1)),
    "a fact adrift": ("ledger_balanced", lambda seen: replace(seen, unbalanced=1)),
    "a message never sent": ("nothing_open", sent(Sent(FIRST, "ready", None, held=1.0))),
    "a message nobody asks for": ("nothing_open", sent(Sent(FIRST, "unknown", None))),
    "a message given up": ("nothing_open", sent(Sent(FIRST, "failed", None))),
    "a lease nobody takes over": ("nothing_open", sent(Sent(FIRST, "sending", "SM7", held=-5.0))),
    "a receipt that moved it back": ("receipts_kept", sent(Sent(FIRST, "sent", "SM7", arrived=True))),
    "the audit is not at rest": ("audited", audit("unknown_outcome", 1)),
    "the audit counts otherwise": ("audited", audit("readings", 3)),
    "an alarm about a sound text": ("alarms_explained", lambda seen: replace(seen, alarms=("unusual reading",))),
    "an alarm about a provider that did not fail": (
        "alarms_explained",
        lambda seen: replace(seen, alarms=("carrier failing",)),
    ),
    "a phone in a log": ("logs_discreet", logged('{"event": "x", "to": "79780001705"}')),
    "a text in a log": ("logs_discreet", logged(r'{"event": "\u041f\u0440\u0438\u043d\u044f\u0442\u043e 04512 (+187). '
        r"\u041a \u043e\u043f\u043b\u0430\u0442\u0435 1052,44 \u0440. \u0434\u043e 11.12, "
        r'\u0434\u043e\u043b\u0433\u0430 \u043d\u0435\u0442"}')),
    "a token in a log": ("logs_discreet", logged('{"event": "a token for tests only"}')),
    "a traceback in a log": ("logs_discreet", logged("Traceback (most recent call last):")),
    "a process that ends badly": (
        "ended_as_told",
        lambda seen: replace(seen, ended=(Ended("work-1", True, 1, LINE),)),
    ),
    "a process that broke": (
        "ended_as_told",
        lambda seen: replace(seen, ended=(Ended("work-1", False, 1, "KeyError: 7"),)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONGS)
def test_each_wrong_is_seen(wrong: str) -> None:
    judge, damage = WRONGS[wrong]
    found = judging.violations(damage(SOUND))
    assert any(line.startswith(f"{judge}: ") for line in found), found


def test_an_answer_in_a_chat_may_come_again_where_nobody_could_tell() -> None:  # R21
    again = Got("79/2", PHONE, SOUND.got[0].words, chat=True)
    assert judging.violations(replace(SOUND, got=(*SOUND.got, again), doubts=1)) == []


def test_the_staff_is_told_of_a_provider_that_failed() -> None:  # R24
    broke = '{"event": "delivery.break", "level": "warning"}'
    assert judging.violations(replace(logged(broke)(SOUND), alarms=("carrier failing",))) == []


def test_every_judge_is_shown_a_wrong() -> None:
    assert {judge for judge, _ in WRONGS.values()} == {judge.__name__ for judge in judging.JUDGES}
