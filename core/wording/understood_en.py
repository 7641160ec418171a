"""English words for how a text was read."""

from core.wording.understood_tongue import Tongue, listed, reasons, subjects

ENGLISH = Tongue(
    parts=listed("""
        number: a number
        mark: a mark
        break: a line break
        unknown: not known
        code: an account, a serial or a code
        date: a day or month
        time: a time of day
        money: a sum of money
        phone: a telephone number
        aside: an address or a name, no part of the matter
        ordinal: a place in a list
        query: a question mark
        junk: a sign that no reading has
        reading: a word for a reading
        meter: the meter
        serial: a serial number follows
        account: an account follows
        bill: the bill or the account
        number_sign: a number follows
        day: the day register
        night: the night register
        peak: the peak register
        halfpeak: the half-peak register
        offpeak: the off-peak register
        t1: register 1
        t2: register 2
        t3: register 3
        total: the sum of the registers
        sum: a total
        cold: cold water
        hot: hot water
        tariff: a tariff or zone
        electricity: electricity
        water: water
        gas: gas
        heat: heating
        kwh: kilowatt hours
        cubic: cubic metres
        currency: money
        thousand: thousands
        numeral: a number in words
        fraction: a fraction in words
        greeting: a greeting
        thanks: thanks
        polite: politeness
        filler: a word that carries nothing
        pronoun: a word that carries nothing
        yours: something of the company
        preposition: a word that carries nothing
        and: and
        now: a word for the present
        again: again
        every: all of them
        feeling: a word of feeling
        regards: the end of a letter; a name may follow
        month: a month
        weekday: a weekday
        relative_day: a day
        date_word: part of a date
        part_of_day: a part of the day
        period: a period
        clock: a word of time
        address: an address follows
        city: part of an address
        street: part of an address
        street_name: part of an address
        house: part of an address
        flat: part of an address
        person: a name follows
        phone_label: a telephone number follows
        signature: a device's signature; what follows is left out
        use: a word for use, so the number would be no reading
        rough: a word for an estimate, so the number would be no reading
        not: a negation, so the number would be no reading
        if: a condition, so the number would be no reading
        past: a word for what was, so the number would be no reading
        echo: a word of our own answers, so the text may be forwarded
        identity: a word for another kind of number
        how_much: asks how much
        what: asks what
        when: asks when
        where: asks where
        how: asks how
        why: asks why
        ask: asks to be told
        want: a wish
        can: a wish
        there_is: asks whether there is
        mine: a word for whose it is
        send: gives something
        record: wants something written down
        photo: a picture
        balance: the balance or debt
        owe: what is owed
        pay: paying
        penalty: a penalty
        history: the history
        last: the last or next
        passed: asks whether something arrived
        paid: says that it was paid
        payments: the list of payments
        forecast: the forecast
        help: help
        listing: a list
        visit: a visit to the office
        visit_list: the list of visits
        book: books a visit
        topic: what a visit is about
        clerk: whom a visit is to
        cancel: cancels
        cancel_word: cancels
        unbook: calls off a visit
        absent: will not come
        move: moves a visit
        notices: notices
        planned_outage: planned outages
        outage: an outage
        stop: wants no more messages
        cease: wants something to stop
        more: more
        no_more: no more
        switch_off: switches off
        switch_on: switches on
        start: wants messages again
        messages: messages
        write_me: writing to the customer
        link: links an account
        unlink: unlinks an account
        language: the language
        tongue: a language
        speak: speaking a language
        human: a person
        complaint: a complaint
        much: a lot
        request: a request made before
        wrong: something is wrong
        not_me: says that the number is another's
        undo: takes a reading back
        name: gives an account a name
        accounts: the list of accounts
        promise: promises to pay
        news: news
        acknowledge: acknowledges
        yes: yes
        no: no
        confirm: will come
        welcome: a wish or a remark, no part of the matter
        utility: the supplier's word
    """),
    values=listed("""
        round: said in whole thousands
        split: these words may be several numbers
        ?: by its form only
        labelled: the text says so
        none: there is no such day
        another: somebody else's
    """),
    commands=listed("""
        SubmitReading: a reading
        Wish: wants to send a reading, no number yet
        Balance: asks for the balance
        Why: asks what the balance is made of
        Undo: takes the last reading back
        Help: asks for help
        SetLanguage: wants another language
        OptOut: wants no more messages
        OptIn: wants messages again
        Yes: says yes to the open question
        No: says no to the open question
        Choose: chooses an offered answer
        Register: links an account to the phone
        NotMe: says that the account is not his
        Code: sends a code back
        NotUnderstood: nothing is done
    """),
    subjects=subjects("""
        accounts: asks for his accounts
        name: names an account
        history: asks for earlier readings
        forecast: asks for the forecast
        payments: asks for his payments
        bill: asks for the bill
        pay: asks how to pay
        promise: promises to pay
        book: books a visit
        visits: asks for his visits
        cancel_visit: cancels a visit
        move_visit: moves a visit
        notices: asks for notices
        acknowledge: acknowledges a notice
        dispute: complains or disputes
        outage: reports an outage
        human: wants a person
        news: asks for the news
    """),
    doubts=listed("""
        account: it does not say which account
        meter: it does not say which meter
        zones: it does not say which register, or not all of them are there
        register: the meter has no such register
        shape: only its form made a number an account or a serial
        typo: a word was misspelled
        lookalike: a letter was read as a digit
        name: a word was taken for a surname by its form only
        sum: the registers do not add up to the total
        round: a number in words may be rounded
        split: the words may be one number or several
        last: these may be the reading of now or the one before
    """),
    reasons=reasons("""
        empty: there is nothing in it to read
        words: a number is taken, or a command obeyed, only where every word is known and fits
        not_digits: this is no plain number
        too_many_digits: the meter has not so many digits
        too_many_decimals: three decimals may be thousands
        negative: a minus stands before it
        phone: this is a telephone number
        date: this is a day
        money: this is money
        use: this is use, not what the meter shows
        rough: this is rough or part of a phrase, not what the meter shows
        several_numbers: it cannot be told which number is for what
        date_too_far: the day is too far from today, or there are several
        greeting: a greeting and no more
        thanks: thanks and no more
    """),
    registers=listed("""
        total:
        day: day
        night: night
        peak: peak
        halfpeak: half-peak
        offpeak: off-peak
        cold: cold water
        hot: hot water
        gas: gas
        heat: heating
    """),
    services=listed("""
        electricity: electricity meter
        cold_water: cold water meter
        hot_water: hot water meter
        gas: gas meter
        heat: heat meter
    """),
    questions=listed("""
        account: which account
        confirm: yes or no about a reading
        reading: what the reading is
        code: the code
        menu: a number of the menu
    """),
    frame=listed("""
        text: Text
        cleaned: Cleaned of look-alikes and signs that cannot be seen
        right: Put right (other layout, letters for digits)
        parts: Its parts
        slip: misspelled, taken for
        letter: It is too long: a person should read it.
        broken: It holds signs that no honest message has, or is too long: only a wish to hear no more is taken from it.
        bare: It is a plain number, so no words are looked at.
        sender: Read as from the sender:
        nobody: a phone that is linked to no account
        linked: account {account}: {meters}
        meter: {service}{serial} of {digits} digits, last shown {registers}
        question: open question: {question}
        found: Understood
        for_account: account {account}
        for_meter: meter {meter}
        on: on {day}
        argument: with
        next: What happens
        taken: it goes to the checks of readings
        lower: below the last value: the reading is refused and the customer is asked
        unusual: unusual against the last value: we ask for YES first
        asked: we ask first, because {doubt}
        refused: we answer what is wrong: {reason}
        stopped: In the way
        meant: read as
    """),
)
