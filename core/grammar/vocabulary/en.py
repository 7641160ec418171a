"""English words: what a number can be called, what stands beside it, and the short codes that suppliers publish."""

from core.grammar.senses import Sense
from core.grammar.vocabulary.en_wishes import WISHES
from core.grammar.vocabulary.language import Language

_NAMES = {
    Sense.READING: (
        "reading, readings, read, meter reading, meter readings, mread, mr, my reading, my meter reading, sr,"
        " meter reads, self reading, meter read, rdg, reading is, my meter, meter shows, meter says, meter index,"
        " counter reading, rad, current reading, latest reading, new reading, reading of the meter, rdng, readin,"
        " reading no, meter value, meter shows now, meter is at, meter is showing, it says, index, values,"
        " readings are, reding, meter read is, meter stands at, figures, it reads,"
        " (/the )(correct/corrected/right) reading(/s) (is/are), (/the )corrected reading, correction, reading value"
    ),
    Sense.METER: (
        "meter, meters, electric meter, electricity meter, counter, mtr, metre, electricity meters, power meter,"
        " elec meter, smart meter"
    ),
    Sense.SERIAL: (
        "meter number, meter no, serial, serial number, meter serial, serial no, meter nr, meter id, msn, s n, sn,"
        " ser no, serial nr, meter s n, mtr no, meter serial no, meter serial number, mpan, msno"
    ),
    Sense.ACCOUNT: (
        "account, acct, acc, account number, account no, account id, customer number, customer id, consumer number,"
        " consumer no, contract, contract number, ca number, contract account, acc no, acct no, customer no, mprn,"
        " a c, ac no, a c no, acct number, acct nr, account nr, my account number, account num, ref no, customer ref,"
        " customer reference, reference number, account ref, contract no, consumer id, account reference,"
        " supply number, my account is"
    ),
    Sense.BILL: "bill, bills, invoice, statement, electricity bill, power bill, light bill, bill amount for",
    Sense.NUMBER_SIGN: "number, no number, nr, num",
    Sense.DAY: "day, daytime, day rate, d, high rate, normal rate, standard rate, peak day, daytime rate",
    Sense.NIGHT: "night, nighttime, night rate, n, low rate, economy rate, cheap rate, nite, low",
    Sense.PEAK: "peak, on peak, peak rate",
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
    Sense.GREETING: (
        "hi, hello, hey, good morning, good afternoon, good evening, good day, dear sir, dear team, hi there,"
        " hello there, dear sirs, greetings, hiya, dear sir or madam,"
        " (hi/hello/hey/dear) (/all/team/guys/folks/there/everyone/sir/madam/colleagues/friends/support/customer"
        " service), good evening all, howdy, gday, yo, sir, madam, to whom it may concern, dear customer service,"
        " good morning team, hey there"
    ),
    Sense.THANKS: (
        "thanks, thank you, thx, ty, cheers, many thanks, thank u, tnx, thanks a lot, thanks in advance, bye,"
        " thank you so much, thank you very much, thanks so much, thanks very much, thanks again, thanx, thankyou,"
        " have a (nice/good/great) (day/evening/weekend), take care, goodbye, cheers mate, much appreciated,"
        " appreciate it"
    ),
    Sense.POLITE: (
        "please, pls, plz, kindly, sorry, excuse me, plse, if possible, if you can, please can you, would you,"
        " if you dont mind, sorry (for the delay/for being late/its late/im late), if you please, thanks please,"
        " pleas, pleasee"
    ),
    Sense.FILLER: (
        "is, the, a, this, it, its, here, here is, heres, so, well, just, are, be, that, to be, it is, this is,"
        " these are, was taken, taken, an, these, just to say, fyi, btw, by the way, now that, im just,"
        " letting you know, to let you know, please find, attached"
    ),
    Sense.PRONOUN: (
        "i, me, us, our, we, you, your, for me, im, to me, u, me please, myself, ours, from me, from us, its me"
    ),
    Sense.PREPOSITION: (
        "on, for, of, at, in, to, from, as of, by, with, about my, into, off, since, until, till, before the, per,"
        " end of, at the end of, beginning of, start of, as at, regarding, re, off of"
    ),
    Sense.AND: "and, also, n also",
    Sense.NOW: (
        "now, today, todays, current, currently, as of today, at the moment, as of now, latest, at present,"
        " presently, right now the, as at today, as of this morning, this morning, tonight, this evening, updated,"
        " actual, new, fresh, todays date, for today, of today"
    ),
    Sense.DATE_WORD: "date, year, th, st, nd, rd, dated, taken on, reading date, date of reading, read on",
    Sense.PERIOD: (
        "this month, next week, this week, next month, month, week, per month, for the month, the month,"
        " monthly, end of month, month end, this quarter, quarter, this year, last week, weekend,"
        " the end of the month, summer, winter, this period"
    ),
    Sense.PART_OF_DAY: (
        "morning, afternoon, evening, am, pm, noon, in the morning, in the afternoon, in the evening, after lunch,"
        " a m, p m, after work"
    ),
    Sense.CLOCK: "oclock, hour, time, o clock, hours, hrs, hr, minutes, min, half past",
    Sense.ADDRESS: "address, my address, i live at, living at, premises, property, residing at",
    Sense.STREET: (
        "street, road, avenue, ave, lane, st road, drive, dr, blvd, boulevard, close, crescent, square, sq, court,"
        " way, terrace, gardens, str"
    ),
    Sense.FLAT: "flat, apartment, apt, unit, suite, room, apt no, flat no, appt no",
    Sense.PERSON: (
        "name is, customer name, owner, my name is, surname, name of customer, account holder, holder, tenant,"
        " this is mr, this is mrs, mrs, ms, customer, from mr, from mrs"
    ),
    Sense.PHONE_LABEL: (
        "phone, tel, phone number, mobile, my phone, cell, call me on, telephone, my number is, my phone number is,"
        " contact number, mob, contact no, phone no, tel no, my mobile, call me at, reach me at, cell phone, my cell"
    ),
    Sense.SIGNATURE: "sent from my, sent from, get outlook for, sent via",
    Sense.USE: (
        "used, usage, consumption, consumed, use, spent, burned, consuming, i used, have used, we used, using,"
        " ive used, units used, used up, kwh used"
    ),
    Sense.ROUGH: (
        "about, approximately, approx, around, roughly, maybe, nearly, almost, some, probably, circa, estimated,"
        " i think, i guess, perhaps, over, under, more than, less than, not sure, guess, or so, abt, appx, close to,"
        " i believe, not sure but, possibly, likely, i reckon, think its, might be, could be, should be, seems,"
        " something like, something around, ballpark, or thereabouts, ish, give or take, somewhere, at least,"
        " at most, up to, between, below"
    ),
    Sense.NOT: (
        "not, isnt, wasnt, wrong reading, incorrect, instead, instead of, mistake, never, it is not, its not,"
        " not correct, no not, shouldnt, rather than, by mistake, was wrong, not the, arent, didnt, cant, cannot,"
        " couldnt, doesnt"
    ),
    Sense.IF: (
        "if, in case, in case of, what if, suppose, would, will be, what happens if, supposing, assuming, should it be"
    ),
    Sense.PAST: (
        "was, were, previous, last year, old, before, earlier, previously, last reading was, used to be, had been,"
        " initial, opening, previous one, prior, ago, last time, sent, submitted, gave, reported, entered, wrote,"
        " already sent, had"
    ),
    Sense.ECHO: (
        "thank you for, thanks for, accepted, received, confirmed, registered, your reading, recorded, delivered,"
        " has been, was received, was accepted, got your, we have received, is accepted, has been received,"
        " has been accepted, dear customer, received with thanks, successfully, taken back, withdrawn,"
        " cancelled reading"
    ),
    Sense.IDENTITY: (
        "passport, card, password, otp, verification code, ssn, code, order, pin code, passcode, pin number,"
        " verification, voucher, token, invoice no, invoice number, ticket no, zip, zip code, postcode, postal code,"
        " ref code, tracking, sort code, licence"
    ),
    Sense.MINE: "my, mine, my own, our own",
    Sense.SEND: (
        "submit, send, submitting, sending, enter, report, provide, give reading, giving, submit my, reporting,"
        " send in, entering, post, upload, add reading, input, record, update, updating, updated reading is,"
        " please update, please accept, accept, accept my, please record, here you go, here are, sending you, i send,"
        " i am sending, im sending, i submit, i am submitting, im submitting, i report, submission, please enter,"
        " please note, transmit, hand in, register my reading, register reading,"
        " (take/take down/note down) (my/the) (/meter )(reading/readings)"
    ),
    Sense.MORE: "anymore, any more, more, any longer, longer",
    Sense.REGARDS: (
        "(/kind /best /warm /many )regards, sincerely, best wishes, all the best, br, rgds, respectfully,"
        " yours (sincerely/truly/faithfully)"
    ),
    Sense.AGAIN: "again, once more, one more time, back on, as before, repeat, repeating",
    Sense.EVERY: "all my, all of them, every, everything, all the, all of my",
    Sense.FEELING: (
        "already, ffs, wtf, annoying, sick of, tired of, fed up, for gods sake, enough, omg, damn, changed my mind,"
        " seriously, at all, ever, immediately, right now, asap, finally, im fed up with, im sick of, really,"
        " so annoying"
    ),
    Sense.HOUSE: "house, house no, house number, bldg, building, block, villa, plot",
}

_VALUES = {
    Sense.MINE: {
        "another": "(/my )(dads/mums/moms/mothers/fathers/parents/sisters/brothers/sons/daughters/grandmas/neighbours/"
        "neighbors/husbands/wifes/wives)",
    },
    Sense.MONTH: {
        "1": "january, jan", "2": "february, feb", "3": "march, mar", "4": "april, apr", "6": "june,"
        " jun", "7": "july, jul", "8": "august, aug", "9": "september, sept, sep", "10": "october, oct",
        "11": "november, nov", "12": "december, dec",
    },
    Sense.WEEKDAY: {
        "0": "monday, mon", "1": "tuesday, tue", "2": "wednesday, wed", "3": "thursday, thu", "4": "friday, fri",
        "5": "saturday, sat", "6": "sunday, sun",
    },
    Sense.PERIOD: {"-1": "last month, previous month, the month before"},
    Sense.RELATIVE_DAY: {"1": "tomorrow", "2": "day after tomorrow", "-1": "yesterday"},
    Sense.TONGUE: {
        "ru": "russian, ru", "en": "english, en, eng", "uk": "ukrainian, ua, ukr", "kk": "kazakh, kz", "tt": "tatar",
        "tr": "turkish", "id": "indonesian", "de": "german", "pl": "polish", "lv": "latvian", "be": "belarusian",
        "fr": "french", "es": "spanish", "ky": "kyrgyz", "uz": "uzbek", "ro": "romanian",
    },
    Sense.ORDINAL: {"1": "first", "2": "second", "3": "third"},
    Sense.FRACTION: {"": "point"},
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
    {**_NAMES, **WISHES},
    _VALUES,
    "reading, readings, balance, history, payment, appointment, account, notices, english, electricity, register meter,"
    " commands, meter, information, forecast, payments, outage, night, please, thanks, hello, owe, much",
)
