"""What the database is asked for the pages of a customer's own account: everything on record in one statement."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from asyncpg import Connection

from core.basics.periods import Month, Period
from core.billing.conditions import stored
from core.billing.conditions.model import Condition, Kind
from core.billing.engine.facts import Facts
from core.billing.estimation import AVERAGED
from core.billing.model import ChargeFact, Claim, ClaimKind, Payment
from core.billing.profiles import profile
from core.billing.terms import PLAIN
from core.dossier.own.model import Life, ServiceVolume
from core.dossier.sql import listed
from core.metering.model import Point, ReadingFact, Source, WithdrawalFact

LIFE = """
select a.id, a.number, a.persons, a.currency, firm.profile, coalesce(s.fact_no, 0) as given,
       (select json_agg(json_build_array(no, meter_id, register, day, (value * 1000)::bigint, source,
                                         'late' = any(flags) and counted_from is null, counted_from)
                        order by no, meter_id, register)
          from readings where account_id = $1)::text as readings,
       (select json_agg(json_build_array(no, reading_no) order by no)
          from withdrawals where account_id = $1)::text as withdrawals,
       (select json_agg(json_build_array(no, month, kind, amount, due_on, issued_on, about) order by no)
          from claims where account_id = $1)::text as claims,
       (select json_agg(json_build_array(no, month, point_id, kind, (volume * 1000)::bigint, amount, known, tariffs,
                                         service) order by no, line)
          from charges where account_id = $1)::text as charges,
       (select json_agg(json_build_array(no, paid_on, amount, month) order by no)
          from payments where account_id = $1)::text as payments,
       (select json_agg(json_build_array(no, kind, subject, name, valid_from, valid_to, value, coalesce(withdraws, 0))
                        order by no)
          from conditions where account_id = $1)::text as conditions,
       (select json_agg(json_build_array(id, account_id, service, tariff) order by id)
          from points where account_id = $1)::text as points
  from accounts a
  left join account_states s on s.account_id = a.id
  left join company firm on true
 where a.id = $1
"""


async def life(conn: Connection, account_id: int) -> Life | None:
    """Everything on record of the account; None where there is none.

    :raises NoProfile: the company has a rule pack that there is not.
    """
    row = await conn.fetchrow(LIFE, account_id)
    if row is None:
        return None
    pack = None if row["profile"] is None else profile(row["profile"])
    charges = listed(row["charges"])
    facts = Facts(
        row["id"],
        given=row["given"],
        readings=tuple(_readings(listed(row["readings"]))),
        withdrawals=tuple(WithdrawalFact(*one) for one in listed(row["withdrawals"])),
        claims=tuple(_claims(listed(row["claims"]))),
        charges=tuple(_charges(charges)),
        payments=tuple(
            Payment(no, _day(paid), amount, _month(month)) for no, paid, amount, month in listed(row["payments"])
        ),
        conditions=tuple(_conditions(listed(row["conditions"]))),
        terms=PLAIN if pack is None else pack.debts,
        averaging=AVERAGED if pack is None else pack.estimation.averaging,
    )
    volumes = tuple(
        ServiceVolume(one[0], Month.of(_day(one[1])), one[8], one[4]) for one in charges if one[4] is not None
    )
    return Life(
        row["id"], row["number"], row["persons"], row["currency"], facts,
        tuple(Point(*one) for one in listed(row["points"])), volumes,
    )  # fmt: skip


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _month(text: str | None) -> Month | None:
    return None if text is None else Month.of(_day(text))


def _readings(rows: Iterable[Any]) -> Iterable[ReadingFact]:
    for no, meter, register, day, value, source, late, since in rows:
        yield ReadingFact(no, meter, register, _day(day), value, Source(source), late, _month(since))


def _claims(rows: Iterable[Any]) -> Iterable[Claim]:
    for no, month, kind, amount, due_on, issued_on, about in rows:
        yield Claim(no, Month.of(_day(month)), ClaimKind(kind), amount, _day(due_on), _day(issued_on), about)


def _charges(rows: Iterable[Any]) -> Iterable[ChargeFact]:
    for no, month, point, kind, volume, amount, known, tariffs, _ in rows:
        if point is not None and known is not None:
            month_of = Month.of(_day(month))
            yield ChargeFact(no, month_of, point, kind, volume, amount, _day(known), tuple(tariffs))


def _conditions(rows: Iterable[Any]) -> Iterable[Condition]:
    for no, kind, subject, name, start, end, value, withdraws in rows:
        days = Period(_day(start), None if end is None else _day(end))
        yield Condition(no, Kind(kind), subject, days, stored.decode(value), name, withdraws)
