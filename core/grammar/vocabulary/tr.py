"""Turkish words."""

from core.grammar.senses import Sense
from core.grammar.vocabulary.language import Language

TURKISH = Language(
    "tr",
    {
        Sense.READING: "endeks, endeksi, sayaç endeksi, sayaç okuma, okuma, sayaç değeri, sayaç endeks, sayaç okumasi,"
        " okuma değeri, güncel endeks, sayaçta, endeks değeri",
        Sense.METER: "sayaç, sayacı, sayacım, sayaçtaki",
        Sense.SERIAL: "sayaç no, sayaç numarası, sayaç seri no, seri no",
        Sense.ACCOUNT: "abone, abone no, abone numarası, sözleşme no, müşteri no, tesisat no, hesap no,"
        " sözleşme numarası",
        Sense.BILL: "fatura, faturası, faturam",
        Sense.DAY: "gündüz",
        Sense.NIGHT: "gece",
        Sense.PEAK: "puant",
        Sense.ELECTRICITY: "elektrik, elektriği",
        Sense.GREETING: "merhaba, selam, günaydın, iyi günler, iyi akşamlar, merhabalar",
        Sense.THANKS: "teşekkürler, teşekkür ederim, sağol, sağolun, teşekkür",
        Sense.POLITE: "lütfen",
        Sense.PRONOUN: "ben, benim, bana, bizim",
        Sense.NOW: "bugün, şimdi, güncel, şu an",
        Sense.CURRENCY: "tl, lira",
        Sense.HOW_MUCH: "ne kadar, kaç, kaç para",
        Sense.WHAT: "ne, nedir, hangi",
        Sense.WHEN: "ne zaman",
        Sense.HOW: "nasıl",
        Sense.WHY: "neden, niye, niçin",
        Sense.THERE_IS: "var mı",
        Sense.ASK: "göster, sorgula, öğren, öğrenmek, sorgulama, sorgulamak",
        Sense.WANT: "istiyorum, lazım",
        Sense.SEND: "gönder, bildir, bildirmek, bildirim yap, göndermek, girmek",
        Sense.BALANCE: "borç, borcum, bakiye, borcum ne kadar, borç sorgulama, ödenecek tutar, fatura tutarı, borcu,"
        " bakiyem, fatura borcu, ödeyeceğim tutar, borcum kaç",
        Sense.PAY: "öde, ödeme, ödemek, fatura öde, fatura ödeme, ödeme yap, ödeme yapmak",
        Sense.HISTORY: "geçmiş, geçmişi, geçmiş endeksler, geçmiş okumalar",
        Sense.PAYMENTS: "ödemeler, ödemelerim, geçmiş ödemeler, ödeme geçmişi",
        Sense.USE: "tüketim, harcadım, tükettim",
        Sense.ROUGH: "yaklaşık, civarı, galiba, sanırım",
        Sense.HELP: "yardım, yardim et, destek, komutlar, menü",
        Sense.BOOK: "randevu, randevu al, randevu almak, rezervasyon, randevu istiyorum",
        Sense.VISIT: "randevum",
        Sense.VISIT_LIST: "randevularım, randevular",
        Sense.CANCEL: "iptal et, iptal etmek, iptali",
        Sense.CANCEL_WORD: "iptal, ret",
        Sense.NOTICES: "bildirimler, bildirim, uyarılar, duyurular",
        Sense.OUTAGE: "elektrik yok, elektrikler kesik, elektrik kesik, elektrik kesintisi, elektrikler yok, kesinti,"
        " elektrik kesildi, elektrikler kesildi, elektrikler gitti",
        Sense.STOP: "dur, durdur, abonelikten çık, mesaj istemiyorum, sms istemiyorum, aboneliği iptal et",
        Sense.START: "başla, başlat, devam et",
        Sense.LINK: "kayıt, kayıt ol, kaydol, hesap ekle, abone ekle",
        Sense.LANGUAGE: "dil, dil değiştir, dili değiştir, dil seç",
        Sense.HUMAN: "müşteri temsilcisi, temsilci, operatör",
        Sense.COMPLAINT: "şikayet, itiraz, arıza, bozuk, yüksek fatura",
        Sense.NOT: "değil",
        Sense.YES: "evet",
        Sense.NO: "hayır",
    },
    {
        Sense.TONGUE: {"tr": "türkçe", "en": "ingilizce", "ru": "rusça"},
        Sense.RELATIVE_DAY: {"1": "yarın", "-1": "dün"},
    },
)
