-- Rows as they are written many at a time. Of an array the driver checks every element: of an array of rows each row, of
-- arrays of columns each value. What a type holds is settled: other columns are a new type beside it.
create type inbox_row as (
    channel text, provider text, reference text, sender_hash bytea, customer_id bigint, received_at timestamptz,
    content_hash bytea, payload bytea, said_hash bytea, shape_hash bytea, command text, fate text, reason text,
    account_id bigint, outbound_id uuid
);
create type outbox_row as (
    id uuid, channel text, class text, customer_id bigint, address_hash bytea, address bytea, body bytea,
    body_hash bytea, segments smallint, locale text, kind text, extras bytea
);
create type reading_row as (
    account_id bigint, no bigint, meter_id bigint, register smallint, day date, value bigint, source smallint,
    phone_hash bytea, inbox_id bigint, flags text, recorded_at timestamptz, counted_from date
);
