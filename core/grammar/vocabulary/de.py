"""German words."""

from core.grammar.senses import Sense
from core.grammar.vocabulary.language import Language

GERMAN = Language(
    "de",
    {
        Sense.READING: (
            "zählerstand, zählerstände, ablesung, ablesewert, zaehlerstand, neuer zählerstand, mein zählerstand,"
            " stand des zählers, strom zählerstand, aktueller zählerstand, zählerstand strom, stromzählerstand,"
            " ablesestand, mein (/aktueller )zählerstand, aktueller (stand/zählerstand), der zähler zeigt,"
            " zählerstand (ist/beträgt), neuer stand, stand"
        ),
        Sense.METER: "zähler, stromzähler, zaehler",
        Sense.SERIAL: "zählernummer, zähler nr, zählernr, zaehlernummer",
        Sense.ACCOUNT: "kundennummer, vertragskonto, kunden nr, vertragsnummer, vertragskontonummer, vertrag, kundennr",
        Sense.BILL: "rechnung, rechnungen",
        Sense.DAY: "tag, tagstrom, ht, hochtarif, vt, tagtarif",
        Sense.NIGHT: "nacht, nachtstrom, nt, niedertarif, nachttarif",
        Sense.ELECTRICITY: "strom",
        Sense.GREETING: (
            "guten tag, hallo, guten morgen, guten abend, moin, servus, sehr geehrte damen und herren,"
            " guten tag zusammen, liebe damen und herren, grüß gott, hi zusammen, tach"
        ),
        Sense.THANKS: (
            "danke, vielen dank, danke schön, besten dank, herzlichen dank, danke im voraus, schönen tag, tschüss,"
            " auf wiedersehen"
        ),
        Sense.POLITE: "bitte, bitte schön, entschuldigung",
        Sense.FILLER: "ist, der, die, das, beträgt, lautet, hier, es, ein, eine, einen, dem, sind, habe, hat",
        Sense.PRONOUN: "ich, mein, meine, mir, unser, meinen, meiner, meines, meinem, wir, uns, sie, ihnen, mich",
        Sense.PREPOSITION: "für, vom, am, zum, von, per, zur, im, auf, bei, aus, mit, in, an",
        Sense.AND: "und",
        Sense.NOW: "heute, jetzt, aktuell, aktueller",
        Sense.HOW_MUCH: "wie viel, wieviel, wie hoch",
        Sense.WHAT: "was, welche, welcher, welches, welchen, was ist",
        Sense.WHEN: "wann",
        Sense.HOW: "wie",
        Sense.WHY: "warum, wieso",
        Sense.ASK: "zeigen, anzeigen, zeig, prüfen",
        Sense.WANT: "möchte, will, brauche, ich möchte, ich (will/brauche/würde gern), würde gern, wollen, gern",
        Sense.SEND: (
            "melden, übermitteln, senden, mitteilen, melde, durchgeben, eingeben, angeben, weitergeben, ich melde,"
            " ich übermittle, hiermit melde ich, hier ist"
        ),
        Sense.BALANCE: (
            "kontostand, guthaben, schulden, offener betrag, saldo, offene rechnung, restbetrag, rückstand,"
            " fälliger betrag, schuldenstand, wie (hoch ist/viel ist) (mein/meine) (saldo/guthaben/rechnung),"
            " (wie viel/wieviel/was) (muss ich zahlen/schulde ich/bin ich schuldig),"
            " mein (guthaben/kontostand/saldo), meine (schulden/rechnung), offener saldo, zahlbetrag"
        ),
        Sense.OWE: "schulde, schulde ich, zu zahlen, muss ich zahlen",
        Sense.PAY: (
            "bezahlen, zahlen, zahlung, überweisen, wie (/kann ich )(bezahlen/zahlen), rechnung (bezahlen/zahlen),"
            " ich möchte (bezahlen/zahlen), bankverbindung, zahlungsdaten"
        ),
        Sense.HISTORY: (
            "verlauf, historie, zählerstände verlauf, meine zählerstände, letzter zählerstand,"
            " letzte (ablesungen/zählerstände), verbrauchsverlauf"
        ),
        Sense.PAYMENTS: "zahlungen, meine zahlungen",
        Sense.USE: "verbrauch, verbraucht",
        Sense.ROUGH: "ungefähr, etwa, circa, ca, vielleicht",
        Sense.HELP: (
            "hilfe, befehle, anleitung, hilf mir, hilfe bitte, ich brauche hilfe,"
            " wie (funktioniert das/geht das/melde ich), was kann ich tun, befehlsliste, menü, verstehe nicht"
        ),
        Sense.BOOK: (
            "termin vereinbaren, termin buchen, termin machen, terminvereinbarung,"
            " ich (möchte/brauche/hätte gern/will) einen termin, einen termin (vereinbaren/buchen/machen),"
            " termin (ausmachen/am/für)"
        ),
        Sense.VISIT: "termin, termine",
        Sense.CANCEL: "absagen, stornieren, stornieren sie",
        Sense.NOTICES: "mitteilungen, benachrichtigungen, hinweise, mahnungen",
        Sense.OUTAGE: (
            "stromausfall, kein strom, strom weg, strom ausgefallen, kein (strom/licht),"
            " (/der )strom (/ist )(weg/ausgefallen), keinen strom, licht weg"
        ),
        Sense.STOP: (
            "stopp, abmelden, abbestellen, keine nachrichten, keine sms, keine sms mehr, keine nachrichten mehr,"
            " (/bitte )keine (sms/nachrichten/werbung) (/mehr/mehr senden), schreiben sie mir nicht (/mehr),"
            " nicht mehr schreiben, hören sie auf, lassen sie mich in ruhe, löschen sie meine nummer, austragen,"
            " nachrichten (stoppen/abbestellen), abbestellen bitte"
        ),
        Sense.START: "anmelden sms, fortsetzen, wieder (anmelden/senden), nachrichten wieder, anmelden",
        Sense.LINK: "registrieren, konto hinzufügen, registrierung",
        Sense.LANGUAGE: "sprache, sprache ändern, sprache wechseln",
        Sense.HUMAN: (
            "mitarbeiter, kundenservice, mit einem (menschen/mitarbeiter) sprechen, rufen sie mich an,"
            " bitte um rückruf, rückruf, hotline"
        ),
        Sense.COMPLAINT: (
            "beschwerde, reklamation, defekt, kaputt, (zu hohe/falsche) rechnung, rechnung (/ist )(zu hoch/falsch),"
            " (zähler/der zähler) (/ist )(kaputt/defekt), nicht einverstanden, widerspruch,"
            " warum so (viel/hoch/teuer), beschwerde einreichen"
        ),
        Sense.NOT: "nicht, kein",
        Sense.YES: "ja, richtig, stimmt, genau",
        Sense.NO: "nein",
        Sense.REGARDS: "mit freundlichen grüßen, mfg, viele grüße, beste grüße, lg, freundliche grüße, liebe grüße",
        Sense.CAN: "kann ich, kann man, können sie, darf ich",
        Sense.THERE_IS: "gibt es, ich habe, habe ich",
        Sense.MOVE: "termin (verschieben/ändern), verschieben",
        Sense.NOT_ME: "ich bin das nicht, falsche nummer, nicht ich",
        Sense.ABSENT: "ich kann nicht kommen",
    },
    {
        Sense.TONGUE: {"de": "deutsch, auf deutsch", "en": "englisch", "ru": "russisch"},
        Sense.RELATIVE_DAY: {"1": "morgen", "-1": "gestern"},
    },
)
