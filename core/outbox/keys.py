"""Buttons under a message of a chat, as they are kept beside its words."""

import json

from core.basics.sealing import Keyring

Buttons = list[list[tuple[str, str]]]
"""Rows of (label, what the button carries)."""

READ = "o"
"""Begins what the button carries by which a warning is acknowledged; its code follows."""


def signed(keyring: Keyring, chat: str, data: str) -> str:
    """What a button carries, with the keyed hash by which it is known to belong to the chat."""
    return f"{data}.{keyring.button_digest(chat, data)}"


def buttons(rows: Buttons) -> str:
    """The rows as JSON, as a carrier reads them."""
    return json.dumps({"buttons": rows}, ensure_ascii=False)
