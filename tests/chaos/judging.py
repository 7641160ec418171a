"""What is wrong with what was observed: pure, so that it can be shown to see what it is there to see.

Each function names its rule or invariant of docs/reliability.md and returns one line for each thing that is wrong.
"""

import json
import re
import signal
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from core.chats.actions import by_sms
from tests.chaos.observing import Ended, Got, Observed, Texted

ENDED_WELL = frozenset({"sent", "delivered"})

GIVEN_UP = "failed"
"""How a message to a chat ends that goes by SMS in its place."""

ENDS = frozenset({0, -signal.SIGKILL, -signal.SIGTERM})
"""How a process may end that we ended; by the last of them where it had only just begun."""

ZERO = ("inbox_new", "inbox_quarantined", "outbox_open", "unknown_outcome", "regressed", "ledger_sum",
        "ledger_unbalanced", "balance_differs", "readings_unexplained", "bcast_open", "no_evidence",
        "chain_broken")  # fmt: skip
"""Counters of /audit that stand at zero after texts that are all sound."""

FAILING, BROKE = "carrier failing", "delivery.break"
"""The alarm about a provider, and what is logged when it begins."""

_ACCEPTED = re.compile(r"(?:Принято|Исправлено:|Accepted|Corrected:) (?P<count>\d+)")
_TO_PAY = re.compile(r"(?:К оплате|To pay) (?P<whole>\d[\d \u00a0]*)[,.](?P<rest>\d\d)")
_SHORT = 5


def violations(observed: Observed) -> list[str]:
    """All that is wrong; nothing in a sound system."""
    return [f"{judge.__name__}: {line}" for judge in JUDGES for line in judge(observed)]


def acknowledged(observed: Observed) -> Iterator[str]:
    """Every text of a webhook is acknowledged in the end, not before it is on record, and until then answered 503 or
    nothing (R1, R3, R4)."""
    for one in observed.texted:
        if not one.acknowledged and not one.withheld:
            yield f"{one.sid} was never taken"
        if one.unrecorded:
            yield f"{one.sid} was acknowledged {one.unrecorded} times while it was not on record"
        odd = {status for status in one.statuses if status not in (None, 200, 503)}
        if odd:
            yield f"{one.sid} was answered {sorted(odd)}"


def filed_once(observed: Observed) -> Iterator[str]:
    """Every text is on record once, and answered (Inv 1, R2)."""
    filed = Counter(row.sid for row in observed.filed)
    known = {one.sid for one in observed.texted}
    for one in observed.texted:
        if filed[one.sid] != 1:
            yield f"{one.sid} is filed {filed[one.sid]} times"
    for row in observed.filed:
        if row.sid not in known:
            yield f"{row.sid} was never texted"
        if row.fate != "answered" or row.answer is None:
            yield f"{row.sid} ended as {row.fate}"


def answered_once(observed: Observed) -> Iterator[str]:
    """Every text is answered by one SMS to the phone that it came from, or by one message in its chat, and there are no
    others (Inv 2, R20); but a chat's message of which nobody could tell whether it was taken comes again (R21)."""
    answered = answers(observed)
    for one in observed.texted:
        got = answered.get(one.sid)
        if got is None:
            yield f"lost: the answer to {one.sid}"
        elif got.phone != one.phone:
            yield f"the answer to {one.sid} came to another phone"
    ours = {row.sid for row in observed.sent}
    strays = [got for got in observed.got if got.sid not in ours]
    known = {(got.phone, got.words) for got in observed.got if got.sid in ours}
    again = [got for got in strays if got.chat and (got.phone, got.words) in known]
    for got in strays:
        if got not in again:
            yield f"twice: {got.sid} stands in no row of the outbox"
    if len(again) > observed.doubts:
        yield f"twice: {len(again)} messages in chats came again, of {observed.doubts} nobody could tell"
    unasked = {words for one in observed.told for words in one.words}
    texts = Counter(one.phone for one in observed.texted)
    sms = Counter(one.phone for one in observed.got if one not in again and one.words not in unasked)
    for phone in texts.keys() | sms.keys():
        if texts[phone] != sms[phone]:
            yield f"a phone sent {texts[phone]} texts and got {sms[phone]}"


def told_once(observed: Observed) -> Iterator[str]:
    """Each broadcast came to each of its people once, and to nobody else (R27)."""
    for no, one in enumerate(observed.told, 1):
        came = Counter(got.phone for got in observed.got if got.words in one.words)
        for phone in {*one.phones, *came}:
            if came[phone] != (phone in one.phones):
                yield f"broadcast {no} came {came[phone]} times to a phone"


def readings_kept(observed: Observed) -> Iterator[str]:
    """The readings are those that were texted, each once (Inv 6)."""
    kept = Counter((row.sid, row.count) for row in observed.readings)
    texted = Counter((one.sid, one.count) for one in observed.texted if one.count is not None)
    for (sid, count), times in (texted - kept).items():
        yield f"lost: the reading {count} of {sid}, {times} times"
    for (sid, count), times in (kept - texted).items():
        yield f"too many: the reading {count} of {sid}, {times} times"


def answers_name_their_reading(observed: Observed) -> Iterator[str]:
    answered = answers(observed)
    for one in observed.texted:
        if one.count is not None and (got := answered.get(one.sid)) and _accepted(got) != one.count:
            yield f"{one.sid} of {one.count} was answered with {_accepted(got)}"


def sums_told(observed: Observed) -> Iterator[str]:
    """Every sum told is that of the count in the same answer, and the last balance that of the last reading."""
    accounts = {one.phone: one for one in observed.accounts}
    for got in observed.got:
        count, account = _accepted(got), accounts.get(got.phone)
        if count is not None and account is not None and _to_pay(got) != account.to_pay(count):
            yield f"{got.sid} tells {_to_pay(got)} for {count}, not {account.to_pay(count)}"
    last = _last_counts(observed)
    answered = answers(observed)
    for one in observed.texted:
        answer = answered.get(one.sid) if one.last else None
        if answer is not None and (account := accounts.get(one.phone)):
            right = account.to_pay(last.get(account.id, account.count))
            if _to_pay(answer) != right:
                yield f"the last balance of account {account.id} is told as {_to_pay(answer)}, not {right}"


def states_derived(observed: Observed) -> Iterator[str]:
    """What stands of an account is what its facts give."""
    if observed.rebuilt:
        yield f"{observed.rebuilt} states differ from their facts"


def ledger_balanced(observed: Observed) -> Iterator[str]:
    """Inv 5, R16."""
    if observed.ledger_sum or observed.unbalanced:
        yield f"the ledger sums to {observed.ledger_sum}, {observed.unbalanced} facts do not sum to zero"


def nothing_open(observed: Observed) -> Iterator[str]:
    """No message is on its way for ever, and no lease is older than twice its length (Inv 10)."""
    states = {row.id: row.state for row in observed.sent}
    for row in observed.sent:
        saved = row.state == GIVEN_UP and states.get(by_sms(row.id)) in ENDED_WELL
        if row.state not in ENDED_WELL and not saved:
            yield f"{row.id} is {row.state}"
        if row.held is not None and row.state in ("ready", "sending", "unknown") and row.held < -observed.lease:
            yield f"the lease of {row.id} ended {-row.held:.0f} s ago and nobody took it over"


def receipts_kept(observed: Observed) -> Iterator[str]:
    """What has arrived stays so, whatever is told later (Inv 8, R23)."""
    for row in observed.sent:
        if row.arrived and row.state != "delivered":
            yield f"{row.id} was delivered and is {row.state}"


def audited(observed: Observed) -> Iterator[str]:
    """The program's own count agrees (Q4)."""
    for name in ZERO:
        if observed.audit.get(name) != 0:
            yield f"{name} is {observed.audit.get(name)}"
    for name, seen in (("inbox_total", len(observed.filed)), ("outbox_total", len(observed.sent)),
                       ("readings", len(observed.readings))):  # fmt: skip
        if observed.audit.get(name) != seen:
            yield f"{name} is {observed.audit.get(name)}, {seen} are there"


def alarms_explained(observed: Observed) -> Iterator[str]:
    """Sound texts raise no alarm; but the staff is told of a provider that failed so often that nothing was sent for a
    while, which stands in the logs (R24)."""
    broke = events(observed)[BROKE]
    for kind in observed.alarms:
        if kind != FAILING or not broke:
            yield f"{kind}, with {broke} breaks"


def logs_discreet(observed: Observed) -> Iterator[str]:
    """No phone, secret or words of a customer in any log; every line is JSON, or one clear line at the end (R41)."""
    private = {one.phone.lstrip("+") for one in observed.texted} | {one.phone.lstrip("+") for one in observed.got}
    private |= {one.said for one in observed.texted} | {one.words for one in observed.got}
    for name, log in observed.logs.items():
        plain, strange = _plain(log)
        for secret in sorted(secret for secret in (*observed.secrets, *private) if len(secret) > _SHORT):
            if secret in plain:
                yield f"{name} logged {secret!r}"
        for line in strange:
            yield f"{name} wrote {line[:120]!r}"


def ended_as_told(observed: Observed) -> Iterator[str]:
    """No process ends by itself, but with one clear line when its database is not there as it starts; told to, it ends
    well."""
    for one in observed.ended:
        if one.code not in ENDS if one.ours else not one.said.startswith("meterline: "):
            yield f"{one.name} ended with {one.code}: {one.said[:120]!r}"


JUDGES: tuple[Callable[[Observed], Iterator[str]], ...] = (
    acknowledged,
    filed_once,
    answered_once,
    told_once,
    readings_kept,
    answers_name_their_reading,
    sums_told,
    states_derived,
    ledger_balanced,
    nothing_open,
    receipts_kept,
    audited,
    alarms_explained,
    logs_discreet,
    ended_as_told,
)


def answers(observed: Observed) -> dict[str, Got]:
    """What answered each text, by the text's name: from the inbox over the outbox to the carrier's book or to the chat;
    the SMS where the chat's message was given up (R21)."""
    taken = {one.sid: one for one in observed.got}
    sent = {row.id: taken.get(row.sid or "") for row in observed.sent}
    instead = {row.id: sent.get(by_sms(row.id)) for row in observed.sent if row.state == GIVEN_UP}
    found = {row.sid: instead.get(row.answer) or sent.get(row.answer) for row in observed.filed if row.answer}
    return {sid: got for sid, got in found.items() if got is not None}


def _last_counts(observed: Observed) -> dict[int, int]:
    ordered = sorted(observed.readings, key=lambda row: row.no)
    return {row.account: row.count for row in ordered}


def _accepted(got: Got) -> int | None:
    found = _ACCEPTED.match(got.words)
    return int(found["count"]) if found else None


def _to_pay(got: Got) -> int | None:
    """Kopecks."""
    found = _TO_PAY.search(got.words)
    return int(re.sub(r"\D", "", found["whole"])) * 100 + int(found["rest"]) if found else None


def _plain(log: str) -> tuple[str, list[str]]:
    """The log with its escapes undone, and the lines that are not JSON."""
    plain, strange = [log], []
    for line in log.splitlines():
        try:
            plain.append(json.dumps(json.loads(line), ensure_ascii=False))
        except ValueError:
            if line.strip() and not line.startswith("meterline: "):
                strange.append(line)
    return "\n".join(plain), strange


def with_logs(observed: Observed, logs: Mapping[str, str], ended: Iterable[Ended]) -> Observed:
    """With what can be seen only when all have ended."""
    return replace(observed, logs=logs, ended=tuple(ended))


def events(observed: Observed) -> Counter[str]:
    """How often each warning and error was logged."""
    found: Counter[str] = Counter()
    for log in observed.logs.values():
        for line in log.splitlines():
            if line.startswith("{"):
                told = json.loads(line)
                found[told["event"]] += told.get("level") != "info"
    return +found


def summary(texted: tuple[Texted, ...]) -> Counter[str]:
    """How often texts were posted, by what came back."""
    return Counter("nothing" if status is None else str(status) for one in texted for status in one.statuses)
