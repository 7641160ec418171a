"""Indonesian words."""

from core.grammar.senses import Sense
from core.grammar.vocabulary.language import Language

INDONESIAN = Language(
    "id",
    {
        Sense.READING: (
            "stand, angka stand, stand meter, angka meter, stan meter, meteran saya, catat meter, pembacaan meter,"
            " angka meteran, stand kwh, lapor stand, lapor angka meter, baca meter, angka kwh, stand meteran,"
            " (angka/stand/stan) (meter/meteran/kwh/listrik/meter listrik/meteran listrik/akhir/terakhir/sekarang/"
            "kwh meter), meteran (menunjukkan/sekarang), angkanya, meter saya, laporan meter, catatan meter,"
            " hasil baca meter, pencatatan meter, angka"
        ),
        Sense.METER: "meteran, kwh meter, meter listrik, meteran listrik, meter pln",
        Sense.ACCOUNT: (
            "idpel, id pelanggan, nomor pelanggan, no pelanggan, pelanggan, rekening, no rekening, id pel,"
            " nomor id pelanggan, kode pelanggan, no id, id, nomor rekening, akun, nopel, nomor idpel"
        ),
        Sense.SERIAL: "nomor meter, no meter, nomor meteran",
        Sense.DAY: "siang",
        Sense.NIGHT: "malam",
        Sense.PEAK: "wbp",
        Sense.OFFPEAK: "lwbp",
        Sense.ELECTRICITY: "listrik",
        Sense.GREETING: (
            "selamat pagi, selamat siang, selamat sore, selamat malam, halo, hai, assalamualaikum, pagi pak,"
            " selamat (pagi/siang/sore/malam) (pak/bu/min/admin), permisi, hallo, pagi, sore, mas, mbak"
        ),
        Sense.THANKS: (
            "terima kasih, makasih, trims, terimakasih, terima kasih (banyak/ya), makasih (banyak/ya), tks, thx ya,"
            " suwun, trm kasih"
        ),
        Sense.POLITE: (
            "tolong, mohon, silakan, pak, bu, min, tolong (ya/pak/min/dibantu), mohon (dibantu/bantuan), dong,"
            " ya pak, minta tolong"
        ),
        Sense.FILLER: "ini, adalah, nya, yang, itu, sih, kok, deh, dengan, sudah, udah, buat saya, aja, saja, hari",
        Sense.PRONOUN: "saya, kami, anda, kita, aku, punya saya, rumah saya",
        Sense.PREPOSITION: "untuk, dari, di, ke, pada, bulan, per bulan, tanggal, tgl",
        Sense.NOW: "sekarang, hari ini, bulan ini, saat ini, terbaru, skrg, sekarang ini, terkini",
        Sense.CURRENCY: "rp, rupiah",
        Sense.HOW_MUCH: "berapa, berapa (ya/banyak/total), brp, brapa",
        Sense.WHAT: "apa",
        Sense.WHEN: "kapan",
        Sense.HOW: "bagaimana, gimana, cara, gmn, (bagaimana/gimana) cara, caranya, bagaimana caranya",
        Sense.WHY: "kenapa, mengapa",
        Sense.ASK: (
            "cek, lihat, info tagihan, minta, tanya, cekkan, mau tanya, mau cek, mau tahu, ingin tahu, ingin cek,"
            " kasih tau, beritahu, info, minta info, tolong cek"
        ),
        Sense.WANT: "mau, ingin, perlu, pengen, butuh, hendak",
        Sense.CAN: "bisa, boleh, bisakah, bolehkah, apakah, apakah bisa, dapatkah",
        Sense.THERE_IS: "ada, ada berapa, apakah ada, punya, masih ada",
        Sense.SEND: (
            "kirim, lapor, kirim angka, input angka, setor, kirimkan, laporkan, laporkan angka, mau (lapor/kirim),"
            " input, masukkan, catat, menyampaikan, melaporkan, mengirim"
        ),
        Sense.BALANCE: (
            "tagihan, tagihan listrik, tunggakan, cek tagihan, jumlah tagihan, total tagihan, saldo, hutang, utang,"
            " rek, tagihan saya, berapa tagihan saya, info tagihan listrik, rekening listrik,"
            " tagihan (/listrik /bulan ini )(saya/berapa/saya berapa), tagihan (/listrik )bulan ini,"
            " berapa (tagihan/tagihan listrik/hutang/tunggakan) (/saya/bulan ini/saya bulan ini),"
            " jumlah (tagihan/tunggakan/yang harus dibayar), sisa (tagihan/hutang/saldo),"
            " cek (tagihan/tunggakan/saldo/tagihan listrik), saldo (saya/berapa), biaya listrik, yang harus dibayar"
        ),
        Sense.PAY: (
            "bayar, pembayaran, bayar tagihan, cara bayar, membayar, bayar listrik,"
            " (mau/ingin) bayar (/listrik/tagihan),"
            " (cara/bagaimana cara/gimana cara) (bayar/membayar/pembayaran) (/tagihan/listrik),"
            " bayar (tagihan listrik/rekening/online/dimana), link pembayaran, metode pembayaran,"
            " melakukan pembayaran"
        ),
        Sense.HISTORY: (
            "riwayat, riwayat pemakaian, histori, riwayat meter,"
            " riwayat (/angka /stand )(meter/pemakaian/pencatatan/stand), pemakaian (bulan lalu/saya/listrik saya),"
            " data pemakaian, histori pemakaian, angka meter bulan lalu, stand terakhir saya"
        ),
        Sense.PAYMENTS: "riwayat pembayaran, riwayat bayar, pembayaran (terakhir/saya), histori pembayaran",
        Sense.USE: "pemakaian, pakai",
        Sense.ROUGH: "sekitar, kira kira, kurang lebih, mungkin, perkiraan, hampir",
        Sense.HELP: (
            "bantuan, bantu, tolong bantu, panduan, petunjuk, menu bantuan, bantuan (dong/ya), tolong bantu saya,"
            " cara (pakai/menggunakan/lapor/kirim/melaporkan/mengirim/lapor meter/kirim meter),"
            " (bagaimana/gimana) (cara/cara lapor/cara kirim) (meter/angka meter), perintah, daftar perintah,"
            " bingung, tidak mengerti, gak ngerti"
        ),
        Sense.BOOK: (
            "janji temu, buat janji, daftar antrian, booking, buat janji temu, jadwalkan, antrian, reservasi,"
            " (buat/bikin/mau buat/atur/jadwalkan) (janji/janji temu/kunjungan/jadwal), ambil antrian,"
            " booking jadwal, mau (datang/ke kantor)"
        ),
        Sense.VISIT: "janji, kunjungan, jadwal, jadwal temu, jadwal kunjungan",
        Sense.CANCEL: "batalkan, membatalkan",
        Sense.CANCEL_WORD: "batal",
        Sense.NOTICES: "pemberitahuan, pengumuman, peringatan, notifikasi",
        Sense.PLANNED_OUTAGE: (
            "pemadaman, jadwal pemadaman, pemadaman bergilir, (jadwal/kapan/info) (pemadaman/mati lampu/padam),"
            " kapan (listrik/lampu) (nyala/hidup/menyala), ada pemadaman, kapan nyala"
        ),
        Sense.OUTAGE: (
            "mati lampu, listrik mati, listrik padam, lampu mati, padam, listrik mati pak, mati listrik,"
            " (listrik/lampu/listriknya) (mati/padam/tidak nyala/gak nyala/tidak menyala/mati total), padam listrik,"
            " (tidak/gak/ga) ada listrik, korslet, kabel putus, listrik di rumah saya mati, konslet, tiang roboh"
        ),
        Sense.STOP: (
            "berhenti, stop langganan, henti, berhenti berlangganan, hentikan, hentikan pesan,"
            " berhenti (kirim/mengirim) (sms/pesan),"
            " jangan (kirim/kirimi saya/sms/hubungi/hubungi saya/ganggu/ganggu saya/sms saya) (/lagi/sms/pesan/sms"
            " lagi/pesan lagi/sms ke saya/pesan ke saya), stop (kirim sms/kirim pesan/pesan/langganan),"
            " (tidak/gak/ga) mau (sms/pesan/terima sms/terima pesan) (/lagi), hapus nomor saya, keluarkan saya,"
            " unreg, keluar dari daftar, hentikan (sms/langganan), berhenti langganan"
        ),
        Sense.START: (
            "mulai, berlangganan, mulai lagi, kirim (sms/pesan) lagi, aktifkan (sms/notifikasi/pesan), langganan lagi"
        ),
        Sense.LINK: (
            "daftar, registrasi, pendaftaran, daftarkan, tambah akun,"
            " (daftar/daftarkan/hubungkan/tambah/tambahkan/sambungkan) (akun/nomor/nomor saya/hp/rekening/idpel/"
            "pelanggan), mau daftar"
        ),
        Sense.LANGUAGE: "bahasa, ganti bahasa, ubah bahasa, pilih bahasa, ganti ke bahasa, pakai bahasa, bahasa lain",
        Sense.HUMAN: (
            "petugas, bicara dengan petugas, cs,"
            " (bicara/ngobrol/hubungi/hubungkan/sambungkan) (dengan/ke) (petugas/cs/operator/orang/admin/manusia),"
            " telepon saya, hubungi saya, minta nomor cs, operator"
        ),
        Sense.COMPLAINT: (
            "keluhan, komplain, pengaduan, rusak, kemahalan, (mau/ingin) (komplain/mengeluh/mengadu),"
            " tagihan (/saya )(terlalu/kok) (tinggi/mahal/besar), kok mahal,"
            " kenapa (/tagihan )(mahal/tinggi/besar/naik), meteran (rusak/mati/error), meter (rusak/mati/error),"
            " salah tagihan, tidak setuju, protes"
        ),
        Sense.MESSAGES: "pesan",
        Sense.NOT: "bukan, tidak, jangan, gak, ga",
        Sense.MINE: "ku",
        Sense.YES: "ya, iya, betul, benar, ya benar, betul sekali",
        Sense.NO: "nggak, enggak",
        Sense.CLOCK: "jam, pukul, pkl",
        Sense.REGARDS: "salam, hormat saya",
        Sense.AGAIN: "lagi, kembali, ulang",
        Sense.PERIOD: "bulan lalu, minggu depan, minggu ini, bulan depan",
        Sense.PART_OF_DAY: "pagi hari, siang hari, sore hari",
        Sense.WHERE: "dimana, di mana, kemana, ke mana",
        Sense.OWE: (
            "harus bayar, harus saya bayar, harus dibayar, berapa yang harus dibayar, bayar berapa, berapa bayar"
        ),
        Sense.VISIT_LIST: "jadwal saya, janji saya, kapan jadwal saya, janji temu saya",
        Sense.MOVE: "ubah jadwal, ganti jadwal, pindah jadwal, jadwal ulang",
        Sense.PAST: "bulan kemarin, sebelumnya, yang lalu, tadinya",
        Sense.NOT_ME: "bukan saya, salah nomor, salah sambung",
        Sense.ABSENT: "tidak jadi datang, tidak bisa datang, gak jadi datang",
    },
    {
        Sense.TONGUE: {"id": "bahasa indonesia, indonesia", "en": "inggris, bahasa inggris"},
        Sense.RELATIVE_DAY: {"1": "besok", "2": "lusa", "-1": "kemarin"},
        Sense.WEEKDAY: {
            "0": "senin", "1": "selasa", "2": "rabu", "3": "kamis", "4": "jumat", "5": "sabtu", "6": "minggu",
        },
    },
)  # fmt: skip
