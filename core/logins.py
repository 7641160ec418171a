"""What is said to a phone of logging in to the cabinet."""

from core.basics.facts import dataclass


@dataclass(frozen=True, slots=True)
class LoginCode:
    """The one-time code with which its holder logs in."""

    code: str


@dataclass(frozen=True, slots=True)
class VisitCode:
    """The one-time code with which somebody without an account shows that the phone is his, to book a visit."""

    code: str


Login = LoginCode | VisitCode
