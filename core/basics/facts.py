"""The dataclass of facts, which nobody changes: mypy and the tests hold that, the running program does not pay for it.

A frozen dataclass sets each field by a call, which costs thrice what storing it does; a message makes some seventy of
them (docs/decisions/0018-frozen-in-tests.md).
"""

import dataclasses
from typing import TYPE_CHECKING

guarded = False
"""Whether changing a frozen one raises when the program runs, too. Tests set it before they import anything else."""

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(*, frozen=False, eq=True, **options):
        """As `dataclasses.dataclass`; what is frozen may be hashed, and is guarded where `guarded` is set."""
        if frozen and not guarded:
            return dataclasses.dataclass(eq=eq, unsafe_hash=eq, **options)
        return dataclasses.dataclass(frozen=frozen, eq=eq, **options)
