"""German words."""

from core.grammar.senses import Sense
from core.grammar.vocabulary.language import Language

GERMAN = Language(
    "de",
    {
        Sense.READING: "zählerstand, zählerstände, ablesung, ablesewert, zaehlerstand, neuer zählerstand,"
        " mein zählerstand,"
        " stand des zählers, strom zählerstand, aktueller zählerstand, zählerstand strom, stromzählerstand,"
        " ablesestand",
        Sense.METER: "zähler, stromzähler, zaehler",
        Sense.SERIAL: "zählernummer, zähler nr, zählernr, zaehlernummer",
        Sense.ACCOUNT: "kundennummer, vertragskonto, kunden nr, vertragsnummer, vertragskontonummer, vertrag, kundennr",
        Sense.BILL: "rechnung, rechnungen",
        Sense.DAY: "tag, tagstrom, ht, hochtarif, vt, tagtarif",
        Sense.NIGHT: "nacht, nachtstrom, nt, niedertarif, nachttarif",
        Sense.ELECTRICITY: "strom",
        Sense.GREETING: "guten tag, hallo, guten morgen, guten abend, moin, servus, sehr geehrte damen und herren",
        Sense.THANKS: "danke, vielen dank, mfg, danke schön, viele grüße, mit freundlichen grüßen, besten dank",
        Sense.POLITE: "bitte",
        Sense.FILLER: "ist, der, die, das, beträgt, lautet, hier",
        Sense.PRONOUN: "ich, mein, meine, mir, unser, meinen, meiner",
        Sense.PREPOSITION: "für, vom, am, zum, von, per",
        Sense.AND: "und",
        Sense.NOW: "heute, jetzt, aktuell, aktueller",
        Sense.HOW_MUCH: "wie viel, wieviel, wie hoch",
        Sense.WHAT: "was, welche, welcher",
        Sense.WHEN: "wann",
        Sense.HOW: "wie",
        Sense.WHY: "warum, wieso",
        Sense.ASK: "zeigen, anzeigen, zeig, prüfen",
        Sense.WANT: "möchte, will, brauche, ich möchte",
        Sense.SEND: "melden, übermitteln, senden, mitteilen, melde, durchgeben",
        Sense.BALANCE: "kontostand, guthaben, schulden, offener betrag, saldo, offene rechnung, restbetrag, rückstand,"
        " fälliger betrag, schuldenstand",
        Sense.OWE: "schulde, schulde ich, zu zahlen, muss ich zahlen",
        Sense.PAY: "bezahlen, zahlen, zahlung, überweisen",
        Sense.HISTORY: "verlauf, historie, zählerstände verlauf",
        Sense.PAYMENTS: "zahlungen, meine zahlungen",
        Sense.USE: "verbrauch, verbraucht",
        Sense.ROUGH: "ungefähr, etwa, circa, ca, vielleicht",
        Sense.HELP: "hilfe, befehle, anleitung, hilf mir, hilfe bitte",
        Sense.BOOK: "termin vereinbaren, termin buchen, termin machen, terminvereinbarung",
        Sense.VISIT: "termin, termine",
        Sense.CANCEL: "absagen, stornieren",
        Sense.NOTICES: "mitteilungen, benachrichtigungen, hinweise, mahnungen",
        Sense.OUTAGE: "stromausfall, kein strom, strom weg, strom ausgefallen",
        Sense.STOP: "stopp, abmelden, abbestellen, keine nachrichten, keine sms, keine sms mehr,"
        " keine nachrichten mehr",
        Sense.START: "anmelden sms, fortsetzen",
        Sense.LINK: "registrieren, konto hinzufügen, registrierung",
        Sense.LANGUAGE: "sprache, sprache ändern, sprache wechseln",
        Sense.HUMAN: "mitarbeiter, kundenservice",
        Sense.COMPLAINT: "beschwerde, reklamation, defekt, kaputt",
        Sense.NOT: "nicht, kein",
        Sense.YES: "ja",
        Sense.NO: "nein",
    },
    {
        Sense.TONGUE: {"de": "deutsch, auf deutsch", "en": "englisch", "ru": "russisch"},
        Sense.RELATIVE_DAY: {"1": "morgen", "-1": "gestern"},
    },
)
