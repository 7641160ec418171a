"""How it looks when the database is not there, as against when it refuses."""

from asyncpg import InterfaceError, InternalClientError, PostgresConnectionError
from asyncpg.exceptions import (
    CannotConnectNowError,
    DiskFullError,
    OperatorInterventionError,
    TooManyConnectionsError,
)

GONE = (
    OSError,
    TimeoutError,
    InterfaceError,
    InternalClientError,
    PostgresConnectionError,
    CannotConnectNowError,
    OperatorInterventionError,
    TooManyConnectionsError,
    DiskFullError,
)
"""Nothing can be said of what was asked: it may be tried again when the database is back. A statement that ran out of
its time is among them."""
