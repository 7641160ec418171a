"""Every operation of the API: the routes, the description and the documents are made of this list."""

from channels.web.api import looking, model, saying
from channels.web.api.calling import Operation, Query
from core.accounts.rights import Deed
from core.cabinet.tokens.model import TokenScope
from core.commands import Balance, Subject, SubmitReading, Why

_READ, _SUBMIT, _COMMAND = TokenScope.READ, TokenScope.SUBMIT, TokenScope.COMMAND
_MONTH = Query("since", r"^20[0-9]{2}-(0[1-9]|1[0-2])$", "The first of the two months, such as 2025-10.")
_SERVICE = Query("service", r"^[a-z_]{1,20}$", "Electricity where missing.")

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "listAccounts", "GET", "/accounts", "The accounts that the phone is linked to", _READ, looking.accounts,
        model.Accounts,
    ),
    Operation(
        "getBalance", "GET", "/accounts/{account}/balance", "What there is to pay, and of what it consists", _READ,
        looking.balance, model.Balance, Balance,
    ),
    Operation(
        "listReadings", "GET", "/accounts/{account}/readings", "The readings in force, the latest first", _READ,
        looking.readings, model.Readings, Subject.HISTORY,
    ),
    Operation(
        "sendReadings", "POST", "/accounts/{account}/readings", "Send readings, judged as those of a text are", _SUBMIT,
        saying.readings, model.Answer, SubmitReading, model.ReadingsGiven, keyed=True,
    ),
    Operation(
        "listBills", "GET", "/accounts/{account}/bills", "What was demanded, with what of it is open", _READ,
        looking.listed, model.Bills, Subject.BILL,
    ),
    Operation(
        "getBill", "GET", "/accounts/{account}/bills/{no}", "A bill as it was issued", _READ, looking.bill,
        model.BillPaper, Subject.BILL,
    ),
    Operation(
        "printBill", "GET", "/accounts/{account}/bills/{no}/pdf", "The bill on paper, the same bytes at every print",
        _READ, looking.pdf, "application/pdf", Subject.BILL,
    ),
    Operation(
        "listPayments", "GET", "/accounts/{account}/payments", "What was paid, the latest first", _READ,
        looking.payments, model.Payments, Subject.PAYMENTS,
    ),
    Operation(
        "getBook", "GET", "/accounts/{account}/book", "The subscriber's book, a row a month", _READ, looking.book,
        model.Book, Deed.SHOW_SUMS,
    ),
    Operation(
        "getUse", "GET", "/accounts/{account}/use", "The use by day of two months, with the forecast's bounds", _READ,
        looking.use, model.Use, Deed.SHOW_SUMS, query=(_MONTH, _SERVICE),
    ),
    Operation(
        "getProtocol", "GET", "/accounts/{account}/protocol", "Why a sum is what it is, every line of it", _READ,
        looking.explained, "object", Why,
    ),
    Operation(
        "sendMessage", "POST", "/messages", "Say any command as a text message would", _COMMAND, saying.message,
        model.Answer, None, model.MessageGiven, keyed=True,
    ),
)  # fmt: skip
