"""What is drawn under a history in a chat: the use between the last readings."""

from itertools import pairwise

from core.basics.money import MILLI
from core.billing.engine import deriving, timely
from core.messages import About
from core.metering.model import Meter
from core.records import HistoryTold
from core.selfservice.model import AccountFacts, Decision, Facts

MOST, LEAST = 12, 3
"""So many bars at most, and no picture of fewer."""


def bars(decision: Decision, facts: Facts) -> list[tuple[str, float]]:
    """(day, use since the reading before) of the first working meter of the account whose history is told, oldest
    first; nothing where there is too little to draw, or the count went round."""
    reply = decision.reply.reply if isinstance(decision.reply, About) else decision.reply
    account = next((one for one in facts.accounts if one.account.id == decision.account_id), None)
    if not isinstance(reply, HistoryTold) or account is None or not account.working:
        return []
    found = _uses(account.working[0], account, facts)[-MOST:]
    return found if len(found) >= LEAST and all(value >= 0 for _, value in found) else []


def _uses(meter: Meter, account: AccountFacts, facts: Facts) -> list[tuple[str, float]]:
    told = deriving.Facts(account.account.id, readings=facts.record.readings)
    read = timely.in_force(told, account.meters)
    registers = [{one.day: one.value for one in read.get((meter.id, no), ())} for no in range(1, len(meter.zones) + 1)]
    days = sorted(set.intersection(*map(set, registers)))
    uses = []
    for before, day in pairwise(days):
        used = sum(register[day] - register[before] for register in registers) * meter.multiplier
        uses.append((f"{day:%d.%m}", round(used / MILLI / MILLI, 1)))
    return uses
