"""Polish words."""

from core.grammar.senses import Sense
from core.grammar.vocabulary.language import Language

POLISH = Language(
    "pl",
    {
        Sense.READING: (
            "stan licznika, odczyt, odczyt licznika, wskazanie, wskazania, wskazanie licznika, stan, odczyty,"
            " podaję stan licznika, stan wodomierza, stany licznika,"
            " stan (licznika/mojego licznika/na dziś/aktualny) (/prądu), odczyt (licznika/prądu/stanu),"
            " aktualny (odczyt/stan licznika), wskazania licznika, podaję odczyt, mój odczyt, licznik wskazuje,"
            " na liczniku"
        ),
        Sense.METER: "licznik, licznika, licznikiem, licznik(/a/iem/i) (/prądu/energii)",
        Sense.SERIAL: "numer licznika, nr licznika",
        Sense.ACCOUNT: (
            "numer klienta, nr klienta, konto, numer konta, ppe, nr ppe, numer ppe, punkt rozliczeniowy, umowa,"
            " nr umowy, numer umowy"
        ),
        Sense.BILL: "faktura, fakturę, rachunek, rachunku",
        Sense.DAY: "dzień, dzienna, dzienny, strefa dzienna, szczyt dzienny",
        Sense.NIGHT: "noc, nocna, nocny, strefa nocna",
        Sense.PEAK: "szczyt, szczytowa",
        Sense.OFFPEAK: "pozaszczyt, poza szczytem, pozaszczytowa",
        Sense.ELECTRICITY: "prąd, prądu, energia, energii, energia elektryczna",
        Sense.GREETING: (
            "dzień dobry, witam, cześć, dobry wieczór, dobry, witam serdecznie, szanowni państwo, hej, siema"
        ),
        Sense.THANKS: (
            "dziękuję, dzięki, pozdrawiam, dziekuje, bardzo dziękuję, dziękuję bardzo, dzięki wielkie, do widzenia,"
            " miłego dnia"
        ),
        Sense.POLITE: "proszę, prosze, poproszę, bardzo proszę, uprzejmie proszę, proszę o, poproszę o",
        Sense.PRONOUN: "ja, mi, mój, moje, dla mnie, mojego, mnie, do mnie, nam, nas, nasz, pan, pani, państwo",
        Sense.PREPOSITION: "za, dla, od, na dzień, z, w, na, do, o, po",
        Sense.NOW: (
            "dzisiaj, dziś, teraz, aktualny, obecny, aktualnie, bieżący, na dzisiaj, na dziś, obecnie, nowy,"
            " w tej chwili"
        ),
        Sense.CURRENCY: "zł, złotych, pln zł, gr",
        Sense.HOW_MUCH: "ile",
        Sense.WHAT: "jaki, jaka, jakie, co",
        Sense.WHEN: "kiedy",
        Sense.HOW: "jak",
        Sense.WHY: "dlaczego, czemu",
        Sense.ASK: (
            "sprawdź, sprawdzić, pokaż, podaj saldo, sprawdz, podajcie, chcę wiedzieć, proszę podać,"
            " proszę o informację, pokaz, informacja"
        ),
        Sense.WANT: "chcę, chciałbym, chciałabym, potrzebuję, chce, chciałbym się, muszę, trzeba, potrzebna",
        Sense.CAN: "czy, czy mogę, mogę",
        Sense.SEND: "podaję, przesyłam, podać, wysłać, zgłaszam, podaj, wysyłam, podać stan",
        Sense.BALANCE: (
            "saldo, zadłużenie, dług, do zapłaty, kwota do zapłaty, zaległość, zaległości, należność, niedopłata,"
            " nadpłata, saldo konta,"
            " ile (mam do zapłaty/mam zapłacić/jestem winien/jestem winna/do zapłaty/wynosi rachunek/wynosi faktura),"
            " stan konta, jaki mam (dług/stan konta/rachunek), moje (saldo/zadłużenie), mam dług,"
            " czy mam (zaległości/zadłużenie/dług), do zaplaty, zadluzenie, ile mam do zaplaty, zaleglosci,"
            " kwota faktury"
        ),
        Sense.OWE: "jestem winien, jestem winna, winien, mam zapłacić, do zapłacenia",
        Sense.PAY: (
            "zapłacić, zapłać, płatność, zapłata, opłacić, płacić, jak (zapłacić/opłacić), gdzie zapłacić,"
            " chcę zapłacić, zapłacić rachunek, opłacić (rachunek/fakturę), dane do przelewu, numer konta do wpłaty,"
            " przelew"
        ),
        Sense.HISTORY: (
            "historia, historia odczytów, historię, moje odczyty, ostatni odczyt, ostatnie odczyty, historia zużycia"
        ),
        Sense.PAYMENTS: (
            "płatności, wpłaty, moje wpłaty, historia płatności, moje płatności, ostatnia wpłata, czy doszła wpłata,"
            " historia wpłat"
        ),
        Sense.LAST: "ostatnie, ostatni",
        Sense.USE: "zużycie, zużyłem, zużyłam",
        Sense.ROUGH: "około, mniej więcej, chyba, prawie",
        Sense.HELP: (
            "pomoc, pomocy, pomóż, instrukcja, komendy, informacje, jak to działa, pomocy proszę, potrzebuję pomocy,"
            " jak podać (odczyt/stan licznika), co mogę zrobić, jak korzystać, nie rozumiem, menu"
        ),
        Sense.BOOK: (
            "umów wizytę, umówić wizytę, rezerwacja, zarezerwuj, umówić się, zapisz mnie, umów spotkanie,"
            " (chcę/chciałbym/chciałabym) (umówić się/umówić wizytę/się umówić),"
            " umówić (wizytę/spotkanie/się na wizytę), rezerwuj, zapisać się (/na wizytę)"
        ),
        Sense.VISIT: "wizyta, wizytę, spotkanie, termin",
        Sense.VISIT_LIST: "wizyty, moje wizyty",
        Sense.CANCEL: "odwołaj, odwołać, anuluj, anulować, odwołuję",
        Sense.NOTICES: "powiadomienia, ostrzeżenia, zawiadomienia",
        Sense.OUTAGE: (
            "brak prądu, nie ma prądu, awaria, brak zasilania, awaria prądu, (brak/nie ma) (prądu/światła/energii),"
            " wyłączyli prąd, prąd (wysiadł/zgasł), zgasło światło, iskrzy, nie mam prądu"
        ),
        Sense.PLANNED_OUTAGE: "wyłączenia, planowane wyłączenia",
        Sense.STOP: (
            "wypisz, wypisz mnie, rezygnuję, wyłącz sms, rezygnacja, zatrzymaj, koniec,"
            " nie (pisz/piszcie/pisać/wysyłaj/wysyłajcie/wysyłać) (/do mnie/więcej/mi/już/smsów/wiadomości/mi smsów/"
            "mi wiadomości/do mnie więcej), (/proszę )nie (pisać/wysyłać) (/do mnie/więcej/smsów/wiadomości),"
            " przestań(cie) (/pisać/wysyłać), przestań, wypisz(cie) mnie, wypisać się,"
            " rezygnuję z (smsów/wiadomości/powiadomień), nie chcę (smsów/wiadomości/powiadomień/sms),"
            " usuń mój numer, usuńcie mój numer, stop, odczepcie się, dajcie spokój"
        ),
        Sense.START: "zapisz, wznów, wznów (smsy/wiadomości), włącz (sms/smsy/powiadomienia), subskrybuj",
        Sense.LINK: (
            "rejestracja, zarejestruj, dodaj konto, zarejestrować, dodać konto, połącz konto, przypisz konto,"
            " chcę się zarejestrować, zarejestruj (mnie/konto)"
        ),
        Sense.LANGUAGE: "język, zmień język, zmiana języka",
        Sense.HUMAN: (
            "konsultant, konsultanta, konsultantem, z (konsultantem/człowiekiem/kimś), rozmowa z konsultantem,"
            " proszę o (telefon/kontakt), zadzwońcie, proszę zadzwonić, infolinia, operator"
        ),
        Sense.COMPLAINT: (
            "reklamacja, skarga, reklamację, zepsuty, za wysoki rachunek, taki wysoki rachunek,"
            " dlaczego (tak dużo/tak drogo/taki wysoki rachunek), licznik (nie działa/zepsuty/się zepsuł),"
            " nie zgadzam się, błąd w rachunku, błędna faktura, zły rachunek, oszustwo"
        ),
        Sense.YES: "tak, zgadza się, potwierdzam",
        Sense.NO: "nie",
        Sense.REGARDS: "z poważaniem, pozdrawiam serdecznie",
        Sense.FILLER: "to, jest, oto, tu, no, mój stan",
        Sense.PERIOD: "miesiąc, za miesiąc, w tym miesiącu, w przyszłym tygodniu, tydzień",
        Sense.WHERE: "gdzie, dokąd",
        Sense.THERE_IS: "mam, czy mam, ile mam",
        Sense.MOVE: "przełóż, przełożyć, zmienić termin, zmień termin, przesunąć",
        Sense.NOT_ME: "to nie ja, pomyłka, zły numer, to nie mój numer",
        Sense.PAST: "było, poprzedni, poprzednie, zeszły miesiąc, ubiegły",
        Sense.MESSAGES: "wiadomości, smsy, smsów, sms y",
        Sense.ABSENT: "nie przyjdę, nie mogę przyjść",
    },
    {
        Sense.TONGUE: {"pl": "polski, po polsku", "en": "angielski, po angielsku", "ru": "rosyjski"},
        Sense.RELATIVE_DAY: {"1": "jutro", "-1": "wczoraj"},
    },
)
