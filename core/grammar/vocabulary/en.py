"""English words, and the short codes that suppliers publish in Latin letters."""

from core.grammar.senses import Sense
from core.grammar.vocabulary.language import Language

_WORDS = {
    Sense.READING: (
        "reading, readings, read, meter reading, meter readings, mread, mr, my reading, my meter reading, my readings,"
        " sr,"
        " meter reads, self reading, meter read, rdg, reading is, electric reading, my meter, meter shows, meter says,"
        " meter index, counter reading, rad, current reading, latest reading, new reading"
    ),
    Sense.METER: "meter, meters, electric meter, electricity meter, counter",
    Sense.SERIAL: "meter number, meter no, serial, serial number, meter serial, serial no, meter nr, meter id, msn",
    Sense.ACCOUNT: (
        "account, acct, acc, account number, account no, account id, customer number, customer id, consumer number,"
        " consumer no, contract, contract number, ca number, contract account, acc no, acct no, customer no, mprn"
    ),
    Sense.BILL: "bill, bills, invoice, statement",
    Sense.NUMBER_SIGN: "number, no number, nr, num",
    Sense.DAY: "day, daytime, day rate, d, high rate",
    Sense.NIGHT: "night, nighttime, night rate, n, low rate",
    Sense.PEAK: "peak, on peak, peak rate",
    Sense.OFFPEAK: "offpeak, off peak, off peak rate",
    Sense.HALFPEAK: "halfpeak, half peak, mid peak, shoulder, semi peak",
    Sense.SUM: "total, sum, overall, all, altogether",
    Sense.COLD: "cold, cold water",
    Sense.HOT: "hot, hot water",
    Sense.TARIFF: "tariff, rate, zone",
    Sense.ELECTRICITY: "electricity, electric, power, light, elec, energy",
    Sense.WATER: "water",
    Sense.GAS: "gas",
    Sense.HEAT: "heating, heat",
    Sense.KWH: "kwh, kw h, kilowatt, kilowatts, kilowatt hours, kilowatt hour, kw, kwhs, units",
    Sense.CUBIC: "cubic meters, cubic metres, cbm",
    Sense.CURRENCY: "usd, eur, euro, euros, dollars, dollar, rub, rubles, roubles, rs, gbp, pounds, kzt, uah, inr, idr",
    Sense.GREETING: "hi, hello, hey, good morning, good afternoon, good evening, good day, dear sir, dear team,"
    " hi there,"
    " hello there, dear sirs, greetings, hiya, dear sir or madam",
    Sense.THANKS: "thanks, thank you, thx, ty, cheers, many thanks, regards, kind regards, best regards, thank u, tnx,"
    " thanks a lot, thanks in advance, bye",
    Sense.POLITE: "please, pls, plz, kindly, sorry, excuse me, plse",
    Sense.FILLER: "is, the, a, this, it, its, here, here is, heres, so, well, just, are, be, that, to be, it is,"
    " this is, these are, was taken, taken",
    Sense.PRONOUN: "i, me, us, our, we, you, your, for me, im, to me, u",
    Sense.PREPOSITION: "on, for, of, at, in, to, from, as of, by, with",
    Sense.AND: "and, also, n also",
    Sense.NOW: "now, today, todays, current, currently, as of today, at the moment, as of now, latest",
    Sense.DATE_WORD: "date, year, th, st, nd, rd",
    Sense.PERIOD: "this month, last month, next week, this week, next month, month, week, per month",
    Sense.PART_OF_DAY: "morning, afternoon, evening, am, pm, noon",
    Sense.CLOCK: "oclock, hour, time",
    Sense.ADDRESS: "address, my address",
    Sense.STREET: "street, road, avenue, ave, lane",
    Sense.FLAT: "flat, apartment, apt",
    Sense.PERSON: "name is, customer name, owner, my name is, surname",
    Sense.PHONE_LABEL: "phone, tel, phone number, mobile, my phone, cell, call me on, telephone",
    Sense.SIGNATURE: "sent from my, sent from, get outlook for, sent via",
    Sense.USE: "used, usage, consumption, consumed, use, spent, burned, consuming",
    Sense.ROUGH: "about, approximately, approx, around, roughly, maybe, nearly, almost, some, probably, circa,"
    " estimated,"
    " i think, i guess, perhaps, over, under, more than, less than, not sure, guess, or so",
    Sense.NOT: "not, isnt, wasnt, wrong reading, incorrect, instead, instead of, mistake, never",
    Sense.IF: "if, in case, in case of, what if, suppose, would, will be",
    Sense.PAST: "was, were, previous, last year, old, before, earlier, previously",
    Sense.ECHO: "thank you for, thanks for, accepted, received, confirmed, registered, your reading, recorded,"
    " delivered",
    Sense.IDENTITY: "passport, card, password, otp, verification code, ssn, code, order",
    Sense.HOW_MUCH: "how much, how many",
    Sense.WHAT: "what, which, what is, whats",
    Sense.WHEN: "when, what time, what date, by when, until when",
    Sense.WHERE: "where",
    Sense.HOW: "how, how to, how do i, how can i, how do you, how does",
    Sense.WHY: "why, explain, why so, details, breakdown, how come",
    Sense.ASK: "show, show me, check, tell me, tell, get, view, see, know, find out, send me, give me, give,"
    " let me know,"
    " query, enquiry, inquiry, look up, can i see, i want to know, get me, request, fetch, display",
    Sense.WANT: "want, want to, would like, would like to, id like, id like to, need, need to, i want to, i need to,"
    " wish,"
    " wanna, like to, looking to, trying to, please let me, lets",
    Sense.CAN: "can, could, can i, could i, may i, can you, could you, do you, is it possible, do i, may",
    Sense.THERE_IS: "have, there is, any, do i have, is there, are there, have i, there are",
    Sense.MINE: "my, mine",
    Sense.SEND: "submit, send, submitting, sending, enter, report, provide, give reading, giving, submit my, reporting,"
    " send in, entering, post, upload, add reading, input, record",
    Sense.PHOTO: "photo, picture, pic, screenshot",
    Sense.BALANCE: (
        "balance, bal, account balance, amount due, balance due, outstanding balance, outstanding, debt, amount owed,"
        " total due, bill amount, da, due amount, amount payable, due, debts, arrears, current balance, my balance,"
        " amount outstanding, bill balance, what i owe, amount to pay, to pay, overdue, credit balance, balans,"
        " current bill, my bill, latest bill, bill due, sum due, balance check, charges"
    ),
    Sense.OWE: "owe, i owe, do i owe, i have to pay, do i have to pay, should i pay, do i need to pay, must i pay,"
    " owing",
    Sense.PAY: (
        "pay, payment, pay bill, pay my bill, pay now, make a payment, make payment, how to pay, pay online,"
        " payment link, pay the bill, payment details, payment options, pay by card, paying, pay my account, where to"
        " pay, payment methods, pay electricity bill, settle, settle my bill, pay balance, payment method,"
        " pay my balance"
    ),
    Sense.PENALTY: "penalty, penalties, late fee, late fees",
    Sense.HISTORY: (
        "history, hist, reading history, past readings, previous readings, consumption history, usage history, listing,"
        " last readings, mini statement, archive, readings history, my usage, usage report, bill history, past bills,"
        " previous reading, last reading, lp, transactions, account history, usage data"
    ),
    Sense.LAST: "last, recent, next, upcoming",
    Sense.PAID: "paid, i paid, already paid, have paid, i have paid",
    Sense.PASSED: "went through, arrived, cleared, posted",
    Sense.PAYMENTS: "payments, my payments, payment history, last payment, recent payments, past payments,"
    " previous payments, receipts, last payments",
    Sense.FORECAST: "forecast, estimate bill, projection, projected bill",
    Sense.HELP: (
        "help, info, menu, information, commands, helpme, help me, support info, instructions, what can you do,"
        " options,"
        " command list, list of commands, how does this work, how do i use this, manual, guide, faq, assist,"
        " assistance, sos, how to use, keywords, i need help, need help, hlp, what can i do, example, format,"
        " instruction"
    ),
    Sense.LISTING: "list, command",
    Sense.BOOK: (
        "book, book appointment, book an appointment, make an appointment, schedule an appointment, book a visit,"
        " schedule appointment, schedule a visit, reserve, booking, make appointment, set up an appointment,"
        " book me, book a slot, get an appointment, book an appointment for, arrange an appointment, arrange a visit"
    ),
    Sense.VISIT: "appointment, appt, visit, slot, slots, meeting, reservation",
    Sense.VISIT_LIST: "appointments, visits, bookings, reservations, my visits",
    Sense.CLERK: "specialist, engineer, manager, clerk, technician, your office, office",
    Sense.CANCEL: "cancel, delete, remove appointment, drop, call off, canceling, cancelling, cant come, can not come,"
    " wont come, cannot come, cant make, wont make",
    Sense.MOVE: "reschedule, rsch, move appointment, move my appointment, change appointment, postpone, change time,"
    " change my appointment, rebook,"
    " reschedule appointment, another time, change the time",
    Sense.NOTICES: "notices, notice, notifications, notification, alerts, alert, warnings, warning, my notices, status,"
    " stat, announcements",
    Sense.PLANNED_OUTAGE: "planned outages, planned outage, outage schedule, scheduled outage, scheduled outages,"
    " planned works, maintenance, planned work, outages planned, power cuts, any outages, outages",
    Sense.OUTAGE: (
        "outage, power outage, no power, power cut, no electricity, no light, blackout, power is out, lights out,"
        " power off, power failure, no supply, power is off, lost power, out, power went out, electricity is out,"
        " report outage, report an outage, report power outage, no current, out home, light is out, power out"
    ),
    Sense.STOP: (
        "stop, stopall, stop all, stopit, unsubscribe, end, quit, revoke, optout, opt out, remove, stop messages,"
        " stop sms,"
        " dereg, deregister, pause, td, take me off, remove me, stop texting me, stop sending me messages, leave me"
        " alone, opt me out, unsub, stop it, cancel messages, stop sending messages, stop sending, stop texting, stop"
        " sending texts, stop messaging me, stop messaging, stop spamming me, stop spam, unsuscribe, unsubscrib,"
        " remove my"
        " number, take me off your list, take me off the list, stop contacting me, remove me from the list, remove me"
        " from your list, cancel subscription, cancel alerts, stop alerts, stop notifications, turn off messages,"
        " turn off notifications, turn off alerts, stop sending me texts, no messages, stop all messages,"
        " do not text me, dont text me, do not message me, dont message me, do not contact me, do not text, dont text,"
        " stop texts, end messages, quit messages, unenroll, leave, stop sending sms, stop sending me sms"
    ),
    Sense.MORE: "anymore, any more, more, any longer",
    Sense.NO_MORE: "no more, dont want, do not want, i dont want, i do not want, dont send, do not send, dont want any"
    " more, dont want any, no longer want, dont send me, do not send me, dont want to receive, do not want to receive,"
    " dont need, stop receiving, no longer wish to receive, dont want to get, do not wish to receive",
    Sense.MESSAGES: "messages, message, texts, text, sms, text messages, these messages, these texts, spam, mailing,"
    " text message, more messages, more texts, any messages, more sms, your messages, any more messages, subscription,"
    " texting, any more texts",
    Sense.SWITCH_OFF: "turn off, switch off, disable, unsubscribe from, opt out of",
    Sense.SWITCH_ON: "turn on, switch on, enable",
    Sense.START: "start, unstop, optin, opt in, subscribe, resume, restart, sign me up, continue messages, opt me in,"
    " resubscribe, start messages, enroll",
    Sense.LINK: (
        "reg, register, registration, link, link account, add account, mreg, link my account, register my account,"
        " connect account, add my account, register account, add an account, link an account,"
        " bind, enrol, attach account, register my phone, register phone, add meter, register meter"
    ),
    Sense.UNLINK: "unlink, unlink account, remove account, unregister, disconnect account, delete account",
    Sense.LANGUAGE: "language, lang, languages, change language, switch language, set language, choose language",
    Sense.SPEAK: "speak, switch to, change to, change language to, set language to, write in, talk, reply in",
    Sense.HUMAN: "operator, human, agent, representative, speak to someone, talk to someone, real person, live agent,"
    " customer service, talk to a human, speak to a human, speak to an agent, talk to an agent, speak to agent,"
    " call me, person,"
    " speak to an operator, talk to an operator, contact us, call me back, support, customer support, contact",
    Sense.COMPLAINT: (
        "complaint, complain, dispute, nc, np, rt, bd, mb, wr, md, theft, broken, meter broken, not working,"
        " meter is broken, overcharged, wrong bill, refund, bill is wrong, billing dispute, faulty, faulty meter,"
        " meter defective, meter burnt, too high, out cancel, bill too high, damaged, doesnt work, isnt working,"
        " ref, disagree"
    ),
    Sense.REQUEST: (
        "case, my case, case number, case status, ticket, my ticket, ticket number, ticket status, complaint status,"
        " complaint number, my request, request number, request status, status of request, status of my request,"
        " status of case, status of my case, status of ticket, about my request, about request, about case,"
        " about my case"
    ),
    Sense.WRONG: "wrong, error",
    Sense.NOT_ME: "not me, wrong number, this is not me, not my account, its not me, you have the wrong number,"
    " not mine,"
    " its not my account, this is not my account, not my number",
    Sense.UNDO: "undo, undo reading, cancel reading, cancel my reading, delete reading, withdraw reading, take back",
    Sense.NAME: "name, rename, nickname",
    Sense.ACCOUNTS: "accounts, my accounts, list accounts",
    Sense.PROMISE: "promise, promise to pay, will pay, i will pay, ill pay, payment promise",
    Sense.NEWS: "news",
    Sense.ACKNOWLEDGE: "ok, okay, ack, acknowledged, noted, got it",
    Sense.YES: "yes, y, yes please, correct, thats right, yes correct",
    Sense.NO: "no, nope, nah, no thanks, no thank you",
    Sense.CONFIRM: "confirm, c, confirmed appointment, i will come, ill be there",
    Sense.WELCOME: "happy new year, test, testing, good, great, cool, fine, nice, congratulations, merry christmas",
    Sense.UTILITY: "pln",
}

_VALUES = {
    Sense.MONTH: {
        "1": "january, jan", "2": "february, feb", "3": "march, mar", "4": "april, apr", "6": "june,"
        " jun", "7": "july, jul", "8": "august, aug", "9": "september, sept, sep", "10": "october, oct",
        "11": "november, nov", "12": "december, dec",
    },
    Sense.WEEKDAY: {
        "0": "monday, mon", "1": "tuesday, tue", "2": "wednesday, wed", "3": "thursday, thu", "4": "friday, fri",
        "5": "saturday, sat", "6": "sunday, sun",
    },
    Sense.RELATIVE_DAY: {"1": "tomorrow", "2": "day after tomorrow", "-1": "yesterday"},
    Sense.TONGUE: {
        "ru": "russian, ru", "en": "english, en, eng", "uk": "ukrainian, ua, ukr", "kk": "kazakh, kz", "tt": "tatar",
        "tr": "turkish", "id": "indonesian", "de": "german", "pl": "polish", "lv": "latvian", "be": "belarusian",
        "fr": "french", "es": "spanish", "ky": "kyrgyz", "uz": "uzbek", "ro": "romanian",
    },
    Sense.ORDINAL: {"1": "first", "2": "second", "3": "third"},
    Sense.NUMERAL: {
        "0": "zero, oh, o, nought", "1": "one", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six",
        "7": "seven", "8": "eight", "9": "nine", "10": "ten", "11": "eleven", "12": "twelve", "13": "thirteen",
        "14": "fourteen", "15": "fifteen", "16": "sixteen", "17": "seventeen", "18": "eighteen", "19": "nineteen",
        "20": "twenty", "30": "thirty", "40": "forty, fourty", "50": "fifty", "60": "sixty", "70": "seventy",
        "80": "eighty", "90": "ninety", "100": "hundred, a hundred", "1000": "thousand, a thousand",
    },
}  # fmt: skip

ENGLISH = Language(
    "en",
    _WORDS,
    _VALUES,
    "reading, readings, balance, history, payment, appointment, account, notices, english, electricity, register meter,"
    " commands, meter, information, forecast, payments, outage, night, please, thanks, hello, owe, much",
)
