"""Polish words."""

from core.grammar.senses import Sense
from core.grammar.vocabulary.language import Language

POLISH = Language(
    "pl",
    {
        Sense.READING: "stan licznika, odczyt, odczyt licznika, wskazanie, wskazania, wskazanie licznika, stan,"
        " odczyty,"
        " podaję stan licznika, stan wodomierza, stany licznika",
        Sense.METER: "licznik, licznika, licznikiem",
        Sense.SERIAL: "numer licznika, nr licznika",
        Sense.ACCOUNT: "numer klienta, nr klienta, konto, numer konta, ppe, nr ppe, numer ppe, punkt rozliczeniowy,"
        " umowa,"
        " nr umowy, numer umowy",
        Sense.BILL: "faktura, fakturę, rachunek, rachunku",
        Sense.DAY: "dzień, dzienna, dzienny, strefa dzienna, szczyt dzienny",
        Sense.NIGHT: "noc, nocna, nocny, strefa nocna",
        Sense.PEAK: "szczyt, szczytowa",
        Sense.OFFPEAK: "pozaszczyt, poza szczytem, pozaszczytowa",
        Sense.ELECTRICITY: "prąd, prądu, energia, energii, energia elektryczna",
        Sense.GREETING: "dzień dobry, witam, cześć, dobry wieczór",
        Sense.THANKS: "dziękuję, dzięki, pozdrawiam, dziekuje",
        Sense.POLITE: "proszę, prosze, poproszę",
        Sense.PRONOUN: "ja, mi, mój, moje, mam, dla mnie, mojego",
        Sense.PREPOSITION: "za, dla, od, na dzień, z, w",
        Sense.NOW: "dzisiaj, dziś, teraz, aktualny, obecny, aktualnie",
        Sense.CURRENCY: "zł, złotych, pln zł, gr",
        Sense.HOW_MUCH: "ile",
        Sense.WHAT: "jaki, jaka, jakie, co",
        Sense.WHEN: "kiedy",
        Sense.HOW: "jak",
        Sense.WHY: "dlaczego, czemu",
        Sense.ASK: "sprawdź, sprawdzić, pokaż, podaj saldo",
        Sense.WANT: "chcę, chciałbym, chciałabym, potrzebuję",
        Sense.CAN: "czy, czy mogę, mogę",
        Sense.SEND: "podaję, przesyłam, podać, wysłać, zgłaszam, podaj, wysyłam, podać stan",
        Sense.BALANCE: "saldo, zadłużenie, dług, do zapłaty, kwota do zapłaty, zaległość, zaległości, należność,"
        " niedopłata,"
        " nadpłata, saldo konta",
        Sense.OWE: "jestem winien, jestem winna, winien, mam zapłacić, do zapłacenia",
        Sense.PAY: "zapłacić, zapłać, płatność, zapłata, opłacić, płacić",
        Sense.HISTORY: "historia, historia odczytów, historię",
        Sense.PAYMENTS: "płatności, wpłaty, moje wpłaty, historia płatności, moje płatności",
        Sense.LAST: "ostatnie, ostatni",
        Sense.USE: "zużycie, zużyłem, zużyłam",
        Sense.ROUGH: "około, mniej więcej, chyba, prawie",
        Sense.HELP: "pomoc, pomocy, pomóż, instrukcja, komendy, informacje, jak to działa",
        Sense.BOOK: "umów wizytę, umówić wizytę, rezerwacja, zarezerwuj, umówić się, zapisz mnie, umów spotkanie",
        Sense.VISIT: "wizyta, wizytę, spotkanie, termin",
        Sense.VISIT_LIST: "wizyty, moje wizyty",
        Sense.CANCEL: "odwołaj, odwołać, anuluj, anulować, odwołuję",
        Sense.NOTICES: "powiadomienia, ostrzeżenia, zawiadomienia",
        Sense.OUTAGE: "brak prądu, nie ma prądu, awaria, brak zasilania, awaria prądu",
        Sense.PLANNED_OUTAGE: "wyłączenia, planowane wyłączenia",
        Sense.STOP: "wypisz, wypisz mnie, rezygnuję, wyłącz sms, rezygnacja, zatrzymaj, koniec",
        Sense.START: "zapisz, wznów",
        Sense.LINK: "rejestracja, zarejestruj, dodaj konto, zarejestrować",
        Sense.LANGUAGE: "język, zmień język, zmiana języka",
        Sense.HUMAN: "konsultant, konsultanta, konsultantem",
        Sense.COMPLAINT: "reklamacja, skarga, reklamację, zepsuty",
        Sense.YES: "tak",
        Sense.NO: "nie",
    },
    {
        Sense.TONGUE: {"pl": "polski, po polsku", "en": "angielski, po angielsku", "ru": "rosyjski"},
        Sense.RELATIVE_DAY: {"1": "jutro", "-1": "wczoraj"},
    },
)
