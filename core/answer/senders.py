"""Who speaks in a batch: whose accounts part the messages, which links still hold, the language of strangers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.accounts.model import Sender
from core.answer.sql import Known


def disjoint(senders: Sequence[Sender]) -> tuple[list[int], tuple[int, ...]]:
    """The positions whose accounts no earlier position holds, and the rest (ruling 12)."""
    held: set[int] = set()
    chosen, waiting = [], []
    for no, sender in enumerate(senders):
        ids = sender.account_ids
        if held.isdisjoint(ids):
            held.update(ids)
            chosen.append(no)
        else:
            waiting.append(no)
    return chosen, tuple(waiting)


def still_linked(sender: Sender, known: Mapping[int, Known]) -> Sender:
    """The sender with the links that still hold once their accounts are locked: one may have ended, or another role
    begun, since it was read who he is."""
    links = tuple([link for one in sender.account_ids if (link := known[one].link)])
    return sender if links == sender.links else replace(sender, links=links)


def tongue(said: str) -> str:
    """The language to answer an unknown phone in: English to who wrote Latin letters only, else the country's own."""
    letters = [letter for letter in said.lower() if letter.isalpha()]
    return "en" if letters and all(letter.isascii() for letter in letters) else "ru"
