"""Every message of the person, in every channel; what befell his account (row K8)."""

from channels.web.model import Asked, Get, Page, Route
from core.accounts.rights import Deed
from core.cabinet import looking
from core.dossier.timeline import actions as timelines
from core.dossier.timeline.model import FIRST, Mark, What

_EVENTS = (What.READING, What.CLAIM, What.PAYMENT, What.REQUEST, What.LINK)


async def messages(asked: Asked) -> Page:
    """What he wrote and what we wrote, the latest first."""
    async with asked.connection() as conn:
        piece = await looking.messages(conn, asked.person, before=asked.query("before"), keyring=asked.house.keyring)
    return Page("messages.html", {"piece": piece})


async def events(asked: Asked) -> Page:
    """Readings, bills, payments, requests and phones of the account on one line of time, as far as the link may see."""
    asked.need(Deed.SHOW_SUMS)
    manages = asked.may(Deed.SEE_REQUEST)
    kinds = [one for one in _EVENTS if manages or one not in (What.REQUEST, What.LINK)]
    before = Mark.read(asked.query("before")) or FIRST
    async with asked.connection() as conn:
        piece = await timelines.piece(
            conn, asked.holding.account.id, keyring=asked.house.keyring, full=manages, before=before, kinds=kinds
        )
    return Page("events.html", {"piece": piece})


ROUTES: tuple[Route, ...] = (Get("/me/messages", messages), Get("/my/{account}/history", events))
