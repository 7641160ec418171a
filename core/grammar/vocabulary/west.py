"""The few words of further European languages that customers use towards a supplier."""

from core.grammar.senses import Sense
from core.grammar.vocabulary.language import Language

CZECH = Language(
    "cs",
    {
        Sense.READING: "stav elektroměru, stav měřiče, odečet, stav plynoměru, stav elektroměr, stav vodoměru, stav",
        Sense.METER: "elektroměr, měřič",
        Sense.ACCOUNT: "číslo smlouvy, zákaznické číslo, smlouva, číslo odběrného místa",
        Sense.DAY: "vysoký tarif, den",
        Sense.NIGHT: "nízký tarif",
        Sense.GREETING: "dobrý den, ahoj",
        Sense.THANKS: "děkuji, díky",
        Sense.POLITE: "prosím",
        Sense.NOW: "dnes, nyní, aktuální",
        Sense.BALANCE: "dluh, zůstatek, nedoplatek, přeplatek, kolik dlužím",
        Sense.PAY: "zaplatit, platba",
        Sense.HELP: "pomoc, nápověda",
        Sense.STOP: "odhlásit, zrušit odběr",
        Sense.LANGUAGE: "jazyk",
    },
    {Sense.TONGUE: {"cs": "čeština, česky"}},
)

SLOVAK = Language(
    "sk",
    {
        Sense.READING: "stav elektromera, stav merača, odpočet",
        Sense.METER: "elektromer, merač",
        Sense.SERIAL: "et",
        Sense.ACCOUNT: "čom, com",
        Sense.BALANCE: "dlh, nedoplatok, koľko dlhujem",
        Sense.GREETING: "dobrý deň",
        Sense.THANKS: "ďakujem",
        Sense.HELP: "pomoc, nápoveda",
        Sense.PAY: "zaplatiť",
    },
)

ROMANIAN = Language(
    "ro",
    {
        Sense.READING: "index, indexul, index contor, citire, indicele contorului, indicele, index curent, autocitire,"
        " citire contor",
        Sense.METER: "contor, contorul",
        Sense.ACCOUNT: "cod client, cont, contract nr, numar contract, loc de consum, nr contract, codul clientului",
        Sense.DAY: "zi, ziua",
        Sense.NIGHT: "noapte, noaptea",
        Sense.GREETING: "bună ziua, salut, bună, buna dimineata, bună seara",
        Sense.THANKS: "mulțumesc, mersi, multumesc",
        Sense.POLITE: "vă rog, te rog",
        Sense.NOW: "azi, astăzi, acum",
        Sense.HOW_MUCH: "cât",
        Sense.BALANCE: "sold, datorie, datoria, soldul, cât datorez, de plată, suma de plată, restanță",
        Sense.PAY: "plată, plătesc, plăti, plateste",
        Sense.HISTORY: "istoric",
        Sense.HELP: "ajutor",
        Sense.STOP: "dezabonare, opriți, opreste",
        Sense.LANGUAGE: "limba, schimbă limba",
    },
    {Sense.TONGUE: {"ro": "română, romana, moldoveneasca"}},
)

LITHUANIAN = Language(
    "lt",
    {
        Sense.READING: "rodmenys, rodmuo, skaitiklio rodmenys, skaitiklio rodmuo, rodmenis",
        Sense.METER: "skaitiklis, skaitiklio",
        Sense.ACCOUNT: "sutarties numeris, kliento numeris, mokėtojo kodas, sutartis",
        Sense.DAY: "dieninė",
        Sense.NIGHT: "naktis, naktinė",
        Sense.GREETING: "laba diena, labas, sveiki",
        Sense.THANKS: "ačiū",
        Sense.POLITE: "prašau",
        Sense.BALANCE: "skola, likutis, mokėtina suma, kiek skolingas",
        Sense.PAY: "mokėti, sumokėti, apmokėti",
        Sense.HISTORY: "istorija",
        Sense.HELP: "pagalba",
        Sense.STOP: "atsisakyti",
        Sense.LANGUAGE: "kalba",
        Sense.OUTAGE: "nėra elektros",
    },
    {Sense.TONGUE: {"lt": "lietuvių, lietuviškai"}},
)

ESTONIAN = Language(
    "et",
    {
        Sense.READING: "näit, arvesti näit, näidud, arvestinäit, elektrinäit, elektri näit",
        Sense.METER: "arvesti",
        Sense.ACCOUNT: "lepingu number, kliendinumber, leping",
        Sense.DAY: "päev, päevane",
        Sense.NIGHT: "öö, öine",
        Sense.GREETING: "tere",
        Sense.THANKS: "aitäh, tänan",
        Sense.POLITE: "palun",
        Sense.BALANCE: "võlg, saldo, võlgnevus",
        Sense.PAY: "maksma, maksa",
        Sense.HISTORY: "ajalugu",
        Sense.HELP: "abi",
        Sense.STOP: "lõpeta, peata",
        Sense.LANGUAGE: "keel",
    },
    {Sense.TONGUE: {"et": "eesti, eesti keel"}},
)

FRENCH = Language(
    "fr",
    {
        Sense.READING: "relevé, index compteur, relevé de compteur, mon relevé, relève, auto relevé, relevé compteur",
        Sense.METER: "compteur",
        Sense.ACCOUNT: "numéro client, numéro de client, contrat, numéro de contrat, compte, référence client",
        Sense.DAY: "jour, heures pleines, hp, plein",
        Sense.NIGHT: "nuit, heures creuses, hc, creuses",
        Sense.GREETING: "bonjour, bonsoir, salut",
        Sense.THANKS: "merci, cordialement, merci beaucoup",
        Sense.POLITE: "svp, s'il vous plaît, s'il vous plait",
        Sense.FILLER: "est, mon, le, la, les, de, du",
        Sense.HOW_MUCH: "combien",
        Sense.BALANCE: "solde, dette, montant dû, combien je dois, mon solde, montant à payer",
        Sense.PAY: "payer, paiement",
        Sense.HISTORY: "historique",
        Sense.HELP: "aide, aidez moi",
        Sense.STOP: "arrêt, arrêter, arrêtez, désabonner, désinscription, désinscrire, stopper, me désabonner",
        Sense.BOOK: "rendez vous, prendre rendez vous, rdv",
        Sense.LANGUAGE: "langue, changer de langue",
        Sense.OUTAGE: "panne, coupure de courant, pas d'électricité, panne de courant",
        Sense.YES: "oui",
        Sense.NO: "non",
    },
    {Sense.TONGUE: {"fr": "français, francais"}},
)

SPANISH = Language(
    "es",
    {
        Sense.READING: "lectura, lectura del medidor, lectura del contador, lectura actual, mi lectura,"
        " lectura medidor",
        Sense.METER: "medidor, contador",
        Sense.ACCOUNT: "cuenta, número de cuenta, contrato, número de cliente, nis",
        Sense.DAY: "día",
        Sense.NIGHT: "noche",
        Sense.PEAK: "punta",
        Sense.HALFPEAK: "llano",
        Sense.OFFPEAK: "valle",
        Sense.GREETING: "hola, buenos días, buenas tardes, buenas noches, buenas",
        Sense.THANKS: "gracias, muchas gracias, saludos",
        Sense.POLITE: "por favor",
        Sense.FILLER: "es, el, del, mi",
        Sense.HOW_MUCH: "cuánto, cuanto",
        Sense.BALANCE: "saldo, deuda, cuánto debo, monto a pagar, cuanto debo, total a pagar",
        Sense.PAY: "pagar, pago, pagar factura",
        Sense.HISTORY: "historial",
        Sense.HELP: "ayuda, ayúdame, información",
        Sense.STOP: "parar, alto, baja, darse de baja, cancelar suscripción, detener, desuscribir, no más mensajes",
        Sense.START: "comenzar, suscribir, iniciar, empezar",
        Sense.BOOK: "cita, reservar cita, pedir cita",
        Sense.LANGUAGE: "idioma, cambiar idioma",
        Sense.OUTAGE: "apagón, sin luz, no hay luz, corte de luz, se fue la luz",
        Sense.YES: "sí",
    },
    {Sense.TONGUE: {"es": "español, espanol"}},
)

ITALIAN = Language(
    "it",
    {
        Sense.READING: "lettura, autolettura, lettura contatore, lettura del contatore",
        Sense.METER: "contatore",
        Sense.ACCOUNT: "codice cliente, numero cliente, pod, contratto",
        Sense.GREETING: "buongiorno, ciao, buonasera, salve",
        Sense.THANKS: "grazie",
        Sense.POLITE: "per favore, prego",
        Sense.BALANCE: "debito, quanto devo, importo da pagare",
        Sense.PAY: "pagare, pagamento",
        Sense.HELP: "aiuto",
        Sense.STOP: "ferma, disiscrivi, disiscrivimi, basta",
    },
    {Sense.TONGUE: {"it": "italiano"}},
)

PORTUGUESE = Language(
    "pt",
    {
        Sense.READING: "leitura, leitura do medidor, leitura do contador",
        Sense.ACCOUNT: "conta contrato, número do cliente, instalação",
        Sense.NIGHT: "noite",
        Sense.GREETING: "olá, bom dia, boa tarde, boa noite",
        Sense.THANKS: "obrigado, obrigada",
        Sense.BALANCE: "dívida, quanto devo, valor a pagar, débito",
        Sense.HELP: "ajuda",
        Sense.STOP: "sair, cancelar inscrição",
    },
    {Sense.TONGUE: {"pt": "português"}},
)

SERBIAN = Language(
    "sr",
    {
        Sense.READING: "stanje brojila, očitavanje, стање бројила, стање, stanje",
        Sense.METER: "brojilo, brojila, бројило",
        Sense.ACCOUNT: "ed broj, broj ugovora, naplatni broj",
        Sense.DAY: "dan, viša tarifa, visa",
        Sense.NIGHT: "niža tarifa, niza",
        Sense.GREETING: "dobar dan, zdravo, pozdrav",
        Sense.THANKS: "hvala",
        Sense.BALANCE: "dug, dugovanje, koliko dugujem, дуг, дуговање",
        Sense.PAY: "platiti, plaćanje",
        Sense.HELP: "pomoć, помоћ",
        Sense.STOP: "odjava",
        Sense.LANGUAGE: "jezik, језик",
        Sense.OUTAGE: "nema struje, нема струје",
    },
    {Sense.TONGUE: {"sr": "srpski, српски"}},
)

BULGARIAN = Language(
    "bg",
    {
        Sense.READING: "показание електромер, отчет електромер, показание на електромера",
        Sense.METER: "електромер, електромера",
        Sense.ACCOUNT: "клиентски номер, абонатен номер, абонатен",
        Sense.DAY: "дневна",
        Sense.NIGHT: "нощ, нощна",
        Sense.GREETING: "добър ден, здравейте",
        Sense.THANKS: "благодаря, мерси",
        Sense.BALANCE: "задължение, задължения, дължа, колко дължа, сметка",
        Sense.PAY: "плащане, платя",
        Sense.HELP: "помощ",
        Sense.STOP: "спри, отпиши ме",
        Sense.LANGUAGE: "език",
        Sense.OUTAGE: "няма ток, спря токът",
    },
    {Sense.TONGUE: {"bg": "български"}},
)

HUNGARIAN = Language(
    "hu",
    {
        Sense.READING: "mérőállás, óraállás, mérőállást, villanyóra állás",
        Sense.METER: "mérő, villanyóra",
        Sense.ACCOUNT: "ügyfélszám, vevőkód, felhasználó azonosító",
        Sense.DAY: "nappali",
        Sense.NIGHT: "éjszakai",
        Sense.GREETING: "jó napot, szia, üdvözlöm",
        Sense.THANKS: "köszönöm",
        Sense.BALANCE: "egyenleg, tartozás, mennyi a tartozásom",
        Sense.PAY: "fizetés, fizetni",
        Sense.HELP: "segítség",
        Sense.STOP: "leiratkozás",
    },
    {Sense.TONGUE: {"hu": "magyar, magyarul"}},
)

FINNISH = Language(
    "fi",
    {
        Sense.READING: "lukema, mittarilukema, mittarin lukema",
        Sense.METER: "mittari",
        Sense.ACCOUNT: "asiakasnumero",
        Sense.GREETING: "hei, moi, päivää",
        Sense.THANKS: "kiitos",
        Sense.BALANCE: "velka",
        Sense.HELP: "apua, ohje",
        Sense.STOP: "lopeta",
    },
)

DUTCH = Language(
    "nl",
    {
        Sense.READING: "meterstand, meterstanden, mijn meterstand",
        Sense.METER: "stroommeter",
        Sense.ACCOUNT: "klantnummer",
        Sense.NIGHT: "laag, laagtarief",
        Sense.GREETING: "goedendag, goedemorgen, hallo",
        Sense.THANKS: "dank u, bedankt",
        Sense.POLITE: "alstublieft",
        Sense.BALANCE: "schuld, openstaand bedrag",
        Sense.PAY: "betalen",
        Sense.HELP: "hulp",
        Sense.STOP: "afmelden, uitschrijven",
    },
)

LANGUAGES = (
    CZECH,
    SLOVAK,
    ROMANIAN,
    LITHUANIAN,
    ESTONIAN,
    FRENCH,
    SPANISH,
    ITALIAN,
    PORTUGUESE,
    SERBIAN,
    BULGARIAN,
    HUNGARIAN,
    FINNISH,
    DUTCH,
)
