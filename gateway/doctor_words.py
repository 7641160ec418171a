"""What the doctor says, in English and Russian: of each finding what it is, and what to do about it."""

LANGUAGES = ("en", "ru")

LEVELS = {
    "en": {"ok": "ok  ", "warn": "warn", "fail": "FAIL"},
    "ru": {"ok": "хорошо  ", "warn": "внимание", "fail": "ПЛОХО   "},
}

SUMMARY = {
    "en": "{ok} fine, {warn} to look at, {fail} to mend before customers write",
    "ru": "в порядке {ok}, посмотреть {warn}, исправить до того, как напишут клиенты: {fail}",
}

WORDS: dict[str, tuple[str, str]] = {
    "python": (
        "Python {version}, optimised build: {optimised}",
        "Python {version}, оптимизированная сборка: {optimised}",
    ),
    "python slow": (
        "Python {version} was built without optimisation: some 10-30 % slower. Take the system's or python.org's",
        "Python {version} собран без оптимизации: медленнее на 10-30 %. Возьмите сборку системы или python.org",
    ),
    "aiohttp": ("aiohttp {version} with its C extensions", "aiohttp {version} с расширениями на C"),
    "aiohttp slow": (
        "aiohttp runs without its C extensions and the gateway does not start so: install a wheel that has them",
        "aiohttp без расширений на C, шлюз так не запускается: установите wheel, в котором они есть",
    ),
    "secrets": ("the secrets are long and differ", "секреты длинные и разные"),
    "secrets short": (
        "{names}: shorter than 32 characters. Before the first customer is imported: openssl rand -base64 32",
        "{names}: короче 32 знаков. До загрузки первого клиента: openssl rand -base64 32",
    ),
    "secrets same": (
        "{names} are the same: whoever learns one has the other. Make each its own",
        "{names} совпадают: кто узнает один, узнает и другой. Сделайте каждый своим",
    ),
    "audit token": ("/audit and /metrics have their token", "у /audit и /metrics есть токен"),
    "no audit token": (
        "without METERLINE_AUDIT_TOKEN there is no /audit and no /metrics: nobody sees what goes wrong",
        "без METERLINE_AUDIT_TOKEN нет /audit и /metrics: никто не увидит, что пошло не так",
    ),
    "url": ("the world calls {url}", "мир обращается к {url}"),
    "url local": (
        "METERLINE_PUBLIC_URL is {url}: Twilio cannot call that. Set the address that the proxy has outside",
        "METERLINE_PUBLIC_URL — {url}: Twilio туда не достучится. Укажите внешний адрес прокси",
    ),
    "url plain": (
        "METERLINE_PUBLIC_URL is {url}, without TLS: texts and phones travel in clear. Put a proxy with TLS in front",
        "METERLINE_PUBLIC_URL — {url}, без TLS: тексты и телефоны идут открыто. Поставьте прокси с TLS",
    ),
    "proxies": ("trusted proxies: {proxies}", "доверенные прокси: {proxies}"),
    "no proxies": (
        "METERLINE_TRUSTED_PROXIES is empty: behind a proxy all clients count as one. Name the proxy's address",
        "METERLINE_TRUSTED_PROXIES пуст: за прокси все клиенты считаются одним. Укажите адрес прокси",
    ),
    "disk": ("the database's disk is {share} full", "диск базы занят на {share}"),
    "disk high": (
        "the database's disk is {share} full: imports, closing and jobs wait. Make room",
        "диск базы занят на {share}: загрузки, закрытия и задания стоят. Освободите место",
    ),
    "disk full": (
        "the database's disk is {share} full: PostgreSQL will stop. Make room now",
        "диск базы занят на {share}: PostgreSQL остановится. Освободите место сейчас",
    ),
    "disk unseen": (
        "the database's disk is not watched: set METERLINE_DISK_PATH, or watch it where it is",
        "за диском базы никто не смотрит: задайте METERLINE_DISK_PATH или следите за ним на месте",
    ),
    "database": ("PostgreSQL {version} answers", "PostgreSQL {version} отвечает"),
    "database gone": (
        "the database does not answer ({error}): start it, or mend METERLINE_DATABASE_URL",
        "база не отвечает ({error}): запустите её или исправьте METERLINE_DATABASE_URL",
    ),
    "database old": (
        "PostgreSQL {version} is too old: 15 or later is needed",
        "PostgreSQL {version} слишком старый: нужен 15 или новее",
    ),
    "migrations": ("the database is at this version", "база приведена к этой версии"),
    "migrations wait": (
        "{number} migrations wait: run meterline migrate",
        "не применено миграций: {number}. Запустите meterline migrate",
    ),
    "migrations odd": ("the database does not fit this program: {error}", "база не подходит этой программе: {error}"),
    "durable": ("what is acknowledged is on the disk", "подтверждённое лежит на диске"),
    "not durable": (
        "{names} off: acknowledged texts may be lost with the power. Switch on",
        "выключено: {names}. Подтверждённые тексты могут пропасть вместе с питанием. Включите",
    ),
    "no checksums": (
        "the database has no data checksums: a rotting disk goes unseen (pg_checksums --enable, while it is stopped)",
        "в базе нет контрольных сумм: порчу диска никто не заметит (pg_checksums --enable при остановленной базе)",
    ),
    "rights": ("the program cannot change or delete facts", "программа не может менять и удалять факты"),
    "rights too many": (
        "the role meterline_app may change facts: somebody granted it more. Revoke update and delete",
        "роль meterline_app может менять факты: ей дали лишнее. Отзовите update и delete",
    ),
    "clock": ("our clock and the database's agree; zone {zone}", "наши часы и часы базы сходятся; зона {zone}"),
    "clock off": (
        "our clock and the database's differ by {seconds} s: bring both machines to a time server",
        "наши часы и часы базы расходятся на {seconds} с: сверьте обе машины с сервером времени",
    ),
    "keys": ("the keys open what is stored", "ключи открывают то, что хранится"),
    "keys wrong": (
        "{name} is another than the one that the data were stored with: find the right one, start nothing before",
        "{name} не тот, с которым сохранены данные: найдите верный, до того ничего не запускайте",
    ),
    "company": ("messages speak for {company}", "сообщения говорят от имени: {company}"),
    "no company": (
        "nobody said what company this is: meterline company --name … --phone …",
        "не сказано, какая это компания: meterline company --name … --phone …",
    ),
    "pack": ("the rule pack is {pack}", "набор правил — {pack}"),
    "pack wrong": ("the rule pack {pack} cannot be read: {error}", "набор правил {pack} не читается: {error}"),
    "vat": (
        "plan {plan} of {start} goes on at {was} % VAT; since {since} it is {rate} %: import its table again",
        "тариф {plan} с {start} идёт с НДС {was} %, а с {since} он {rate} %: загрузите таблицу заново",
    ),
    "no tariffs": (
        "there are no tariffs: meterline import tariffs FILE",
        "тарифов нет: meterline import tariffs ФАЙЛ",
    ),
    "no power": (
        "a two-part plan and no power on record, so none is charged, accounts {accounts}: bring demands",
        "двухставочный тариф, а мощность не записана и не начисляется, счета {accounts}. Занесите demands",
    ),
    "jobs": ("the jobs of the clock are done", "задания по часам выполнены"),
    "jobs late": (
        "{names}: due for more than two hours. Does serve --work or work run? meterline jobs tells more",
        "{names}: ждут больше двух часов. Работает ли serve --work или work? Подробнее: meterline jobs",
    ),
    "alarms": ("no alarms in the last day", "за сутки тревог нет"),
    "alarms new": (
        "{number} alarms in the last day: read them (docs/runbook.md says what each asks for)",
        "тревог за сутки: {number}. Прочитайте их (чего каждая требует — в docs/runbook.md)",
    ),
    "no sms": (
        "SMS is switched off: METERLINE_TWILIO_ACCOUNT_SID is not set",
        "SMS выключены: не задан METERLINE_TWILIO_ACCOUNT_SID",
    ),
    "carrier": ("Twilio knows us and our numbers, and sends texts to {url}", "Twilio знает нас и шлёт тексты на {url}"),
    "carrier silent": (
        "Twilio could not be asked ({error}): the way out, the account, the token",
        "Twilio не ответил ({error}): проверьте выход в сеть, счёт, токен",
    ),
    "carrier number": (
        "{number} is not a number of this account: nothing can be sent from it",
        "{number} — не номер этого счёта: с него ничего не отправить",
    ),
    "carrier elsewhere": (
        "texts to {number} go to {there}, not to {url}: set it in Twilio's console (or in its messaging service)",
        "тексты на {number} идут на {there}, а не на {url}: исправьте в консоли Twilio (или в её messaging service)",
    ),
    "abroad": (
        "texts and phones go to Twilio, abroad: 152-ФЗ ст. 12 asks for a notice to Роскомнадзор before that",
        "тексты и телефоны уходят в Twilio, за границу: 152-ФЗ ст. 12 требует сначала уведомить Роскомнадзор",
    ),
}
