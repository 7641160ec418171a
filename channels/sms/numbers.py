"""Asks Twilio once whether it knows us: whether the account opens, and where its numbers send what comes in."""

from collections.abc import Mapping

import aiohttp

from channels.sms import message

_WAIT = aiohttp.ClientTimeout(total=10)


class NoAnswer(Exception):
    """Twilio could not be asked, or does not let us in; the text says why, without secrets."""


async def webhooks(*, api_base: str, account_sid: str, auth_token: str) -> Mapping[str, str]:
    """The account's numbers, each with the address that a text to it is sent to ("" where none is set).

    :raises NoAnswer: nothing came, or something else.
    """
    url = f"{api_base}/2010-04-01/Accounts/{account_sid}/IncomingPhoneNumbers.json"
    headers = {"Authorization": aiohttp.encode_basic_auth(account_sid, auth_token)}
    try:
        async with (
            aiohttp.ClientSession(timeout=_WAIT, headers=headers) as session,
            session.get(url, params={"PageSize": "1000"}) as response,
        ):
            if response.status != 200:
                raise NoAnswer(f"HTTP {response.status}")
            told = await response.json()
        return {str(one["phone_number"]): str(one.get("sms_url") or "") for one in told["incoming_phone_numbers"]}
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise NoAnswer(type(error).__name__) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoAnswer("an answer that makes no sense") from error


def address(public_url: str) -> str:
    """Where Twilio should send what comes in."""
    return public_url + message.PATH
