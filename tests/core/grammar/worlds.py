"""Worlds in which the tests of the grammar read their texts."""

from datetime import date

from core.grammar.world import Asked, KnownAccount, KnownMeter, KnownRegister, OpenQuestion, World

TODAY = date(2025, 11, 24)
OWN = "100200300"


def meter(*zones: str, serial: str = "", service: str = "electricity", fraction: int = 0, last: int = 0) -> KnownMeter:
    """A meter of five digits with a register for each zone; without zones with one register."""
    registers = tuple(KnownRegister(f"t{no}", zone, last) for no, zone in enumerate(zones, 1))
    return KnownMeter(serial, service, 5, fraction, registers or (KnownRegister("total", None, last),))


def world(
    *meters: KnownMeter, question: OpenQuestion | None = None, reminded: bool = False, accounts: int = 1
) -> World:
    """A sender with so many accounts, each with these meters."""
    known = tuple(KnownAccount(str(int(OWN) + no), None, meters) for no in range(accounts))
    return World(TODAY, accounts=known, question=question, reminded=reminded)


SINGLE = world(meter(last=12_000_000))
DAY_NIGHT = world(meter("day", "night"))
THREE = world(meter("peak", "halfpeak", "night"))
WATER = world(meter(), meter(service="cold_water", fraction=3), meter(service="hot_water", fraction=3))
TWO_METERS = world(meter(serial="12345678"), meter(serial="87654321"))
STRANGER = world(accounts=0)
CONFIRMING = world(meter(last=12_000_000), question=OpenQuestion(Asked.CONFIRM, "12345"))
CHOOSING = world(meter(), question=OpenQuestion(Asked.ACCOUNT, choices=3), accounts=3)
REMINDED = world(meter(), reminded=True)
