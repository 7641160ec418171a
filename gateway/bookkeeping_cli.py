"""The commands of the books, as they are typed."""

from pathlib import Path
from typing import Annotated

import typer

from gateway import bookkeeping, paying, reporting
from gateway.commands import Trouble
from gateway.running import run

payments = typer.Typer(
    help="Payments without an account, payments taken back, the balance with the bank.", no_args_is_help=True
)
report = typer.Typer(help="Reports of closed days.", no_args_is_help=True)
audit = typer.Typer(help="Prove the books.", no_args_is_help=True)


def close_day(
    through: Annotated[
        str | None, typer.Argument(help="The last day to close, such as 2025-11-21; yesterday where missing.")
    ] = None,
) -> None:
    """Close the books of the days that have ended: post corrections, seal what was booked."""
    run(lambda settings: bookkeeping.close_days(settings, bookkeeping.day(through) if through else None), bulk=True)


@audit.command()
def verify() -> None:
    """Compute the seals of all closed days again, and name the first row that does not hold."""
    run(bookkeeping.verify)


Agent = Annotated[str, typer.Argument(help='Who took the money, as in the file; "" for nobody.')]
Name = Annotated[str, typer.Argument(help="The payment's external_id.")]
Document = Annotated[str, typer.Option(help="The document that this rests on.")]
By = Annotated[str, typer.Option(help="Who decides.")]


@payments.command()
def suspense() -> None:
    """List the payments whose account nobody has found."""
    run(paying.suspense)


@payments.command()
def match(
    agent: Annotated[
        str | None, typer.Argument(help="Who took the money; without it all payments are looked at.")
    ] = None,
    external_id: Annotated[str | None, typer.Argument(help="The payment's external_id.")] = None,
    account: Annotated[str | None, typer.Argument(help="The account's number.")] = None,
    document: Document = "",
    by: By = "",
) -> None:
    """Find the accounts of payments in suspense, or give one payment its account."""
    if agent is None:
        run(paying.match_all)
    if agent is None or external_id is None or account is None:
        raise Trouble("name the agent, the payment and the account, or nothing to look at all payments")
    run(lambda settings: paying.match(settings, agent, external_id, account, document, by))


@payments.command()
def reverse(agent: Agent, external_id: Name, document: Document = "", by: By = "") -> None:
    """Take back a payment, as if it had never come."""
    run(lambda settings: paying.reverse(settings, agent, external_id, document, by))


@payments.command()
def balance(
    day: Annotated[str | None, typer.Argument(help="The day, such as 2025-11-20; yesterday where missing.")] = None,
) -> None:
    """Compare the payments of a day with the bank's statement."""
    run(lambda settings: paying.balance(settings, bookkeeping.day(day) if day else None))


From = Annotated[str, typer.Option("--from", help="The first day, such as 2025-11-01.")]
To = Annotated[str, typer.Option("--to", help="The last day, which must be closed.")]


@report.command()
def turnover(
    start: From,
    end: To,
    by: Annotated[str, typer.Option(help="account, house, manager or company.")] = "company",
    csv: Annotated[Path | None, typer.Option(help="Where to write it as CSV.")] = None,
) -> None:
    """Print the turnover of closed days: opening + charged + penalties - paid - written off = closing."""
    days = bookkeeping.day(start), bookkeeping.day(end)
    run(lambda settings: reporting.turnover(settings, *days, by, csv))


@report.command()
def ages(
    day: Annotated[str, typer.Option("--on", help="The day, which must be closed, such as 2025-11-20.")],
    by: Annotated[str, typer.Option(help="account, house, manager or company.")] = "company",
    csv: Annotated[Path | None, typer.Option(help="Where to write it as CSV.")] = None,
) -> None:
    """Print how old the debts of a closed day are, by the days since they were payable."""
    on = bookkeeping.day(day)
    run(lambda settings: reporting.ages(settings, on, by, csv))


@report.command()
def export(start: From, end: To, csv: Annotated[Path | None, typer.Option(help="Where to write it.")] = None) -> None:
    """Print all that was booked on closed days as CSV with control totals, for accounting."""
    days = bookkeeping.day(start), bookkeeping.day(end)
    run(lambda settings: reporting.export(settings, *days, csv))


def add_to(cli: typer.Typer) -> None:
    """Puts the commands of the books among the others."""
    cli.command("close-day")(close_day)
    cli.add_typer(audit, name="audit")
    cli.add_typer(payments, name="payments")
    cli.add_typer(report, name="report")
