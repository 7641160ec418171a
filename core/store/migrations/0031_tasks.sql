-- What waits for a person, from every source: how each task stands, and what employees did with it.

alter table alarms add column inbox_id bigint;
comment on column alarms.inbox_id is 'The message on which it was raised, null where none was.';

create table tasks (
    id          bigint generated always as identity primary key,
    kind        text not null check (kind in ('outage', 'dispute', 'human', 'not_me', 'link', 'reading', 'anomaly', 'quarantined', 'muted', 'suspense', 'hole')),
    request_id  bigint unique references requests,
    alarm_id    bigint unique references alarms,
    payment_id  bigint unique references payments,
    link_id     bigint unique references links,
    account_id  bigint references accounts,
    reading_no  bigint,
    hole        text,
    customer_id bigint references customers,
    inbox_id    bigint,
    phone_hash  bytea,
    about       text not null default '',
    opened_at   timestamptz not null,
    due_at      timestamptz not null,
    state       text not null default 'open' check (state in ('open', 'taken', 'answered', 'closed')),
    since       timestamptz not null,
    owner       text check (owner <> ''),
    done_at     timestamptz,
    urged_at    timestamptz,
    recorded_at timestamptz not null default now(),
    unique (account_id, reading_no),
    unique (account_id, hole),
    check (num_nonnulls(request_id, alarm_id, payment_id, link_id, reading_no, hole) >= 1),
    check ((state in ('answered', 'closed')) = (done_at is not null)),
    check (state <> 'taken' or owner is not null)
);
comment on table tasks is 'How each task stands: made from its source, which one of the ids names, and from task_events; it can be made again.';
comment on column tasks.about is 'What a source without an account or a phone is about, such as the name of a payment; no personal data.';
comment on column tasks.owner is 'The login of the employee who has it, or had it last.';
comment on column tasks.done_at is 'Since when it is answered or closed.';
comment on column tasks.urged_at is 'When administrators were told that its term has run out.';
create index tasks_pending on tasks (due_at, id) include (kind, state, owner) where state in ('open', 'taken');
create index tasks_pending_kind on tasks (kind, due_at, id) where state in ('open', 'taken');
create index tasks_pending_owner on tasks (owner, due_at, id) where state in ('open', 'taken') and owner is not null;
create index tasks_done on tasks (state, since, id) where state in ('answered', 'closed');
create index tasks_done_kind on tasks (kind, state, since, id) where state in ('answered', 'closed');
create index tasks_done_owner on tasks (owner, state, since, id) where state in ('answered', 'closed') and owner is not null;
create index tasks_account on tasks (account_id, id);
create index tasks_opened on tasks (opened_at);
create index tasks_done_at on tasks (done_at) where done_at is not null;
create index tasks_unurged on tasks (due_at) where state in ('open', 'taken') and urged_at is null;

create table task_events (
    id               bigint generated always as identity primary key,
    task_id          bigint not null references tasks,
    what             text not null check (what in ('taken', 'handed', 'answered', 'closed', 'reopened', 'again', 'settled', 'urged')),
    at               timestamptz not null,
    by               text not null check (by <> ''),
    owner            text,
    note             bytea,
    why              text not null default '',
    request_event_id bigint unique references request_events,
    alarm_id         bigint unique references alarms,
    recorded_at      timestamptz not null default now(),
    check ((what = 'handed') = (owner is not null)),
    check ((what = 'again') = (alarm_id is not null))
);
create index task_events_task on task_events (task_id, id);
comment on table task_events is 'What became of tasks: who took, handed over, answered, closed or reopened one; settled, its source needs nobody any more; again, the source told of the same once more; urged, its term ran out and administrators were told.';
comment on column task_events.owner is 'To whom it was handed over.';
comment on column task_events.why is 'Why it is settled.';
comment on column task_events.note is 'An employee''s words, sealed with the key of the task''s customer; those that stand at the request''s own event are not kept twice.';

create table task_marks (
    source  text primary key,
    mark    bigint not null default 0,
    seen    bigint not null default 0,
    seen_at timestamptz not null default clock_timestamp()
);
comment on table task_marks is 'Up to which id each source was gone through for tasks for good (mark), and up to which at a time (seen): a transaction may commit after later ones.';

-- Alarms of the time before were told in the morning reports.
insert into task_marks (source, mark, seen) select 'alarms', coalesce(max(id), 0), coalesce(max(id), 0) from alarms;

create table task_watches (
    employee_id bigint not null references employees,
    kind        text not null,
    primary key (employee_id, kind)
);
comment on table task_watches is 'Of which kinds of new tasks an employee is told by SMS.';

create table task_notices (
    employee_id bigint primary key references employees,
    told        bigint not null,
    told_at     timestamptz not null
);
comment on table task_notices is 'Up to which task an employee was told, and when.';

create index links_unverified on links (id) where role = 'unverified' and valid_to is null;
create index readings_aside on readings (inbox_id) where source = 0;

grant select, insert on tasks, task_events, task_marks, task_watches, task_notices to meterline_app;
grant update on task_marks, task_notices to meterline_app;
grant update (state, since, owner, done_at, urged_at) on tasks to meterline_app;
grant delete on task_watches to meterline_app;
grant usage on all sequences in schema public to meterline_app;
