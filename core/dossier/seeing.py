"""What an employee may see of a phone and a paper who may not see all of it (R39)."""

from core.basics import phone as phones

_LAST = 4


def phone(number: str, *, full: bool) -> str:
    return number if full else phones.veiled(number)


def paper(number: str, *, full: bool) -> str:
    """The number of a document or a bank account, else its last signs."""
    return number if full else "•" * max(len(number) - _LAST, 0) + number[-_LAST:]
