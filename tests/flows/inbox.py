"""What flows about the inbox of the staff share: its desk, its employees, and a look at what came."""

import os
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from asyncpg import Connection

from core.billing import profiles
from core.employees import actions as employees
from core.employees.model import Role
from core.store.pool import acquire
from core.tasking import TaskKind
from core.tasks import sql
from core.tasks.actions import Desk
from core.tasks.gathering import actions as gathering
from core.tasks.gathering.actions import Company
from core.tasks.model import Actor, Filter, Task
from gateway import parts
from tests import make
from tests.flows.conftest import NOON, Street

DESK = Desk(make.keyring(), parts.words(), os.urandom)
COMPANY = Company(ZoneInfo("Europe/Moscow"), profiles.profile("RU-household").calendar)
PETROVA = Actor("petrova", frozenset({Role.CLERK}))
IVANOV = Actor("ivanov", frozenset({Role.CONTROLLER, Role.CLERK}))
BILLER = Actor("sidorova", frozenset({Role.BILLER}))
CHIEF = Actor("chief", frozenset({Role.ADMIN}))


async def staff(conn: Connection, *, phones: Mapping[str, str] = MappingProxyType({})) -> None:
    """The employees, with the phones of some by their logins."""
    for one in (PETROVA, IVANOV, BILLER, CHIEF):
        await employees.add(
            conn,
            one.login,
            one.login.title(),
            one.roles,
            phone=phones.get(one.login),
            by="test",
            at=NOON,
            keyring=make.keyring(),
        )


async def gather(town: Street) -> list[Task]:
    """What waits once everything was looked at, by what is due first."""
    at = town.clock.now()
    async with acquire(town.pool) as conn:
        await gathering.gather(conn, COMPANY, at=at)
        await gathering.settle(conn, at=at)
        return await sql.listed(conn, Filter(), at=at)


async def only(town: Street, kind: TaskKind) -> Task:
    """The one task of a kind that waits."""
    (found,) = [one for one in await gather(town) if one.kind is kind]
    return found


def at(town: Street) -> datetime:
    return town.clock.now()
