"""The few words of further Asian languages that customers use towards a supplier."""

from core.grammar.senses import Sense
from core.grammar.vocabulary.language import Language

UZBEK = Language(
    "uz",
    {
        Sense.READING: "ko'rsatkich, ko'rsatkichi, korsatkich, ko'rsatkichlar, hisoblagich ko'rsatkichi, кўрсаткич*,"
        " hisoblagich korsatkichi, ҳисоблагич кўрсаткичи, курсаткич*",
        Sense.METER: "hisoblagich, ҳисоблагич, schyotchik",
        Sense.ACCOUNT: "shaxsiy hisob, hisob raqam, шахсий ҳисоб, hisob raqami",
        Sense.DAY: "kunduzi, kunduz, кундузи",
        Sense.NIGHT: "tunda, tungi, тунги",
        Sense.GREETING: "assalomu alaykum, salom, ассалому алайкум, салом",
        Sense.THANKS: "rahmat, раҳмат",
        Sense.HOW_MUCH: "qancha, қанча",
        Sense.BALANCE: "qarz, qarzim, qarzdorlik, қарз, қарздорлик, qarzim qancha, balansim",
        Sense.PAY: "to'lash, to'lov, тўлов, тўлаш",
        Sense.HISTORY: "tarix",
        Sense.HELP: "yordam, ёрдам",
        Sense.STOP: "to'xtatish, тўхтатиш, to'xtat",
        Sense.LANGUAGE: "til, tilni o'zgartirish",
        Sense.OUTAGE: "svet yo'q, свет йўқ, elektr yo'q",
    },
    {Sense.TONGUE: {"uz": "o'zbekcha, ўзбекча, o'zbek tili"}},
)

KYRGYZ = Language(
    "ky",
    {
        Sense.READING: "көрсөткүч*, эсептегичтин көрсөткүчү, эсептегич көрсөткүчү",
        Sense.METER: "эсептегич*",
        Sense.ACCOUNT: "жеке эсеп, жеке счет",
        Sense.DAY: "күндүз, күндүзгү",
        Sense.NIGHT: "түнкү, түнү",
        Sense.GREETING: "саламатсызбы, салам, кутман күн",
        Sense.THANKS: "рахмат, чоң рахмат",
        Sense.HOW_MUCH: "канча",
        Sense.BALANCE: "карыз*, карызым канча, төлөнүүчү сумма",
        Sense.PAY: "төлөө, төлөм",
        Sense.HISTORY: "тарых",
        Sense.HELP: "жардам, көмөк",
        Sense.STOP: "токтотуу, токтот",
        Sense.LANGUAGE: "тилди өзгөртүү, тил",
        Sense.OUTAGE: "жарык жок, свет жок",
    },
    {Sense.TONGUE: {"ky": "кыргызча, кыргыз тили"}},
)

AZERBAIJANI = Language(
    "az",
    {
        Sense.READING: "göstərici, göstəricisi, sayğac göstəricisi, sayğacın göstəricisi, gosterici",
        Sense.METER: "sayğac",
        Sense.ACCOUNT: "abonent kodu, abunəçi kodu",
        Sense.GREETING: "salam",
        Sense.THANKS: "təşəkkür, sağ ol",
        Sense.BALANCE: "borc, borcum nə qədər, borcu",
        Sense.PAY: "ödəniş, ödəmək",
        Sense.HELP: "kömək",
        Sense.STOP: "dayandır",
        Sense.OUTAGE: "işıq yoxdur",
    },
    {Sense.TONGUE: {"az": "azərbaycanca, azərbaycan dili"}},
)

GEORGIAN = Language(
    "ka",
    {
        Sense.READING: "ჩვენება, მრიცხველის ჩვენება",
        Sense.METER: "მრიცხველი, მრიცხველის",
        Sense.ACCOUNT: "აბონენტის ნომერი, აბონენტი",
        Sense.GREETING: "გამარჯობა",
        Sense.THANKS: "მადლობა",
        Sense.BALANCE: "დავალიანება, ბალანსი, ვალი",
        Sense.HELP: "დახმარება",
        Sense.STOP: "გაჩერება, სტოპ",
    },
    {Sense.TONGUE: {"ka": "ქართული"}},
)

ARMENIAN = Language(
    "hy",
    {
        Sense.READING: "ցուցմունք, հաշվիչի ցուցմունք, ցուցմունքը, հաշվիչի ցուցմունքը",
        Sense.METER: "հաշվիչ, հաշվիչի",
        Sense.GREETING: "բարև, բարև ձեզ",
        Sense.THANKS: "շնորհակալություն",
        Sense.BALANCE: "պարտք, պարտքս",
        Sense.HELP: "օգնություն",
        Sense.STOP: "դադարեցնել",
    },
    {Sense.TONGUE: {"hy": "հայերեն"}},
)

HEBREW = Language(
    "he",
    {
        Sense.READING: "קריאה, קריאת מונה, קריאת מונה חשמל",
        Sense.METER: "מונה, מונה חשמל",
        Sense.GREETING: "שלום",
        Sense.THANKS: "תודה",
        Sense.BALANCE: "יתרה, חוב, כמה אני חייב",
        Sense.HELP: "עזרה",
        Sense.STOP: "הסר, עצור",
    },
)

ARABIC = Language(
    "ar",
    {
        Sense.READING: "قراءة, قراءة العداد, القراءة",
        Sense.METER: "عداد, العداد",
        Sense.GREETING: "مرحبا, السلام عليكم",
        Sense.THANKS: "شكرا",
        Sense.BALANCE: "الرصيد, رصيد, دين",
        Sense.HELP: "مساعدة",
        Sense.STOP: "توقف, إيقاف",
    },
)

HINDI = Language(
    "hi",
    {
        Sense.READING: "रीडिंग, मीटर रीडिंग",
        Sense.METER: "मीटर",
        Sense.GREETING: "नमस्ते",
        Sense.THANKS: "धन्यवाद",
        Sense.BALANCE: "बिल, बकाया, कितना बिल",
        Sense.HELP: "मदद, सहायता",
        Sense.OUTAGE: "बिजली नहीं है, बिजली नहीं",
    },
)

TAJIK = Language(
    "tg",
    {
        Sense.READING: "нишондод, нишондиҳанда, нишондоди ҳисобкунак",
        Sense.METER: "ҳисобкунак",
        Sense.GREETING: "ассалому алейкум",
        Sense.BALANCE: "қарздорӣ, қарзи ман",
        Sense.HELP: "кӯмак, ёрӣ",
    },
)

MONGOLIAN = Language(
    "mn",
    {
        Sense.READING: "заалт, тоолуурын заалт",
        Sense.METER: "тоолуур, тоолуурын",
        Sense.GREETING: "сайн байна уу",
        Sense.THANKS: "баярлалаа",
        Sense.BALANCE: "үлдэгдэл, өр",
        Sense.HELP: "тусламж",
        Sense.STOP: "зогсоо",
    },
)

CHINESE = Language(
    "zh",
    {
        Sense.READING: "读数, 电表读数, 抄表",
        Sense.METER: "电表",
        Sense.BALANCE: "余额, 欠费, 电费",
        Sense.HELP: "帮助",
        Sense.STOP: "退订, 停止",
        Sense.GREETING: "你好",
        Sense.THANKS: "谢谢",
    },
    {Sense.TONGUE: {"zh": "中文"}},
)

FILIPINO = Language(
    "tl",
    {
        Sense.GREETING: "magandang umaga, magandang hapon, kumusta",
        Sense.THANKS: "salamat",
        Sense.BALANCE: "magkano ang bill, magkano bill",
        Sense.HELP: "tulong",
        Sense.OUTAGE: "walang kuryente, brownout",
    },
)

VIETNAMESE = Language(
    "vi",
    {
        Sense.READING: "chỉ số, chỉ số công tơ, chỉ số điện",
        Sense.GREETING: "xin chào",
        Sense.THANKS: "cảm ơn",
        Sense.BALANCE: "tiền điện, nợ tiền điện",
        Sense.HELP: "trợ giúp",
        Sense.OUTAGE: "mất điện",
    },
)

LANGUAGES = (
    UZBEK,
    KYRGYZ,
    AZERBAIJANI,
    GEORGIAN,
    ARMENIAN,
    HEBREW,
    ARABIC,
    HINDI,
    TAJIK,
    MONGOLIAN,
    CHINESE,
    FILIPINO,
    VIETNAMESE,
)
