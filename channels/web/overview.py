"""The person's accounts, and one of them at a glance: what there is to pay, of what it consists, what is asked."""

from datetime import date

from aiohttp import web

from channels.web import asking
from channels.web.model import Asked, Get, Page, Route
from core.accounts import rights
from core.accounts.rights import Deed, Proof
from core.cabinet.household import inviting
from core.cabinet.household.inviting import Told
from core.cabinet.model import Holding
from core.commands import Balance
from core.messages import BalanceTold
from core.selfservice import telling
from core.selfservice.model import AccountFacts, Facts, Pending
from core.store.pool import Connection


async def choose(asked: Asked) -> Page:
    """All accounts of the person with what there is to pay; who has one goes on to it."""
    holdings = asked.person.holdings
    if len(holdings) == 1:
        raise web.HTTPSeeOther(asked.path(of=holdings[0]))
    async with asked.connection() as conn:
        facts = await asked.facts(conn)
        shared = await invitations(asked, conn, facts)
    rows = [(one, asked.path(of=one), balance(facts, one)) for one in holdings]
    return Page(
        "my.html",
        {"rows": rows, "asks": asking.open_question(asked, facts), "answers": "/my/answer", "invitations": shared},
    )


async def overview(asked: Asked) -> Page:
    """What there is to pay and of what it consists, as far as the link may see it; the question that is open."""
    async with asked.connection() as conn:
        facts = await asked.facts(conn)
        shared = await invitations(asked, conn, facts)
    account = asked.mine(facts)
    return Page(
        "overview.html",
        {
            "balance": balance(facts, asked.holding),
            "reads": asked.may(Deed.SHOW_SUMS),
            "window": facts.company.window,
            "last_day": _last_day(account),
            "pay": facts.company.pay,
            "asks": asking.open_question(asked, facts),
            "answers": asked.path("answer"),
            "invitations": shared,
        },
    )


async def invitations(asked: Asked, conn: Connection, facts: Facts) -> tuple[Told, ...]:
    """The accounts that others want to share with him; none where the open question is about one, for it stands there
    already."""
    if facts.question is not None and facts.question.kind == Pending.INVITED and facts.question.expires_at > asked.at:
        return ()
    return await inviting.received(conn, asked.person, at=asked.at, wire=asked.house.wire)


def balance(facts: Facts, holding: Holding) -> BalanceTold | None:
    """What there is to pay on the account; None where the link may not see it, or it cannot be told now."""
    if not rights.allowed(Balance, holding.link, Proof.SESSION):
        return None
    reply = telling.tell(Balance(holding.account.number), facts).reply
    return reply if isinstance(reply, BalanceTold) else None


def _last_day(account: AccountFacts) -> date | None:
    """The day of the last reading of the meters that stand."""
    here = {meter.id for meter in account.working}
    days = [state.last.day for (meter, _), state in account.state.registers.items() if state.last and meter in here]
    return max(days, default=None)


ROUTES: tuple[Route, ...] = (Get("/my", choose), Get("/my/{account}", overview), *asking.ROUTES)
