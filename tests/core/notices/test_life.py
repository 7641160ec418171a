"""A notice from its draft to its end: who may do what and when, and that nobody is told twice or wrongly (J14)."""

from collections.abc import Awaitable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from core.answer.storing import STOPPED
from core.contracts.model import Topic
from core.notices import actions, rules
from core.notices.listing import actions as listing
from core.notices.model import Audience, Draft, Kind, Refused, State, Verb, Why
from core.notices.people import actions as people
from core.notices.people import sql
from core.notices.telling import actions as telling
from core.outbox import sql as outbox
from gateway.parts import words
from tests import make
from tests.core.notices.conftest import NOON, WIRE, Village


async def refused(doing: Awaitable[object]) -> Why:
    with pytest.raises(Refused) as caught:
        await doing
    return caught.value.why


async def test_who_is_told_and_who_not_and_why(village: Village) -> None:
    house, other = await village.house("SV-2"), await village.house("SV-3")
    await village.home(house=house)
    await village.home(house=house, language="en")
    await village.home(house=house, topics=None)
    await village.home(house=house, topics=frozenset({Topic.LEGAL_SMS}))
    await village.home(house=other)
    notice = await village.written(houses=("SV-2",))
    shown = await actions.preview(village.conn, notice.id, at=village.at, words=words())
    assert (shown.people, shown.languages) == (2, {"ru": 1, "en": 1})
    assert shown.barred == {"no_contract": 1, "no_consent": 1}
    assert shown.segments == 2
    assert {one.text[:6] for one in shown.samples} == {"Работы", "Works "}
    assert not shown.problems
    assert await village.conn.fetchval("select count(*) from notice_recipients") == 0, "a preview leaves nothing"


async def test_a_street_a_debt_its_age_and_a_tariff_are_conditions(village: Village) -> None:
    house = await village.house("SV-2")
    await village.home(house=house, debt="500.00")
    await village.home(house=house, debt="5000.00")
    await village.home(debt="5000.00")

    async def told(**of: Any) -> int:
        notice = await village.written(**of)
        return (await actions.preview(village.conn, notice.id, at=village.at, words=words())).people

    assert await told(street="SV-") == 2
    assert await told(street="SV-", debt=100_000) == 1
    assert await told(debt=100_000) == 2
    assert await told(debt=100, most_debt=60_000) == 1
    assert await told(debt=100, age=10) == 3
    assert await told(debt=100, age=12) == 0
    assert await told(tariffs=("RU-FLAT",)) == 3
    assert await told(tariffs=("RU-DN",)) == 0
    assert await told(language="en") == 0
    assert await told(customer="organisation") == 0


async def test_nobody_approves_what_he_wrote(village: Village) -> None:  # R26
    await village.home()
    notice = await village.written()
    await actions.submit(village.conn, notice.id, by="author", at=NOON, words=words())
    assert await refused(actions.approve(village.conn, notice.id, version=1, by="author", at=NOON)) is Why.OWN
    edited = await actions.edit(village.conn, notice.id, notice.draft, by="editor", at=NOON)
    assert (edited.state, edited.version) == (State.DRAFT, 2)
    await actions.submit(village.conn, notice.id, by="author", at=NOON, words=words())
    for by in ("author", "editor"):
        assert await refused(actions.approve(village.conn, notice.id, version=2, by=by, at=NOON)) is Why.OWN
    assert await refused(actions.approve(village.conn, notice.id, version=1, by="approver", at=NOON)) is Why.CHANGED
    approved = await actions.approve(village.conn, notice.id, version=2, by="approver", at=NOON)
    assert (approved.state, approved.approver, approved.people) == (State.APPROVED, "approver", 1)
    assert await refused(actions.approve(village.conn, notice.id, version=2, by="second", at=NOON)) is Why.STATE


async def test_an_approver_who_edits_has_become_an_author(village: Village) -> None:  # R26
    await village.home()
    notice = await village.approved(await village.written())
    again = await actions.edit(village.conn, notice.id, notice.draft, by="approver", at=NOON)
    assert again.state is State.DRAFT
    assert await village.conn.fetchval("select count(*) from notice_recipients") == 0
    await actions.submit(village.conn, notice.id, by="author", at=NOON, words=words())
    assert await refused(actions.approve(village.conn, notice.id, version=2, by="approver", at=NOON)) is Why.OWN


async def test_the_database_refuses_it_too(village: Village) -> None:  # R26
    await village.home()
    notice = await village.written()
    with pytest.raises(asyncpg.CheckViolationError):
        await village.conn.execute(
            "insert into notice_approvals values ($1, 1, '{author,other}', 'other', false, sha256(''), 1, now())",
            notice.id,
        )


@pytest.mark.parametrize("verb", [verb for verb in Verb if verb not in (Verb.CHECK, Verb.SEND)])
@pytest.mark.parametrize("state", list(State))
async def test_each_verb_leads_from_its_states_only(village: Village, verb: Verb, state: State) -> None:  # R26
    notice = await village.written()
    await village.conn.execute("update notices set state = $2 where id = $1", notice.id, state)
    kept = await actions.one(village.conn, notice.id)
    if state in rules.FROM[verb]:
        rules.check_verb(kept, verb, by="approver")
    else:
        with pytest.raises(Refused):
            rules.check_verb(kept, verb, by="approver")


@pytest.mark.parametrize(
    "change",
    [
        "update notice_recipients set debt = debt + 1",
        "delete from notice_recipients where id = (select max(id) from notice_recipients)",
        "update notice_versions set texts = jsonb_build_object('ru', 'Other words')",
        """update notice_versions set audience = '{"customer": "organisation"}'""",
    ],
)
async def test_what_is_not_what_was_approved_does_not_start(village: Village, change: str) -> None:  # R26
    for _ in range(2):
        await village.home()
    notice = await village.tried(await village.written())
    await village.conn.execute(change)
    assert await refused(actions.start(village.conn, notice.id, by="author", at=NOON)) is Why.CHANGED


async def test_it_begins_by_itself_after_the_countdown(village: Village) -> None:  # R26
    await village.home()
    notice = await village.tried(await village.written())
    started = await actions.start(village.conn, notice.id, by="author", at=NOON)
    assert started.starts_at == NOON + timedelta(minutes=5)
    await people.advance(village.conn, at=NOON + timedelta(minutes=5) - timedelta(seconds=1))
    assert (await actions.one(village.conn, notice.id)).state is State.COUNTDOWN
    assert await village.worded() == []
    await people.advance(village.conn, at=NOON + timedelta(minutes=5))
    assert (await actions.one(village.conn, notice.id)).state is State.RUNNING
    assert len(await village.worded()) == 1


async def test_a_countdown_that_was_stopped_sends_nothing(village: Village) -> None:  # R26
    await village.home()
    notice = await village.tried(await village.written())
    await actions.start(village.conn, notice.id, by="author", at=NOON)
    await actions.stop(village.conn, notice.id, by="author", at=NOON)
    await people.advance(village.conn, at=NOON + timedelta(hours=1))
    assert await village.worded() == []
    assert (await actions.one(village.conn, notice.id)).state is State.STOPPED


async def test_pause_resume_and_stop_are_exact(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:  # R27
    monkeypatch.setattr(people, "TOGETHER", 4)
    for _ in range(10):
        await village.home()
    notice = await village.running(await village.written())
    assert await telling.word_due(village.conn, WIRE, at=village.at) == 4
    await actions.pause(village.conn, notice.id, by="author", at=village.at)
    assert await telling.word_due(village.conn, WIRE, at=village.at) == 0
    leased = await outbox.lease(village.conn, "sms", owner="w", seconds=0.0, limit=99, at=village.at)
    of_notice = {row[0] for row in await village.conn.fetch("select id from outbox where class = 'works'")}
    assert not of_notice & set(leased)
    assert await people.reopen(village.conn, at=village.at) == 0
    await actions.resume(village.conn, notice.id, by="author", at=village.at)
    assert await people.reopen(village.conn, at=village.at) == 4
    assert await telling.word_due(village.conn, WIRE, at=village.at) == 4
    await actions.stop(village.conn, notice.id, by="author", at=village.at)
    assert await village.worded()
    assert len(of_notice) == 4
    states = await village.conn.fetch("select state, code from outbox where class = 'works'")
    assert {tuple(row) for row in states} == {("expired", "stopped")}
    assert len(states) == 8
    told = await actions.progress(village.conn, notice.id)
    assert (told.people, told.waiting, told.states, told.over) == (10, 2, {"expired": 8}, 8)


async def test_an_attempt_under_way_is_not_followed_by_another_after_a_stop(village: Village) -> None:  # R27
    """The provider refuses after the notice was paused, or stopped: the message waits, or is given up."""
    await village.home()
    notice = await village.running(await village.written())
    await village.worded()
    await village.conn.execute("update outbox set state = 'sending' where class = 'works'")
    await actions.pause(village.conn, notice.id, by="author", at=village.at)
    await village.conn.execute("update outbox set state = 'ready' where class = 'works'")
    assert not await outbox.lease(village.conn, "sms", owner="w", seconds=0.0, limit=9, at=village.at)
    await actions.stop(village.conn, notice.id, by="author", at=village.at)
    await village.conn.execute("update outbox set state = 'ready' where class = 'works'")
    assert not await outbox.lease(village.conn, "sms", owner="w", seconds=0.0, limit=9, at=village.at)
    await people.reopen(village.conn, at=village.at)
    assert [(row["state"], row["code"]) for row in await village.worded()] == [("expired", "stopped")]


async def test_done_when_nothing_is_left(village: Village) -> None:
    await village.home()
    notice = await village.running(await village.written())
    await village.worded()
    await people.advance(village.conn, at=village.at)
    assert (await actions.one(village.conn, notice.id)).state is State.RUNNING
    await village.conn.execute("update outbox set state = 'sent'")
    await people.advance(village.conn, at=village.at)
    assert (await actions.one(village.conn, notice.id)).state is State.DONE
    assert [one.what for one in await actions.events(village.conn, notice.id)] == [
        "created", "submitted", "approved", "trial", "started", "begun", "finished",
    ]  # fmt: skip


async def test_a_person_with_three_accounts_is_told_once(village: Village) -> None:  # R27
    _, phone = await village.home()
    for _ in range(2):
        id, _ = await village.home()
        customer = await village.conn.fetchval("select customer_id from accounts where id = $1", id)
        from_there = make_link(village, id, customer, phone)
        await from_there
    await village.running(await village.written())
    bodies = await village.worded()
    assert len(bodies) == 3
    assert len({row["address_hash"] for row in bodies}) == 3


async def make_link(village: Village, account_id: int, customer: int, phone: str) -> None:
    digest = WIRE.keyring.phone_hash(phone)
    await village.conn.execute(
        "insert into links (phone_hash, account_id, role, evidence) values ($1, $2, 'payer', 'test')",
        digest,
        account_id,
    )


async def test_who_says_stop_gets_nothing_that_waited(village: Village) -> None:  # R28
    _, phone = await village.home()
    await village.running(await village.written())
    assert [row["state"] for row in await village.worded()] == ["ready"]
    await sql.drop_for(village.conn, [WIRE.keyring.phone_hash(phone)], STOPPED)
    assert [(row["state"], row["code"]) for row in await village.worded()] == [("expired", "opted out")]


async def test_greetings_go_only_to_who_asked_for_them(village: Village) -> None:  # R28
    await village.home()
    await village.home(topics=frozenset({Topic.SERVICE}))
    notice = await village.written(Kind.GREETING)
    shown = await actions.preview(village.conn, notice.id, at=village.at, words=words())
    assert (shown.people, shown.barred) == (1, {"no_consent": 1})


async def test_safety_needs_no_consent_and_one_person_and_another_afterwards(village: Village) -> None:  # R26, R28
    await village.home(topics=None)
    await village.conn.execute("update phones set opted_out = true")
    village.at = datetime(2025, 11, 21, 23, tzinfo=UTC)  # two in the morning
    notice = await village.written(Kind.SAFETY)
    await actions.submit(village.conn, notice.id, by="author", at=village.at, words=words())
    sent = await actions.send(village.conn, notice.id, by="author", at=village.at)
    assert sent.state is State.RUNNING
    [row] = await village.worded()
    assert (row["class"], row["closes_at"], row["rank"]) == ("safety", None, 1)
    assert await refused(actions.check(village.conn, notice.id, by="author", at=village.at)) is Why.OWN
    assert (await actions.check(village.conn, notice.id, by="approver", at=village.at)).checked
    assert await refused(actions.check(village.conn, notice.id, by="third", at=village.at)) is Why.STATE


async def test_who_has_not_looked_within_a_day_is_an_alarm_once(village: Village) -> None:  # R26
    await village.home(topics=None)
    sent, seen = await village.written(Kind.SAFETY), await village.written(Kind.SAFETY)
    for notice in (sent, seen):
        await actions.submit(village.conn, notice.id, by="author", at=village.at, words=words())
        await actions.send(village.conn, notice.id, by="author", at=village.at)
    await actions.check(village.conn, seen.id, by="approver", at=village.at)
    assert await people.miss_checks(village.conn, at=village.at + timedelta(hours=23)) == 0
    assert await people.miss_checks(village.conn, at=village.at + timedelta(hours=24)) == 1
    assert await people.miss_checks(village.conn, at=village.at + timedelta(hours=48)) == 0
    assert await village.conn.fetchval("select about from alarms where kind = 'safety unchecked'") == str(sent.id)


async def test_other_classes_are_not_sent_by_one_person(village: Village) -> None:
    await village.home()
    notice = await village.written()
    await actions.submit(village.conn, notice.id, by="author", at=NOON, words=words())
    assert await refused(actions.send(village.conn, notice.id, by="author", at=NOON)) is Why.KIND


@pytest.mark.parametrize(
    ("text", "why"),
    [("{debtor}", "placeholder"), ("{0.__class__}", "placeholder"), ("{{7*7}}", "placeholder"), ("  ", "empty"),
     ("Ж" * 1601, "long"), ("a\x07", "control")],
)  # fmt: skip
async def test_a_text_that_cannot_be_sent_is_refused(village: Village, text: str, why: str) -> None:  # R31
    draft = Draft(Kind.WORKS, Audience(street="SV"), {"ru": text}, "plan")
    with pytest.raises(Refused) as caught:
        await actions.create(village.conn, draft, by="author", at=NOON)
    assert caught.value.told["what"] == why


async def test_a_language_without_a_text_and_too_many_segments_are_told_first(village: Village) -> None:
    await village.home(language="en")
    draft = Draft(Kind.WORKS, Audience(customer="household"), {"ru": "Ж" * 140}, "plan")
    notice = await actions.create(village.conn, draft, by="author", at=NOON)
    shown = await actions.preview(village.conn, notice.id, at=NOON, words=words())
    assert shown.problems == (("en", "missing", "1"), ("ru", "segments", "3 > 2"))
    assert await refused(actions.submit(village.conn, notice.id, by="a", at=NOON, words=words())) is Why.TEXT


async def test_who_sleeps_now_and_what_makes_a_text_dear_is_told_first(village: Village) -> None:
    await village.home(language="en")
    await village.home(language="en", zone="Asia/Kamchatka")
    said = {"en": "Works at “your” house — {account}"}
    draft = Draft(Kind.WORKS, Audience(customer="household"), said, "plan")
    notice = await actions.create(village.conn, draft, by="author", at=NOON)
    shown = await actions.preview(village.conn, notice.id, at=NOON + timedelta(hours=2), words=words())
    assert shown.dear == {"en": "“”—"}
    assert (shown.people, shown.quiet) == (2, 1), "eleven in the evening in Kamchatka"
    assert shown.opens == datetime(2025, 11, 21, 21, tzinfo=UTC), "nine in the morning of its Saturday"


async def test_the_people_are_listed_with_their_debt_or_why_not(village: Village) -> None:
    house = await village.house("R-7")
    await village.home(debt="5210.40", house=house)
    await village.home(debt="7.00", topics=None)
    notice = await village.written(Kind.DISCONNECTION, debt=100)
    (told, barred) = await listing.listed(village.conn, notice, bar="", behind=0, most=9, at=NOON)
    assert (told.house, told.debt, told.since, told.bar) == ("R-7", 521_040, date(2025, 11, 10), None)
    assert (barred.debt, barred.bar) == (700, "no_contract")
    assert await listing.listed(village.conn, notice, bar="told", behind=0, most=9, at=NOON) == (told,)
    assert await listing.listed(village.conn, notice, bar="no_contract", behind=0, most=9, at=NOON) == (barred,)
    assert await listing.listed(village.conn, notice, bar="", behind=1, most=9, at=NOON) == (barred,)
    assert await village.conn.fetchval("select count(*) from notice_recipients") == 0, "nothing of it stays"


async def test_everybody_is_no_audience_and_a_reason_is_wanted(village: Village) -> None:
    said = {"ru": "Работы"}
    nobody = Draft(Kind.WORKS, Audience(), said, "plan")
    assert await refused(actions.create(village.conn, nobody, by="a", at=NOON)) is Why.BAD_AUDIENCE
    silent = Draft(Kind.WORKS, Audience(street="A"), said, " ")
    assert await refused(actions.create(village.conn, silent, by="a", at=NOON)) is Why.NO_BASIS


async def test_a_trial_goes_to_ten_employees_at_most(village: Village) -> None:  # R26
    await village.home()
    notice = await village.approved(await village.written())
    keyring = WIRE.keyring
    for no in range(12):
        sealed = keyring.installation.seal(f"+7978100000{no % 10}".encode(), purpose=b"employee's phone")
        await village.conn.execute(
            """with one as (insert into employees (login, name, phone_sealed, added_at, added_by)
                            values ($1, 'N', $2, now(), 'tests') returning id)
               insert into employee_posts (employee_id, roles, at, by) select id, '{clerk}', now(), 'tests' from one""",
            f"clerk{no}",
            sealed,
        )
    assert await actions.trial(village.conn, notice.id, by="author", at=NOON, wire=WIRE) == 10
    assert await village.conn.fetchval("select count(*) from outbox where kind = 'Trial'") == 10
    assert (await actions.one(village.conn, notice.id)).state is State.TRIAL


async def test_the_countdown_waits_for_a_trial_and_a_trial_for_an_employee_with_a_phone(village: Village) -> None:
    await village.home()  # R26
    notice = await village.approved(await village.written())
    assert await refused(actions.start(village.conn, notice.id, by="author", at=NOON)) is Why.UNTRIED
    assert await refused(actions.trial(village.conn, notice.id, by="author", at=NOON, wire=WIRE)) is Why.NO_PHONE
    await make.staff_phone(village.conn, at=NOON)
    await actions.trial(village.conn, notice.id, by="author", at=NOON, wire=WIRE)
    await actions.edit(village.conn, notice.id, notice.draft, by="author", at=NOON)
    await actions.submit(village.conn, notice.id, by="author", at=NOON, words=words())
    await actions.approve(village.conn, notice.id, version=2, by="approver", at=NOON)
    assert await refused(actions.start(village.conn, notice.id, by="author", at=NOON)) is Why.UNTRIED, "other words"
    said = {"ru": "Не подходите к проводам", "en": "Keep away from the wires"}
    draft = Draft(Kind.SAFETY, Audience(customer="household"), said, "line down")
    urgent = await village.approved(await actions.create(village.conn, draft, by="author", at=NOON))
    assert (await actions.start(village.conn, urgent.id, by="author", at=NOON)).state is State.COUNTDOWN


async def test_a_correction_names_what_it_corrects(village: Village) -> None:
    await village.home()
    wrong = await village.written()
    draft = Draft(Kind.WORKS, wrong.draft.audience, {"ru": "Поправка", "en": "Sorry"}, "mistake", corrects=wrong.id)
    assert (await actions.create(village.conn, draft, by="author", at=NOON)).draft.corrects == wrong.id
    nothing = Draft(Kind.WORKS, wrong.draft.audience, {"ru": "Поправка"}, "mistake", corrects=9)
    assert await refused(actions.create(village.conn, nothing, by="author", at=NOON)) is Why.UNKNOWN
