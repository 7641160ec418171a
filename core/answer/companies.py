"""What decisions rest on of the company: what it says of itself, and what its rule pack says of bills and debts."""

from functools import partial

from asyncpg import Connection

from core.accounts import sql as accounts
from core.accounts.model import CompanyProfile
from core.billing import profiles
from core.selfservice.model import Company


async def of_installation(conn: Connection, *, zone: str, pack: str) -> Company:
    """The company as it is set, by the rule pack and in the zone given where none is.

    :raises profiles.NoProfile: there is no such pack.
    """
    profile = await accounts.company(conn)
    return of(CompanyProfile("", "", zone, "RUB", pack) if profile is None else profile)


def of(profile: CompanyProfile) -> Company:
    """The company of the profile.

    :raises profiles.NoProfile: there is no such pack.
    """
    terms = profiles.profile(profile.pack)
    return Company(
        phone=profile.phone,
        due=partial(profiles.due_on, profile.pack),
        window=profile.window,
        pay=profile.pay,
        late=terms.debts.late,
        rules=terms.estimation,
        next_period=terms.habits.next_period,
        telegram=terms.habits.telegram,
    )
