"""Turkish words."""

from core.grammar.senses import Sense
from core.grammar.vocabulary.language import Language

TURKISH = Language(
    "tr",
    {
        Sense.READING: (
            "endeks, endeksi, sayaç endeksi, sayaç okuma, okuma, sayaç değeri, sayaç endeks, sayaç okumasi,"
            " okuma değeri, güncel endeks, sayaçta, endeks değeri,"
            " sayaç (/son )(değeri/okuması/endeksi/göstergesi/rakamı), sayaçta (yazan/görünen), sayaç şu an,"
            " endeksim, endeksimiz, sayacımda, yeni endeks, son endeks, sayaçtaki değer, sayacımın endeksi"
        ),
        Sense.METER: "sayaç, sayacı, sayacım, sayaçtaki, sayacımız, sayacın",
        Sense.SERIAL: "sayaç no, sayaç numarası, sayaç seri no, seri no",
        Sense.ACCOUNT: (
            "abone, abone no, abone numarası, sözleşme no, müşteri no, tesisat no, hesap no, sözleşme numarası,"
            " abonelik no, abonelik numarası, tesisat numarası, müşteri numarası, hesap numarası, sözleşme, abonem,"
            " abonelik"
        ),
        Sense.BILL: "fatura, faturası, faturam",
        Sense.DAY: "gündüz",
        Sense.NIGHT: "gece",
        Sense.PEAK: "puant",
        Sense.ELECTRICITY: "elektrik, elektriği, elektrikler, ışık, elektriğin",
        Sense.GREETING: (
            "merhaba, selam, günaydın, iyi günler, iyi akşamlar, merhabalar, selamlar, iyi sabahlar, iyi geceler,"
            " kolay gelsin, iyi çalışmalar, selamün aleyküm, sayın yetkili, slm, mrb"
        ),
        Sense.THANKS: (
            "teşekkürler, teşekkür ederim, sağol, sağolun, teşekkür, çok teşekkürler, çok teşekkür ederim, saygılar,"
            " tşk, teşekkürlerimle, sağ olun"
        ),
        Sense.POLITE: "lütfen, rica ederim, rica etsem, lütfen bana",
        Sense.PRONOUN: "ben, benim, bana, bizim, benim için, biz, bize, size, siz, sizin",
        Sense.NOW: "bugün, şimdi, güncel, şu an, bu ay, bu ayki, bugünkü, şuan, yeni",
        Sense.CURRENCY: "tl, lira",
        Sense.HOW_MUCH: "ne kadar, kaç, kaç para, ne kadar (var/oldu), ne kdr, kaç lira, kaç tl",
        Sense.WHAT: "ne, nedir, hangi",
        Sense.WHEN: "ne zaman",
        Sense.HOW: "nasıl",
        Sense.WHY: "neden, niye, niçin",
        Sense.THERE_IS: "var mı, var, var (mı/mi), varmı, var mıdır",
        Sense.ASK: (
            "göster, sorgula, öğren, öğrenmek, sorgulama, sorgulamak, (öğrenmek/sorgulamak/görmek) istiyorum,"
            " öğrenebilir miyim, sorgulayabilir miyim, bakar mısınız, söyler misiniz, bilgi, gösterir misiniz"
        ),
        Sense.WANT: "istiyorum, lazım, isterim, istiyoruz, gerek, gerekiyor, lazim",
        Sense.SEND: (
            "gönder, bildir, bildirmek, bildirim yap, göndermek, girmek, bildiriyorum, gönderiyorum, iletiyorum,"
            " iletmek, veriyorum, giriyorum, kaydedin, kaydediniz, alınız"
        ),
        Sense.BALANCE: (
            "borç, borcum, bakiye, borcum ne kadar, borç sorgulama, ödenecek tutar, fatura tutarı, borcu, bakiyem,"
            " fatura borcu, ödeyeceğim tutar, borcum kaç, borç (miktarı/durumu/bilgisi),"
            " borcum (var mı/nedir/ne kadar/kaç lira/kaç para), bakiye (nedir/sorgula/öğrenme), hesap bakiyesi,"
            " fatura(/m) (ne kadar/nedir/kaç lira), ne kadar borcum var, elektrik (borcu/borcum), ödenmemiş fatura,"
            " borcumu, borçlarım"
        ),
        Sense.PAY: (
            "öde, ödeme, ödemek, fatura öde, fatura ödeme, ödeme yap, ödeme yapmak,"
            " (fatura/faturamı/borcumu/elektrik faturası) öde(/mek/mek istiyorum/yeceğim), ödemek istiyorum,"
            " nasıl (ödeyebilirim/öderim), (nereye/nerede/nereden) ödeyebilirim, ödeme (linki/yapmak istiyorum),"
            " kredi kartı ile, online ödeme"
        ),
        Sense.HISTORY: (
            "geçmiş, geçmişi, geçmiş endeksler, geçmiş okumalar, geçmiş (okumalar/endeksler/değerler),"
            " önceki (okumalar/endeks/okuma), son (okuma/okumalar/okumalarım), tüketim geçmişi, okuma geçmişi"
        ),
        Sense.PAYMENTS: (
            "ödemeler, ödemelerim, geçmiş ödemeler, ödeme geçmişi, son ödeme(/m/lerim), ödeme geçmişim,"
            " ödememi aldınız mı"
        ),
        Sense.USE: "tüketim, harcadım, tükettim",
        Sense.ROUGH: "yaklaşık, civarı, galiba, sanırım, aşağı yukarı, tahminen, yaklaşık olarak, herhalde",
        Sense.HELP: (
            "yardım, yardim et, destek, komutlar, menü, yardım (edin/eder misiniz/lütfen),"
            " nasıl (kullanılır/çalışır/gönderebilirim/bildirebilirim), ne yapabilirim, ne yazmalıyım, yardim,"
            " anlamadım, komut listesi"
        ),
        Sense.BOOK: (
            "randevu, randevu al, randevu almak, rezervasyon, randevu istiyorum,"
            " randevu (al/almak/almak istiyorum/istiyorum/oluştur/ver/alabilir miyim/talep ediyorum)"
        ),
        Sense.VISIT: "randevum, randevuyu",
        Sense.VISIT_LIST: "randevularım, randevular, randevum ne zaman",
        Sense.CANCEL: "iptal et, iptal etmek, iptali, iptal (edin/etmek istiyorum)",
        Sense.CANCEL_WORD: "iptal, ret",
        Sense.NOTICES: "bildirimler, bildirim, uyarılar, duyurular, duyuru, uyarı, bilgilendirmeler",
        Sense.OUTAGE: (
            "elektrik yok, elektrikler kesik, elektrik kesik, elektrik kesintisi, elektrikler yok, kesinti,"
            " elektrik kesildi, elektrikler kesildi, elektrikler gitti,"
            " elektrik(/ler/imiz) (yok/gitti/kesildi/kesik), ışık yok, cereyan yok, evde elektrik yok, kıvılcım,"
            " elektrik arızası"
        ),
        Sense.STOP: (
            "dur, durdur, abonelikten çık, mesaj istemiyorum, sms istemiyorum, aboneliği iptal et,"
            " (mesaj/sms) (gönderme/göndermeyin/göndermeyiniz/atma/atmayın/atmayınız/yollamayın/istemiyorum/almak"
            " istemiyorum), (artık/bana/bana artık) (mesaj/sms) (göndermeyin/atmayın/yazmayın/istemiyorum),"
            " yazma(yın/yınız), bana yazmayın, rahatsız etmeyin,"
            " beni (rahat bırakın/listeden çıkarın/rahatsız etmeyin), abonelik iptal, aboneliğimi iptal edin,"
            " listeden (çık/çıkar/çıkarın), numaramı (silin/sil/çıkarın), durdurun, mesajları durdurun"
        ),
        Sense.START: "başla, başlat, devam et, tekrar (başlat/abone ol), abone ol, mesajları (aç/başlat)",
        Sense.LINK: (
            "kayıt, kayıt ol, kaydol, hesap ekle, abone ekle, kayıt (olmak istiyorum/olmak/yap), kaydolmak istiyorum,"
            " hesap (bağla/bağlamak istiyorum), hesabımı (ekle/bağla), numaramı kaydet"
        ),
        Sense.LANGUAGE: "dil, dil değiştir, dili değiştir, dil seç, dili değiştirmek istiyorum, dil seçimi",
        Sense.HUMAN: (
            "müşteri temsilcisi, temsilci, operatör, operatör(/e bağlan/le görüşmek istiyorum), yetkili,"
            " yetkili ile görüşmek istiyorum, canlı destek, beni arayın, müşteri hizmetleri"
        ),
        Sense.COMPLAINT: (
            "şikayet, itiraz, arıza, bozuk, yüksek fatura, şikayet(im var/ etmek istiyorum/çiyim),"
            " fatura (/çok )yüksek, faturam (çok/neden bu kadar) yüksek, neden bu kadar (çok/yüksek),"
            " sayaç (çalışmıyor/arızalı), sayacım (bozuk/çalışmıyor), hatalı fatura, yanlış fatura, itiraz ediyorum"
        ),
        Sense.NOT: "değil, yanlış",
        Sense.YES: "evet, doğru, onaylıyorum, evet doğru",
        Sense.NO: "hayır",
        Sense.REGARDS: "saygılarımla",
        Sense.FILLER: "bu, şu, de, da, ise, olarak, için, acaba",
        Sense.PERIOD: "ay, aylık, bu hafta, gelecek hafta",
        Sense.WHERE: "nerede, nereden, nereye",
        Sense.CAN: "mı, mi, mu, mü, mümkün mü, olur mu, edebilir miyim, yapabilir miyim",
        Sense.OWE: "borçluyum, ödemem gerek, ödemem gereken, ödeyeceğim, ne kadar ödeyeceğim, ne kadar ödemeliyim",
        Sense.MOVE: "(randevu/randevumu) (ertele/değiştir/değiştirmek istiyorum/ertelemek istiyorum), ertele",
        Sense.PLANNED_OUTAGE: (
            "planlı (kesinti/kesintiler), kesinti (programı/var mı), elektrik(/ler) ne zaman (gelecek/gelir/kesilecek)"
        ),
        Sense.NOT_ME: "ben değilim, yanlış numara, bu ben değilim",
        Sense.PAST: "geçen ay, önceki, eski, vardı, idi, geçen",
        Sense.MESSAGES: "mesaj(/lar/ları), smsler",
        Sense.ABSENT: "gelemeyeceğim, gelemiyorum",
    },
    {
        Sense.TONGUE: {"tr": "türkçe", "en": "ingilizce", "ru": "rusça"},
        Sense.RELATIVE_DAY: {"1": "yarın", "-1": "dün"},
    },
)
