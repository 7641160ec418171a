"""Notices: the list, a draft with its preview, the approval, how far it is, and stopping it (rows MS4, MS5)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import web

from core.basics.money import minor
from core.employees.model import Role
from core.notices import actions, rules, texts
from core.notices.listing import actions as listing
from core.notices.model import CLASS, RULES, VISITS, Audience, Bar, Class, Draft, Kind, Notice, Refused, State, Verb
from core.notices.warnings import looking
from core.store.pool import Connection
from staff.model import Asked, Form, Get, Go, Page, Post, Route

AUTHORS = rules.MAY[Verb.EDIT]
READERS = frozenset({Role.AUTHOR, Role.APPROVER, Role.COLLECTOR, Role.AUDITOR, Role.ADMIN})

SHOWN = 50
_LONGEST_TEXT = 2000
_LONGEST_LIST = 2000

VERBS = (
    Verb.SUBMIT, Verb.APPROVE, Verb.TRY, Verb.START, Verb.SEND, Verb.CHECK, Verb.PAUSE, Verb.RESUME, Verb.STOP,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in the form of a draft, as it was typed."""

    kind: str
    basis: str
    houses: str
    street: str
    accounts: str
    tariffs: str
    debt: str
    most_debt: str
    age: str
    language: str
    customer: str
    visits: str
    corrects: str
    texts: dict[str, str]


async def listed(asked: Asked) -> Page:
    """The latest notices."""
    told = asked.query("before", longest=18)
    before = int(told) if told.isascii() and told.isdigit() else 2**62
    async with asked.connection() as conn:
        found = await actions.latest(conn, before=before, limit=SHOWN + 1)
    unchecked = [one for one in found if _waits_for_check(one)]
    values = {
        "notices": found[:SHOWN], "more": found[SHOWN - 1].id if len(found) > SHOWN else None, "classes": CLASS,
        "may_write": asked.employee.may(AUTHORS), "unchecked": unchecked,
    }  # fmt: skip
    return Page("notices.html", values)


async def blank(asked: Asked) -> Page:
    """The form of a draft: of the kind that is chosen; of a correction, with the audience and the words of the notice
    that it corrects."""
    told, wrong = asked.query("kind", longest=20), asked.query("corrects", longest=18)
    kind = Kind(told) if told in set(Kind) else Kind.WORKS
    if not (wrong.isascii() and wrong.isdigit()):
        return _form(asked, _blank(kind, ""), None)
    try:
        async with asked.connection() as conn:
            corrected = (await actions.one(conn, int(wrong))).draft
    except Refused:
        return _form(asked, _blank(kind, ""), None)
    draft = replace(_written(corrected), kind=str(kind), basis="", corrects=wrong)
    return _form(asked, draft if kind is corrected.kind else replace(draft, texts=dict(texts.ready(kind))), None)


async def edited(asked: Asked) -> Page:
    """The form with what the notice says now."""
    async with asked.connection() as conn:
        notice = await _one(conn, asked)
    return _form(asked, _written(notice.draft), notice)


async def write(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """Keeps a new draft, and shows to whom it would go."""
    draft = _of_form(form)
    try:
        async with conn.transaction():
            made = await actions.create(conn, _draft(draft), by=asked.employee.login, at=asked.at)
    except (Refused, _NoNumber) as wrong:
        return _form(asked, draft, None, wrong)
    return Go(f"/notices/{made.id}", "notice_written")


async def rewrite(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """Keeps the draft anew; whoever had approved it, it is a draft again."""
    notice = await _one(conn, asked)
    draft = replace(_of_form(form), kind=str(notice.kind))
    try:
        async with conn.transaction():
            await actions.edit(conn, notice.id, _draft(draft), by=asked.employee.login, at=asked.at)
    except (Refused, _NoNumber) as wrong:
        return _form(asked, draft, notice, wrong)
    return Go(f"/notices/{notice.id}", "notice_written")


async def shown(asked: Asked) -> Page:
    """A notice: before it begins whom it would reach, then how far it is."""
    async with asked.connection() as conn, conn.transaction():
        return await _page(asked, conn)


async def people(asked: Asked) -> Page:
    """Its people one by one: who is told and by which debt, who is not and why."""
    told, bar = asked.query("from", longest=7), asked.query("bar", longest=20)
    behind = int(told) if told.isascii() and told.isdigit() else 0
    async with asked.connection() as conn, conn.transaction():
        notice = await _one(conn, asked)
        await asked.look(conn, None, f"/notices/{notice.id}/people")
        found = await listing.listed(conn, notice, bar=bar, behind=behind, most=SHOWN + 1, at=asked.at)
    following = behind + SHOWN if len(found) > SHOWN else None
    values = {
        "notice": notice, "people": found[:SHOWN], "bar": bar, "bars": tuple(Bar), "told": listing.TOLD,
        "following": following, "day": asked.at.astimezone(asked.house.zone).date(),
    }  # fmt: skip
    return Page("notice_people.html", values)


async def progress(asked: Asked) -> web.StreamResponse:
    """How far it is, for the script of the page."""
    async with asked.connection() as conn:
        notice = await _one(conn, asked)
        told = await actions.progress(conn, notice.id)
    return web.json_response(
        {"state": str(notice.state), "over": told.over, "people": told.people, "text": _so_far(asked, told.over, told)}
    )


async def _page(asked: Asked, conn: Connection, refused: Refused | None = None) -> Page:
    notice = await _one(conn, asked)
    begun = notice.state not in (State.DRAFT, State.SUBMITTED, State.APPROVED, State.TRIAL, State.COUNTDOWN)
    told = await actions.progress(conn, notice.id) if begun else None
    preview = None if begun else await actions.preview(conn, notice.id, at=asked.at, words=asked.house.speech)
    official = notice.cls is Class.OFFICIAL
    after = asked.query("after", longest=18)
    people = await looking.of_notice(
        conn, notice.id, after=int(after) if after.isascii() and after.isdigit() else 0, most=SHOWN
    ) if official and begun else ()  # fmt: skip
    if preview is not None or people:
        await asked.look(conn, None, f"/notices/{notice.id}")
    price = None if preview is None else preview.segments * asked.house.segment_price
    return Page(
        "notice.html",
        {
            "notice": notice,
            "preview": preview,
            "price": price,
            "told": told,
            "so_far": _so_far(asked, told.over, told) if told else "",
            "events": await actions.events(conn, notice.id),
            "may": _may(asked, notice),
            "may_edit": asked.employee.may(AUTHORS) and notice.state in rules.FROM[Verb.EDIT],
            "conditions": _conditions(asked, notice.draft.audience),
            "waits_for_check": _waits_for_check(notice),
            "running": notice.state in (State.COUNTDOWN, State.RUNNING),
            "people": people,
            "following": people[-1].number if len(people) == SHOWN else None,
            "trouble": None if refused is None else _trouble(asked, refused),
        },
        422 if refused else 200,
    )


def _verb(verb: Verb) -> Callable[[Asked, Connection, Form], Awaitable[Page | Go]]:
    async def act(asked: Asked, conn: Connection, form: Form) -> Page | Go:
        try:
            async with conn.transaction():
                await _do(verb, asked, conn, form)
        except Refused as refused:
            return await _page(asked, conn, refused)
        return Go(f"/notices/{asked.number}", f"notice_{verb}")

    return act


async def _do(verb: Verb, asked: Asked, conn: Connection, form: Form) -> None:
    id, by, at = asked.number, asked.employee.login, asked.at
    match verb:
        case Verb.SUBMIT:
            await actions.submit(conn, id, by=by, at=at, words=asked.house.speech)
        case Verb.APPROVE:
            told = form.get("version", "")
            version = int(told) if told.isascii() and told.isdigit() and len(told) < 9 else 0
            await actions.approve(conn, id, version=version, by=by, at=at)
        case Verb.TRY:
            await actions.trial(conn, id, by=by, at=at, wire=asked.wire)
        case _:
            await _PLAIN[verb](conn, id, by=by, at=at)


_PLAIN: dict[Verb, Callable[..., Awaitable[Notice]]] = {
    Verb.START: actions.start,
    Verb.SEND: actions.send,
    Verb.CHECK: actions.check,
    Verb.PAUSE: actions.pause,
    Verb.RESUME: actions.resume,
    Verb.STOP: actions.stop,
}


def _may(asked: Asked, notice: Notice) -> list[Verb]:
    """What the employee may do with it now."""
    found = []
    for verb in VERBS:
        try:
            rules.check_verb(notice, verb, by=asked.employee.login)
        except Refused:
            continue
        if asked.employee.may(rules.MAY[verb]) and not (verb is Verb.CHECK and notice.checked):
            found.append(verb)
    return found


def _waits_for_check(notice: Notice) -> bool:
    return RULES[notice.cls].alone and notice.state in rules.FROM[Verb.CHECK] and not notice.checked


async def _one(conn: Connection, asked: Asked) -> Notice:
    """
    :raises web.HTTPNotFound: there is no such notice.
    """
    try:
        return await actions.one(conn, asked.number)
    except Refused:
        raise web.HTTPNotFound from None


def _so_far(asked: Asked, over: int, told: Any) -> str:
    words = asked.words
    return words(
        "notice.so_far", over=words.number(over), people=words.number(told.people - sum(told.barred.values())),
        rate=words.number(told.rate),
    )  # fmt: skip


def _conditions(asked: Asked, of: Audience) -> list[str]:
    """The conditions of the audience in words."""
    words = asked.words
    lists = {name: getattr(of, name) for name in ("houses", "accounts", "tariffs")}
    found = [words(f"notice.where_{name}", values=", ".join(values)) for name, values in lists.items() if values]
    if of.street:
        found.append(words("notice.where_street", value=of.street))
    if of.debt:
        found.append(words("notice.where_debt", sum=words.money(of.debt)))
    if of.most_debt:
        found.append(words("notice.where_most_debt", sum=words.money(of.most_debt)))
    if of.age:
        found.append(words("notice.where_age", days=words.number(of.age)))
    if of.language:
        found.append(words("notice.where_language", value=of.language))
    if of.customer:
        found.append(words(f"notice.where_{of.customer}"))
    if of.visits:
        found.append(words(f"notice.visits_{of.visits}"))
    return found


class _NoNumber(ValueError):
    """What was written in this field of the form is no number, or one that cannot be."""

    def __init__(self, field: str, told: str, example: str) -> None:
        super().__init__(field)
        self.told = {"told": told, "example": example}
        self.field = field


def _trouble(asked: Asked, wrong: Refused | _NoNumber) -> str:
    if not isinstance(wrong, Refused):
        return asked.words("notice_wrong.number", field=asked.words(f"notice.{wrong.field}"), **wrong.told)
    told = dict(wrong.told)
    if what := told.get("what"):
        told["what"] = asked.words(f"notice_problem.{what}")
    if "state" in told:
        told["state"] = asked.words.get("notice_state", told["state"])
    return asked.words(f"notice_wrong.{wrong.why}", **told)


def _form(asked: Asked, draft: Written, notice: Notice | None, wrong: Refused | _NoNumber | None = None) -> Page:
    kind = Kind(draft.kind)
    values = {
        "draft": draft, "notice": notice, "kinds": tuple(Kind), "classes": CLASS, "official": CLASS[kind] == "official",
        "languages": sorted({key.partition(".")[0] for key in texts.ready(kind)}), "visits": VISITS,
        "ready": [(*key.partition(".")[::2], text) for key, text in sorted(texts.ready(kind).items())],
        "values": sorted(rules.allowed_values(Draft(kind, Audience()))),
        "trouble": None if wrong is None else _trouble(asked, wrong),
    }  # fmt: skip
    return Page("notice_form.html", values, 422 if wrong else 200)


def _blank(kind: Kind, corrects: str) -> Written:
    return Written(str(kind), "", "", "", "", "", "", "", "", "", "", "", corrects, dict(texts.ready(kind)))


def _written(draft: Draft) -> Written:
    of = draft.audience

    def told(amount: int) -> str:
        return f"{amount // 100}.{amount % 100:02}" if amount else ""

    return Written(
        str(draft.kind), draft.basis, ", ".join(of.houses), of.street, ", ".join(of.accounts), ", ".join(of.tariffs),
        told(of.debt), told(of.most_debt), str(of.age or ""), of.language, of.customer, of.visits,
        str(draft.corrects or ""), dict(draft.texts),
    )  # fmt: skip


def _of_form(form: Form) -> Written:
    kind = form.get("kind", "")

    def line(name: str) -> str:
        return " ".join(form.get(name, "").split())[:_LONGEST_LIST]

    said = {
        name.removeprefix("text_"): value.replace("\r\n", "\n").strip()[:_LONGEST_TEXT]
        for name, value in form.items()
        if name.startswith("text_") and name.removeprefix("text_").isalpha()
    }
    return Written(
        kind if kind in set(Kind) else str(Kind.WORKS), line("basis"), line("houses"), line("street"),
        line("accounts"), line("tariffs"), line("debt"), line("most_debt"), line("age"), line("language"),
        line("customer"), line("visits"), line("corrects"), said,
    )  # fmt: skip


def _draft(draft: Written) -> Draft:
    """
    :raises _NoNumber: a sum or a number is none.
    """
    audience = Audience(
        houses=_list(draft.houses), street=draft.street, accounts=_list(draft.accounts.upper()),
        tariffs=_list(draft.tariffs.upper()), debt=_sum("debt", draft.debt),
        most_debt=_sum("most_debt", draft.most_debt), age=_whole("age", draft.age),
        language=draft.language if draft.language.isalpha() else "",
        customer=draft.customer if draft.customer in ("household", "organisation") else "",
        visits=draft.visits if draft.visits in VISITS else "",
    )  # fmt: skip
    said = {language: text for language, text in draft.texts.items() if text}
    return Draft(Kind(draft.kind), audience, said, draft.basis, _whole("number", draft.corrects) or None)


def _list(told: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in told.split(",") if one.strip())


def _sum(field: str, told: str) -> int:
    try:
        found = minor(told.replace(",", ".")) if told else 0
    except ValueError:
        found = -1
    if not 0 <= found < 10**12:
        raise _NoNumber(field, told, "400.00")
    return found


def _whole(field: str, told: str) -> int:
    if told and not (told.isascii() and told.isdigit() and len(told) < 10):
        raise _NoNumber(field, told, "30")
    return int(told or 0)


ROUTES: tuple[Route, ...] = (
    Get("/notices", READERS, listed),
    Get("/notices/new", AUTHORS, blank),
    Post("/notices/new", AUTHORS, write),
    Get("/notices/{id}", READERS, shown),
    Get("/notices/{id}/people", READERS, people),
    Get("/notices/{id}/progress", READERS, progress, silent=True),
    Get("/notices/{id}/edit", AUTHORS, edited),
    Post("/notices/{id}/edit", AUTHORS, rewrite),
    *(Post(f"/notices/{{id}}/{verb}", rules.MAY[verb], _verb(verb)) for verb in VERBS),
)
