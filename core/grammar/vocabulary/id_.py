"""Indonesian words."""

from core.grammar.senses import Sense
from core.grammar.vocabulary.language import Language

INDONESIAN = Language(
    "id",
    {
        Sense.READING: "stand, angka stand, stand meter, angka meter, stan meter, meteran saya, catat meter,"
        " pembacaan meter, angka meteran, stand kwh, lapor stand, lapor angka meter, baca meter, angka kwh,"
        " stand meteran",
        Sense.METER: "meteran, kwh meter",
        Sense.ACCOUNT: "idpel, id pelanggan, nomor pelanggan, no pelanggan, pelanggan, rekening, no rekening",
        Sense.SERIAL: "nomor meter, no meter, nomor meteran",
        Sense.DAY: "siang",
        Sense.NIGHT: "malam",
        Sense.PEAK: "wbp",
        Sense.OFFPEAK: "lwbp",
        Sense.ELECTRICITY: "listrik",
        Sense.GREETING: "selamat pagi, selamat siang, selamat sore, selamat malam, halo, hai, assalamualaikum,"
        " pagi pak",
        Sense.THANKS: "terima kasih, makasih, trims, terimakasih",
        Sense.POLITE: "tolong, mohon, silakan, pak, bu, min",
        Sense.FILLER: "ini, adalah, nya, yang",
        Sense.PRONOUN: "saya, kami, anda",
        Sense.PREPOSITION: "untuk, dari, di, ke, pada, bulan",
        Sense.NOW: "sekarang, hari ini, bulan ini, saat ini, terbaru",
        Sense.CURRENCY: "rp, rupiah",
        Sense.HOW_MUCH: "berapa",
        Sense.WHAT: "apa",
        Sense.WHEN: "kapan",
        Sense.HOW: "bagaimana, gimana, cara",
        Sense.WHY: "kenapa, mengapa",
        Sense.ASK: "cek, lihat, info tagihan, minta, tanya",
        Sense.WANT: "mau, ingin, perlu",
        Sense.CAN: "bisa, boleh",
        Sense.THERE_IS: "ada, ada berapa",
        Sense.SEND: "kirim, lapor, kirim angka, input angka, setor",
        Sense.BALANCE: "tagihan, tagihan listrik, tunggakan, cek tagihan, jumlah tagihan, total tagihan, saldo, hutang,"
        " utang, rek, tagihan saya, berapa tagihan saya, info tagihan listrik, rekening listrik",
        Sense.PAY: "bayar, pembayaran, bayar tagihan, cara bayar, membayar, bayar listrik",
        Sense.HISTORY: "riwayat, riwayat pemakaian, histori, riwayat meter",
        Sense.PAYMENTS: "riwayat pembayaran",
        Sense.USE: "pemakaian, pakai",
        Sense.ROUGH: "sekitar, kira kira, kurang lebih, mungkin",
        Sense.HELP: "bantuan, bantu, tolong bantu, panduan, petunjuk, menu bantuan",
        Sense.BOOK: "janji temu, buat janji, daftar antrian, booking, buat janji temu, jadwalkan, antrian, reservasi",
        Sense.VISIT: "janji, kunjungan",
        Sense.CANCEL: "batalkan, membatalkan",
        Sense.CANCEL_WORD: "batal",
        Sense.NOTICES: "pemberitahuan, pengumuman, peringatan",
        Sense.PLANNED_OUTAGE: "pemadaman, jadwal pemadaman, pemadaman bergilir",
        Sense.OUTAGE: "mati lampu, listrik mati, listrik padam, lampu mati, padam, listrik mati pak, mati listrik",
        Sense.STOP: "berhenti, stop langganan, henti, berhenti berlangganan, hentikan, hentikan pesan",
        Sense.START: "mulai, berlangganan",
        Sense.LINK: "daftar, registrasi, pendaftaran, daftarkan, tambah akun",
        Sense.LANGUAGE: "bahasa, ganti bahasa, ubah bahasa, pilih bahasa",
        Sense.HUMAN: "petugas, bicara dengan petugas, cs",
        Sense.COMPLAINT: "keluhan, komplain, pengaduan, rusak, kemahalan",
        Sense.MESSAGES: "pesan",
        Sense.NOT: "bukan, tidak",
        Sense.MINE: "ku",
        Sense.YES: "ya, iya, betul",
        Sense.NO: "nggak, enggak",
        Sense.CLOCK: "jam, pukul",
    },
    {
        Sense.TONGUE: {"id": "bahasa indonesia, indonesia", "en": "inggris, bahasa inggris"},
        Sense.RELATIVE_DAY: {"1": "besok", "2": "lusa", "-1": "kemarin"},
        Sense.WEEKDAY: {
            "0": "senin", "1": "selasa", "2": "rabu", "3": "kamis", "4": "jumat", "5": "sabtu", "6": "minggu",
        },
    },
)  # fmt: skip
