"""The command `meterline`."""

import asyncio
import json
import sys
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from core.basics.payee import Payee
from core.basics.periods import Month
from core.doors.model import Door
from core.wording import understood
from gateway import (
    attending,
    backups_cli,
    bookkeeping_cli,
    commands,
    contracting,
    debts,
    doctoring,
    doors,
    doors_cli,
    employing,
    erasing,
    explaining,
    finding,
    foretelling,
    holding,
    inventory,
    jobs_cli,
    looking,
    notifying,
    offices,
    parsing,
    rulebook,
    tasking,
    verifying,
)
from gateway.commands import Trouble
from gateway.running import run
from gateway.settings import SettingsError, load_store_settings

cli = typer.Typer(
    name="meterline",
    help="A self-service gateway for an energy supplier: a texted reading gets the debt.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
errors = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

Hold = Annotated[
    bool, typer.Option("--hold", help="Send nothing until `meterline release`: after a backup was restored.")
]


def main() -> None:
    """Runs the command; what goes wrong is one clear line and an exit code."""
    try:
        cli()
    except (SettingsError, Trouble) as trouble:
        for line in str(trouble).splitlines():
            errors.print(f"meterline: {line}")
        sys.exit(2 if isinstance(trouble, SettingsError) else 1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(141)


@cli.command()
def demo(
    script: Annotated[bool, typer.Option("--script", help="End after the conversation.")] = False,
) -> None:
    """Start everything with a small town in it, have a conversation, and serve it on /demo."""
    raise typer.Exit(asyncio.run(commands.told(commands.demo(script=script))) or 0)


@cli.command()
def serve(
    work: Annotated[bool, typer.Option("--work", help="Work as well, in the same process tree.")] = False,
    hold: Hold = False,
    telegram_polling: Annotated[
        bool, typer.Option("--telegram-polling", help="Ask Telegram for updates, where it cannot call this machine.")
    ] = False,
) -> None:
    """Listen for messages on the public port and for the company on the staff port."""
    before = partial(holding.hold, begin=hold)
    run(lambda settings: commands.serve(settings, works=work, before=before, polling=telegram_polling), logs=True)


@cli.command()
def work(hold: Hold = False) -> None:
    """Carry messages and do what the clock asks for, without listening."""
    run(lambda settings: commands.work(settings, before=partial(holding.hold, begin=hold)), logs=True)


@cli.command()
def release() -> None:
    """Let messages go out again after --hold: what the provider's list has is marked, the rest is sent."""
    run(holding.release)


@cli.command()
def migrate() -> None:
    """Bring the database to this version."""
    raise typer.Exit(asyncio.run(commands.told(commands.migrate(load_store_settings()))) or 0)


@cli.command()
def company(
    name: Annotated[str, typer.Option(help="The company's name.")],
    phone: Annotated[str, typer.Option(help="The telephone that messages name.")],
    window: Annotated[str, typer.Option(help="Days of the month for readings, such as 15-25.")] = "",
    pay: Annotated[str, typer.Option(help="Where to pay, for those who ask; 32 characters at most.")] = "",
) -> None:
    """Set what messages say of the company."""
    run(lambda settings: commands.company(settings, name=name, phone=phone, window=window, pay=pay))


@cli.command()
def payee(
    name: Annotated[str, typer.Option(help="The payee's name.")] = "",
    inn: Annotated[str, typer.Option(help="His INN, 10 or 12 digits.")] = "",
    kpp: Annotated[str, typer.Option(help="His KPP; none goes with an INN of 12 digits.")] = "",
    account: Annotated[str, typer.Option(help="His account, 20 digits.")] = "",
    bank: Annotated[str, typer.Option(help="The name of his bank.")] = "",
    bic: Annotated[str, typer.Option(help="The BIC of the bank, 9 digits.")] = "",
    correspondent: Annotated[str, typer.Option(help="The bank's correspondent account, 20 digits.")] = "",
    nobody: Annotated[bool, typer.Option("--nobody", help="Bills name nobody to pay.")] = False,
) -> None:
    """Set whom the code on a bill pays."""
    said = None if nobody else Payee(name, inn, kpp, account, bank, bic, correspondent)
    run(lambda settings: commands.payee(settings, said))


@cli.command("import")
def import_(
    kind: Annotated[str, typer.Argument(help="customers, charges, payments, …, or a kind of facts.")],
    file: Annotated[Path, typer.Argument(help="A CSV file, as docs/importing.md describes it.")],
    problems: Annotated[Path | None, typer.Option(help="Where to write every problem as CSV.")] = None,
    by: Annotated[str, typer.Option(help="Who brings the facts, or the name of a metering system's key.")] = "",
    signature: Annotated[str, typer.Option(help="HMAC-SHA256 of a metering system's file, hexadecimal.")] = "",
) -> None:
    """Import a file; good rows go in, bad ones are told with line, column and reason."""
    if kind in doors.KINDS:
        run(
            lambda settings: doors.import_file(settings, Door(kind), file, problems, by=by, signature=signature),
            bulk=True,
        )
    run(lambda settings: commands.import_file(settings, kind, file, problems), bulk=True)


@cli.command("close-month")
def close_month(
    month: Annotated[str, typer.Argument(help="The month to bill, such as 2025-11.")],
) -> None:
    """Issue the bills of a month and the corrections of months billed before."""
    try:
        wanted = Month.parse(month)
    except ValueError as error:
        raise Trouble(str(error)) from error
    run(lambda settings: commands.close_month(settings, wanted), bulk=True)


@cli.command()
def explain(
    account: Annotated[str, typer.Argument(help="The account's number.")],
    on: Annotated[str | None, typer.Option(help="The day, such as 2025-11-21; today where missing.")] = None,
    since: Annotated[str | None, typer.Option(help="An earlier day: tell why the sum is another since.")] = None,
    language: Annotated[str, typer.Option(help="The language of the text: en or ru.")] = "en",
    as_json: AsJson = False,
) -> None:
    """Explain every sum of an account: from what, by which rule, how rounded; or why it changed since a day."""
    day, first = _day(on), _day(since)
    if first is None:
        run(lambda settings: commands.explain(settings, account, day, language=language, as_json=as_json))
    else:
        run(
            lambda settings: explaining.changed(
                settings, account, since=first, on=day, language=language, as_json=as_json
            )
        )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Trouble(f"not a day like 2025-11-21: {text!r}") from error


@cli.command()
def verify(
    file: Annotated[str, typer.Argument(help="The protocol as JSON; - for standard input.")],
    language: Annotated[str, typer.Option(help="The language of the text: en or ru.")] = "en",
) -> None:
    """Compute a protocol again from the facts in it, without the engine, and name what does not hold."""
    raise typer.Exit(verifying.verify(file, language=language))


@cli.command()
def parse(
    text: Annotated[str | None, typer.Argument(help="A message as a customer would write it.")] = None,
    context: Annotated[str, typer.Option(help="What is known of the sender, as a JSON object.")] = "{}",
    language: Annotated[str, typer.Option(help="The language of the explanation: en or ru.")] = "en",
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Read objects from standard input, one a line.")] = False,
) -> None:
    """Show how a message is understood, step by step; nothing is stored."""
    if jsonl:
        for number, line in enumerate(sys.stdin, 1):
            if line.strip():
                sys.stdout.write(json.dumps(_predicted(line, number)) + "\n")
    elif text is None:
        raise Trouble("give a text, or --jsonl with objects on standard input")
    else:
        for step in _explained(text, context, language):
            typer.echo(step)


def _explained(text: str, context: str, language: str) -> list[str]:
    if language not in understood.TONGUES:
        raise Trouble(f"unknown language {language!r}; there are: {', '.join(understood.TONGUES)}")
    try:
        known = json.loads(context)
        if not isinstance(known, dict):
            raise ValueError("an object is wanted")
        return parsing.explain(text, parsing.world_of(known), language)
    except (ValueError, TypeError, AttributeError) as error:
        raise Trouble(f"--context: {str(error).splitlines()[0]}") from error


def _predicted(line: str, number: int) -> dict[str, Any]:
    try:
        asked = json.loads(line)
        if not isinstance(asked, dict) or not isinstance(asked.get("text"), str):
            raise ValueError("an object with a text is wanted")
        return dict(parsing.predict(asked))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Trouble(f"line {number}: {str(error).splitlines()[0]}") from error


@cli.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def bench(context: typer.Context) -> None:
    """Measure ratios in one run, as bench/README.md describes."""
    raise typer.Exit(commands.bench(context.args))


bookkeeping_cli.add_to(cli)
inventory.add_to(cli)
offices.add_to(cli)
cli.add_typer(doors_cli.fact, name="fact")
cli.add_typer(jobs_cli.jobs, name="jobs")
attending.add_to(cli)
contracting.add_to(cli)
erasing.add_to(cli)
notifying.add_to(cli)
employing.add_to(cli)
tasking.add_to(cli)
backups_cli.add_to(cli)
doctoring.add_to(cli)
looking.add_to(cli)
cli.add_typer(rulebook.rules, name="rules")
debts.add_to(cli)
finding.add_to(cli)
foretelling.add_to(cli)

if __name__ == "__main__":
    main()
