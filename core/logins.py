"""What is said to a phone of logging in to the cabinet."""

from core.basics.facts import dataclass


@dataclass(frozen=True, slots=True)
class LoginCode:
    """The one-time code with which its holder logs in."""

    code: str


Login = LoginCode
