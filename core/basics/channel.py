"""The ways by which people and the company reach each other."""

from enum import StrEnum


class Channel(StrEnum):
    SMS = "sms"
    TELEGRAM = "telegram"
    WEB = "web"
