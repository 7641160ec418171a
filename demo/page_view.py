"""What the page shows, made of plain words: bubbles of a conversation, choices, and what was stored."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from core.wording import segments
from demo.phoning import Said
from demo.stored import Ended, Snapshot
from demo.town_model import Inhabitant, Town, Trait
from demo.town_people import FOREIGNER, STRANGER
from demo.town_specials import HERO
from demo.town_uses import ZONE
from pages.words import PageWords

LISTED = 24
"""Inhabitants shown while nobody is searched for."""

FOUND = 60
"""Inhabitants shown of those found."""

_HERO_NEXT = "04512"
"""What the first example texts."""

_ROOM = {("GSM-7", False): 160, ("GSM-7", True): 153, ("UCS-2", False): 70, ("UCS-2", True): 67}


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message of the conversation; `notes` are what is said under it, `state` the carrier's and our word for how far
    it came, `mark` the class that draws it."""

    sid: str
    mine: bool
    by: str
    text: str
    time: str
    notes: tuple[str, ...]
    took: str
    state: str
    mark: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """An inhabitant to be chosen."""

    key: str
    name: str
    detail: str
    traits: tuple[str, ...]
    current: bool


def bubbles(
    said: Sequence[Said], ended: Mapping[str, Ended], words: PageWords, *, chosen: str | None
) -> tuple[Bubble, ...]:
    """The conversation, oldest first. An answer is dated by the message that it answers, by the town's clock."""
    answers = {one.answered_by: (sid, one) for sid, one in ended.items() if one.answered_by is not None}
    taken = {one.sid: one for one in said}
    made = []
    for one in said:
        if one.mine:
            made.append(_mine(one, ended.get(one.sid), words, chosen=one.sid == chosen))
        else:
            asked, cause = answers.get(one.sid, (None, None))
            made.append(_theirs(one, taken.get(asked or ""), cause, words))
    return tuple(made)


def _mine(one: Said, ended: Ended | None, words: PageWords, *, chosen: bool) -> Bubble:
    if ended is None:
        mark = "queued" if one.webhook is not None and one.webhook < 300 else "lost"
    else:
        mark = "received" if ended.fate == "answered" else ended.fate
    time = "" if ended is None else words.stamp(local(ended.received_at))
    state = words.get("state", mark)
    return Bubble(one.sid, True, words("phone.mine"), one.body, time, (), "", state, mark, chosen)


def _theirs(one: Said, asked: Said | None, cause: Ended | None, words: PageWords) -> Bubble:
    took = "" if asked is None else words("phone.took", ms=max(1, round((one.at - asked.at).total_seconds() * 1000)))
    time = "" if cause is None else words.stamp(local(cause.received_at))
    by = words("phone.automatic" if one.automatic else "phone.theirs")
    state = words.get("state", one.status)
    return Bubble(one.sid, False, by, one.body, time, _notes(one, words), took, state, one.status, False)


def _notes(one: Said, words: PageWords) -> tuple[str, ...]:
    """Segments, units and price of an answer."""
    counted = segments.count(one.body)
    room = counted.segments * _ROOM[counted.encoding, counted.segments > 1]
    notes = [
        words("phone.segments", segments=one.segments),
        words("phone.units", units=counted.units, room=room, encoding=counted.encoding),
    ]
    if one.price is not None and Decimal(one.price):
        notes.append(words.price(one.price))
    return tuple(notes)


def choices(town: Town, words: PageWords, *, query: str, who: str) -> tuple[tuple[Choice, ...], int]:
    """The inhabitants to choose from, and how many were found in all: those that the query finds, or without one those
    with a story, each kind before its second."""
    everybody = [(one, _choice(one, words, who)) for one in town.inhabitants]
    wanted = query.casefold().split()
    if wanted:
        found = [choice for one, choice in everybody if all(word in _haystack(one, choice) for word in wanted)]
        return tuple(found[:FOUND]), len(found)
    return tuple(_with_a_story(everybody)), len(everybody)


def _with_a_story(everybody: Sequence[tuple[Inhabitant, Choice]]) -> Iterator[Choice]:
    """The first of every kind in the town's order, and the unknown phones."""
    met: set[Trait] = set()
    shown = 0
    for one, choice in everybody:
        fresh = not met.issuperset(one.traits)
        if (fresh and shown < LISTED) or choice.current or one in (STRANGER, FOREIGNER):
            met.update(one.traits)
            shown += 1
            yield choice


def _choice(one: Inhabitant, words: PageWords, who: str) -> Choice:
    tails = ", ".join(f"..{number[-4:]}" for number in one.accounts[:4])
    detail = " · ".join(part for part in (one.address, tails or one.phone) if part)
    return Choice(one.key, called(one, words), detail, traits(one, words), one.key == who)


def called(one: Inhabitant, words: PageWords) -> str:
    """The name under which an inhabitant is shown."""
    if one == STRANGER:
        return words("people.unknown")
    return words("people.foreign") if one == FOREIGNER else one.name


def traits(one: Inhabitant, words: PageWords) -> tuple[str, ...]:
    return tuple(words(f"trait.{trait}") for trait in one.traits)


def _haystack(one: Inhabitant, choice: Choice) -> str:
    return " ".join((choice.name, one.address, one.phone, *one.accounts, *choice.traits)).casefold()


def chips(one: Inhabitant, snapshot: Snapshot, language: str) -> tuple[str, ...]:
    """Messages worth trying, from what stands of the phone."""
    return tuple(dict.fromkeys((*_answers(snapshot, language), *_tries(one, snapshot, language))))[:12]


def _answers(snapshot: Snapshot, language: str) -> Iterator[str]:
    question = snapshot.question
    if question is None:
        return
    if question.pending is not None:
        yield from ("YES", "NO") if language == "en" else ("ДА", "НЕТ")
    yield from (str(number) for number in range(1, min(question.choices, 4) + 1))


def _tries(one: Inhabitant, snapshot: Snapshot, language: str) -> Iterable[str]:
    if Trait.HERO in one.traits:
        return (_HERO_NEXT, "ПОЧЕМУ", "долг", "ОТМ", "04112", "45120", "04912", "45О2", "ljku", "HELP")
    if not snapshot.accounts:
        return ("показание 04512", "РЕГ 100004321 0098765", "hello" if language == "en" else "здравствуйте")
    account = snapshot.accounts[0]
    serial = account.registers[0].serial if account.registers else ""
    registers = [seen for seen in account.registers if seen.serial == serial]
    fitting = _HERO_NEXT if account.number == HERO else " ".join(seen.fitting for seen in registers)
    low = registers[0].count if registers else None
    english = ("WHY", "balance", "UNDO", "HELP", "RUS") if language == "en" else ()
    russian = ("ПОЧЕМУ", "долг", "ОТМ", "ПОМОЩЬ", "ENG") if language != "en" else ()
    odd = (_lower(low), fitting.replace(" ", "/") if " " in fitting else f"{fitting}0")
    return (fitting, *english, *russian, *(text for text in odd if text.strip("0")))


def _lower(count: str | None) -> str:
    """A count somewhat below the last one, as a slip would write it."""
    if count is None:
        return ""
    whole = count.partition(".")[0]
    return str(max(0, int(whole) - 213)).zfill(len(whole))


def latest(said: Sequence[Said]) -> str | None:
    """The last message that the phone wrote."""
    return next((one.sid for one in reversed(said) if one.mine), None)


def local(at: datetime) -> datetime:
    """A time as the town's people read it."""
    return at.astimezone(ZoneInfo(ZONE))
