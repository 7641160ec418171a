"""The description of the API (OpenAPI 3.1), made of the list of operations and of what they take and give."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from channels.web.api import model
from channels.web.api.calling import Operation

PLACE = "/api/v1"
KEY = r"^[A-Za-z0-9_.-]{16,64}$"
ACCOUNT = r"^[a-z2-7]{20}$"
NUMBER = r"^[0-9]{1,18}$"

PROBLEMS = {
    400: "The call cannot be read",
    401: "No token that holds",
    403: "The token or the phone's link to the account does not allow it",
    404: "Not found",
    409: "Not possible now, or the idempotency key was used for another call",
    413: "The body is larger than 64 KiB",
    415: "The body is no JSON",
    422: "The body or a value of the address is not as described",
    429: "Too many calls; Retry-After says when to come again",
    503: "The database is gone; the same call may come again",
}
"""What a status means that is no success."""

_REF = "#/components/schemas/{model}"


def described(operations: Iterable[Operation]) -> dict[str, Any]:
    """The description as JSON can hold it."""
    listed = tuple(operations)
    paths: dict[str, Any] = {}
    for one in listed:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Meterline",
            "version": "1",
            "description": "What a customer can do in the cabinet, for programs. Tokens are made in the cabinet.",
        },
        "servers": [{"url": PLACE}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": _schemas(listed),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "A token: mtl_…"}},
        },
    }


def statuses(one: Operation) -> tuple[int, ...]:
    """Which problems an operation may come to."""
    found = {401, 403, 429, 503}
    if one.of_account:
        found |= {404, 409}
    if one.query:
        found.add(422)
    if one.body is not None:
        found |= {400, 409, 413, 415, 422}
    return tuple(sorted(found))


def _operation(one: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.told,
        "description": f"The token needs the scope `{one.scope}`.",
        "parameters": list(_parameters(one)),
        "responses": {
            "200": {"description": "Done", "content": _content(one)},
            **{str(status): _problem(status) for status in statuses(one)},
        },
    }
    if one.body is not None:
        told["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": _REF.format(model=one.body.__name__)}}},
        }
    return told


def _content(one: Operation) -> dict[str, Any]:
    if isinstance(one.answer, str):
        if one.answer == "object":
            return {"application/json": {"schema": {"type": "object"}}}
        return {one.answer: {"schema": {"type": "string", "contentMediaType": one.answer}}}
    return {"application/json": {"schema": {"$ref": _REF.format(model=one.answer.__name__)}}}


def _problem(status: int) -> dict[str, Any]:
    schema = {"$ref": _REF.format(model=model.Problem.__name__)}
    return {"description": PROBLEMS[status], "content": {"application/problem+json": {"schema": schema}}}


def _parameters(one: Operation) -> Iterable[dict[str, Any]]:
    if one.of_account:
        yield _parameter("account", "path", ACCOUNT, "An account's `id`, as listAccounts tells it.")
    if "{no}" in one.path:
        yield _parameter("no", "path", NUMBER, "A bill's `no`.")
    for value in one.query:
        yield _parameter(value.name, "query", value.pattern, value.told, required=False)
    if one.keyed:
        yield _parameter("Idempotency-Key", "header", KEY, "Anew for each call; the same key again is the same call.")


def _parameter(name: str, where: str, pattern: str, told: str, *, required: bool = True) -> dict[str, Any]:
    schema = {"type": "string", "pattern": pattern}
    return {"name": name, "in": where, "required": required, "description": told, "schema": schema}


def _schemas(operations: Iterable[Operation]) -> dict[str, Any]:
    given = {one.body for one in operations if one.body is not None}
    told: set[type[BaseModel]] = {one.answer for one in operations if not isinstance(one.answer, str)}
    told.add(model.Problem)
    wanted: list[Any] = [(one, "validation") for one in given] + [(one, "serialization") for one in told]
    wanted.sort(key=lambda pair: pair[0].__name__)
    _, schemas = models_json_schema(wanted, ref_template=_REF)
    defs: dict[str, Any] = schemas["$defs"]
    return dict(sorted(defs.items()))
