set local statement_timeout = 0;

-- Every step of an official message is kept, so that its evidence has all its attempts: the row in the outbox has only
-- the last one.
create table outbox_steps (
    id bigint generated always as identity primary key,
    outbound_id uuid not null references outbox (id),
    attempt smallint not null,
    state text not null,
    reference text,
    code text,
    at timestamptz not null default clock_timestamp()
);
comment on table outbox_steps is
    'What became of official messages, step after step: when each attempt was begun, and what came of it.';
create index outbox_steps_message on outbox_steps (outbound_id, id);

create function keep_step() returns trigger language plpgsql as $$
begin
    insert into outbox_steps (outbound_id, attempt, state, reference, code)
    values (new.id, new.attempt, new.state, new.reference, new.code);
    return null;
end $$;

create trigger outbox_official after update of state on outbox for each row
    when (new.class = 'official' and (new.state, new.attempt) is distinct from (old.state, old.attempt))
    execute function keep_step();

alter table notice_evidence add column step_id bigint unique references outbox_steps (id);
comment on column notice_evidence.step_id is 'The step of a message that the row is, as report_id is a receipt.';

grant select, insert on outbox_steps to meterline_app;

-- Why the supply of an account may not be cut.
alter table conditions drop constraint conditions_kind_check;
alter table conditions add constraint conditions_kind_check check (kind in
    ('persons', 'owners', 'area', 'category', 'holder', 'benefit', 'plan', 'supply', 'metering', 'common', 'demand',
     'multiplier', 'failed', 'verified', 'seal', 'access', 'instalments', 'instalments_end', 'device', 'route',
     'sequence', 'protected')) not valid;
alter table conditions validate constraint conditions_kind_check;
