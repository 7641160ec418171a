"""Customers, accounts and phones of a chunk: who is new, who is known, and what contradicts what is stored."""

from collections.abc import Mapping, Sequence
from datetime import date

from core.accounts.model import Role
from core.basics import phone as phones
from core.basics.sealing import Keyring, Sealer
from core.finding import keying
from core.finding.sql import Key
from core.importing.cells import DEFAULT_LANGUAGE
from core.importing.known import Known, KnownAccount, KnownCustomer, KnownLink
from core.importing.model import CustomerRow, PhoneCell, Problem
from core.importing.plan import Ids, Plan, Setting, Tally

Taken = tuple[CustomerRow, KnownAccount]


class People:
    """Plans the people of one chunk; `known` grows by what is planned."""

    def __init__(self, known: Known, plan: Plan, tally: Tally, *, keyring: Keyring, ids: Ids, setting: Setting) -> None:
        self._known = known
        self._plan = plan
        self._tally = tally
        self._keyring = keyring
        self._ids = ids
        self._setting = setting
        self._sealers: dict[bytes, Sealer] = {}
        self._owners: dict[bytes, dict[tuple[str, str], KnownCustomer]] = {}
        self._met: set[int] = set()

    def account(self, row: CustomerRow, opened_on: date, buildings: Mapping[str, int]) -> KnownAccount | None:
        """The account of a row, opened where it is new; None where the row contradicts it or does not suffice."""
        account = self._known.accounts.get(row.account)
        if account is None:
            return self._open(row, opened_on, buildings)
        problems = self._contradictions(row, account)
        if problems:
            self._tally.wrong("accounts", problems)
            return None
        self._note_owners(row, account)
        if not account.fresh and account.id not in self._met:
            self._met.add(account.id)
            self._tally.unchanged("accounts")
        return account

    def link(self, taken: Sequence[Taken]) -> None:
        """Ties the phones of the rows to their accounts; a new phone is kept by its first owner among them."""
        keepers: dict[bytes, KnownAccount] = {}
        for owners in (True, False):
            for row, account in taken:
                for cell in row.phones:
                    if (cell.role is Role.OWNER) is owners:
                        keepers.setdefault(self._hash(cell.number), account)
        for row, account in taken:
            for cell in row.phones:
                self._tie(row, account, cell, keepers[self._hash(cell.number)])

    def papers(self, taken: Sequence[Taken]) -> None:
        """Keeps the documents and bank accounts of the rows that are not on record; of several of a kind the last one
        that came holds."""
        for row, account in taken:
            assert account.sealed_key is not None
            sealer = self._sealer(account.sealed_key)
            if row.document is not None:
                kind, number = row.document.kind, row.document.number
                keys = set(keying.of_document(self._keyring, account.customer_id, kind, number))
                if self._is_new(row, "documents", keys):
                    sealed = sealer.seal(number.encode(), purpose=b"document")
                    self._plan.documents.append((account.customer_id, kind, sealed))
            if row.bank:
                keys = set(keying.of_bank(self._keyring, account.customer_id, account.id, row.bank))
                if self._is_new(row, "bank accounts", keys):
                    self._plan.banks.append((account.id, sealer.seal(row.bank.encode(), purpose=b"bank")))

    def _is_new(self, row: CustomerRow, noun: str, keys: set[Key]) -> bool:
        if keys <= self._known.keys:
            self._tally.unchanged(noun)
            return False
        self._known.keys |= keys
        self._plan.keys |= keys
        self._tally.new(row.line, noun)
        return True

    def _open(self, row: CustomerRow, opened_on: date, buildings: Mapping[str, int]) -> KnownAccount | None:
        if row.kind is None:
            expected = "household or organisation in the first row of a new account"
            self._tally.wrong("accounts", [Problem(row.line, "kind", "", "empty", expected)])
            return None
        customer = self._customer(row, row.kind)
        assert customer.sealed_key is not None
        account = KnownAccount(
            id=next(self._ids.accounts),
            customer_id=customer.id,
            kind=row.kind,
            sealed_key=customer.sealed_key,
            name_sealed=customer.name_sealed,
            address_sealed=self._sealed(customer.sealed_key, row.address, b"address"),
            building=row.building,
            timezone=row.timezone or self._setting.zone,
            persons=1 if row.persons is None else row.persons,
            fact_no=0,
            fresh=True,
        )
        self._known.accounts[row.account] = account
        self._plan.opened.append(account)
        self._plan.keys.update(keying.of_address(self._keyring, customer.id, account.id, row.address))
        self._plan.accounts.append(
            (
                account.id, account.customer_id, row.account, buildings.get(row.building), account.address_sealed,
                account.timezone, self._setting.currency, account.persons, opened_on,
            )
        )  # fmt: skip
        self._tally.new(row.line, "accounts")
        return account

    def _customer(self, row: CustomerRow, kind: str) -> KnownCustomer:
        """The customer of a new account: the one who owns another by the same first phone and name, or a new one."""
        owners = [self._hash(cell.number) for cell in row.phones if cell.role is Role.OWNER]
        name = row.name.casefold()
        customer = self._owned(owners[0]).get((kind, name)) if owners and name else None
        if customer is None:
            key = self._keyring.new_customer_key()
            customer = KnownCustomer(next(self._ids.customers), kind, key, self._sealed(key, row.name, b"name"))
            self._plan.customers.append((customer.id, kind, key, customer.name_sealed))
            self._plan.keys.update(keying.of_name(self._keyring, customer.id, row.name))
            self._tally.new(row.line, "customers")
        for owner in owners:
            self._owned(owner).setdefault((kind, name), customer)
        return customer

    def _note_owners(self, row: CustomerRow, account: KnownAccount) -> None:
        """A known account's new owners count for the accounts behind it, as they will in the next chunk."""
        for cell in row.phones:
            digest = self._hash(cell.number)
            if cell.role is Role.OWNER and digest not in account.links and account.sealed_key is not None:
                name = self._opened(account.sealed_key, account.name_sealed, b"name").casefold()
                customer = KnownCustomer(account.customer_id, account.kind, account.sealed_key, account.name_sealed)
                self._owned(digest).setdefault((account.kind, name), customer)

    def _owned(self, phone: bytes) -> dict[tuple[str, str], KnownCustomer]:
        """The customers who own an account by this phone, by kind and name."""
        found = self._owners.get(phone)
        if found is None:
            found = self._owners[phone] = {
                (known.kind, self._opened(known.sealed_key, known.name_sealed, b"name").casefold()): known
                for known in self._known.owners.get(phone, ())
                if known.sealed_key is not None
            }
        return found

    def _contradictions(self, row: CustomerRow, account: KnownAccount) -> list[Problem]:
        if account.sealed_key is None:
            reason = "the customer's data were erased"
            return [Problem(row.line, "account", row.account, reason, "an account whose customer is not erased")]
        found: list[tuple[str, str, str]] = []
        if row.kind is not None and row.kind != account.kind:
            found.append(("kind", row.kind, account.kind))
        if row.building and row.building != account.building:
            found.append(("building", row.building, account.building))
        if row.timezone and row.timezone != account.timezone:
            found.append(("timezone", row.timezone, account.timezone))
        if row.persons is not None and row.persons != account.persons:
            found.append(("persons", str(row.persons), str(account.persons)))
        if row.name and not _same(row.name, self._opened(account.sealed_key, account.name_sealed, b"name")):
            found.append(("name", "", ""))
        if row.address and not _same(row.address, self._opened(account.sealed_key, account.address_sealed, b"address")):
            found.append(("address", "", ""))
        return [
            Problem(row.line, column, value, "not what is known of the account", stored or "what is known, or empty")
            for column, value, stored in found
        ]

    def _tie(self, row: CustomerRow, account: KnownAccount, cell: PhoneCell, keeper: KnownAccount) -> None:
        digest = self._hash(cell.number)
        link = account.links.get(digest)
        if link is None:
            self._keep(row, cell, keeper)
            account.links[digest] = KnownLink(cell.role, row.contract)
            self._plan.links.append((digest, account.id, cell.role, row.contract))
            self._tally.new(row.line, "phones")
            return
        problem = _against(row, cell, link)
        if problem is not None:
            self._tally.wrong("phones", [problem])
        elif row.contract is not None and link.contract_on is None:
            link.contract_on = row.contract
            self._plan.contracts.append((account.id, digest, row.contract))
            self._tally.new(row.line, "contracts")
        else:
            self._tally.unchanged("phones")

    def _keep(self, row: CustomerRow, cell: PhoneCell, keeper: KnownAccount) -> None:
        digest = self._hash(cell.number)
        if digest in self._known.phones:
            return
        self._known.phones.add(digest)
        assert keeper.sealed_key is not None
        sealed = self._sealer(keeper.sealed_key).seal(cell.number.encode(), purpose=b"phone")
        self._plan.phones.append((digest, keeper.customer_id, sealed, row.language or DEFAULT_LANGUAGE))

    def _hash(self, number: str) -> bytes:
        return self._known.hashes[number]

    def _sealer(self, key: bytes) -> Sealer:
        found = self._sealers.get(key)
        if found is None:
            found = self._sealers[key] = self._keyring.customer(key)
        return found

    def _sealed(self, key: bytes, text: str, purpose: bytes) -> bytes | None:
        return self._sealer(key).seal(text.encode(), purpose=purpose) if text else None

    def _opened(self, key: bytes, sealed: bytes | None, purpose: bytes) -> str:
        return "" if sealed is None else self._sealer(key).open(sealed, purpose=purpose).decode()


def _same(one: str, other: str) -> bool:
    return one == other or one.casefold() == other.casefold()


def _against(row: CustomerRow, cell: PhoneCell, link: KnownLink) -> Problem | None:
    shown = phones.mask(cell.number)
    if link.ended:
        reason = "the phone was linked to the account and is no longer"
        return Problem(row.line, "phones", shown, reason, "a link that was ended is made again by the staff only")
    if cell.stated and cell.role is not link.role:
        return Problem(row.line, "roles", cell.role, f"the phone {shown} has another role", link.role)
    if row.contract is not None and link.contract_on not in (None, row.contract):
        reason = f"the phone {shown} has a contract of another date"
        return Problem(row.line, "contract", str(row.contract), reason, str(link.contract_on))
    return None
