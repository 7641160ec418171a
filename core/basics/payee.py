"""Whom a bill is paid to, checked by the digits that banks and the tax service made to be checked, and the text of the
code by which a banking application pays it (GOST R 56042-2014)."""

import re

from core.basics.facts import dataclass

NAME, BANK, PURPOSE = 160, 45, 210
"""Characters that the standard gives the payee's name, the name of his bank and what is paid for."""

_INN = re.compile(r"[0-9]{10}|[0-9]{12}", re.ASCII)
_KPP = re.compile(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}", re.ASCII)
_BIC = re.compile(r"0[0-9]{8}", re.ASCII)
_ACCOUNT = re.compile(r"[0-9]{20}", re.ASCII)
_WEIGHTS = (7, 1, 3)
_INN_WEIGHTS = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)


class BadPayee(ValueError):
    """Something that is said of the payee cannot be; `field` is name, inn, kpp, account, bank, bic or correspondent."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Payee:
    """Who is paid: `inn` of 10 digits with a `kpp`, or of 12 without one; `account` is his at the bank with that `bic`,
    which itself has the account `correspondent`."""

    name: str
    inn: str
    kpp: str
    account: str
    bank: str
    bic: str
    correspondent: str


def checked(said: Payee) -> Payee:
    """The payee with the spaces around and in its numbers taken out.

    :raises BadPayee: a field cannot be so.
    """
    numbers = {name: "".join(getattr(said, name).split()) for name in ("inn", "kpp", "account", "bic", "correspondent")}
    name, bank = " ".join(said.name.split()), " ".join(said.bank.split())
    for field, text, most in (("name", name, NAME), ("bank", bank, BANK)):
        if not text or len(text) > most or not text.isprintable() or "|" in text:
            raise BadPayee(field, f"not one line of {most} characters at most, without |: {text!r}")
    told = Payee(name=name, bank=bank, **numbers)
    if not _INN.fullmatch(told.inn) or not _inn_holds(told.inn):
        raise BadPayee("inn", f"not an INN, its check digits do not hold: {told.inn!r}")
    if not (_KPP.fullmatch(told.kpp) if len(told.inn) == 10 else told.kpp == ""):
        raise BadPayee("kpp", f"not a KPP such as 770701001; none goes with an INN of 12 digits: {told.kpp!r}")
    if not _BIC.fullmatch(told.bic):
        raise BadPayee("bic", f"not a BIC of 9 digits such as 044525225: {told.bic!r}")
    if not _ACCOUNT.fullmatch(told.correspondent) or not _key_holds("0" + told.bic[4:6] + told.correspondent):
        raise BadPayee("correspondent", f"not the correspondent account of the bank {told.bic}: {told.correspondent!r}")
    if told.correspondent[-3:] != told.bic[-3:]:
        raise BadPayee("correspondent", f"it ends otherwise than the BIC {told.bic}: {told.correspondent!r}")
    if not _ACCOUNT.fullmatch(told.account) or not _key_holds(told.bic[-3:] + told.account):
        raise BadPayee("account", f"not an account at the bank {told.bic}: {told.account!r}")
    return told


def _key_holds(digits: str) -> bool:
    """Whether the check digit of an account holds, behind the three digits that stand for its bank."""
    return sum(int(digit) * _WEIGHTS[place % 3] for place, digit in enumerate(digits)) % 10 == 0


def _inn_holds(inn: str) -> bool:
    """Whether the last digit of an INN holds, and of a person's also the one before."""
    return all(
        sum(int(one) * weight for one, weight in zip(inn, _INN_WEIGHTS[-place:], strict=False)) % 11 % 10
        == int(inn[place])
        for place in ((9,) if len(inn) == 10 else (10, 11))
    )


def payload(payee: Payee, *, amount: int, account: str, purpose: str) -> str:
    """What a banking application reads from the code: pay so many kopecks to the payee for the account; UTF-8.

    :raises ValueError: the sum is not above zero.
    """
    if amount <= 0:
        raise ValueError(f"nothing to pay: {amount}")
    fields = {
        "Name": payee.name,
        "PersonalAcc": payee.account,
        "BankName": payee.bank,
        "BIC": payee.bic,
        "CorrespAcc": payee.correspondent,
        "PayeeINN": payee.inn,
        "KPP": payee.kpp,
        "Sum": str(amount),
        "PersAcc": account,
        "Purpose": purpose[:PURPOSE],
    }
    return "|".join(["ST00012", *(f"{name}={text.replace('|', '/')}" for name, text in fields.items() if text)])
