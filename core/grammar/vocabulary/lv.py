"""Latvian words."""

from core.grammar.senses import Sense
from core.grammar.vocabulary.language import Language

LATVIAN = Language(
    "lv",
    {
        Sense.READING: (
            "rādījums, rādījumi, rādījumu, skaitītāja rādījums, skaitītāja rādījumi, rādījumus,"
            " skaitītāja (rādījums/rādījumi/rādījumu) (/ir), mani rādījumi, elektrības rādījums, rādījumi ir,"
            " radijums, radijumi, skaititaja radijums"
        ),
        Sense.METER: "skaitītājs, skaitītāja, skaitītāju",
        Sense.SERIAL: "skaitītāja numurs, skaitītāja nr",
        Sense.ACCOUNT: "līgums, līguma nr, līguma numurs, klienta numurs, līgumkonts, norēķinu konts, konts",
        Sense.BILL: "rēķins, rēķinu, rēķina",
        Sense.DAY: "diena, dienas, dienā",
        Sense.NIGHT: "nakts, naktī",
        Sense.ELECTRICITY: "elektrība, elektrības, elektrību",
        Sense.GREETING: (
            "labdien, sveiki, labrīt, labvakar, čau, labs rīts, labvakar visiem, sveicināti, labdien visiem"
        ),
        Sense.THANKS: "paldies, liels paldies, paldies jau iepriekš, uz redzēšanos, jauku dienu",
        Sense.POLITE: "lūdzu",
        Sense.PRONOUN: "man, mans, mana, mani, es, mēs, mums, manam, manu",
        Sense.PREPOSITION: "par, uz, no, līdz, ar, pie, pa, uz dienu",
        Sense.AND: "un",
        Sense.NOW: "šodien, tagad, pašreizējais",
        Sense.HOW_MUCH: "cik, cik daudz",
        Sense.WHAT: "kāds, kāda, kas",
        Sense.WHEN: "kad",
        Sense.HOW: "kā",
        Sense.WHY: "kāpēc",
        Sense.WANT: "vēlos, gribu, vajag",
        Sense.SEND: "nodot, nosūtīt, iesniegt, nododu, sūtu, iesniedzu, paziņoju, nosūtu, pieņemiet, ziņoju",
        Sense.BALANCE: (
            "parāds, parādu, atlikums, bilance, summa apmaksai, maksājamā summa, jāmaksā,"
            " mans (parāds/bilance/atlikums), cik (/man )(jāmaksā/ir jāmaksā/esmu parādā), kāds ir mans parāds,"
            " vai man ir parāds, cik esmu parādā, parads, cik jamaksa"
        ),
        Sense.PAY: (
            "maksāt, samaksāt, apmaksāt, maksājums, apmaksa, kā (samaksāt/apmaksāt/maksāt),"
            " vēlos (samaksāt/apmaksāt), apmaksāt rēķinu"
        ),
        Sense.HISTORY: (
            "vēsture, rādījumu vēsture, mani rādījumi vēsture, iepriekšējie rādījumi, pēdējie rādījumi,"
            " pēdējais rādījums"
        ),
        Sense.PAYMENTS: "maksājumi, maksājumu vēsture, mani maksājumi",
        Sense.HELP: (
            "palīdzība, palīgs, palīdzi, palīdziet, informācija, komandas, palīdzība lūdzu, vajag palīdzību,"
            " kā nodot rādījumus, ko darīt, nesaprotu, palidziba"
        ),
        Sense.BOOK: (
            "pieteikt vizīti, pierakstīties, pieraksts, rezervēt, pieteikties vizītei, gribu pierakstīties,"
            " pierakstīt mani, vēlos pieteikt vizīti"
        ),
        Sense.VISIT: "vizīte, vizīti, pierakstu",
        Sense.CANCEL: "atcelt, atceliet",
        Sense.NOTICES: "paziņojumi, brīdinājumi, paziņojums",
        Sense.OUTAGE: (
            "nav elektrības, elektrības nav, pazuda elektrība, nav (elektrības/gaismas/strāvas),"
            " (elektrības/gaismas/strāvas) nav, pazuda gaisma, avārija, elektrība pazuda"
        ),
        Sense.STOP: (
            "atteikties, pārtraukt, atrakstīties, beigt, nesūtiet (/man )(/vairs )(sms/ziņas),"
            " nerakstiet (/man/vairs/man vairs), nesūtiet, pārtrauciet, nevēlos saņemt (sms/ziņas),"
            " atteikties no (sms/ziņām), izdzēsiet manu numuru, stop, beidziet"
        ),
        Sense.START: "sākt, atsākt, pieteikties, atsākt (sms/ziņas), sūtīt atkal",
        Sense.LINK: "reģistrācija, reģistrēties, pievienot kontu",
        Sense.LANGUAGE: "valoda, mainīt valodu",
        Sense.COMPLAINT: (
            "sūdzība, sūdzēties, skaitītājs (nedarbojas/bojāts/sabojājies), pārāk liels rēķins,"
            " kāpēc tik (daudz/dārgi/liels rēķins), nepiekrītu, kļūda rēķinā"
        ),
        Sense.YES: "jā",
        Sense.NO: "nē",
        Sense.REGARDS: "ar cieņu",
        Sense.FILLER: "ir, tas, šis, šie, tagad ir",
        Sense.CAN: "vai, vai varu, vai var",
        Sense.THERE_IS: "vai man ir",
        Sense.ASK: "parādi, parādiet, pateikt, uzzināt, pārbaudīt, pasakiet",
        Sense.HUMAN: "operators, operatoru, zvaniet man, piezvaniet, cilvēks",
        Sense.NOT: "nav",
        Sense.ABSENT: "neieradīšos",
    },
    {
        Sense.TONGUE: {"lv": "latviešu, latviski, latviešu valoda", "ru": "krievu, krieviski", "en": "angļu"},
        Sense.RELATIVE_DAY: {"1": "rīt"},
    },
)
