-- Offices with their windows and hours, places to be booked, visits.

create table offices (
    id            bigint generated always as identity primary key,
    code          text not null unique check (code ~ '^[a-z][a-z0-9-]{1,30}$'),
    name          text not null check (name <> ''),
    name_latin    text not null check (name_latin <> ''),
    short         text not null check (short <> ''),
    short_latin   text not null check (short_latin <> ''),
    address       text not null check (address <> ''),
    place         text not null check (place <> ''),
    place_latin   text not null check (place_latin <> ''),
    phone         text not null default '',
    timezone      text not null,
    windows       smallint not null check (windows between 0 and 20),
    step          smallint not null check (step between 15 and 120),
    calendar      text not null default '',
    services      text[] not null default '{}',
    receives      boolean not null default true
);
comment on table offices is 'Where customers are received: how messages call the place (short, place; the latin ones in languages with Latin letters), so many windows, a place every step minutes, the calendar of public holidays, the services that are given (none named: all).';
comment on column offices.receives is 'Whether visits can be booked; an office is never deleted.';

create table office_hours (
    office_id bigint not null references offices,
    weekday   smallint not null check (weekday between 1 and 7),
    opens     time not null,
    closes    time not null,
    pause     time,
    resumes   time,
    primary key (office_id, weekday),
    check (opens < closes),
    check ((pause is null) = (resumes is null)),
    check (pause is null or (opens < pause and pause < resumes and resumes < closes))
);
comment on table office_hours is 'The hours of a weekday (1 Monday) on the clock of the office, with a break; a weekday without a row is closed.';

create table office_days (
    id        bigint generated always as identity primary key,
    office_id bigint not null references offices,
    day       date not null,
    opens     time,
    closes    time,
    windows   smallint check (windows between 0 and 20),
    usual     boolean not null default false,
    reason    text not null default '',
    by        text not null check (by <> ''),
    at        timestamptz not null,
    check ((opens is null) = (closes is null)),
    check (opens is null or opens < closes)
);
create index office_days_day on office_days (office_id, day, id);
comment on table office_days is 'What differs on a day from the usual: closed where no hours stand, else these hours and, where given, so many windows; usual, it is as always again. The last row of a day holds.';

create table office_changes (
    id        bigint generated always as identity primary key,
    office_id bigint not null references offices,
    at        timestamptz not null,
    by        text not null check (by <> ''),
    what      text not null check (what <> '')
);
create index office_changes_office on office_changes (office_id, id);
comment on table office_changes is 'Who changed what of an office.';

create table services (
    code       text primary key check (code ~ '^[a-z][a-z_]{1,20}$'),
    name       text not null check (name <> ''),
    name_latin text not null check (name_latin <> ''),
    word       text not null check (word <> ''),
    word_latin text not null check (word_latin <> ''),
    minutes    smallint not null check (minutes between 5 and 240),
    explains   boolean not null default false,
    stems      text[] not null default '{}',
    rank       smallint not null default 0
);
comment on table services is 'What a visit can be about: the word that a customer answers with, beginnings of words by which it is known in a text, how long it takes. explains: the sums are told before the visit, for they may spare it.';

insert into services (code, name, name_latin, word, word_latin, minutes, explains, stems, rank) values
    ('reconcile', 'Сверка, долг', 'Reconciliation, debt', 'СВЕРКА', 'DEBT', 20, true,
     '{сверк,сверит,долг,начислен,перерасч,рассроч,реструкт,звiрк,reconcil,debt,bill,charge,recalc,dispute,instal}', 1),
    ('meter', 'Счётчик', 'Meter', 'СЧЕТЧИК', 'METER', 20, false,
     '{счетчик,счётчик,прибор,замен,опломб,пломб,поверк,установ,показан,лічильник,meter,seal,verif,replac,reading}', 2),
    ('contract', 'Договор', 'Contract', 'ДОГОВОР', 'CONTRACT', 40, false,
     '{договор,переоформ,подключ,присоедин,льгот,субсид,contract,connect,benefit,subsid,ownership}', 3),
    ('other', 'Другое', 'Something else', 'ДРУГОЕ', 'OTHER', 20, false,
     '{друг,вопрос,справк,консульт,документ,заявлен,інш,other,question,consult,certificate,document}', 4);

create table slots (
    id        bigint generated always as identity primary key,
    office_id bigint not null references offices,
    day       date not null,
    no        smallint not null check (no >= 0),
    starts    time not null,
    starts_at timestamptz not null,
    capacity  smallint not null check (capacity >= 0),
    taken     smallint not null default 0 check (taken >= 0),
    check (taken <= capacity),
    unique (office_id, starts_at)
);
create index slots_day on slots (office_id, day, no);
create index slots_time on slots (day, office_id);
comment on table slots is 'A place in time at an office: as many visits may begin or go on in it as windows are open. taken is the number of those that do. no counts steps from midnight on the clock of the office.';

create table visits (
    id          bigint generated always as identity primary key,
    office_id   bigint not null references offices,
    slots       bigint[] not null default '{}' check (cardinality(slots) <= 16),
    day         date not null,
    starts      time not null,
    starts_at   timestamptz not null,
    ticket      text not null check (ticket ~ '^[ABEKMP][0-9]{1,4}$'),
    account_id  bigint references accounts,
    customer_id bigint references customers,
    phone_hash  bytea,
    phone       bytea,
    language    text not null default 'ru',
    channel     text not null,
    service     text references services,
    reason      bytea,
    state       text not null check (state in ('held', 'booked', 'arrived', 'called', 'done', 'missed', 'cancelled',
                                               'revoked', 'lapsed')),
    since       timestamptz not null,
    held_until  timestamptz,
    made_at     timestamptz not null,
    made_by     text not null default '',
    reminded    smallint not null default 0,
    confirmed   boolean not null default false,
    place       text not null default '',
    mark        smallint check (mark between 1 and 5),
    check ((state = 'held') <= (held_until is not null)),
    check (account_id is not null or phone_hash is not null or ticket like 'A%')
);
create unique index visits_account_day on visits (account_id, day)
 where state in ('held', 'booked', 'arrived', 'called') and account_id is not null;
create unique index visits_guest_day on visits (phone_hash, day)
 where state in ('held', 'booked', 'arrived', 'called') and account_id is null and phone_hash is not null;
create unique index visits_ticket on visits (office_id, day, ticket) where state not in ('cancelled', 'revoked', 'lapsed');
create index visits_day on visits (office_id, day, starts_at);
create index visits_account on visits (account_id, id);
create index visits_phone on visits (phone_hash, id);
create index visits_slots on visits using gin (slots);
create index visits_held on visits (held_until) where state = 'held';
create index visits_coming on visits (starts_at) where state in ('held', 'booked', 'arrived', 'called');
comment on table visits is 'A visit from its booking, or a walk-in from its ticket, to its end. slots are the places that it takes, in a row; none for a walk-in. place is the window to which it was called, reminded how many reminders went out.';
comment on column visits.phone is 'Of a guest, who has no account: his phone, sealed with the key of the installation.';
comment on column visits.reason is 'The customer''s own words, sealed with the key of the customer, else of the installation.';

create table visit_events (
    id       bigint generated always as identity primary key,
    visit_id bigint not null references visits,
    what     text not null check (what in ('held', 'booked', 'moved', 'cancelled', 'revoked', 'lapsed', 'reminded',
                                           'confirmed', 'arrived', 'called', 'done', 'missed', 'marked', 'cleared', 'noted')),
    at       timestamptz not null,
    by       text not null check (by <> ''),
    starts_at timestamptz,
    words    bytea
);
create index visit_events_visit on visit_events (visit_id, id);
comment on table visit_events is 'What became of a visit; by customer, meterline, or the login of an employee. starts_at is the time that was taken, words those of an employee, sealed.';

create table visit_papers (
    id         bigint generated always as identity primary key,
    visit_id   bigint not null references visits,
    name       text not null check (name <> ''),
    media_type text not null,
    sha256     bytea not null,
    sealed     bytea not null,
    size       integer not null check (size > 0),
    by         text not null check (by <> ''),
    at         timestamptz not null,
    unique (visit_id, sha256)
);
comment on table visit_papers is 'Copies of documents that were brought to a visit or given at it, sealed, with the hash of what was filed.';

grant select, insert on offices, office_hours, office_days, office_changes, services, slots, visits, visit_events, visit_papers to meterline_app;
grant update (name, name_latin, short, short_latin, address, place, place_latin, phone, timezone, windows, step, calendar, services, receives) on offices to meterline_app;
grant update (name, name_latin, word, word_latin, minutes, explains, stems, rank) on services to meterline_app;
grant update (capacity, taken) on slots to meterline_app;
grant update (office_id, slots, day, starts, starts_at, ticket, service, reason, state, since, held_until, reminded, confirmed, place, mark) on visits to meterline_app;
grant delete on office_hours, slots to meterline_app;
grant usage on all sequences in schema public to meterline_app;
