"""Charges and claims are written by the closes of the engine, and by what takes in documents, and by nothing else."""

import ast
from collections.abc import Iterator
from functools import cache

from tests.house import tree

WRITERS = {
    "core.billing.sql.add_claims",
    "core.billing.sql.add_charges",
    "core.importing.sql.add_opening_lines",
}
"""The only functions that insert into claims or charges."""

PUBLIC = {
    "core.billing.actions.close_month",
    "core.billing.actions.post_claims",
    "core.billing.debts.actions.take_back",
    "core.billing.debts.actions.write_off",
    "core.billing.penalties.post_accrued",
    "core.billing.posting.post_changes",
    "core.billing.posting.write_claims",
    "core.books.closing.close_day",
    "core.importing.actions.import_charges",
    "core.importing.actions.run",
    "core.importing.actions.take",
}
"""What reaches them: the closes of months and days, penalties of a close, what an older system demanded, write-offs."""


@cache
def uses() -> dict[str, frozenset[str]]:
    """For each function and method of the core, by module and name, what of the core it names."""
    found: dict[str, frozenset[str]] = {}
    for path in tree.python("core/"):
        module = ".".join(path.with_suffix("").parts)
        parsed = ast.parse(tree.text(path))
        known = dict(_names(parsed, module))
        for node in parsed.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign):
                for name in _defined(node):
                    found[f"{module}.{name}"] = frozenset(_named(node, known))
    return found


def _names(parsed: ast.Module, module: str) -> Iterator[tuple[str, str]]:
    for node in parsed.body:
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from ((one.asname or one.name, f"{node.module}.{one.name}") for one in node.names)
        yield from ((name, f"{module}.{name}") for name in _defined(node))


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [one.id for one in targets if isinstance(one, ast.Name)]


def _named(node: ast.AST, known: dict[str, str]) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Name) and one.id in known:
            yield known[one.id]
        elif isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id in known:
            yield f"{known[one.value.id]}.{one.attr}"


def reaching(wanted: set[str]) -> set[str]:
    """Everything of the core from which one of these is reached."""
    found = set(wanted)
    while more := {name for name, named in uses().items() if name not in found and named & found}:
        found |= more
    return found - wanted


def test_only_these_statements_write_charges() -> None:
    writing = {
        f"{'.'.join(path.with_suffix('').parts)}"
        for path in tree.python("core/", "gateway/", "channels/")
        if any(f"insert into {table} (" in tree.text(path) for table in ("claims", "charges"))
    }
    assert writing == {"core.billing.sql", "core.importing.sql"}


def test_no_door_for_facts_reaches_a_charge() -> None:  # R16
    """Row M7a: employees bring facts; what these do to charges is the engine's alone."""
    assert not {name for name in reaching(WRITERS) if name.startswith("core.doors.")}


def test_charges_are_reached_by_closes_and_documents_alone() -> None:  # R16
    found = {name for name in reaching(WRITERS) if not name.rpartition(".")[2].startswith("_")}
    assert found == PUBLIC
