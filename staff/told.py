"""The form by which an operator enters a reading, and what comes of it."""

from core.store.pool import Connection
from staff import accounts, telephoning
from staff.model import Asked, Done, Form, Post, Route


async def tell(asked: Asked, conn: Connection, form: Form) -> Done:
    """Takes the reading, and shows the account with what is to be answered. The look stays noted where the reading was
    not taken, too."""
    answer = await telephoning.heard(asked, conn, form)
    page = await accounts.page(asked, conn, asked.number, answer=answer)
    return Done(page, f"/accounts/{asked.number}")


ROUTES: tuple[Route, ...] = (Post("/accounts/{id}/readings", telephoning.TELLERS, tell),)
