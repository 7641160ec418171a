"""The texts for people who share an account, with the values that each may hold."""

VALUES = {
    "invite.reads": "account phone",
    "invite.plain": "account phone",
    "invite.cabinet": "account phone",
    "invite.taken": "account",
    "invite.taken_reads": "account",
    "invite.declined": "account",
    "invite.over": "account",
    "rights.reads": "account",
    "rights.plain": "account",
    "move.code": "code",
    "move.begun": "phone day time",
    "move.stopped": "",
    "move.away": "phone",
    "move.here": "",
    "contract.code": "account code",
}
