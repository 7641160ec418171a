"""The texts about official warnings, and the values that each may hold."""

VALUES = {
    "notices.none": "",
    "notices.one": "number day",
    "notices.some": "notices",
    "notices.more": "notices more",
    "notices.count": "count",
    "notices.hint": "code",
    "notices.read": "number day",
    "notices.code_strange": "code",
    "notices.code_short": "",
    "notices.withdrawn": "number day",
    "notices.withdrawn_short": "number day",
    "notices.withdrawn_court": "number day",
    "promise.taken": "day",
    "promise.when": "latest",
    "promise.too_late": "day latest",
    "promise.past": "day latest",
    "promise.stands": "number day phone",
    "promise.stands_short": "number day",
    "promise.barred": "phone",
    "promise.nothing": "",
}
