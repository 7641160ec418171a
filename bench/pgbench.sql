-- One message as one stored function: the rows that the gateway writes for it, in one transaction of its own.
-- The constants in braces are put in by bench/baseline.py: sealed values of the size that the gateway stores.
create or replace function bench_message(account bigint) returns void language plpgsql as $$
declare
    name constant text := 'SM' || replace(gen_random_uuid()::text, '-', '');
    hash constant bytea := sha256(int8send(account));
    reply constant uuid := uuidv7();
    at constant timestamptz := clock_timestamp();
    fact bigint;
    message bigint;
begin
    update account_states
       set fact_no = fact_no + 1, balance = {balance}, billed_through = '2025-10-31', claims = '{claims}',
           issued = '{issued}', registers = '{registers}'
     where account_id = account returning fact_no into fact;
    insert into inbox (channel, provider, reference, sender_hash, customer_id, received_at, content_hash, payload,
                       said_hash, command, fate, reason, account_id, outbound_id)
    values ('sms', 'pgbench', name, hash, account, at, hash, '{payload}', '\x0123456789abcdef', 'SubmitReading',
            'answered', '', account, reply)
    returning id into message;
    insert into readings (account_id, no, meter_id, register, day, value, source, phone_hash, inbox_id, flags,
                          recorded_at)
    values (account, fact, account, 1, '2025-11-21', 4500, 2, hash, message, '{{}}', at);
    insert into outbox (id, channel, class, customer_id, address_hash, address, body, body_hash, segments, locale,
                        kind, state, owner, lease_until)
    values (reply, 'sms', 'reply', account, hash, null, '{body}', hash, 2, 'ru', 'Accepted', 'ready', 'pgbench',
            clock_timestamp() + make_interval(secs => 60));
end
$$
