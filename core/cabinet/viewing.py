"""What a person may look at: the facts of his accounts as a message of his would find them, read without a lock."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from asyncpg import Connection
from cryptography.exceptions import InvalidTag

from core.accounts.rights import Proof
from core.answer import recalling
from core.answer import sql as answering
from core.basics.sealing import Keyring
from core.billing import sql as billing
from core.billing.engine import believing
from core.billing.model import Tariffs
from core.cabinet import sql
from core.cabinet.model import Person, Told
from core.commands import Command
from core.selfservice import looking
from core.selfservice.model import AccountFacts, Company, Facts

PROVIDER = "web"
"""By this and its key a form is known in the inbox."""


SERVICES_HOLD = timedelta(minutes=10)


class Viewer:
    """Reads facts; keeps the tariffs as last read, good while no version has been added."""

    def __init__(self, company: Company, languages: tuple[str, ...]) -> None:
        self.company = company
        self._languages = languages
        self._newest = -1
        self._tariffs: Tariffs = {}
        self._services: Mapping[str, str] = {}
        self._services_at: datetime | None = None

    async def facts(self, conn: Connection, person: Person, *, language: str, at: datetime) -> Facts:
        """All that is known of the person's accounts, and the question that is open to him: one statement, and one more
        where there is a new tariff."""
        asked = [(one.account.id, person.sender.hash, at) for one in person.holdings]
        known = await answering.known(conn, asked) if asked else {}
        tariffs = await self.tariffs(conn, person.tariff)
        accounts = []
        question = None
        for one in person.holdings:
            found = known[one.account.id]
            meters = believing.as_told(found.meters, found.state.conditions)
            today = at.astimezone(one.account.zone).date()
            accounts.append(AccountFacts(one.account, one.link, meters, found.state, today))
            question = found.question
        return Facts(
            at, person.sender, language, tuple(accounts), tariffs, self.company, question, proof=Proof.SESSION,
            languages=self._languages,
        )  # fmt: skip

    async def tariffs(self, conn: Connection, newest: int) -> Tariffs:
        """All tariffs, of which the newest has this id."""
        if newest != self._newest:
            self._newest, self._tariffs = newest, await billing.tariffs(conn)
        return self._tariffs

    async def services(self, conn: Connection, *, wall: datetime) -> Mapping[str, str]:
        """The service that each plan is for, as the supply points have it; read anew every ten minutes, for it looks at
        all of them."""
        if self._services_at is None or wall - self._services_at >= SERVICES_HOLD:
            self._services, self._services_at = await sql.services(conn), wall
        return self._services


async def told(
    conn: Connection, person: Person, reference: str, *, keyring: Keyring, provider: str = PROVIDER
) -> Told | None:
    """What was answered to a form of the person, or to what else he said through that provider; None where there is
    none, or it cannot be opened any more."""
    row = await sql.told(conn, provider, reference, person.sender.hash)
    if row is None or row["body"] is None:
        return None
    sealer = keyring.installation if row["data_key"] is None else keyring.customer(row["data_key"])
    try:
        return Told(row["kind"], sealer.open(row["body"], purpose=b"outbox").decode())
    except InvalidTag:
        return None


async def with_record(conn: Connection, facts: Facts, command: Command) -> Facts:
    """The facts with what the command looks at, such as payments: one statement, none where it needs nothing."""
    need = looking.needs(command, facts)
    if need is None:
        return facts
    return replace(facts, record=(await recalling.read_records(conn, {0: need}))[0])


async def newest_tariff(conn: Connection) -> int:
    """The id of the newest tariff, 0 where there is none."""
    return await sql.newest_tariff(conn)
