"""English words for what one asks or wants, and what it is about."""

from core.grammar.senses import Sense

WISHES = {
    Sense.OFFPEAK: "offpeak, off peak, off peak rate",
    Sense.HOW_MUCH: "how much, how many, how much is, how much do, how much does, hw much, how mch, howmuch",
    Sense.WHAT: "what, which, what is, whats, whats the, what are, what was, wat, wats, what does, whats on",
    Sense.WHEN: (
        "when, what time, what date, by when, until when, when is, when are, when will, when can i, when do, whens,"
        " at what time, how long"
    ),
    Sense.WHERE: (
        "where, where do i, where can i, where to, where should i, which number, to which number, to what number"
    ),
    Sense.HOW: (
        "how, how to, how do i, how can i, how do you, how does, how can we, how could i, how should i, how do we,"
        " how does one, how would i, in what format, what format, how exactly"
    ),
    Sense.WHY: (
        "why, explain, why so, details, breakdown, how come, why is, why are, why did, why do i, why does, y is,"
        " what for, how is it calculated, how was it calculated, explain my, explain to me, where does, where did,"
        " why changed, what changed, why did it change, why has it changed, why did my (bill/balance/debt) change"
    ),
    Sense.ASK: (
        "show, show me, check, tell me, tell, get, view, see, know, find out, send me, give me, give, let me know,"
        " query, enquiry, inquiry, look up, can i see, i want to know, get me, request, fetch, display, let me see,"
        " id like to know, i would like to know, i wonder, wondering, please advise, advise, inform me,"
        " could you tell me, can you tell me, can you check, please check, look at, tel me, provide me, send me the,"
        " send me my, give me the, pls send, please send me, please tell me, info on, info about, information about,"
        " information on, can i get, can i have, may i have, may i know, lemme know, verify, i need to know,"
        " want to see"
    ),
    Sense.WANT: (
        "want, want to, would like, would like to, id like, id like to, need, need to, i want to, i need to, wish,"
        " wanna, like to, looking to, trying to, please let me, lets, i need, i want, i would like, i wish,"
        " im looking to, im trying to, i have to, id want, wanting, i wanna, would love to, going to, i am going to,"
        " interested in, hoping to, should like to, like"
    ),
    Sense.CAN: (
        "can, could, can i, could i, may i, can you, could you, do you, is it possible, do i, may, are you able to,"
        " am i able to, would it be possible, is it ok to, shall, should i, will you, can we, could we, will,"
        " do you have, are there any, did, does, do, has, been, have you"
    ),
    Sense.THERE_IS: (
        "have, there is, any, do i have, is there, are there, have i, there are, has got, do we have, got any,"
        " ive got, theres, remains, remaining, left"
    ),
    Sense.PHOTO: "photo, picture, pic, screenshot, image, snapshot, pics, photos",
    Sense.BALANCE: (
        "balance, bal, account balance, amount due, balance due, outstanding balance, outstanding, debt, amount owed,"
        " total due, bill amount, da, due amount, amount payable, due, debts, arrears, current balance, my balance,"
        " amount outstanding, bill balance, what i owe, amount to pay, to pay, overdue, credit balance, balans,"
        " current bill, my bill, latest bill, bill due, sum due, balance check, charges,"
        " (my /the /total /full )(outstanding/due/owed/payable) (amount/balance/sum/bill/bill amount),"
        " (amount/sum/total) (due/owed/outstanding/payable/to pay), outstanding bill, outstanding bill amount,"
        " outstanding payment, outstanding payments, account status, account state, state of my account,"
        " money on my account, how much money on my account, acct balance, acc balance, balace, balanse, ballance,"
        " blance, what i have to pay, dues, my dues, my debt, my debts, in debt, in credit, in arrears, credit,"
        " account bal, bill total, total bill, due now, due date amount, payable, whats on my account, unpaid,"
        " unpaid bills, my current balance, running balance, remaining balance, current charges, how much is my bill,"
        " how much (do/should/must) (i/we) (need to/have to/must/) pay,"
        " whats my bill, what is my bill, what will my bill be"
    ),
    Sense.OWE: (
        "owe, i owe, do i owe, i have to pay, do i have to pay, should i pay, do i need to pay, must i pay, owing,"
        " how much i owe, do we owe, we owe, am i owing, i should pay, have to pay, need to pay, supposed to pay,"
        " must pay, what to pay"
    ),
    Sense.PAY: (
        "pay, payment, pay bill, pay my bill, pay now, make a payment, make payment, how to pay, pay online,"
        " payment link, pay the bill, payment details, payment options, pay by card, paying, pay my account,"
        " where to pay, payment methods, pay electricity bill, settle, settle my bill, pay balance, payment method,"
        " pay my balance, want to pay, wanna pay, i want to pay, need to pay my bill, pay for, pay for electricity,"
        " paying my bill, make payment for, pay off, clear my balance, clear my bill, clear my debt, bank details,"
        " bank account, payment instructions, qr code, pay via, by card, online payment, card payment,"
        " (by/with) (/my )(/credit /debit )card, where do i pay, where can i pay, how do i pay, how can i pay,"
        " top up, topup, settle up, pay the balance, payment info, payment information, pay electric bill, pay here,"
        " paybill, transfer money"
    ),
    Sense.PENALTY: "penalty, penalties, late fee, late fees",
    Sense.HISTORY: (
        "history, hist, reading history, past readings, previous readings, consumption history, usage history,"
        " listing, last readings, mini statement, archive, readings history, my usage, usage report, bill history,"
        " past bills, previous reading, last reading, lp, transactions, account history, usage data, past usage,"
        " previous usage, usage for, previous consumption, my consumption, past reading, my last reading,"
        " latest readings, recent readings, all readings, all my readings, list of readings, readings list,"
        " past data, what i sent, what did i send, what did i submit, what was my last reading, monthly usage,"
        " my history, statistics, stats, report history, kwh history, account statement, statement of account,"
        " past months, what reading do you have, readings you have, recorded readings, readings so far"
    ),
    Sense.LAST: "last, recent, next, upcoming, most recent, earlier one, lately, soonest, nearest, closest",
    Sense.PAID: (
        "paid, i paid, already paid, have paid, i have paid, i have already paid, ive paid, ive already paid,"
        " we paid, we have paid, i just paid, just paid, made payment, made a payment, i made a payment, did pay"
    ),
    Sense.PASSED: (
        "went through, arrived, cleared, posted, go through, gone through, come through, came through, processed,"
        " credited, get my, got my, reach, reached, arrive, get the, landed, receive my, received my, receive the,"
        " received the, seen my"
    ),
    Sense.PAYMENTS: (
        "payments, my payments, payment history, last payment, recent payments, past payments, previous payments,"
        " receipts, last payments, when did i pay, when did i last pay, list of payments, list payments,"
        " payments list, show payments, did you get my payment, did you receive my payment,"
        " have you received my payment, payment received, is my payment received, was my payment received, receipt,"
        " payment status, payment confirmation, payments made, did my payment go through,"
        " has my payment (arrived/gone through/been received/cleared), my last payment, payment records"
    ),
    Sense.FORECAST: (
        "forecast, estimate bill, projection, projected bill, estimated bill, predicted bill, predict,"
        " estimate my bill, expected bill, next bill, how much will it be, how much will i pay,"
        " how much will my bill be, what will i pay, my forecast, bill forecast, bill estimate, forcast"
    ),
    Sense.HELP: (
        "help, info, menu, information, commands, helpme, help me, support info, instructions, what can you do,"
        " options, command list, list of commands, how does this work, how do i use this, manual, guide, faq, assist,"
        " assistance, sos, how to use, keywords, i need help, need help, hlp, what can i do, example, format,"
        " instruction, help please, please help, pls help, can you help, can you help me, could you help me,"
        " i need some help, how does (it/this/that) work, how (it/this) works, how to use (/this/it),"
        " how to use this service, what can you do for me, what can this do, what commands, what are the commands,"
        " what should i (do/write/send/text), what do i (do/write/send/text), what to (do/write/send/text),"
        " i dont (know/understand) (/how/what to do/this), dont (know/understand) (/how), im lost, im confused,"
        " not clear, unclear, tutorial, instructions please, helpline, usage help, show commands, available commands,"
        " what are my options, list options, get started, getting started, how do you work, main menu, hepl, hlep,"
        " halp"
    ),
    Sense.LISTING: "list, command, list of, lists",
    Sense.BOOK: (
        "book, book appointment, book an appointment, make an appointment, schedule an appointment, book a visit,"
        " schedule appointment, schedule a visit, reserve, booking, make appointment, set up an appointment, book me,"
        " book a slot, get an appointment, book an appointment for, arrange an appointment, arrange a visit,"
        " (book/make/schedule/arrange/set/set up/get/have/reserve/need/want) (/an /a /me an /me a )(appointment/"
        "visit/meeting/slot), booking (/for/a/an), id like an appointment, come in, come by, drop in, pop in,"
        " (come/come in/visit/come to) (to your office/the office/your office/to the office), come and see you,"
        " can i (come/come in/visit/come to you/drop in), see someone,"
        " see (an adviser/an advisor/a specialist/an engineer),"
        " send (an engineer/a technician/an electrician/someone), need (an engineer/a technician/an electrician),"
        " free slots, available slots, any slots, available times, appoint, book in, book me in, put me down for,"
        " sign me up for an appointment"
    ),
    Sense.VISIT: (
        "appointment, appt, visit, slot, slots, meeting, reservation, appointmnt, appoitment, apointment, appoinment,"
        " appts"
    ),
    Sense.VISIT_LIST: (
        "appointments, visits, bookings, reservations, my visits,"
        " my (/next )(appointment/visit/booking/bookings/reservation), my appts, upcoming (appointments/visits),"
        " list of appointments, do i have an appointment, when is my (appointment/visit/booking), when am i booked,"
        " am i booked"
    ),
    Sense.CLERK: (
        "specialist, engineer, manager, clerk, technician, your office, office, adviser, advisor, technicians, staff,"
        " electrician, a specialist, an engineer, inspector, accountant"
    ),
    Sense.CANCEL: (
        "cancel, delete, remove appointment, drop, call off, canceling, cancelling, please cancel, cancel it,"
        " i cancel, cancelled, cancelation, cancellation, scrap, dont need my, no longer need"
    ),
    Sense.MOVE: (
        "reschedule, rsch, move appointment, move my appointment, change appointment, postpone, change time,"
        " change my appointment, rebook, reschedule appointment, another time, change the time, move,"
        " move my booking, move my visit, move it, change my (booking/visit/appointment time/slot),"
        " change the (date/day/appointment), change date, different (time/day/date), another (day/date), push back,"
        " new time, shift my appointment, bring forward, swap my appointment"
    ),
    Sense.NOTICES: (
        "notices, notice, notifications, notification, alerts, alert, warnings, warning, my notices, status, stat,"
        " announcements, messages for me, any news for me, my alerts, my notifications, any notices, any alerts"
    ),
    Sense.PLANNED_OUTAGE: (
        "planned outages, planned outage, outage schedule, scheduled outage, scheduled outages, planned works,"
        " maintenance, planned work, outages planned, power cuts, any outages, outages,"
        " (any /the )planned (/power )(outages/outage/cuts/works/interruptions),"
        " scheduled (/power )(maintenance/cut/cuts/interruption), load shedding, loadshedding,"
        " load shedding schedule, power cut schedule, when will the power (/be )(off/cut/go off),"
        " when is the (/next )(outage/power cut), will there be (/a/any )(outage/outages/power cut/power cuts),"
        " will the power be (off/cut), power interruption, interruptions, when will power be (back/restored),"
        " when is power back, when will the (power/electricity/lights) be (back/back on/restored), outage planned,"
        " outage tomorrow"
    ),
    Sense.OUTAGE: (
        "outage, power outage, no power, power cut, no electricity, no light, blackout, power is out, lights out,"
        " power off, power failure, no supply, power is off, lost power, out, power went out, electricity is out,"
        " report outage, report an outage, report power outage, no current, out home, light is out, power out,"
        " no power (/at my house/at home/here/again/in my house/in our area/in our street),"
        " there is no (power/electricity/light),"
        " (power/electricity/lights/light) (/is /are /has /have )(out/off/gone/cut/failed/down),"
        " the (power/electricity/lights) (is/are/went) (out/off/down/gone), we have no (power/electricity/light),"
        " i have no (power/electricity/light), (power/electricity) (went/gone) (off/out), have had no power,"
        " had no power, without (power/electricity), power loss, lost electricity, electricity went out, no elec,"
        " no lights, no mains, tripped, sparks, sparking, wire down, wires down, cable down, line down,"
        " fallen (wire/line/cable/pole/tree), pole (down/fell), transformer, blown fuse, low voltage,"
        " voltage (low/drop/drops/fluctuating), fluctuating voltage, flickering lights, lights flickering,"
        " lights keep flickering, electric shock, burning smell, fire, smoke, exposed wire, live wire, broken pole"
    ),
    Sense.STOP: (
        "stop, stopall, stop all, stopit, unsubscribe, end, quit, revoke, optout, opt out, remove, stop messages,"
        " stop sms, dereg, deregister, pause, td, take me off, remove me, stop texting me, stop sending me messages,"
        " leave me alone, opt me out, unsub, stop it, cancel messages, stop sending messages, stop sending,"
        " stop texting, stop sending texts, stop messaging me, stop messaging, stop spamming me, stop spam,"
        " unsuscribe, unsubscrib, remove my number, take me off your list, take me off the list, stop contacting me,"
        " remove me from the list, remove me from your list, cancel subscription, cancel alerts, stop alerts,"
        " stop notifications, turn off messages, turn off notifications, turn off alerts, stop sending me texts,"
        " no messages, stop all messages, do not text me, dont text me, do not message me, dont message me,"
        " do not contact me, do not text, dont text, stop texts, end messages, quit messages, unenroll, leave,"
        " stop sending sms, stop sending me sms, stop now, please stop, stop please, stop stop stop, pls stop,"
        " opting out, i opt out, unsubscribe me, unsub me, usubscribe, unsubcribe, unsubscibe, unsuscribe me,"
        " un subscribe, stop (/sending /sending me )(these/those/the/your/all/any) (messages/texts/sms),"
        " stop (/the )(spam/spamming/notifications/alerts/updates),"
        " stop (bothering/messaging/contacting/harassing/texting/sms/smsing/mailing/calling) (/me/us/this number),"
        " (do not/dont/never/please dont/please do not) (text/message/contact/sms/call/write/write to/bother/"
        "disturb) (me/us/this number),"
        " (do not/dont/please dont/please do not) (text/message/sms/contact) (/me )(again/anymore/any more/ever),"
        " (do not/dont) send (/me )(/any more /any /these )(messages/texts/sms/text messages), dont write to me,"
        " remove (me/my number/this number/my phone) (/from your (list/database/records/system)/from the (list/"
        "database)/from this list/please), delete (me/my number) (/from your (list/database)/please),"
        " take (me/my number) off (/your list/this list/the list/your database), get me off (/this list/your list),"
        " cancel (/my )(subscription/texts/text alerts/sms/notifications),"
        " turn off (/the /my /all )(sms/texts/messages/alerts/notifications),"
        " unsubscribe from (/all /these /your )(messages/texts/sms/alerts/everything), unsubscribe from all,"
        " no (texts/sms/spam/messages) please,"
        " i (dont/do not) want (/to (receive/get) )(/any /any more /these /your )(texts/messages/sms/text messages),"
        " leave me be, go away, piss off, fuck off, get lost, stop it now, enough messages, no thanks stop,"
        " end texts, end sms, block me, stp, stopp it, halt"
    ),
    Sense.NO_MORE: (
        "no more, dont want, do not want, i dont want, i do not want, dont send, do not send, dont want any more,"
        " dont want any, no longer want, dont send me, do not send me, dont want to receive, do not want to receive,"
        " dont need, stop receiving, no longer wish to receive, dont want to get, do not wish to receive,"
        " dont wish to receive, do not need, dont like, not interested in, no further, no need for"
    ),
    Sense.MESSAGES: (
        "messages, message, texts, text, sms, text messages, these messages, these texts, spam, mailing,"
        " text message, more messages, more texts, any messages, more sms, your messages, any more messages,"
        " subscription, texting, any more texts, msgs, msg, mails, smses, text alerts, sms alerts, subscriptions,"
        " any further messages, these msgs, promotional messages, promotions, ads, advertising, messaging,"
        " sms messages"
    ),
    Sense.SWITCH_OFF: (
        "turn off, switch off, disable, unsubscribe from, opt out of, deactivate, opt me out of, unsubscribe me from,"
        " turn them off, mute"
    ),
    Sense.SWITCH_ON: (
        "turn on, switch on, enable, activate, re enable, reenable, reactivate, switch back on, turn back on"
    ),
    Sense.START: (
        "start, unstop, optin, opt in, subscribe, resume, restart, sign me up, continue messages, opt me in,"
        " resubscribe, start messages, enroll, restart messages,"
        " start (/sending /sending me )(texts/texting/messages/messaging/sms/alerts/notifications) (/me/again/me"
        " again), send me (messages/texts/alerts) again, text me again, message me again,"
        " resume (/my /the )(messages/texts/sms/alerts/subscription/notifications), subscribe me, resubscribe me,"
        " subscribe again, i want to subscribe, opt me back in, sign me up again, opt back in,"
        " put me back on (the list/your list), re subscribe, turn (messages/texts/notifications/alerts) back on,"
        " start messages again"
    ),
    Sense.LINK: (
        "reg, register, registration, link, link account, add account, mreg, link my account, register my account,"
        " connect account, add my account, register account, add an account, link an account, bind, enrol,"
        " attach account, register my phone, register phone, add meter, register meter,"
        " link (/my )(phone/number/phone number/mobile) (/to), link this (phone/number) (/to),"
        " add (/my /another /a second /a new /second )(account/acct), attach (/my )(account/phone/number),"
        " connect (/my )(account/phone/number) (/to), register (/my /this /me /my phone )(/for sms/for texts),"
        " register this (phone/number), registering, sign up, signup, i want to register, registr, assign my phone"
    ),
    Sense.UNLINK: "unlink, unlink account, remove account, unregister, disconnect account, delete account",
    Sense.LANGUAGE: (
        "language, lang, languages, change language, switch language, set language, choose language,"
        " change the language, other language, another language, switch languages, languages available, lang please,"
        " set lang"
    ),
    Sense.SPEAK: (
        "speak, switch to, change to, change language to, set language to, write in, talk, reply in, speaking,"
        " write to me in, answer in, respond in, set to, text me in, message me in, i speak, i only speak"
    ),
    Sense.HUMAN: (
        "operator, human, agent, representative, speak to someone, talk to someone, real person, live agent,"
        " customer service, talk to a human, speak to a human, speak to an agent, talk to an agent, speak to agent,"
        " call me, person, speak to an operator, talk to an operator, contact us, call me back, support,"
        " customer support, contact,"
        " speak (to/with) (/a /an /the )(person/human/operator/agent/representative/manager/someone/somebody),"
        " talk (to/with) (/a /an /the )(person/human/operator/agent/representative/manager/someone/somebody),"
        " operator please, please call me, call me please, give me a call, ring me, phone me,"
        " (can/could) (someone/somebody/you) (call/ring/phone) me,"
        " i want (to speak to/to talk to) (a human/an operator/someone/a person/an agent),"
        " connect me (/to/with) (a human/an operator/someone/an agent), your phone number, phone number please,"
        " customer care, helpdesk, help desk, live chat, live person, live support, contact number please,"
        " a human please, a real human, not a bot"
    ),
    Sense.COMPLAINT: (
        "complaint, complain, dispute, nc, np, rt, bd, mb, wr, md, theft, broken, meter broken, not working,"
        " meter is broken, overcharged, wrong bill, refund, bill is wrong, billing dispute, faulty, faulty meter,"
        " meter defective, meter burnt, too high, out cancel, bill too high, damaged, doesnt work, isnt working, ref,"
        " disagree, why so (high/much/expensive),"
        " (bill/charge/charges/amount) (/is /are )(/way /far )(too (high/much)/wrong/incorrect/not right/not correct/"
        "ridiculous/outrageous), my bill is (/too /so /very )(high/wrong/incorrect),"
        " the bill is (/too )(high/wrong/incorrect), i (disagree/dont agree/do not agree) (/with),"
        " i (/want to )(dispute/complain) (/this/the/my/about), file a complaint, make a complaint,"
        " lodge a complaint, complaints, mistake in (my/the) bill, error (in/on) (my/the) bill, incorrect bill,"
        " incorrect charge, double (charged/charge/billed), charged twice, over charged, overcharge, overbilled,"
        " recalculate, recalculation, scam, fraud, cheating, rip off, ripoff, thieves, stolen, unacceptable,"
        " terrible service, bad service, disgrace,"
        " (meter/counter) (/is /has /got )(faulty/broken/stuck/stopped/dead/wrong/damaged/burned/burnt/not working/"
        "not spinning/spinning fast/running fast/running too fast/blank),"
        " the meter is (faulty/broken/stuck/not working/wrong),"
        " my meter is (faulty/broken/stuck/not working/wrong/running fast), meter (does not/doesnt) work,"
        " display is blank, screen is blank, give me my money back, money back, want a refund, refund me,"
        " compensation, not my debt, not my bill, i already paid this"
    ),
    Sense.REQUEST: (
        "case, my case, case number, case status, ticket, my ticket, ticket number, ticket status, complaint status,"
        " complaint number, my request, request number, request status, status of request, status of my request,"
        " status of case, status of my case, status of ticket, about my request, about request, about case,"
        " about my case"
    ),
    Sense.WRONG: "wrong, error, incorrect bill amount, not right, mistaken",
    Sense.NOT_ME: (
        "not me, wrong number, this is not me, not my account, its not me, you have the wrong number, not mine,"
        " its not my account, this is not my account, not my number, wrong person, im not the customer,"
        " i am not the customer, i am not your customer, im not your customer, dont know this account, not my meter,"
        " you got the wrong number, you have the wrong person, i dont have an account, sorry wrong number,"
        " i am not (him/her)"
    ),
    Sense.UNDO: (
        "undo, undo reading, cancel reading, cancel my reading, delete reading, withdraw reading, take back,"
        " undo (/my /the /last /my last /the last )(reading/submission), undo that,"
        " (cancel/delete/remove/withdraw/revert) (/my /the /last /my last /the last /that /this )(reading/submission/"
        "entry), cancel last reading, revert, take it back"
    ),
    Sense.NAME: "name, rename, nickname",
    Sense.ACCOUNTS: (
        "accounts, my accounts, list accounts, which accounts do i have, what accounts do i have, list my accounts,"
        " show accounts, my linked accounts, what is my account number, whats my account number,"
        " my account number please"
    ),
    Sense.PROMISE: (
        "promise, promise to pay, will pay, i will pay, ill pay, payment promise, i will pay (/on/by/the bill),"
        " will pay (on/by), pay later, paying on, paying by, i promise, i promise to pay, going to pay, intend to pay"
    ),
    Sense.NEWS: "news, newsletter, newsletters",
    Sense.ACKNOWLEDGE: (
        "ok, okay, ack, acknowledged, noted, got it, understood, i understand, acknowledge, seen, received ok, roger,"
        " have read, ive read"
    ),
    Sense.YES: (
        "yes, y, yes please, correct, thats right, yes correct, yep, yeah, yup, sure, right, thats correct,"
        " yes thats right, yes it is, correct yes, absolutely, yes i do, indeed, ok yes"
    ),
    Sense.NO: "no, nope, nah, no thanks, no thank you, no way, not really, no its not, nay, negative",
    Sense.CONFIRM: (
        "confirm, c, confirmed appointment, i will come, ill be there, i will be there, see you then, ill come,"
        " will be there, confirm appointment, confirm my appointment, coming"
    ),
    Sense.WELCOME: (
        "happy new year, test, testing, good, great, cool, fine, nice, congratulations, merry christmas, awesome,"
        " perfect, wonderful, lovely, merry xmas, happy easter, happy holidays, no problem, no worries, well done,"
        " excellent, hope you are well, hope youre well, hope this helps, how are you"
    ),
    Sense.UTILITY: "pln",
    Sense.MUCH: (
        "high, so high, so much, too much, expensive, so expensive, huge, too big, so big, so large, higher, doubled,"
        " increased, went up, jumped"
    ),
    Sense.ABSENT: (
        "cant come, can not come, wont come, cannot come, cant make, wont make, cant attend, cannot attend,"
        " wont be coming, not coming, im not coming, unable to come, unable to attend, i cant make it, cant make it,"
        " wont make it, cannot make it, will not come"
    ),
}
