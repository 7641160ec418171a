"""A customer is erased: asked for by one person, done by another, never while something stands in the way (R42). The
caller owns the transaction."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from asyncpg import Connection

from core.accounts import sql as accounts
from core.accounts.model import CompanyProfile
from core.basics.sealing import Keyring
from core.billing import profiles
from core.billing import sql as billing
from core.billing.debts import customers
from core.billing.terms import Pack
from core.erasing import acts, sql
from core.erasing.model import LONGEST, Case, Erasure, Held, Obstacle, Refused, Standing, State, Warned


async def case(conn: Connection, number: str, *, at: datetime) -> Case:
    """Who holds the account today, and what stands in the way of erasing him.

    :raises Refused: there is no such account, no company, or he was erased.
    """
    found = await sql.find(conn, number.strip().upper())
    if found is None:
        raise Refused("no_account", f"no account {number.strip()!r}: check the number on the bill")
    company, pack = await _company(conn)
    account_id, number, base = found
    today = at.astimezone(ZoneInfo(company.timezone)).date()
    states = await billing.read_states(conn, [account_id])
    customer_id = customers.holder_of(states[account_id], base, today)
    if await sql.lock_customer(conn, customer_id) is None:
        raise Refused("gone", f"the customer of account {number} was erased before")
    return await _case(conn, customer_id, account_id, number, pack, today)


async def ask(conn: Connection, number: str, *, request: str, supply: str, by: str, at: datetime) -> Erasure:
    """Asks for the customer who holds the account to be erased; nothing is destroyed until another person does it.
    `request` and `supply` are the numbers of papers: the customer's request, and what ended his supply, "" for none.

    :raises Refused: as for `case`, something stands in the way, it was asked for before, or a number is none.
    """
    request, supply = request.strip(), supply.strip()
    if not (0 < len(request) <= LONGEST and len(supply) <= LONGEST and (request + supply).isprintable()):
        raise Refused("papers", f"name the request by its number, such as 1042 or ВХ-77/25: {LONGEST} signs at most")
    of = await case(conn, number, at=at)
    _check(of, supply)
    id = await sql.ask(conn, of.customer_id, of.account_id, request=request, supply=supply, by=by, at=at)
    if id is None:
        raise Refused("asked", f"to erase the customer of account {of.numbers[0]} is asked for already")
    return await one(conn, id)


async def one(conn: Connection, id: int) -> Erasure:
    """
    :raises Refused: there is none of that number.
    """
    found = await sql.one(conn, id)
    if found is None:
        raise Refused("unknown", f"no erasure {id}")
    return found


async def listed(conn: Connection, *, before: int = 2**62, most: int = 50) -> list[Erasure]:
    """Erasures with smaller ids, the latest first."""
    return await sql.listed(conn, before=before, most=most)


async def turn_down(conn: Connection, id: int, *, by: str, at: datetime) -> Erasure:
    """It is not done; it may be asked for again. What was turned down before stays so.

    :raises Refused: there is none of that number, or it was done.
    """
    found = await one(conn, id)
    if found.state is State.DONE:
        raise Refused("done", f"erasure {id} was done")
    await sql.end(conn, id, by=by, done=False, at=at, act={})
    return await one(conn, id)


async def erase(conn: Connection, id: int, *, by: str, at: datetime, keyring: Keyring) -> Erasure:
    """Destroys the customer's key, and with it his phones, name and words in every row; ends what speaks for him;
    writes the act. The ledger stays. What was done before stays done.

    :raises Refused: there is none of that number, it was turned down, who asked for it wants to do it himself, or
        something stands in the way now.
    """
    found = await one(conn, id)
    if found.state is State.DONE:
        return found
    if found.state is State.TURNED_DOWN:
        raise Refused("turned_down", f"erasure {id} was turned down")
    if found.asked_by == by:
        raise Refused("same", f"erasure {id} was asked for by {by}: another person does it")
    company, pack = await _company(conn)
    of = await _locked(conn, found, at=at)
    phones, moved = await _rekeyed(conn, of, keyring)
    ids = [id for id, _ in of.accounts]
    held = Held(await sql.held(conn, of.customer_id, ids, phones), await sql.stays(conn, ids))
    await sql.close(conn, of.customer_id, ids, phones, at=at)
    await sql.destroy(conn, of.customer_id)
    text = acts.written(_values(found, of, held, company, pack, by=by, at=at, moved=moved))
    act = {"text": text, "gone": dict(held.gone), "stays": dict(held.stays), "elsewhere": moved}
    if not await sql.end(conn, id, by=by, done=True, at=at, act=act):
        raise Refused("ended", f"erasure {id} has ended meanwhile")
    return await one(conn, id)


async def _locked(conn: Connection, found: Erasure, *, at: datetime) -> Case:
    """The case as it stands, with its accounts locked: no message of theirs is answered until it is done."""
    before = await case(conn, found.account, at=at)
    opened = await sql.opened_for(conn, found.customer_id)
    await accounts.lock(conn, sorted({*opened, *(id for id, _ in before.accounts)}))
    of = await case(conn, found.account, at=at)
    if of.customer_id != found.customer_id:
        raise Refused("another", f"account {found.account} is another customer's now")
    _check(of, found.supply)
    return of


async def _rekeyed(conn: Connection, of: Case, keyring: Keyring) -> tuple[list[bytes], int]:
    """The phones that go, once those that speak for others too are in the others' keeping; how many these are."""
    phones = await sql.his_phones(conn, of.customer_id)
    key = await sql.lock_customer(conn, of.customer_id)
    assert key is not None, "it was looked at under its lock"
    others = await sql.kept_for_others(conn, of.customer_id, [id for id, _ in of.accounts])
    his = keyring.customer(key)
    moved = [
        (digest, customer_id, keyring.customer(theirs).seal(his.open(sealed, purpose=b"phone"), purpose=b"phone"))
        for digest, sealed, customer_id, theirs in others
    ]
    if moved:
        await sql.keep_elsewhere(conn, moved)
    kept = {digest for digest, _, _ in moved}
    return [digest for digest in phones if digest not in kept], len(moved)


async def _company(conn: Connection) -> tuple[CompanyProfile, Pack]:
    company = await accounts.company(conn)
    if company is None:
        raise Refused("no_company", "nothing is set of the company yet: see meterline company")
    return company, profiles.profile(company.pack)


async def _case(conn: Connection, customer_id: int, account_id: int, number: str, pack: Pack, today: date) -> Case:
    debt = await customers.debt_of(conn, number, today=today)
    assert debt is not None, "the account was found"
    rows = [await sql.find(conn, one.number) for one in debt.accounts]
    held = tuple((row[0], row[1]) for row in rows if row is not None)
    ids = [id for id, _ in held]
    standing = [*_owed(debt), *(Standing(Obstacle.CONTRACT, one) for one in await sql.contracts(conn, ids))]
    standing += _kept(await sql.warnings(conn, ids), pack, today)
    standing += [Standing(Obstacle.VISIT, day.isoformat()) for day in await sql.visits(conn, ids)]
    standing += [Standing(Obstacle.SUPPLY, one) for one in await sql.supplied(conn, ids, today=today)]
    opened = await sql.opened_for(conn, customer_id)
    standing += [Standing(Obstacle.ANOTHER, number) for id, number in opened.items() if id not in ids]
    return Case(customer_id, account_id, held, tuple(standing))


def _owed(debt: customers.CustomerDebt) -> Iterable[Standing]:
    for one in debt.accounts:
        if one.standing is None:
            yield Standing(Obstacle.UNTOLD, one.number)
        elif one.standing.to_pay > 0:
            yield Standing(Obstacle.DEBT, one.number, one.standing.to_pay)
        elif one.standing.credit > 0:
            yield Standing(Obstacle.CREDIT, one.number, one.standing.credit)


def _kept(warned: Iterable[Warned], pack: Pack, today: date) -> Iterable[Standing]:
    """A warning is kept while it is open, and until the limitation of what it warned of has run."""
    for one in warned:
        if one.ended_on is None:
            yield Standing(Obstacle.WARNING, one.account)
        elif (until := one.ended_on + timedelta(366 * pack.limitation)) >= today:
            yield Standing(Obstacle.WARNING, f"{one.account} {until.isoformat()}")


def _check(of: Case, supply: str) -> None:
    if standing := of.hinders(supply=supply):
        told = "; ".join(f"{one.obstacle}: {one.about}" for one in standing)
        raise Refused("stands", f"not while this stands: {told}", standing)


def _values(
    found: Erasure, of: Case, held: Held, company: CompanyProfile, pack: Pack, *, by: str, at: datetime, moved: int
) -> dict[str, str]:
    zone = ZoneInfo(company.timezone)
    ledger = pack.keeping.of("ledger")
    told = {name: str(count) for name, count in {**held.gone, **held.stays}.items()}
    return told | {
        "number": str(found.id),
        "company": company.name,
        "company_phone": company.phone,
        "customer": str(of.customer_id),
        "accounts": ", ".join(of.numbers),
        "request": found.request,
        "supply": found.supply or "–",
        "asked_by": found.asked_by,
        "asked_at": f"{found.asked_at.astimezone(zone):%d.%m.%Y %H:%M}",
        "by": by,
        "at": f"{at.astimezone(zone):%d.%m.%Y %H:%M}",
        "ledger_days": str(ledger.days),
        "ledger_law": ledger.source,
        "elsewhere": str(moved),
    }
