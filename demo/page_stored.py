"""What was stored, told in the page's words: a message's facts one by one, and each account before and after."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.billing.model import Standing
from demo.page_view import local
from demo.stored import AccountSeen, MessageSeen, QuestionSeen, RegisterSeen, Snapshot
from pages.words import PageWords


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is on record: its heading, sentences, and the class that draws it."""

    mark: str
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A value of an account: `before` None where it is not known."""

    label: str
    before: str | None
    now: str

    @property
    def changed(self) -> bool:
        return self.before is not None and self.before != self.now


@dataclass(frozen=True, slots=True)
class Sheet:
    """An account: its heading, the phone's role, its values; `heading` is that of their column, `compared` whether
    there is one of values before as well."""

    title: str
    role: str
    lines: tuple[Line, ...]
    heading: str
    compared: bool


def steps(seen: MessageSeen, words: PageWords, *, before: Snapshot | None, after: Snapshot | None) -> tuple[Step, ...]:
    """What a message brought about; `after` is the moment after it."""
    return tuple(_steps(seen, words, before=before, after=after))


def _steps(seen: MessageSeen, words: PageWords, *, before: Snapshot | None, after: Snapshot | None) -> Iterator[Step]:
    fate = words.get("fate", seen.fate)
    told = words("stored.fate", fate=fate)
    if seen.reason:
        told = words("stored.fate_reason", fate=fate, name=words.get("reason", seen.reason))
    time, command = words.stamp(local(seen.received_at)), words.get("command", seen.command)
    yield Step("in", words("stored.inbox"), (words("stored.inbox_text", id=seen.id, time=time, command=command), told))
    if seen.withdrawn is not None:
        yield Step("back", words("stored.withdrawn"), (words("stored.withdrawn_text", no=seen.withdrawn),))
    else:
        yield Step("fact", words("stored.reading"), tuple(_readings(seen, words, before, after)))
    if after is not None:
        yield Step("ask", words("stored.question"), (_question(after.question, words),))
    yield Step("out", words("stored.answer"), tuple(_answer(seen, words)))


def _readings(seen: MessageSeen, words: PageWords, before: Snapshot | None, after: Snapshot | None) -> Iterator[str]:
    for one in seen.readings:
        values = {"no": one.no, "meter": one.serial, "count": one.count, "day": words.day(one.on)}
        if one.zone == "total":
            yield words("stored.reading_text", **values)
        else:
            yield words("stored.reading_zone", zone=words.get("zone", one.zone), **values)
    if not seen.readings:
        yield words("stored.reading_none")
        return
    flags = ", ".join(words.get("flag", flag) for flag in seen.readings[0].flags)
    if flags:
        yield words("stored.reading_flags", name=flags)
    if before is not None and after is not None and _lines(before) == _lines(after):
        yield words("stored.ledger_same")


def _lines(snapshot: Snapshot) -> int:
    return sum(account.lines for account in snapshot.accounts)


def _question(question: QuestionSeen | None, words: PageWords) -> str:
    if question is None:
        return words("stored.question_none")
    until = local(question.until)
    time = f"{words.day(until.date())}, {words.clock(until)}"
    if question.pending is not None:
        return words("stored.question_pending", count=question.pending, time=time)
    if question.choices:
        return words("stored.question_choices", count=question.choices, time=time)
    return words("stored.question_reading", time=time)


def _answer(seen: MessageSeen, words: PageWords) -> Iterator[str]:
    answer = seen.answer
    if answer is None:
        yield words("stored.answer_none")
        return
    kind = words.get("kind", answer.kind)
    yield words("stored.answer_text", kind=kind, language=answer.locale, segments=answer.segments)
    yield words("stored.answer_state", state=words.get("state", answer.state), attempts=answer.attempt)
    if answer.receipts:
        listed = ", ".join(
            f"{words.get('state', state)} ×{times}" if times > 1 else words.get("state", state)
            for state, times in answer.receipts
        )
        yield words("stored.answer_receipts", name=listed)


def sheets(now: Snapshot, words: PageWords, *, before: Snapshot | None) -> tuple[Sheet, ...]:
    """The accounts of a phone, compared with how they stood before where that is known."""
    earlier = {account.number: account for account in before.accounts} if before is not None else {}
    return tuple(_sheet(account, words, earlier.get(account.number)) for account in now.accounts)


def _sheet(account: AccountSeen, words: PageWords, before: AccountSeen | None) -> Sheet:
    title = words("stored.account", account=account.number)
    if account.name is not None:
        title = words("stored.account_name", account=account.number, name=account.name)
    role = words("stored.role", name=words.get("role", account.role))
    if not account.reads:
        role = f"{role}. {words('stored.no_sums')}"
    rows = _values(account, words)
    earlier = None if before is None else _values(before, words)
    lines = tuple(_compared(rows, earlier, words.money(0)))
    compared = any(line.changed for line in lines)
    heading = "after" if compared else "now" if before is None else "same"
    return Sheet(title, role, lines, words(f"stored.{heading}"), compared)


def _compared(rows: Mapping[str, str | None], earlier: Mapping[str, str | None] | None, nothing: str) -> Iterator[Line]:
    """The values worth showing; one that was or is nothing is shown where it is something on the other side."""
    for label, value in rows.items():
        was = None if earlier is None else earlier.get(label)
        if value is not None or was is not None:
            yield Line(label, None if earlier is None else was or nothing, value or nothing)


def _values(account: AccountSeen, words: PageWords) -> dict[str, str | None]:
    """The values of an account by label, in the order in which they are shown; None: nothing to be told."""
    several = len({seen.serial for seen in account.registers}) > 1
    values: dict[str, str | None] = {
        _label(seen, words, several=several): _count(seen, words) for seen in account.registers
    }
    values |= _sums(account.stands, words)
    values[words("stored.facts")] = str(account.facts)
    values[words("stored.lines")] = str(account.lines)
    return values


def _sums(stands: Standing | None, words: PageWords) -> dict[str, str | None]:
    if stands is None:
        return {words("stored.to_pay"): words("stored.no_stands")}
    provisional = sum(part.amount for part in stands.provisional)
    return {
        words("stored.to_pay"): words.money(stands.to_pay),
        words("stored.overdue"): words.money(stands.overdue) if stands.overdue else None,
        words("stored.provisional"): words.money(provisional) if provisional else None,
        words("stored.credit"): words.money(stands.credit) if stands.credit else None,
    }


def _label(seen: RegisterSeen, words: PageWords, *, several: bool) -> str:
    if seen.zone != "total":
        return words("stored.last_zone", zone=words.get("zone", seen.zone))
    return words("stored.last_meter", meter=seen.serial) if several else words("stored.last")


def _count(seen: RegisterSeen, words: PageWords) -> str:
    if seen.count is None or seen.on is None:
        return words("stored.no_count")
    return words("stored.count_on", count=seen.count, day=words.day(seen.on))
