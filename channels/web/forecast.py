"""What the running month comes to, as far as it can be foretold."""

from channels.web.model import Asked, Get, Page, Route
from core.cabinet import viewing
from core.commands import Subject, Wanted
from core.messages import About
from core.records import ForecastTold, ForecastTooEarly
from core.selfservice import looking


async def forecast(asked: Asked) -> Page:
    """The month at its end with the least and the most; why it cannot be told, where it cannot."""
    asked.need(Subject.FORECAST)
    wanted = Wanted(Subject.FORECAST, asked.holding.account.number)
    async with asked.connection() as conn:
        facts = await viewing.with_record(conn, await asked.facts(conn), wanted)
    reply = looking.look(wanted, facts).reply
    bare = reply.reply if isinstance(reply, About) else reply
    values = {
        "foretold": bare if isinstance(bare, ForecastTold) else None,
        "early": bare if isinstance(bare, ForecastTooEarly) else None,
        "sentence": asked.house.speech.say(bare, asked.language),
    }
    return Page("forecast.html", values)


ROUTES: tuple[Route, ...] = (Get("/my/{account}/forecast", forecast),)
