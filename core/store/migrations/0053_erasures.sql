-- Customers who are erased (R42), and words that are emptied after their time (R40).

create table erasures (
    id          bigint generated always as identity primary key,
    customer_id bigint not null references customers,
    account_id  bigint not null references accounts,
    request     text not null check (char_length(request) between 1 and 60),
    supply      text not null default '' check (char_length(supply) <= 60),
    asked_by    text not null check (asked_by <> ''),
    asked_at    timestamptz not null,
    recorded_at timestamptz not null default now()
);
comment on table erasures is 'Who is to be erased, found by which account, by which request or paper, on whose word. Nothing is destroyed by it. Numbers of papers, no words about the person.';
comment on column erasures.supply is 'The paper by which his supply has ended, empty where no meter of his is in use.';

create index erasures_customer on erasures (customer_id);

create table erasure_ends (
    erasure_id  bigint primary key references erasures,
    asked_by    text not null,
    by          text not null check (by <> ''),
    done        boolean not null,
    at          timestamptz not null,
    act         jsonb not null,
    recorded_at timestamptz not null default now(),
    check (not done or by <> asked_by)
);
comment on table erasure_ends is 'What became of it: done by a second person, with the facts of its act, or turned down by anybody who may ask.';

grant select, insert on erasures, erasure_ends to meterline_app;
grant usage on sequence erasures_id_seq to meterline_app;

alter table chat_ends drop constraint chat_ends_why_check;
alter table chat_ends add constraint chat_ends_why_check check (why in ('moved', 'other phone', 'erased'));

-- What was sealed with his key goes with it; what is hashed, in the keeping of the installation's key, or in clear though it
-- is his own word, has to be taken away.
create function forget_customer() returns trigger language plpgsql security definer set search_path = public as $$
declare
    his    bytea[] := array(select hash from phones where customer_id = new.id);
    chats_ bytea[];
begin
    chats_ := array(select hash from chats where customer_id = new.id or phone_hash = any(his));
    delete from search_keys where customer_id = new.id;
    update customers set name_sealed = null where id = new.id and name_sealed is not null;
    update links set name = null where name is not null
       and (phone_hash = any(his) or account_id in (select id from accounts where customer_id = new.id));
    update chats set sealed = null, phone_sealed = null where customer_id = new.id or phone_hash = any(his);
    update chat_talks set phone_sealed = null where hash = any(chats_);
    update chat_photos set content = '\x', file = '\x' where kept_at is not null and phone_hash = any(his);
    update chat_photos set file = '\x', tries = 32767 where kept_at is null and phone_hash = any(his);
    update inbox set payload = null, said_hash = null, shape_hash = null
     where sender_hash = any(his || chats_) and (customer_id is null or customer_id = new.id);
    update reports set raw = '\x'
     where outbound_id in (select id from outbox where address_hash = any(his));
    update outbox set body = null, address = null, extras = null
     where address_hash = any(his) and (customer_id is null or customer_id = new.id);
    update outbox set body = null, address = null, extras = null where state = 'ready' and customer_id = new.id;
    update visits set phone = null, reason = null where phone_hash = any(his) or customer_id = new.id;
    update visit_events set words = null
     where words is not null
       and visit_id in (select id from visits where phone_hash = any(his) or customer_id = new.id);
    update visit_papers set sealed = '\x', name = 'erased'
     where visit_id in (select id from visits where phone_hash = any(his) or customer_id = new.id);
    update requests set words = '\x' where phone_hash = any(his) and (customer_id is null or customer_id = new.id);
    update request_events set note = '\x'
     where note is not null and request_id in (select id from requests where phone_hash = any(his));
    update task_events set note = '\x'
     where note is not null
       and task_id in (select id from tasks where customer_id = new.id or phone_hash = any(his));
    update web_codes set phone = null where phone is not null and phone_hash = any(his);
    update web_sessions set device = '' where device <> '' and phone_hash = any(his);
    update api_tokens set name = 'erased' where phone_hash = any(his);
    return null;
end
$$;

drop trigger customers_erased on customers;
create trigger customers_erased after update of data_key on customers
    for each row when (new.data_key is null and old.data_key is not null) execute function forget_customer();
drop function forget_search_keys();

create table emptied (
    class      text primary key,
    through_id bigint not null default 0,
    through_key uuid not null default '00000000-0000-0000-0000-000000000000'
);
comment on table emptied is 'Up to which message the words of a class have been emptied; only empty_words writes it.';
grant select on emptied to meterline_app;

-- The program's role cannot change what was said: it can have it emptied, and nothing of the last thirty days.
create function empty_words(of_class text, before timestamptz, most integer)
returns table (looked integer, cleared integer)
language plpgsql security definer set search_path = public as $$
declare
    latest timestamptz := least(before, now() - interval '30 days');
    done_id bigint;
    done_key uuid;
begin
    insert into emptied (class) values (of_class) on conflict do nothing;
    select through_id, through_key into done_id, done_key from emptied where class = of_class for update;
    if of_class = 'text' then
        with next as (
            select id, stored_at from inbox where id > done_id order by id limit most
        ), due as (
            select id from next
             where id < coalesce((select min(id) from next where stored_at >= latest), 9223372036854775807)
        ), gone as (
            update inbox set payload = null, said_hash = null, shape_hash = null
             where id in (select id from due) and payload is not null
            returning id
        ) select (select count(*) from due), (select count(*) from gone), coalesce(max(id), done_id)
            into looked, cleared, done_id from due;
    elsif of_class = 'receipt' then
        with next as (
            select id, stored_at from reports where id > done_id order by id limit most
        ), due as (
            select id from next
             where id < coalesce((select min(id) from next where stored_at >= latest), 9223372036854775807)
        ), gone as (
            update reports set raw = '\x' where id in (select id from due) and raw <> '\x' returning id
        ) select (select count(*) from due), (select count(*) from gone), coalesce(max(id), done_id)
            into looked, cleared, done_id from due;
    else
        with next as (
            select id, created_at from outbox where id > done_key order by id limit most
        ), young as (
            select id from next where created_at >= latest order by id limit 1
        ), due as (
            select id from next where not exists (select from young where young.id <= next.id)
        ), gone as (
            update outbox set body = null, address = null, extras = null
             where id in (select id from due) and class = of_class and body is not null
               and state not in ('ready', 'sending', 'unknown')
            returning id
        ) select (select count(*) from due), (select count(*) from gone),
                 coalesce((select id from due order by id desc limit 1), done_key)
            into looked, cleared, done_key;
    end if;
    update emptied set through_id = done_id, through_key = done_key where class = of_class;
    return next;
end
$$;
revoke execute on function empty_words(text, timestamptz, integer) from public;
grant execute on function empty_words(text, timestamptz, integer) to meterline_app;
