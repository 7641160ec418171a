-- Notices: what the company tells many people unasked, who approved it, to whom it goes, and the evidence of each warning.
set local statement_timeout = 0;

create table notices (
    id         bigint generated always as identity (start with 101) primary key,
    kind       text not null check (kind in ('disconnection', 'court', 'safety', 'works', 'reading', 'bill', 'estimated', 'greeting')),
    corrects   bigint references notices,
    created_at timestamptz not null,
    created_by text not null check (created_by <> ''),
    version    integer not null default 0,
    state      text not null default 'draft' check (state in ('draft', 'submitted', 'approved', 'trial', 'countdown', 'running', 'paused', 'done', 'stopped')),
    since      timestamptz not null,
    starts_at  timestamptz
);
comment on table notices is 'A broadcast or a batch of official warnings; its words and audience stand in notice_versions, what became of it in notice_events.';
comment on column notices.starts_at is 'When the countdown ends.';
create index notices_live on notices (id) where state in ('countdown', 'running');

create table notice_versions (
    notice_id bigint not null references notices,
    version   integer not null check (version > 0),
    audience  jsonb not null,
    texts     jsonb not null,
    basis     text not null,
    digest    bytea not null check (octet_length(digest) = 32),
    at        timestamptz not null,
    by        text not null check (by <> ''),
    primary key (notice_id, version)
);
comment on table notice_versions is 'Each draft as it was written: by which conditions the audience is found, the text of each language, and why.';

create table notice_approvals (
    notice_id bigint not null references notices,
    version   integer not null,
    editors   text[] not null check (cardinality(editors) > 0),
    approver  text not null check (approver <> ''),
    after     boolean not null,
    digest    bytea not null check (octet_length(digest) = 32),
    people    integer not null,
    at        timestamptz not null,
    primary key (notice_id, version),
    foreign key (notice_id, version) references notice_versions,
    check (approver <> all (editors))
);
comment on table notice_approvals is 'Who approved a version, never one who wrote at it; the digest is that of the words, the audience and all its people. After: a message for safety, looked at once it had gone out.';

create table notice_events (
    id        bigint generated always as identity primary key,
    notice_id bigint not null references notices,
    what      text not null,
    at        timestamptz not null,
    by        text not null check (by <> ''),
    told      jsonb not null default '{}'
);
create index notice_events_notice on notice_events (notice_id, id);
comment on table notice_events is 'What became of a notice, and by whom.';

create table notice_recipients (
    id           bigint generated always as identity (start with 4821) primary key,
    notice_id    bigint not null references notices,
    phone_hash   bytea not null references phones,
    subject      bigint not null,
    account_id   bigint not null references accounts,
    customer_id  bigint not null references customers,
    language     text not null,
    debt         bigint not null,
    bar          text,
    code         text,
    look_after   timestamptz,
    outbound_id  uuid unique,
    worded_at    timestamptz,
    sent_at      timestamptz,
    delivered_at timestamptz,
    letter_at    timestamptz,
    ended_at     timestamptz,
    acknowledged_at timestamptz,
    promised_until  date,
    length       integer not null default 0,
    head         bytea not null default '\x' check (octet_length(head) in (0, 32)),
    unique (notice_id, phone_hash, subject)
);
create index notice_recipients_left on notice_recipients (notice_id, id) where outbound_id is null and bar is null;
create index notice_recipients_cases on notice_recipients (account_id, id) where subject > 0 and outbound_id is not null;
create index notice_recipients_open on notice_recipients (id) where subject > 0 and outbound_id is not null and ended_at is null;
comment on table notice_recipients is 'The people of a notice as they were frozen at its approval, each once. An official warning is one for each account; its number is the id.';
comment on column notice_recipients.subject is 'The account of an official warning; 0 where a phone is told once, however many accounts it has.';
comment on column notice_recipients.bar is 'Why nothing is sent: found at the approval or when it was to be worded.';
comment on column notice_recipients.look_after is 'Before then it is quiet where the recipient is.';
comment on column notice_recipients.head is 'The hash of the last row of evidence, and length the number of rows.';

create table notice_evidence (
    recipient_id bigint not null references notice_recipients,
    no           integer not null check (no > 0),
    what         text not null,
    at           timestamptz not null,
    body         bytea not null,
    digest       bytea not null check (octet_length(digest) = 32),
    previous     bytea not null,
    hash         bytea not null check (octet_length(hash) = 32),
    report_id    bigint unique references reports,
    recorded_at  timestamptz not null default now(),
    primary key (recipient_id, no)
);
comment on table notice_evidence is 'What is known of an official warning, a row after another, each with the hash of the one before; the bodies are sealed with the customer''s key.';

alter table outbox add column closes_at timestamptz;
comment on column outbox.closes_at is 'From then on, by the company''s time, it may not be begun to be sent until it is looked at again: the recipient''s quiet hours have begun, or the notice is paused. Null: at any hour.';

drop index outbox_open;
alter table outbox drop column rank;
alter table outbox add column rank smallint not null generated always as (
    case class when 'reply' then 0 when 'official' then 1 when 'safety' then 1 when 'notice' then 2 when 'works' then 2
               when 'reminder' then 2 else 3 end
) stored;
comment on column outbox.rank is 'The order of the classes: of what is due the lowest goes first.';
create index outbox_open on outbox (channel, rank, not_before, id) where state in ('ready', 'sending', 'unknown');
create index outbox_closed on outbox (closes_at) where state = 'ready' and closes_at is not null;

alter table tasks drop constraint tasks_kind_check;
alter table tasks add constraint tasks_kind_check check (kind in ('outage', 'dispute', 'human', 'not_me', 'link', 'reading', 'anomaly', 'quarantined', 'muted', 'suspense', 'hole', 'letter'));

grant select, insert on notices, notice_versions, notice_approvals, notice_events, notice_recipients, notice_evidence to meterline_app;
grant update (version, state, since, starts_at) on notices to meterline_app;
grant update (bar, code, look_after, outbound_id, worded_at, sent_at, delivered_at, letter_at, ended_at, acknowledged_at, promised_until, length, head) on notice_recipients to meterline_app;
grant delete on notice_recipients to meterline_app;
grant update (closes_at) on outbox to meterline_app;
grant usage on all sequences in schema public to meterline_app;
