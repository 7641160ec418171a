"""A customer's own names for his accounts."""

import unicodedata

from core.commands import NotUnderstood, Subject, Wanted
from core.grammar import scene, understanding
from core.grammar.folding import fold
from core.grammar.world import World
from core.records import AccountNamed, AccountsTold, NameFault, NameHow, NameRefused, OwnAccount
from core.selfservice.choosing import allowed, ask_account
from core.selfservice.model import AccountFacts, Decision, Facts

LONGEST = 12
"""Characters of a name."""

_JOINERS = frozenset("\u200c\u200d")
"""Cannot be seen and belong to the spelling of some scripts, and to emoji."""


def accounts(command: Wanted, facts: Facts) -> Decision:
    """The phone's accounts, numbered as NAME takes them."""
    mine = allowed(facts, Subject.ACCOUNTS)
    return Decision(
        AccountsTold(tuple(OwnAccount(one.account.tail, one.link.name, one.link.role.value) for one in mine))
    )


def name(command: Wanted, facts: Facts) -> Decision:
    """Names an account for this phone: «2 ДАЧА» the second of its list, «4321 ДАЧА» the one with that tail, «ДАЧА» the
    only one; of several it is asked."""
    mine = allowed(facts, Subject.NAME)
    said = " ".join((command.argument or "").split())
    first, _, rest = said.partition(" ")
    if command.account is not None:
        found = next((one for one in mine if one.account.number == command.account), None)
        wanted = said
    elif first.strip(".").isdecimal():
        found, wanted = _meant(first.strip("."), mine), rest
    elif len(mine) > 1 and said:
        fault = _fault(said, None, facts)
        if fault is not None:
            return Decision(NameRefused(fault, 1))
        return ask_account(facts, mine, Subject.NAME, None, argument=said)
    else:
        found, wanted = (mine[0] if mine else None), said
    if found is None or not wanted:
        return Decision(_how(mine))
    fault = _fault(wanted, found, facts)
    if fault is not None:
        return Decision(NameRefused(fault, mine.index(found) + 1), found.account.id)
    kept = unicodedata.normalize("NFC", wanted)
    return Decision(AccountNamed(found.account.tail, kept), found.account.id, name=kept)


def _how(mine: tuple[AccountFacts, ...]) -> NameHow:
    nameless = [number for number, one in enumerate(mine, 1) if one.link.name is None]
    return NameHow(tuple(one.called for one in mine), nameless[0] if nameless else len(mine))


def _meant(number: str, mine: tuple[AccountFacts, ...]) -> AccountFacts | None:
    """The account of the list with that place, or the only one with that tail or number."""
    if len(number) < 3 and 1 <= int(number) <= len(mine):
        return mine[int(number) - 1]
    ending = [one for one in mine if len(number) >= 4 and one.account.number.endswith(number)]
    return ending[0] if len(ending) == 1 else None


def _fault(wanted: str, found: AccountFacts | None, facts: Facts) -> NameFault | None:
    """What speaks against a name: it must be seen, told from numbers, commands and the names of other accounts."""
    composed = unicodedata.normalize("NFC", wanted)
    if any(unicodedata.category(one)[0] == "C" and one not in _JOINERS for one in composed):
        return NameFault.UNFIT
    if not any(one.isalpha() for one in composed):
        return NameFault.UNFIT
    if len(composed) > LONGEST:
        return NameFault.TOO_LONG
    if _is_command(composed, facts):
        return NameFault.UNFIT
    others = (one.link.name for one in facts.accounts if one is not found)
    if any(other is not None and other.casefold() == composed.casefold() for other in others):
        return NameFault.TAKEN
    return None


def _is_command(name: str, facts: Facts) -> bool:
    """Whether the name alone would be a command; one that is only like a command's word is none."""
    understood = understanding.understand(name, World(today=facts.today))
    return not isinstance(understood, NotUnderstood) and not scene.read(fold(name)).slip
