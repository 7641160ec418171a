-- Made from migrations/ by `python -m gateway.schema`, for reading. The partitions themselves are left out.

CREATE SCHEMA store;

CREATE TYPE public.inbox_row AS (
	channel text,
	provider text,
	reference text,
	sender_hash bytea,
	customer_id bigint,
	received_at timestamp with time zone,
	content_hash bytea,
	payload bytea,
	said_hash bytea,
	shape_hash bytea,
	command text,
	fate text,
	reason text,
	account_id bigint,
	outbound_id uuid
);

CREATE TYPE public.outbox_row AS (
	id uuid,
	channel text,
	class text,
	customer_id bigint,
	address_hash bytea,
	address bytea,
	body bytea,
	body_hash bytea,
	segments smallint,
	locale text,
	kind text,
	extras bytea
);

CREATE TYPE public.reading_row AS (
	account_id bigint,
	no bigint,
	meter_id bigint,
	register smallint,
	day date,
	value bigint,
	source smallint,
	phone_hash bytea,
	inbox_id bigint,
	flags text,
	recorded_at timestamp with time zone,
	counted_from date
);

CREATE FUNCTION public.empty_words(of_class text, before timestamp with time zone, most integer) RETURNS TABLE(looked integer, cleared integer)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
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

CREATE FUNCTION public.forget_customer() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
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

CREATE FUNCTION public.keep_step() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    insert into outbox_steps (outbound_id, attempt, state, reference, code)
    values (new.id, new.attempt, new.state, new.reference, new.code);
    return null;
end $$;

CREATE TABLE public.account_states (
    account_id bigint NOT NULL,
    fact_no bigint DEFAULT 0 NOT NULL,
    balance bigint DEFAULT 0 NOT NULL,
    billed_through date,
    claims jsonb DEFAULT '[]'::jsonb NOT NULL,
    issued jsonb DEFAULT '[]'::jsonb NOT NULL,
    registers jsonb DEFAULT '{}'::jsonb NOT NULL,
    conditions jsonb DEFAULT '[]'::jsonb NOT NULL
)
WITH (fillfactor='70');

COMMENT ON TABLE public.account_states IS 'What an answer needs of an account in one row; derived from the facts and derivable again.';

COMMENT ON COLUMN public.account_states.conditions IS 'What holds by the facts of table conditions, on which days; derived like the rest of the row.';

CREATE TABLE public.accounts (
    id bigint NOT NULL,
    customer_id bigint NOT NULL,
    number text NOT NULL,
    building_id bigint,
    address_sealed bytea,
    timezone text NOT NULL,
    currency text DEFAULT 'RUB'::text NOT NULL,
    persons smallint DEFAULT 1 NOT NULL,
    opened_on date NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT accounts_number_check CHECK ((number ~ '^[0-9A-ZА-ЯЁ/-]{1,20}$'::text)),
    CONSTRAINT accounts_persons_check CHECK (((persons >= 0) AND (persons <= 99)))
);

ALTER TABLE public.accounts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.accounts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.alarms (
    id bigint NOT NULL,
    kind text NOT NULL,
    about text NOT NULL,
    at timestamp with time zone NOT NULL,
    stored_at timestamp with time zone DEFAULT now() NOT NULL,
    inbox_id bigint
);

COMMENT ON TABLE public.alarms IS 'What a person should look at: repeated ids with other content, quarantined messages, and the like.';

COMMENT ON COLUMN public.alarms.inbox_id IS 'The message on which it was raised, null where none was.';

ALTER TABLE public.alarms ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.alarms_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.api_tokens (
    id bigint NOT NULL,
    digest bytea NOT NULL,
    phone_hash bytea NOT NULL,
    name text NOT NULL,
    scopes text[] NOT NULL,
    begun_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone,
    ended_at timestamp with time zone,
    CONSTRAINT api_tokens_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT api_tokens_name_check CHECK ((name <> ''::text)),
    CONSTRAINT api_tokens_scopes_check CHECK (((scopes <> '{}'::text[]) AND (scopes <@ ARRAY['read'::text, 'submit'::text, 'command'::text])))
);

COMMENT ON TABLE public.api_tokens IS 'Tokens of programs by their hash, each of the phone whose owner made it: it may do what that phone may in the cabinet, and of that only what its scopes say.';

ALTER TABLE public.api_tokens ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.api_tokens_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.attempts (
    phone_hash bytea NOT NULL,
    began timestamp with time zone NOT NULL,
    neutral smallint DEFAULT 0 NOT NULL,
    asked smallint DEFAULT 0 NOT NULL,
    wrong smallint DEFAULT 0 NOT NULL,
    CONSTRAINT attempts_phone_hash_check CHECK ((octet_length(phone_hash) = 32))
);

COMMENT ON TABLE public.attempts IS 'What a phone has had within a day from began: neutral answers, answers to REG, and wrong guesses.';

CREATE TABLE public.bank_accounts (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    sealed bytea NOT NULL,
    recorded_at timestamp with time zone NOT NULL
);

COMMENT ON TABLE public.bank_accounts IS 'The bank account from which an account is paid, sealed with the data key of its customer. Of several the last one holds.';

ALTER TABLE public.bank_accounts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.bank_accounts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.bill_seals (
    account_id bigint NOT NULL,
    month date NOT NULL,
    no bigint NOT NULL,
    day date NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT bill_seals_hash_check CHECK ((octet_length(hash) = 32))
);

COMMENT ON TABLE public.bill_seals IS 'One frozen bill an account and month: the claim, the day whose close sealed it, and the hash over it and its lines.';

CREATE TABLE public.budgets (
    name text NOT NULL,
    began timestamp with time zone NOT NULL,
    used integer NOT NULL,
    CONSTRAINT budgets_name_check CHECK ((name = ANY (ARRAY['codes'::text, 'strangers'::text, 'logins'::text, 'lost logins'::text, 'visits'::text])))
);

COMMENT ON TABLE public.budgets IS 'How many codes, and how many answers to unknown phones, went out within the hour from began.';

CREATE TABLE public.building_conditions (
    building_id bigint NOT NULL,
    no bigint NOT NULL,
    kind text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    value jsonb NOT NULL,
    source text NOT NULL,
    document text DEFAULT ''::text NOT NULL,
    author text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    withdraws bigint,
    reason text DEFAULT ''::text NOT NULL,
    CONSTRAINT building_conditions_author_check CHECK ((author <> ''::text)),
    CONSTRAINT building_conditions_check CHECK ((valid_to > valid_from)),
    CONSTRAINT building_conditions_kind_check CHECK ((kind = ANY (ARRAY['house_volume'::text, 'house_other'::text, 'common_norm'::text, 'common_area'::text, 'total_area'::text]))),
    CONSTRAINT building_conditions_source_check CHECK ((source <> ''::text))
);

COMMENT ON TABLE public.building_conditions IS 'The same of a building: what its meter counted, and by what the common use is parted. no is the building''s own.';

CREATE TABLE public.building_managers (
    id bigint NOT NULL,
    building_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    valid_from date NOT NULL,
    document text NOT NULL,
    recorded_at timestamp with time zone NOT NULL
);

COMMENT ON TABLE public.building_managers IS 'Who manages a building from a day on; of two for one day the later row holds.';

ALTER TABLE public.building_managers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.building_managers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.buildings (
    id bigint NOT NULL,
    code text NOT NULL
);

ALTER TABLE public.buildings ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.buildings_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.charges (
    account_id bigint NOT NULL,
    no bigint NOT NULL,
    line smallint NOT NULL,
    month date NOT NULL,
    point_id bigint,
    meter_id bigint,
    service text NOT NULL,
    kind text NOT NULL,
    volume numeric(14,3),
    amount bigint NOT NULL,
    known date,
    tariffs bigint[] DEFAULT '{}'::bigint[] NOT NULL
)
PARTITION BY HASH (account_id);

COMMENT ON TABLE public.charges IS 'The lines of a claim. A line is explained by computing it again from the facts numbered below no.';

COMMENT ON COLUMN public.charges.meter_id IS 'No longer written: a line is of a point, whichever meters stood there.';

COMMENT ON COLUMN public.charges.tariffs IS 'The versions by which a line was charged: a later one for its days charges it again.';

CREATE TABLE public.chat_ends (
    chat_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    why text NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT chat_ends_why_check CHECK ((why = ANY (ARRAY['moved'::text, 'other phone'::text, 'erased'::text])))
);

COMMENT ON TABLE public.chat_ends IS 'When and why a chat ceased to speak for its phone.';

CREATE TABLE public.chat_photos (
    id bigint NOT NULL,
    reference text NOT NULL,
    phone_hash bytea NOT NULL,
    customer_id bigint,
    file bytea NOT NULL,
    wanted_at timestamp with time zone NOT NULL,
    not_before timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    tries smallint DEFAULT 0 NOT NULL,
    kept_at timestamp with time zone,
    digest bytea,
    kept_digest bytea,
    content bytea,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT chat_photos_check CHECK (((kept_at IS NULL) = (content IS NULL))),
    CONSTRAINT chat_photos_check1 CHECK (((kept_at IS NULL) = (digest IS NULL)))
);

COMMENT ON TABLE public.chat_photos IS 'A photo that came with a reading, as evidence: wanted with its message, fetched aside, kept without metadata and sealed.';

COMMENT ON COLUMN public.chat_photos.reference IS 'The message in inbox with which it came.';

COMMENT ON COLUMN public.chat_photos.file IS 'By what the messenger gives it out, sealed.';

COMMENT ON COLUMN public.chat_photos.digest IS 'SHA-256 of what came; kept_digest of what is kept.';

ALTER TABLE public.chat_photos ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.chat_photos_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.chat_talks (
    hash bytea NOT NULL,
    language text,
    phone_sealed bytea,
    code text,
    code_until timestamp with time zone,
    wrong smallint DEFAULT 0 NOT NULL,
    codes smallint DEFAULT 0 NOT NULL,
    began timestamp with time zone NOT NULL
);

COMMENT ON TABLE public.chat_talks IS 'How far the talk with a chat has come before it is bound: its language, and the code that went to its phone.';

COMMENT ON COLUMN public.chat_talks.codes IS 'Codes sent since began; wrong: guesses that were none of them.';

CREATE TABLE public.chats (
    id bigint NOT NULL,
    hash bytea NOT NULL,
    phone_hash bytea NOT NULL,
    customer_id bigint,
    sealed bytea,
    phone_sealed bytea,
    evidence text NOT NULL,
    bound_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    dead_at timestamp with time zone,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.chats IS 'Which phone a private chat speaks for: bound when its person showed that the phone is his, ended when another took its place.';

COMMENT ON COLUMN public.chats.hash IS 'Keyed hash of the chat''s id.';

COMMENT ON COLUMN public.chats.customer_id IS 'Whose key seals the chat''s id, the customer''s in whose keeping the phone is; null: the installation''s.';

COMMENT ON COLUMN public.chats.sealed IS 'The chat''s id; null once its customer was erased.';

COMMENT ON COLUMN public.chats.phone_sealed IS 'The phone, while phones does not have it.';

COMMENT ON COLUMN public.chats.dead_at IS 'Since when nothing reaches it; null again once its person writes.';

ALTER TABLE public.chats ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.chats_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claim_names (
    agent text DEFAULT ''::text NOT NULL,
    external_id text NOT NULL,
    account_id bigint NOT NULL,
    no bigint NOT NULL
);

COMMENT ON TABLE public.claim_names IS 'By what name another system knows a claim: one name, one claim, over all accounts.';

CREATE TABLE public.claims (
    account_id bigint NOT NULL,
    no bigint NOT NULL,
    month date NOT NULL,
    kind text NOT NULL,
    amount bigint NOT NULL,
    due_on date NOT NULL,
    issued_on date NOT NULL,
    agent text DEFAULT ''::text NOT NULL,
    external_id text,
    recorded_at timestamp with time zone NOT NULL,
    about bigint,
    CONSTRAINT claims_about_check CHECK (((about IS NOT NULL) = (kind = ANY (ARRAY['penalty'::text, 'write_off'::text, 'interest'::text])))),
    CONSTRAINT claims_kind_check CHECK ((kind = ANY (ARRAY['opening'::text, 'bill'::text, 'recalculation'::text, 'penalty'::text, 'write_off'::text, 'interest'::text]))),
    CONSTRAINT claims_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric))
)
PARTITION BY HASH (account_id);

COMMENT ON COLUMN public.claims.about IS 'Of a penalty and a write-off: the number of the claim that it is for.';

CREATE TABLE public.company (
    id smallint DEFAULT 1 NOT NULL,
    name text NOT NULL,
    phone text NOT NULL,
    timezone text NOT NULL,
    currency text DEFAULT 'RUB'::text NOT NULL,
    profile text NOT NULL,
    window_from smallint,
    window_to smallint,
    pay text DEFAULT ''::text NOT NULL,
    payee_name text,
    payee_inn text,
    payee_kpp text,
    payee_account text,
    payee_bank text,
    payee_bic text,
    payee_correspondent text,
    CONSTRAINT company_check CHECK (((window_from IS NULL) = (window_to IS NULL))),
    CONSTRAINT company_id_check CHECK ((id = 1)),
    CONSTRAINT company_pay_check CHECK ((char_length(pay) <= 32)),
    CONSTRAINT company_payee CHECK ((num_nulls(payee_name, payee_inn, payee_kpp, payee_account, payee_bank, payee_bic, payee_correspondent) = ANY (ARRAY[0, 7]))),
    CONSTRAINT company_window_from_check CHECK (((window_from >= 1) AND (window_from <= 31))),
    CONSTRAINT company_window_to_check CHECK (((window_to >= 1) AND (window_to <= 31)))
);

COMMENT ON TABLE public.company IS 'The one company of this installation; timezone is that of its business date.';

COMMENT ON COLUMN public.company.pay IS 'Where to pay, in the company''s own words, as short as a message has room for.';

COMMENT ON COLUMN public.company.payee_name IS 'Who is paid by the code on a bill, all of it or nothing: checked before it is kept.';

CREATE SEQUENCE public.company_facts
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

COMMENT ON SEQUENCE public.company_facts IS 'Numbers of the facts on the company''s own books, account 0 of the ledger.';

CREATE TABLE public.conditions (
    account_id bigint NOT NULL,
    no bigint NOT NULL,
    kind text NOT NULL,
    subject bigint NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    value jsonb NOT NULL,
    source text NOT NULL,
    document text DEFAULT ''::text NOT NULL,
    author text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    withdraws bigint,
    reason text DEFAULT ''::text NOT NULL,
    CONSTRAINT conditions_author_check CHECK ((author <> ''::text)),
    CONSTRAINT conditions_check CHECK ((valid_to > valid_from)),
    CONSTRAINT conditions_kind_check CHECK ((kind = ANY (ARRAY['persons'::text, 'owners'::text, 'area'::text, 'category'::text, 'holder'::text, 'benefit'::text, 'plan'::text, 'supply'::text, 'metering'::text, 'common'::text, 'demand'::text, 'multiplier'::text, 'failed'::text, 'verified'::text, 'seal'::text, 'access'::text, 'instalments'::text, 'instalments_end'::text, 'device'::text, 'route'::text, 'sequence'::text, 'protected'::text, 'movement'::text, 'absence'::text]))),
    CONSTRAINT conditions_source_check CHECK ((source <> ''::text))
);

COMMENT ON TABLE public.conditions IS 'Values by days, half-open: facts, never changed. Of two of one kind, subject and name the one with the higher no holds on the days of both; a value null is what held before any fact.';

COMMENT ON COLUMN public.conditions.subject IS 'The id of the account, of its point, or of its meter, as the kind is of one or the other.';

COMMENT ON COLUMN public.conditions.withdraws IS 'The number of the fact that this one takes back, with its kind, subject, name, days and value; null: it takes back none.';

COMMENT ON COLUMN public.conditions.reason IS 'Why it is taken back.';

CREATE VIEW public.conditions_in_force AS
 SELECT account_id,
    no,
    kind,
    subject,
    name,
    valid_from,
    valid_to,
    value,
    source,
    document,
    author,
    recorded_at,
    withdraws,
    reason
   FROM public.conditions c
  WHERE ((withdraws IS NULL) AND (kind <> 'movement'::text) AND (NOT (EXISTS ( SELECT
           FROM public.conditions w
          WHERE ((w.account_id = c.account_id) AND (w.withdraws = c.no))))));

COMMENT ON VIEW public.conditions_in_force IS 'The dated facts that nobody took back; of two of one kind, subject and name the later one holds on the days of both.';

CREATE TABLE public.consents (
    id bigint NOT NULL,
    phone_hash bytea NOT NULL,
    account_id bigint,
    topic text NOT NULL,
    given boolean NOT NULL,
    how text NOT NULL,
    contract_id bigint,
    by text NOT NULL,
    since timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT consents_how_check CHECK ((how = ANY (ARRAY['contract'::text, 'text'::text, 'page'::text, 'paper'::text]))),
    CONSTRAINT consents_phone_hash_check CHECK ((octet_length(phone_hash) = 32))
);

COMMENT ON TABLE public.consents IS 'What a person agreed to be told, or did not want any more: of an account, or of all where it is null. The topic "news" is everything that STOP stops. By is an employee, or empty where the phone itself said it.';

ALTER TABLE public.consents ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.consents_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.contract_ends (
    contract_id bigint NOT NULL,
    since timestamp with time zone NOT NULL,
    reason text NOT NULL,
    words bytea,
    at timestamp with time zone NOT NULL,
    by text NOT NULL,
    CONSTRAINT contract_ends_by_check CHECK ((by <> ''::text))
);

COMMENT ON TABLE public.contract_ends IS 'A contract that was revoked: since when, why (words sealed), and when and by whom that was written down.';

CREATE VIEW public.consents_now AS
 SELECT DISTINCT ON (k.phone_hash, k.account_id, k.topic) k.phone_hash,
    k.account_id,
    k.topic,
    k.given,
    k.how,
    k.by,
    k.since,
    k.recorded_at
   FROM (public.consents k
     LEFT JOIN public.contract_ends e ON ((e.contract_id = k.contract_id)))
  WHERE (e.contract_id IS NULL)
  ORDER BY k.phone_hash, k.account_id, k.topic, k.since DESC, k.id DESC;

COMMENT ON VIEW public.consents_now IS 'The last word of each phone on each topic, by when it was said and not by when it was written down. What was agreed in a contract ends with it.';

CREATE TABLE public.contract_scans (
    id bigint NOT NULL,
    contract_id bigint NOT NULL,
    kind text NOT NULL,
    size integer NOT NULL,
    sha256 bytea NOT NULL,
    sealed bytea NOT NULL,
    at timestamp with time zone NOT NULL,
    by text NOT NULL,
    CONSTRAINT contract_scans_by_check CHECK ((by <> ''::text)),
    CONSTRAINT contract_scans_kind_check CHECK ((kind = ANY (ARRAY['pdf'::text, 'jpeg'::text, 'png'::text]))),
    CONSTRAINT contract_scans_sha256_check CHECK ((octet_length(sha256) = 32)),
    CONSTRAINT contract_scans_size_check CHECK (((size >= 1) AND (size <= 5242880)))
);
ALTER TABLE ONLY public.contract_scans ALTER COLUMN sealed SET STORAGE EXTERNAL;

COMMENT ON TABLE public.contract_scans IS 'Pictures of signed contracts, sealed with the customer''s key; the hash is that of the picture as it came.';

ALTER TABLE public.contract_scans ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.contract_scans_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.contract_signings (
    contract_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    by text NOT NULL,
    CONSTRAINT contract_signings_by_check CHECK ((by <> ''::text))
);

COMMENT ON TABLE public.contract_signings IS 'A contract holds from its signing on, as an employee took it.';

CREATE TABLE public.contracts (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    number text GENERATED ALWAYS AS (('SMS-'::text ||
CASE
    WHEN (id < 1000000) THEN lpad((id)::text, 6, '0'::text)
    ELSE (id)::text
END)) STORED NOT NULL,
    customer_id bigint NOT NULL,
    phone_hash bytea NOT NULL,
    role text NOT NULL,
    extra text[] NOT NULL,
    topics text[] NOT NULL,
    dated date NOT NULL,
    document text NOT NULL,
    text_version date NOT NULL,
    language text NOT NULL,
    text_hash bytea NOT NULL,
    sealed bytea NOT NULL,
    prepared_at timestamp with time zone NOT NULL,
    prepared_by text NOT NULL,
    CONSTRAINT contracts_phone_hash_check CHECK ((octet_length(phone_hash) = 32)),
    CONSTRAINT contracts_prepared_by_check CHECK ((prepared_by <> ''::text)),
    CONSTRAINT contracts_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'payer'::text, 'helper'::text, 'tenant'::text]))),
    CONSTRAINT contracts_text_hash_check CHECK ((octet_length(text_hash) = 32))
);

COMMENT ON TABLE public.contracts IS 'What was put before a person to sign. His name, the last signs of his document, the phone and all that fills the blanks of the text are sealed with the key of the account''s customer; the hash is that of the text as it was printed.';

ALTER TABLE public.contracts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.contracts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.links (
    id bigint NOT NULL,
    phone_hash bytea NOT NULL,
    account_id bigint NOT NULL,
    role text NOT NULL,
    extra text[] DEFAULT '{}'::text[] NOT NULL,
    name text,
    valid_from timestamp with time zone DEFAULT now() NOT NULL,
    valid_to timestamp with time zone,
    contract_on date,
    evidence text NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT links_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 12))),
    CONSTRAINT links_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'payer'::text, 'helper'::text, 'tenant'::text, 'unverified'::text])))
);

COMMENT ON COLUMN public.links.extra IS 'Scopes that the owner allowed beyond the role.';

CREATE VIEW public.contracts_now AS
 SELECT c.id,
    c.number,
    c.account_id,
    c.phone_hash,
    c.role,
    c.extra,
    c.topics,
    c.dated,
    c.prepared_at,
    c.prepared_by,
    s.at AS signed_at,
    s.by AS signed_by,
    e.since AS ended_since,
    e.reason,
    e.at AS ended_at,
    e.by AS ended_by,
        CASE
            WHEN (e.contract_id IS NOT NULL) THEN 'revoked'::text
            WHEN (s.contract_id IS NULL) THEN 'prepared'::text
            WHEN (l.id IS NULL) THEN 'unlinked'::text
            ELSE 'in_force'::text
        END AS state
   FROM (((public.contracts c
     LEFT JOIN public.contract_signings s ON ((s.contract_id = c.id)))
     LEFT JOIN public.contract_ends e ON ((e.contract_id = c.id)))
     LEFT JOIN public.links l ON (((l.account_id = c.account_id) AND (l.phone_hash = c.phone_hash) AND (l.valid_to IS NULL) AND (l.evidence = ('contract '::text || c.number)))));

COMMENT ON VIEW public.contracts_now IS 'How each contract stands. Unlinked: the phone was taken off the account, or another contract took the place of this one.';

CREATE TABLE public.customers (
    id bigint NOT NULL,
    kind text NOT NULL,
    data_key bytea,
    name_sealed bytea,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT customers_kind_check CHECK ((kind = ANY (ARRAY['household'::text, 'organisation'::text])))
);

COMMENT ON COLUMN public.customers.data_key IS 'The customer''s data key, sealed with the installation''s key; null once erased.';

ALTER TABLE public.customers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.customers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.day_accounts (
    day date NOT NULL,
    account_id bigint NOT NULL,
    taken bigint NOT NULL
);

COMMENT ON TABLE public.day_accounts IS 'Which accounts a day''s close goes through, and the last fact of each that it takes in; 0 is the company.';

CREATE TABLE public.day_cuts (
    day date NOT NULL,
    cut_at timestamp with time zone NOT NULL,
    tariffs bigint DEFAULT 0 NOT NULL
);

COMMENT ON TABLE public.day_cuts IS 'From its row on, what is booked goes to a later day.';

COMMENT ON COLUMN public.day_cuts.tariffs IS 'The highest id of a tariff version at that moment.';

CREATE TABLE public.day_heads (
    day date NOT NULL,
    accounts bigint NOT NULL,
    lines bigint NOT NULL,
    previous bytea NOT NULL,
    head bytea NOT NULL,
    sealed_at timestamp with time zone NOT NULL,
    CONSTRAINT day_heads_head_check CHECK ((octet_length(head) = 32))
);

COMMENT ON TABLE public.day_heads IS 'The seal of a day: a hash over the rows of its accounts and the head of the day before.';

CREATE TABLE public.day_rows (
    day date NOT NULL,
    account_id bigint NOT NULL,
    watermark bigint NOT NULL,
    balance bigint NOT NULL,
    lines integer NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT day_rows_hash_check CHECK ((octet_length(hash) = 32))
);

COMMENT ON TABLE public.day_rows IS 'What a closed day found of an account: the fact up to which all is taken in, what is owed at its end, and the hash over the lines booked since the row before.';

CREATE TABLE public.device_movements (
    id bigint NOT NULL,
    device_id bigint NOT NULL,
    event text NOT NULL,
    store_id bigint,
    other_id bigint,
    until date,
    document text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    author text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT device_movements_author_check CHECK ((author <> ''::text)),
    CONSTRAINT device_movements_document_check CHECK ((document <> ''::text)),
    CONSTRAINT device_movements_event_check CHECK ((event = ANY (ARRAY['received'::text, 'sent'::text, 'accepted'::text, 'rejected'::text, 'verified'::text, 'failed'::text, 'installed'::text, 'removed'::text, 'written_off'::text])))
);

COMMENT ON TABLE public.device_movements IS 'What befell the meters of the stores, by which document: only ever added to.';

COMMENT ON COLUMN public.device_movements.store_id IS 'The store where it happened; of what was sent the one that it left.';

COMMENT ON COLUMN public.device_movements.other_id IS 'The store on the other end of the way.';

ALTER TABLE public.device_movements ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.device_movements_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.devices (
    id bigint NOT NULL,
    brand text NOT NULL,
    serial text NOT NULL,
    place text NOT NULL,
    store_id bigint,
    goal_id bigint,
    verified_until date,
    CONSTRAINT devices_check CHECK (((store_id IS NOT NULL) = (place = ANY (ARRAY['stored'::text, 'travelling'::text])))),
    CONSTRAINT devices_check1 CHECK (((goal_id IS NOT NULL) = (place = 'travelling'::text))),
    CONSTRAINT devices_place_check CHECK ((place = ANY (ARRAY['stored'::text, 'travelling'::text, 'standing'::text, 'loose'::text, 'gone'::text]))),
    CONSTRAINT devices_serial_check CHECK ((serial <> ''::text))
);

COMMENT ON TABLE public.devices IS 'Every meter that went through a store, and where it is: derived from device_movements, and changed together with them.';

COMMENT ON COLUMN public.devices.store_id IS 'Where it lies, or from where it travels to goal_id.';

ALTER TABLE public.devices ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.devices_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.employee_posts (
    id bigint NOT NULL,
    employee_id bigint NOT NULL,
    roles text[] NOT NULL,
    at timestamp with time zone NOT NULL,
    by text NOT NULL,
    CONSTRAINT employee_posts_roles_check CHECK ((roles <@ ARRAY['clerk'::text, 'controller'::text, 'biller'::text, 'author'::text, 'approver'::text, 'collector'::text, 'auditor'::text, 'admin'::text]))
);

COMMENT ON TABLE public.employee_posts IS 'What an employee may do from then on; the last row counts, without roles he has left.';

CREATE TABLE public.employee_secrets (
    employee_id bigint NOT NULL,
    password text,
    totp_sealed bytea NOT NULL,
    totp_step bigint DEFAULT 0 NOT NULL,
    invitation bytea,
    invited_till timestamp with time zone,
    failed smallint DEFAULT 0 NOT NULL,
    locked_till timestamp with time zone,
    language text DEFAULT 'ru'::text NOT NULL
);

COMMENT ON TABLE public.employee_secrets IS 'How an employee proves who he is: a hash of his password, the sealed secret of his codes and the step of the last one used, an invitation that was not taken up, and wrong tries in a row.';

CREATE TABLE public.employees (
    id bigint NOT NULL,
    login text NOT NULL,
    name text NOT NULL,
    phone_sealed bytea,
    added_at timestamp with time zone NOT NULL,
    added_by text NOT NULL,
    CONSTRAINT employees_login_check CHECK ((login ~ '^[a-z][a-z0-9._-]{1,31}$'::text)),
    CONSTRAINT employees_name_check CHECK ((name <> ''::text))
);

COMMENT ON TABLE public.employees IS 'Who works at the company. The phone, on which tasks are told, is sealed with the installation''s key.';

CREATE VIEW public.employed AS
 SELECT e.id,
    e.login,
    e.name,
    COALESCE(p.roles, '{}'::text[]) AS roles,
    COALESCE(s.language, 'ru'::text) AS language,
    (e.phone_sealed IS NOT NULL) AS has_phone
   FROM ((public.employees e
     LEFT JOIN LATERAL ( SELECT employee_posts.roles
           FROM public.employee_posts
          WHERE (employee_posts.employee_id = e.id)
          ORDER BY employee_posts.id DESC
         LIMIT 1) p ON (true))
     LEFT JOIN public.employee_secrets s ON ((s.employee_id = e.id)));

COMMENT ON VIEW public.employed IS 'Employees as they are now; who has no roles has left.';

ALTER TABLE public.employee_posts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.employee_posts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.employees ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.employees_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.emptied (
    class text NOT NULL,
    through_id bigint DEFAULT 0 NOT NULL,
    through_key uuid DEFAULT '00000000-0000-0000-0000-000000000000'::uuid NOT NULL
);

COMMENT ON TABLE public.emptied IS 'Up to which message the words of a class have been emptied; only empty_words writes it.';

CREATE TABLE public.entries (
    account_id bigint NOT NULL,
    no bigint NOT NULL,
    line smallint NOT NULL,
    ledger text NOT NULL,
    amount bigint NOT NULL,
    on_day date NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    booked_on date NOT NULL,
    CONSTRAINT entries_ledger_check CHECK ((ledger = ANY (ARRAY['receivable'::text, 'revenue'::text, 'bank'::text, 'opening'::text, 'suspense'::text, 'agents'::text, 'commission'::text, 'penalty'::text, 'written_off'::text, 'interest'::text])))
)
PARTITION BY HASH (account_id);

COMMENT ON TABLE public.entries IS 'The double-entry ledger: the lines of one fact sum to zero; kopecks.';

COMMENT ON COLUMN public.entries.account_id IS '0: the company''s own books, for money that belongs to no account.';

COMMENT ON COLUMN public.entries.booked_on IS 'The business day in whose books the line stands; on_day is the day for which it counts.';

CREATE TABLE public.erasure_ends (
    erasure_id bigint NOT NULL,
    asked_by text NOT NULL,
    by text NOT NULL,
    done boolean NOT NULL,
    at timestamp with time zone NOT NULL,
    act jsonb NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT erasure_ends_by_check CHECK ((by <> ''::text)),
    CONSTRAINT erasure_ends_check CHECK (((NOT done) OR (by <> asked_by)))
);

COMMENT ON TABLE public.erasure_ends IS 'What became of it: done by a second person, with the facts of its act, or turned down by anybody who may ask.';

CREATE TABLE public.erasures (
    id bigint NOT NULL,
    customer_id bigint NOT NULL,
    account_id bigint NOT NULL,
    request text NOT NULL,
    supply text DEFAULT ''::text NOT NULL,
    asked_by text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT erasures_asked_by_check CHECK ((asked_by <> ''::text)),
    CONSTRAINT erasures_request_check CHECK (((char_length(request) >= 1) AND (char_length(request) <= 60))),
    CONSTRAINT erasures_supply_check CHECK ((char_length(supply) <= 60))
);

COMMENT ON TABLE public.erasures IS 'Who is to be erased, found by which account, by which request or paper, on whose word. Nothing is destroyed by it. Numbers of papers, no words about the person.';

COMMENT ON COLUMN public.erasures.supply IS 'The paper by which his supply has ended, empty where no meter of his is in use.';

ALTER TABLE public.erasures ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.erasures_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.identity_documents (
    id bigint NOT NULL,
    customer_id bigint NOT NULL,
    kind text NOT NULL,
    sealed bytea NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT identity_documents_kind_check CHECK ((kind = ANY (ARRAY['passport'::text, 'foreign_passport'::text, 'residence_permit'::text, 'military_id'::text, 'birth_certificate'::text, 'pension_insurance'::text, 'taxpayer'::text, 'registration'::text])))
);

COMMENT ON TABLE public.identity_documents IS 'What a customer identifies himself by; the number is sealed with his data key. Of several the last one holds.';

ALTER TABLE public.identity_documents ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.identity_documents_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.inbox (
    id bigint NOT NULL,
    channel text NOT NULL,
    provider text NOT NULL,
    reference text NOT NULL,
    sender_hash bytea NOT NULL,
    customer_id bigint,
    received_at timestamp with time zone NOT NULL,
    content_hash bytea NOT NULL,
    payload bytea,
    said_hash bytea,
    command text DEFAULT ''::text NOT NULL,
    fate text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    account_id bigint,
    outbound_id uuid,
    stored_at timestamp with time zone DEFAULT now() NOT NULL,
    shape_hash bytea,
    CONSTRAINT inbox_fate_check CHECK ((fate = ANY (ARRAY['answered'::text, 'muted'::text, 'quarantined'::text])))
);

COMMENT ON COLUMN public.inbox.payload IS 'The words and what the provider sent, sealed with the customer''s data key, or the installation''s where the sender is unknown.';

COMMENT ON COLUMN public.inbox.said_hash IS 'A keyed hash of the words, by which repeats are counted.';

COMMENT ON COLUMN public.inbox.shape_hash IS 'A keyed hash of the words without their numbers, by which texts of one machine are told.';

ALTER TABLE public.inbox ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.inbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.inbox_polls (
    provider text NOT NULL,
    confirmed timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    begun_at timestamp with time zone NOT NULL,
    owner text NOT NULL,
    lease_until timestamp with time zone,
    completed bigint DEFAULT 0 NOT NULL,
    fetched bigint DEFAULT 0 NOT NULL,
    failed integer DEFAULT 0 NOT NULL
);

COMMENT ON TABLE public.inbox_polls IS 'Who reads a provider''s list of texts, by the database''s clock: one process at a time, once in an interval for all of them.';

COMMENT ON COLUMN public.inbox_polls.confirmed IS 'By the provider''s clock: what it took until then is on record.';

COMMENT ON COLUMN public.inbox_polls.failed IS 'How often in a row the list could not be read; fetched counts the texts that only the list brought.';

CREATE TABLE public.invitation_ends (
    invitation_id bigint NOT NULL,
    how text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT invitation_ends_how_check CHECK ((how = ANY (ARRAY['accepted'::text, 'declined'::text, 'withdrawn'::text, 'replaced'::text])))
);

COMMENT ON TABLE public.invitation_ends IS 'What became of an invitation; one without a row is open until its time.';

CREATE TABLE public.invitations (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    phone_hash bytea NOT NULL,
    customer_id bigint NOT NULL,
    sealed bytea NOT NULL,
    role text NOT NULL,
    extra text[] NOT NULL,
    by_hash bytea NOT NULL,
    at timestamp with time zone NOT NULL,
    until timestamp with time zone NOT NULL,
    CONSTRAINT invitations_by_hash_check CHECK ((octet_length(by_hash) = 32)),
    CONSTRAINT invitations_check CHECK ((until > at)),
    CONSTRAINT invitations_phone_hash_check CHECK ((octet_length(phone_hash) = 32)),
    CONSTRAINT invitations_role_check CHECK ((role = ANY (ARRAY['payer'::text, 'helper'::text, 'tenant'::text])))
);

COMMENT ON TABLE public.invitations IS 'Phones that somebody who manages an account wants to share it with: as what, and what beyond the role. The number is sealed with the key of the account''s customer.';

ALTER TABLE public.invitations ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.invitations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.jobs (
    name text NOT NULL,
    period text NOT NULL,
    state text NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    finished_at timestamp with time zone,
    counts jsonb DEFAULT '{}'::jsonb NOT NULL,
    error text,
    report text DEFAULT ''::text NOT NULL,
    CONSTRAINT jobs_state_check CHECK ((state = ANY (ARRAY['running'::text, 'done'::text, 'failed'::text])))
);

COMMENT ON COLUMN public.jobs.report IS 'What the job told of its day, as the morning report shows it.';

CREATE TABLE public.kept_counts (
    account_id bigint NOT NULL,
    no bigint NOT NULL,
    bill bigint NOT NULL,
    issued_on date NOT NULL,
    tariffs bigint NOT NULL,
    plan text NOT NULL,
    counts json NOT NULL
)
WITH (fillfactor='70');

COMMENT ON TABLE public.kept_counts IS 'Of ordinary accounts the counts of the last year, by all facts up to no; derived from the facts and derivable again.';

COMMENT ON COLUMN public.kept_counts.bill IS 'The number of the last bill where it is the only claim of its month, else 0.';

COMMENT ON COLUMN public.kept_counts.tariffs IS 'The highest id of a tariff version then known.';

COMMENT ON COLUMN public.kept_counts.counts IS 'Of each register the days, as numbers, and the counts in thousandths; empty: the account is closed from all its facts.';

CREATE TABLE public.link_ends (
    link_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    evidence text NOT NULL,
    recorded_at timestamp with time zone NOT NULL
);

COMMENT ON TABLE public.link_ends IS 'The end of a link as a fact: since when it held no more, and since when that was on record. links.valid_to is the same end for who asks about now.';

CREATE TABLE public.phones (
    hash bytea NOT NULL,
    customer_id bigint NOT NULL,
    sealed bytea NOT NULL,
    language text DEFAULT 'ru'::text NOT NULL,
    opted_out boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    proven_at timestamp with time zone DEFAULT now() NOT NULL,
    bounced smallint DEFAULT 0 NOT NULL,
    told_from smallint,
    told_till smallint,
    CONSTRAINT phones_hash_check CHECK ((octet_length(hash) = 32)),
    CONSTRAINT phones_told_check CHECK ((((told_from IS NULL) = (told_till IS NULL)) AND ((told_from >= 8) AND (told_from <= 14)) AND ((told_till >= 17) AND (told_till <= 22))))
);

COMMENT ON TABLE public.phones IS 'Addresses by keyed hash; the number itself is sealed with the data key of the customer in whose keeping it is.';

COMMENT ON COLUMN public.phones.proven_at IS 'When it was last seen, to thirty days, that the phone is its person''s: an SMS of its own that followed no doubt, or a confirmed code or question.';

COMMENT ON COLUMN public.phones.bounced IS 'So many messages in a row did not reach it, by the carrier''s receipts.';

COMMENT ON COLUMN public.phones.told_from IS 'From this hour of the day where the account is its person wants to be written to unasked; null: whenever the company may.';

COMMENT ON COLUMN public.phones.told_till IS 'Until this hour.';

CREATE VIEW public.link_proofs AS
 SELECT l.id AS link_id,
    l.account_id,
    l.phone_hash,
    p.proven_at,
    p.bounced
   FROM (public.links l
     JOIN public.phones p ON ((p.hash = l.phone_hash)))
  WHERE (l.valid_to IS NULL);

COMMENT ON VIEW public.link_proofs IS 'When the phone of each link was last proven, and how many messages in a row have not reached it since.';

ALTER TABLE public.links ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.links_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.looks (
    id bigint NOT NULL,
    no bigint NOT NULL,
    employee_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    account_id bigint,
    what text NOT NULL,
    reason text NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT looks_hash_check CHECK ((octet_length(hash) = 32)),
    CONSTRAINT looks_no_check CHECK ((no > 0)),
    CONSTRAINT looks_previous_check CHECK ((octet_length(previous) = 32)),
    CONSTRAINT looks_reason_check CHECK ((reason <> ''::text))
);

COMMENT ON TABLE public.looks IS 'Each look of an employee at a customer''s data, with its reason; each row holds the hash of the one before.';

ALTER TABLE public.looks ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.looks_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.meters (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    point_id bigint NOT NULL,
    serial text NOT NULL,
    brand text DEFAULT ''::text NOT NULL,
    digits smallint NOT NULL,
    fraction smallint DEFAULT 0 NOT NULL,
    multiplier numeric(12,3) DEFAULT 1 NOT NULL,
    capacity_kw numeric(12,3),
    zones text[] NOT NULL,
    installed_on date NOT NULL,
    removed_on date,
    verified_until date,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT meters_capacity_kw_check CHECK ((capacity_kw > (0)::numeric)),
    CONSTRAINT meters_digits_check CHECK (((digits >= 3) AND (digits <= 9))),
    CONSTRAINT meters_fraction_check CHECK (((fraction >= 0) AND (fraction <= 3))),
    CONSTRAINT meters_multiplier_check CHECK ((multiplier > (0)::numeric)),
    CONSTRAINT meters_serial_check CHECK ((serial ~ '^[0-9A-ZА-ЯЁ/-]{1,20}$'::text)),
    CONSTRAINT meters_zones_check CHECK (((cardinality(zones) >= 1) AND (cardinality(zones) <= 3)))
);

COMMENT ON COLUMN public.meters.removed_on IS 'The first day without it; the day of its installation where that was taken back: it never stood there.';

ALTER TABLE public.meters ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.meters_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.movements (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    meter_id bigint NOT NULL,
    event text NOT NULL,
    day date NOT NULL,
    document text DEFAULT ''::text NOT NULL,
    author text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT movements_author_check CHECK ((author <> ''::text)),
    CONSTRAINT movements_event_check CHECK ((event = ANY (ARRAY['installed'::text, 'removed'::text])))
);

COMMENT ON TABLE public.movements IS 'Meters installed and removed at the end of a day, through a door for facts; what a meter showed then is a reading of an act.';

ALTER TABLE public.movements ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.movements_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.notice_approvals (
    notice_id bigint NOT NULL,
    version integer NOT NULL,
    editors text[] NOT NULL,
    approver text NOT NULL,
    after boolean NOT NULL,
    digest bytea NOT NULL,
    people integer NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT notice_approvals_approver_check CHECK ((approver <> ''::text)),
    CONSTRAINT notice_approvals_check CHECK ((approver <> ALL (editors))),
    CONSTRAINT notice_approvals_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT notice_approvals_editors_check CHECK ((cardinality(editors) > 0))
);

COMMENT ON TABLE public.notice_approvals IS 'Who approved a version, never one who wrote at it; the digest is that of the words, the audience and all its people. After: a message for safety, looked at once it had gone out.';

CREATE TABLE public.notice_chunks (
    notice_id bigint NOT NULL,
    first bigint NOT NULL,
    last bigint NOT NULL,
    look_after timestamp with time zone,
    worded_at timestamp with time zone,
    CONSTRAINT notice_chunks_check CHECK ((last >= first))
);

COMMENT ON TABLE public.notice_chunks IS 'The people of a notice in chunks by their ids, which are worded together. Those of them who could not be told then have a look_after of their own.';

COMMENT ON COLUMN public.notice_chunks.look_after IS 'Before then it is quiet for everybody who is left of it.';

COMMENT ON COLUMN public.notice_chunks.worded_at IS 'When whoever could be told was told: his message stands in the outbox. Null: nobody of it was.';

CREATE TABLE public.notice_events (
    id bigint NOT NULL,
    notice_id bigint NOT NULL,
    what text NOT NULL,
    at timestamp with time zone NOT NULL,
    by text NOT NULL,
    told jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT notice_events_by_check CHECK ((by <> ''::text))
);

COMMENT ON TABLE public.notice_events IS 'What became of a notice, and by whom.';

ALTER TABLE public.notice_events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.notice_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.notice_evidence (
    recipient_id bigint NOT NULL,
    no integer NOT NULL,
    what text NOT NULL,
    at timestamp with time zone NOT NULL,
    body bytea NOT NULL,
    digest bytea NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL,
    report_id bigint,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    step_id bigint,
    CONSTRAINT notice_evidence_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT notice_evidence_hash_check CHECK ((octet_length(hash) = 32)),
    CONSTRAINT notice_evidence_no_check CHECK ((no > 0))
);

COMMENT ON TABLE public.notice_evidence IS 'What is known of an official warning, a row after another, each with the hash of the one before; the bodies are sealed with the customer''s key.';

COMMENT ON COLUMN public.notice_evidence.step_id IS 'The step of a message that the row is, as report_id is a receipt.';

CREATE TABLE public.notice_recipients (
    id bigint NOT NULL,
    notice_id bigint NOT NULL,
    phone_hash bytea NOT NULL,
    subject bigint NOT NULL,
    account_id bigint NOT NULL,
    customer_id bigint NOT NULL,
    language text NOT NULL,
    debt bigint NOT NULL,
    bar text,
    code text,
    look_after timestamp with time zone,
    outbound_id uuid,
    worded_at timestamp with time zone,
    sent_at timestamp with time zone,
    delivered_at timestamp with time zone,
    letter_at timestamp with time zone,
    ended_at timestamp with time zone,
    acknowledged_at timestamp with time zone,
    promised_until date,
    length integer DEFAULT 0 NOT NULL,
    head bytea DEFAULT '\x'::bytea NOT NULL,
    chat_at timestamp with time zone,
    chat_outbound_id uuid,
    CONSTRAINT notice_recipients_head_check CHECK ((octet_length(head) = ANY (ARRAY[0, 32])))
);

COMMENT ON TABLE public.notice_recipients IS 'The people of a notice as they were frozen at its approval, each once. An official warning is one for each account; its number is the id.';

COMMENT ON COLUMN public.notice_recipients.subject IS 'The account of an official warning; 0 where a phone is told once, however many accounts it has.';

COMMENT ON COLUMN public.notice_recipients.bar IS 'Why nothing is sent: found at the approval or when it was to be worded.';

COMMENT ON COLUMN public.notice_recipients.look_after IS 'Before then it is quiet where the recipient is.';

COMMENT ON COLUMN public.notice_recipients.outbound_id IS 'His message: of a broadcast given at the approval, whether it stands in the outbox yet or not; of a warning when it is worded.';

COMMENT ON COLUMN public.notice_recipients.worded_at IS 'When he was told; null where he was told with his chunk.';

COMMENT ON COLUMN public.notice_recipients.head IS 'The hash of the last row of evidence, and length the number of rows.';

COMMENT ON COLUMN public.notice_recipients.chat_at IS 'When it was looked whether he can be told by his chat, for the SMS had not reached him.';

COMMENT ON COLUMN public.notice_recipients.chat_outbound_id IS 'The same words in his chat; null: none could be sent there.';

ALTER TABLE public.notice_recipients ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.notice_recipients_id_seq
    START WITH 4821
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.notice_versions (
    notice_id bigint NOT NULL,
    version integer NOT NULL,
    audience jsonb NOT NULL,
    texts jsonb NOT NULL,
    basis text NOT NULL,
    digest bytea NOT NULL,
    at timestamp with time zone NOT NULL,
    by text NOT NULL,
    CONSTRAINT notice_versions_by_check CHECK ((by <> ''::text)),
    CONSTRAINT notice_versions_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT notice_versions_version_check CHECK ((version > 0))
);

COMMENT ON TABLE public.notice_versions IS 'Each draft as it was written: by which conditions the audience is found, the text of each language, and why.';

CREATE TABLE public.notices (
    id bigint NOT NULL,
    kind text NOT NULL,
    corrects bigint,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    version integer DEFAULT 0 NOT NULL,
    state text DEFAULT 'draft'::text NOT NULL,
    since timestamp with time zone NOT NULL,
    starts_at timestamp with time zone,
    CONSTRAINT notices_created_by_check CHECK ((created_by <> ''::text)),
    CONSTRAINT notices_kind_check CHECK ((kind = ANY (ARRAY['disconnection'::text, 'court'::text, 'safety'::text, 'works'::text, 'reading'::text, 'bill'::text, 'estimated'::text, 'greeting'::text]))),
    CONSTRAINT notices_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'submitted'::text, 'approved'::text, 'trial'::text, 'countdown'::text, 'running'::text, 'paused'::text, 'done'::text, 'stopped'::text])))
);

COMMENT ON TABLE public.notices IS 'A broadcast or a batch of official warnings; its words and audience stand in notice_versions, what became of it in notice_events.';

COMMENT ON COLUMN public.notices.starts_at IS 'When the countdown ends.';

ALTER TABLE public.notices ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.notices_id_seq
    START WITH 101
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.office_changes (
    id bigint NOT NULL,
    office_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    by text NOT NULL,
    what text NOT NULL,
    CONSTRAINT office_changes_by_check CHECK ((by <> ''::text)),
    CONSTRAINT office_changes_what_check CHECK ((what <> ''::text))
);

COMMENT ON TABLE public.office_changes IS 'Who changed what of an office.';

ALTER TABLE public.office_changes ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.office_changes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.office_days (
    id bigint NOT NULL,
    office_id bigint NOT NULL,
    day date NOT NULL,
    opens time without time zone,
    closes time without time zone,
    windows smallint,
    usual boolean DEFAULT false NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    by text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT office_days_by_check CHECK ((by <> ''::text)),
    CONSTRAINT office_days_check CHECK (((opens IS NULL) = (closes IS NULL))),
    CONSTRAINT office_days_check1 CHECK (((opens IS NULL) OR (opens < closes))),
    CONSTRAINT office_days_windows_check CHECK (((windows >= 0) AND (windows <= 20)))
);

COMMENT ON TABLE public.office_days IS 'What differs on a day from the usual: closed where no hours stand, else these hours and, where given, so many windows; usual, it is as always again. The last row of a day holds.';

ALTER TABLE public.office_days ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.office_days_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.office_hours (
    office_id bigint NOT NULL,
    weekday smallint NOT NULL,
    opens time without time zone NOT NULL,
    closes time without time zone NOT NULL,
    pause time without time zone,
    resumes time without time zone,
    CONSTRAINT office_hours_check CHECK ((opens < closes)),
    CONSTRAINT office_hours_check1 CHECK (((pause IS NULL) = (resumes IS NULL))),
    CONSTRAINT office_hours_check2 CHECK (((pause IS NULL) OR ((opens < pause) AND (pause < resumes) AND (resumes < closes)))),
    CONSTRAINT office_hours_weekday_check CHECK (((weekday >= 1) AND (weekday <= 7)))
);

COMMENT ON TABLE public.office_hours IS 'The hours of a weekday (1 Monday) on the clock of the office, with a break; a weekday without a row is closed.';

CREATE TABLE public.offices (
    id bigint NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    name_latin text NOT NULL,
    short text NOT NULL,
    short_latin text NOT NULL,
    address text NOT NULL,
    place text NOT NULL,
    place_latin text NOT NULL,
    phone text DEFAULT ''::text NOT NULL,
    timezone text NOT NULL,
    windows smallint NOT NULL,
    step smallint NOT NULL,
    calendar text DEFAULT ''::text NOT NULL,
    services text[] DEFAULT '{}'::text[] NOT NULL,
    receives boolean DEFAULT true NOT NULL,
    CONSTRAINT offices_address_check CHECK ((address <> ''::text)),
    CONSTRAINT offices_code_check CHECK ((code ~ '^[a-z][a-z0-9-]{1,30}$'::text)),
    CONSTRAINT offices_name_check CHECK ((name <> ''::text)),
    CONSTRAINT offices_name_latin_check CHECK ((name_latin <> ''::text)),
    CONSTRAINT offices_place_check CHECK ((place <> ''::text)),
    CONSTRAINT offices_place_latin_check CHECK ((place_latin <> ''::text)),
    CONSTRAINT offices_short_check CHECK ((short <> ''::text)),
    CONSTRAINT offices_short_latin_check CHECK ((short_latin <> ''::text)),
    CONSTRAINT offices_step_check CHECK (((step >= 15) AND (step <= 120))),
    CONSTRAINT offices_windows_check CHECK (((windows >= 0) AND (windows <= 20)))
);

COMMENT ON TABLE public.offices IS 'Where customers are received: how messages call the place (short, place; the latin ones in languages with Latin letters), so many windows, a place every step minutes, the calendar of public holidays, the services that are given (none named: all).';

COMMENT ON COLUMN public.offices.receives IS 'Whether visits can be booked; an office is never deleted.';

ALTER TABLE public.offices ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.offices_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.organisations (
    id bigint NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    CONSTRAINT organisations_code_check CHECK ((code <> ''::text))
);

COMMENT ON TABLE public.organisations IS 'Managing companies, which group buildings.';

ALTER TABLE public.organisations ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.organisations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.outbox (
    id uuid NOT NULL,
    channel text NOT NULL,
    class text NOT NULL,
    customer_id bigint,
    address_hash bytea NOT NULL,
    address bytea,
    body bytea,
    body_hash bytea NOT NULL,
    segments smallint NOT NULL,
    locale text NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    attempt smallint DEFAULT 0 NOT NULL,
    owner text,
    lease_until timestamp with time zone,
    not_before timestamp with time zone DEFAULT now() NOT NULL,
    reference text,
    code text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    extras bytea,
    doubts smallint DEFAULT 0 NOT NULL,
    closes_at timestamp with time zone,
    rank smallint GENERATED ALWAYS AS (
CASE class
    WHEN 'reply'::text THEN 0
    WHEN 'official'::text THEN 1
    WHEN 'safety'::text THEN 1
    WHEN 'notice'::text THEN 2
    WHEN 'works'::text THEN 2
    WHEN 'reminder'::text THEN 2
    ELSE 3
END) STORED NOT NULL,
    CONSTRAINT outbox_state_check CHECK ((state = ANY (ARRAY['ready'::text, 'sending'::text, 'unknown'::text, 'sent'::text, 'delivered'::text, 'undelivered'::text, 'failed'::text, 'expired'::text])))
)
WITH (fillfactor='70');

COMMENT ON TABLE public.outbox IS 'Every worded message, the legal record of what was said. The body is sealed like inbox.payload; address is null where phones has it.';

COMMENT ON COLUMN public.outbox.extras IS 'What goes out beside the words where the channel has it: buttons; sealed like the body.';

COMMENT ON COLUMN public.outbox.doubts IS 'How often nobody knew whether the provider took it: where the provider cannot be asked, so often at most it came twice.';

COMMENT ON COLUMN public.outbox.closes_at IS 'From then on, by the company''s time, it may not be begun to be sent until it is looked at again: the recipient''s quiet hours have begun, or the notice is paused. Null: at any hour.';

COMMENT ON COLUMN public.outbox.rank IS 'The order of the classes: of what is due the lowest goes first.';

CREATE TABLE public.outbox_buckets (
    channel text NOT NULL,
    tokens double precision DEFAULT 0 NOT NULL,
    filled_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

COMMENT ON TABLE public.outbox_buckets IS 'A token for each message that may go out now; they fill with time, up to what the settings say.';

CREATE TABLE public.outbox_holds (
    channel text NOT NULL,
    since timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

COMMENT ON TABLE public.outbox_holds IS 'While a channel stands here, no message of it is begun, whatever process would.';

CREATE TABLE public.outbox_steps (
    id bigint NOT NULL,
    outbound_id uuid NOT NULL,
    attempt smallint NOT NULL,
    state text NOT NULL,
    reference text,
    code text,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

COMMENT ON TABLE public.outbox_steps IS 'What became of official messages, step after step: when each attempt was begun, and what came of it.';

ALTER TABLE public.outbox_steps ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.outbox_steps_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.payments (
    id bigint NOT NULL,
    account_id bigint,
    no bigint,
    account_text text NOT NULL,
    agent text DEFAULT ''::text NOT NULL,
    external_id text NOT NULL,
    paid_on date NOT NULL,
    amount bigint NOT NULL,
    month date,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    kind text DEFAULT 'received'::text NOT NULL,
    original_id bigint,
    registry_id bigint,
    company_no bigint,
    document text DEFAULT ''::text NOT NULL,
    by text DEFAULT ''::text NOT NULL,
    CONSTRAINT payments_amount_check CHECK ((amount <> 0)),
    CONSTRAINT payments_check CHECK (((account_id IS NULL) = (no IS NULL))),
    CONSTRAINT payments_kind_check CHECK ((kind = ANY (ARRAY['received'::text, 'matched'::text, 'reversal'::text]))),
    CONSTRAINT payments_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
    CONSTRAINT payments_original CHECK (((kind = 'received'::text) = (original_id IS NULL)))
);

COMMENT ON TABLE public.payments IS 'Money received; without an account it waits in suspense.';

COMMENT ON COLUMN public.payments.kind IS 'received; matched: the account was found for a payment in suspense; reversal: it was taken back.';

COMMENT ON COLUMN public.payments.company_no IS 'The fact on the company''s own books that holds a payment, or a reversal, without an account.';

ALTER TABLE public.payments ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.payments_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW public.payments_in_suspense AS
 SELECT id,
    agent,
    external_id,
    account_text,
    paid_on,
    amount,
    month,
    registry_id,
    recorded_at
   FROM public.payments p
  WHERE ((account_id IS NULL) AND (kind = 'received'::text) AND (NOT (EXISTS ( SELECT
           FROM public.payments f
          WHERE (f.original_id = p.id)))));

COMMENT ON VIEW public.payments_in_suspense IS 'Money whose account nobody has found yet: each row is a task for a person.';

CREATE TABLE public.phone_move_ends (
    move_id bigint NOT NULL,
    how text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT phone_move_ends_how_check CHECK ((how = ANY (ARRAY['done'::text, 'stopped'::text, 'void'::text])))
);

COMMENT ON TABLE public.phone_move_ends IS 'How a change of phone ended. Void: the old phone was linked to nothing any more.';

CREATE TABLE public.phone_moves (
    id bigint NOT NULL,
    old_hash bytea NOT NULL,
    new_hash bytea NOT NULL,
    customer_id bigint NOT NULL,
    sealed bytea NOT NULL,
    at timestamp with time zone NOT NULL,
    ripe_at timestamp with time zone NOT NULL,
    CONSTRAINT phone_moves_check CHECK (((octet_length(new_hash) = 32) AND (new_hash <> old_hash))),
    CONSTRAINT phone_moves_check1 CHECK ((ripe_at > at))
);

COMMENT ON TABLE public.phone_moves IS 'A person''s new phone, which proved that it is his: from ripe_at on it takes the place of the old one, which was told and may stop it. The number is sealed with the key of the customer in whose keeping the old one is.';

ALTER TABLE public.phone_moves ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.phone_moves_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.points (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    service text NOT NULL,
    tariff text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT points_service_check CHECK ((service = ANY (ARRAY['electricity'::text, 'cold_water'::text, 'hot_water'::text, 'gas'::text, 'heat'::text])))
);

ALTER TABLE public.points ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.points_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.printed_bills (
    account_id bigint NOT NULL,
    no bigint NOT NULL,
    body bytea NOT NULL,
    digest bytea NOT NULL,
    printed_at timestamp with time zone NOT NULL,
    form text NOT NULL,
    CONSTRAINT printed_bills_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT printed_bills_form_check CHECK ((form = ANY (ARRAY['text'::text, 'face'::text, 'pdf-ru'::text, 'pdf-en'::text])))
);

COMMENT ON TABLE public.printed_bills IS 'A bill as it was first printed, sealed with the data key of its customer, and the hash of its bytes: it is the same for ever.';

COMMENT ON COLUMN public.printed_bills.form IS 'The text of the staff; the facts of the bill as JSON, which pages and PDF are made from; the PDF in a language.';

CREATE TABLE public.printed_reports (
    name text NOT NULL,
    digest bytea NOT NULL,
    head bytea NOT NULL,
    printed_at timestamp with time zone NOT NULL,
    CONSTRAINT printed_reports_digest_check CHECK ((octet_length(digest) = 32))
);

COMMENT ON TABLE public.printed_reports IS 'The hash of a report of closed days as it was first printed, and the head of its last day: it is the same for ever.';

CREATE TABLE public.quality_counts (
    day date NOT NULL,
    kind text NOT NULL,
    found integer NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT quality_counts_found_check CHECK ((found >= 0))
);

COMMENT ON TABLE public.quality_counts IS 'How many accounts or meters had a fault of a kind; a count of the same day takes its place.';

CREATE TABLE public.questions (
    phone_hash bytea NOT NULL,
    kind text NOT NULL,
    terms jsonb NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

COMMENT ON TABLE public.questions IS 'The one question open to a person, from whatever channel it was asked.';

CREATE TABLE public.readings (
    account_id bigint NOT NULL,
    no bigint NOT NULL,
    meter_id bigint NOT NULL,
    register smallint NOT NULL,
    day date NOT NULL,
    value numeric(12,3) NOT NULL,
    source smallint NOT NULL,
    phone_hash bytea,
    inbox_id bigint,
    flags text[] DEFAULT '{}'::text[] NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    document text DEFAULT ''::text NOT NULL,
    author text DEFAULT ''::text NOT NULL,
    counted_from date,
    CONSTRAINT readings_register_check CHECK (((register >= 1) AND (register <= 3))),
    CONSTRAINT readings_source_check CHECK ((source = ANY (ARRAY[0, 2, 3, 4, 5]))),
    CONSTRAINT readings_value_check CHECK (((value >= (0)::numeric) AND (value < '1000000000'::numeric)))
)
PARTITION BY HASH (account_id);

COMMENT ON TABLE public.readings IS 'What was read: facts, never changed. The count is at the end of the day; no is the fact''s number in its account.';

COMMENT ON COLUMN public.readings.document IS 'By what paper; empty where there is none.';

COMMENT ON COLUMN public.readings.author IS 'Who brought it through a door for facts; empty where a message or an import did.';

COMMENT ON COLUMN public.readings.counted_from IS 'First day of the first month whose bill goes by the reading; null: it changes the bills of all days that it tells of.';

CREATE TABLE public.withdrawals (
    account_id bigint NOT NULL,
    no bigint NOT NULL,
    reading_no bigint NOT NULL,
    inbox_id bigint,
    recorded_at timestamp with time zone NOT NULL,
    author text DEFAULT ''::text NOT NULL,
    document text DEFAULT ''::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL
)
PARTITION BY HASH (account_id);

COMMENT ON TABLE public.withdrawals IS 'A reading taken back: by the customer on its day, or by an employee (author) with a document and a reason.';

CREATE VIEW public.readings_in_force AS
 SELECT DISTINCT ON (account_id, meter_id, register, day) account_id,
    meter_id,
    register,
    day,
    value,
    source,
    no,
    phone_hash,
    recorded_at
   FROM public.readings r
  WHERE ((source > 0) AND (NOT (EXISTS ( SELECT
           FROM public.withdrawals w
          WHERE ((w.account_id = r.account_id) AND (w.reading_no = r.no))))))
  ORDER BY account_id, meter_id, register, day, source DESC, no DESC;

COMMENT ON VIEW public.readings_in_force IS 'One reading a register and day: the firmest source, then the latest fact; withdrawn ones left out.';

CREATE TABLE public.registries (
    id bigint NOT NULL,
    digest bytea NOT NULL,
    agent text DEFAULT ''::text NOT NULL,
    number text DEFAULT ''::text NOT NULL,
    day date,
    rows integer,
    amount bigint,
    commission bigint DEFAULT 0 NOT NULL,
    company_no bigint,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT registries_digest_check CHECK ((octet_length(digest) = 32))
);

COMMENT ON TABLE public.registries IS 'Files of payments, known by the hash of their bytes; what their heads say of them, kopecks. company_no is the fact that books the commission.';

ALTER TABLE public.registries ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.registries_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.reports (
    id bigint NOT NULL,
    channel text NOT NULL,
    outbound_id uuid,
    reference text NOT NULL,
    state text,
    code text,
    raw bytea NOT NULL,
    received_at timestamp with time zone NOT NULL,
    stored_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.reports IS 'Every receipt as it came, known to us or not; raw is sealed with the installation''s key.';

ALTER TABLE public.reports ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.reports_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.request_events (
    id bigint NOT NULL,
    request_id bigint NOT NULL,
    state text,
    at timestamp with time zone NOT NULL,
    by text NOT NULL,
    note bytea,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT request_events_by_check CHECK ((by <> ''::text)),
    CONSTRAINT request_events_check CHECK (((state IS NOT NULL) OR (note IS NOT NULL))),
    CONSTRAINT request_events_state_check CHECK ((state = ANY (ARRAY['open'::text, 'taken'::text, 'answered'::text, 'closed'::text])))
);

COMMENT ON TABLE public.request_events IS 'What came after a request was opened: another state, more words (state null), or both; note is sealed like requests.words.';

ALTER TABLE public.request_events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.request_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE SEQUENCE public.request_numbers
    START WITH 101
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

COMMENT ON SEQUENCE public.request_numbers IS 'The numbers that customers are told; one that was told is never given again.';

CREATE TABLE public.requests (
    id bigint NOT NULL,
    number text NOT NULL,
    subject text NOT NULL,
    account_id bigint,
    customer_id bigint,
    phone_hash bytea NOT NULL,
    inbox_id bigint NOT NULL,
    words bytea NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT requests_number_check CHECK ((number ~ '^[0-9]{3,18}$'::text)),
    CONSTRAINT requests_subject_check CHECK ((subject = ANY (ARRAY['dispute'::text, 'outage'::text, 'human'::text])))
);

COMMENT ON COLUMN public.requests.account_id IS 'Null where the text did not tell which of several accounts is meant.';

COMMENT ON COLUMN public.requests.words IS 'What was said, sealed with the data key of the customer in whose keeping the phone is, like inbox.payload.';

CREATE VIEW public.request_states AS
 SELECT r.id,
    r.number,
    r.subject,
    r.account_id,
    r.phone_hash,
    r.opened_at,
    COALESCE(last.state, 'open'::text) AS state,
    COALESCE(last.at, r.opened_at) AS since
   FROM (public.requests r
     LEFT JOIN LATERAL ( SELECT request_events.state,
            request_events.at
           FROM public.request_events
          WHERE ((request_events.request_id = r.id) AND (request_events.state IS NOT NULL))
          ORDER BY request_events.id DESC
         LIMIT 1) last ON (true));

COMMENT ON VIEW public.request_states IS 'How each request stands, and since when.';

ALTER TABLE public.requests ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.requests_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.search_keys (
    digest bigint NOT NULL,
    customer_id bigint NOT NULL,
    account_id bigint DEFAULT 0 NOT NULL
);

COMMENT ON TABLE public.search_keys IS 'Eight bytes of a keyed hash of a word by which a customer, or one of his accounts, is found; what the word was stands nowhere. Emptied of a customer who is erased.';

COMMENT ON COLUMN public.search_keys.account_id IS '0: it is the customer who is found, with all his accounts. Without foreign keys: an import adds several rows an account.';

CREATE TABLE public.services (
    code text NOT NULL,
    name text NOT NULL,
    name_latin text NOT NULL,
    word text NOT NULL,
    word_latin text NOT NULL,
    minutes smallint NOT NULL,
    explains boolean DEFAULT false NOT NULL,
    stems text[] DEFAULT '{}'::text[] NOT NULL,
    rank smallint DEFAULT 0 NOT NULL,
    CONSTRAINT services_code_check CHECK ((code ~ '^[a-z][a-z_]{1,20}$'::text)),
    CONSTRAINT services_minutes_check CHECK (((minutes >= 5) AND (minutes <= 240))),
    CONSTRAINT services_name_check CHECK ((name <> ''::text)),
    CONSTRAINT services_name_latin_check CHECK ((name_latin <> ''::text)),
    CONSTRAINT services_word_check CHECK ((word <> ''::text)),
    CONSTRAINT services_word_latin_check CHECK ((word_latin <> ''::text))
);

COMMENT ON TABLE public.services IS 'What a visit can be about: the word that a customer answers with, beginnings of words by which it is known in a text, how long it takes. explains: the sums are told before the visit, for they may spare it.';

CREATE TABLE public.slots (
    id bigint NOT NULL,
    office_id bigint NOT NULL,
    day date NOT NULL,
    no smallint NOT NULL,
    starts time without time zone NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    capacity smallint NOT NULL,
    taken smallint DEFAULT 0 NOT NULL,
    CONSTRAINT slots_capacity_check CHECK ((capacity >= 0)),
    CONSTRAINT slots_check CHECK ((taken <= capacity)),
    CONSTRAINT slots_no_check CHECK ((no >= 0)),
    CONSTRAINT slots_taken_check CHECK ((taken >= 0))
);

COMMENT ON TABLE public.slots IS 'A place in time at an office: as many visits may begin or go on in it as windows are open. taken is the number of those that do. no counts steps from midnight on the clock of the office.';

ALTER TABLE public.slots ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.slots_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.staff_forms (
    employee_id bigint NOT NULL,
    key text NOT NULL,
    digest bytea NOT NULL,
    went_to text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT staff_forms_digest_check CHECK ((octet_length(digest) = 32))
);

COMMENT ON TABLE public.staff_forms IS 'Forms that were done, so that each is done once: the hash of its fields, and where it led.';

CREATE TABLE public.staff_sessions (
    digest bytea NOT NULL,
    employee_id bigint NOT NULL,
    begun_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT staff_sessions_digest_check CHECK ((octet_length(digest) = 32))
);

COMMENT ON TABLE public.staff_sessions IS 'Logins by the hash of what the browser holds.';

CREATE TABLE public.statements (
    id bigint NOT NULL,
    external_id text NOT NULL,
    agent text NOT NULL,
    came_on date NOT NULL,
    for_day date NOT NULL,
    amount bigint NOT NULL,
    company_no bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT statements_amount_check CHECK ((amount <> 0))
);

COMMENT ON TABLE public.statements IS 'Lines of the bank''s statements: what came from an agent for the payments of a day, kopecks.';

ALTER TABLE public.statements ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.statements_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.stores (
    id bigint NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    author text NOT NULL,
    CONSTRAINT stores_author_check CHECK ((author <> ''::text)),
    CONSTRAINT stores_kind_check CHECK ((kind = ANY (ARRAY['store'::text, 'laboratory'::text]))),
    CONSTRAINT stores_name_check CHECK ((name <> ''::text))
);

COMMENT ON TABLE public.stores IS 'Places where meters lie: stores, and laboratories that verify them.';

ALTER TABLE public.stores ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.stores_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.tariffs (
    id bigint NOT NULL,
    plan text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    currency text DEFAULT 'RUB'::text NOT NULL,
    terms jsonb NOT NULL,
    source text NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT tariffs_check CHECK (((valid_to IS NULL) OR (valid_from < valid_to))),
    CONSTRAINT tariffs_plan_check CHECK ((plan ~ '^[A-Z0-9-]{1,32}$'::text))
);

ALTER TABLE public.tariffs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.tariffs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.task_events (
    id bigint NOT NULL,
    task_id bigint NOT NULL,
    what text NOT NULL,
    at timestamp with time zone NOT NULL,
    by text NOT NULL,
    owner text,
    note bytea,
    why text DEFAULT ''::text NOT NULL,
    request_event_id bigint,
    alarm_id bigint,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT task_events_by_check CHECK ((by <> ''::text)),
    CONSTRAINT task_events_check CHECK (((what = 'handed'::text) = (owner IS NOT NULL))),
    CONSTRAINT task_events_check1 CHECK (((what = 'again'::text) = (alarm_id IS NOT NULL))),
    CONSTRAINT task_events_what_check CHECK ((what = ANY (ARRAY['taken'::text, 'handed'::text, 'answered'::text, 'closed'::text, 'reopened'::text, 'again'::text, 'settled'::text, 'urged'::text])))
);

COMMENT ON TABLE public.task_events IS 'What became of tasks: who took, handed over, answered, closed or reopened one; settled, its source needs nobody any more; again, the source told of the same once more; urged, its term ran out and administrators were told.';

COMMENT ON COLUMN public.task_events.owner IS 'To whom it was handed over.';

COMMENT ON COLUMN public.task_events.note IS 'An employee''s words, sealed with the key of the task''s customer; those that stand at the request''s own event are not kept twice.';

COMMENT ON COLUMN public.task_events.why IS 'Why it is settled.';

ALTER TABLE public.task_events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.task_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.task_marks (
    source text NOT NULL,
    mark bigint DEFAULT 0 NOT NULL,
    seen bigint DEFAULT 0 NOT NULL,
    seen_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

COMMENT ON TABLE public.task_marks IS 'Up to which id each source was gone through for tasks for good (mark), and up to which at a time (seen): a transaction may commit after later ones.';

CREATE TABLE public.task_notices (
    employee_id bigint NOT NULL,
    told bigint NOT NULL,
    told_at timestamp with time zone NOT NULL
);

COMMENT ON TABLE public.task_notices IS 'Up to which task an employee was told, and when.';

CREATE TABLE public.task_watches (
    employee_id bigint NOT NULL,
    kind text NOT NULL
);

COMMENT ON TABLE public.task_watches IS 'Of which kinds of new tasks an employee is told by SMS.';

CREATE TABLE public.tasks (
    id bigint NOT NULL,
    kind text NOT NULL,
    request_id bigint,
    alarm_id bigint,
    payment_id bigint,
    link_id bigint,
    account_id bigint,
    reading_no bigint,
    hole text,
    customer_id bigint,
    inbox_id bigint,
    phone_hash bytea,
    about text DEFAULT ''::text NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    since timestamp with time zone NOT NULL,
    owner text,
    done_at timestamp with time zone,
    urged_at timestamp with time zone,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT tasks_check CHECK ((num_nonnulls(request_id, alarm_id, payment_id, link_id, reading_no, hole) >= 1)),
    CONSTRAINT tasks_check1 CHECK (((state = ANY (ARRAY['answered'::text, 'closed'::text])) = (done_at IS NOT NULL))),
    CONSTRAINT tasks_check2 CHECK (((state <> 'taken'::text) OR (owner IS NOT NULL))),
    CONSTRAINT tasks_kind_check CHECK ((kind = ANY (ARRAY['outage'::text, 'dispute'::text, 'human'::text, 'not_me'::text, 'link'::text, 'reading'::text, 'anomaly'::text, 'quarantined'::text, 'muted'::text, 'suspense'::text, 'hole'::text, 'letter'::text, 'lapsing'::text]))),
    CONSTRAINT tasks_owner_check CHECK ((owner <> ''::text)),
    CONSTRAINT tasks_state_check CHECK ((state = ANY (ARRAY['open'::text, 'taken'::text, 'answered'::text, 'closed'::text])))
);

COMMENT ON TABLE public.tasks IS 'How each task stands: made from its source, which one of the ids names, and from task_events; it can be made again.';

COMMENT ON COLUMN public.tasks.hole IS 'By what something that a job has found in the account is known again: a hole in its consumption, a debt that lapses.';

COMMENT ON COLUMN public.tasks.about IS 'What a source without an account or a phone is about, such as the name of a payment; no personal data.';

COMMENT ON COLUMN public.tasks.owner IS 'The login of the employee who has it, or had it last.';

COMMENT ON COLUMN public.tasks.done_at IS 'Since when it is answered or closed.';

COMMENT ON COLUMN public.tasks.urged_at IS 'When administrators were told that its term has run out.';

ALTER TABLE public.tasks ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.tasks_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW public.verifications AS
 SELECT m.id AS meter_id,
    m.account_id,
    m.serial,
    m.brand,
    p.service,
    COALESCE(said.until, m.verified_until) AS until
   FROM ((public.meters m
     JOIN public.points p ON ((p.id = m.point_id)))
     LEFT JOIN ( SELECT DISTINCT ON (conditions_in_force.account_id, conditions_in_force.subject) conditions_in_force.account_id,
            conditions_in_force.subject,
            (conditions_in_force.valid_from - 1) AS until
           FROM public.conditions_in_force
          WHERE ((conditions_in_force.kind = 'verified'::text) AND (conditions_in_force.value = '"expired"'::jsonb))
          ORDER BY conditions_in_force.account_id, conditions_in_force.subject, conditions_in_force.no DESC) said ON (((said.account_id = m.account_id) AND (said.subject = m.id))))
  WHERE ((m.removed_on IS NULL) AND (COALESCE(said.until, m.verified_until) IS NOT NULL));

COMMENT ON VIEW public.verifications IS 'Standing meters that have a date of verification, with the last day for which it holds.';

CREATE TABLE public.visit_events (
    id bigint NOT NULL,
    visit_id bigint NOT NULL,
    what text NOT NULL,
    at timestamp with time zone NOT NULL,
    by text NOT NULL,
    starts_at timestamp with time zone,
    words bytea,
    CONSTRAINT visit_events_by_check CHECK ((by <> ''::text)),
    CONSTRAINT visit_events_what_check CHECK ((what = ANY (ARRAY['held'::text, 'booked'::text, 'moved'::text, 'cancelled'::text, 'revoked'::text, 'lapsed'::text, 'reminded'::text, 'confirmed'::text, 'arrived'::text, 'called'::text, 'done'::text, 'missed'::text, 'marked'::text, 'cleared'::text, 'noted'::text])))
);

COMMENT ON TABLE public.visit_events IS 'What became of a visit; by customer, meterline, or the login of an employee. starts_at is the time that was taken, words those of an employee, sealed.';

ALTER TABLE public.visit_events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.visit_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.visit_papers (
    id bigint NOT NULL,
    visit_id bigint NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    sha256 bytea NOT NULL,
    sealed bytea NOT NULL,
    size integer NOT NULL,
    by text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT visit_papers_by_check CHECK ((by <> ''::text)),
    CONSTRAINT visit_papers_name_check CHECK ((name <> ''::text)),
    CONSTRAINT visit_papers_size_check CHECK ((size > 0))
);

COMMENT ON TABLE public.visit_papers IS 'Copies of documents that were brought to a visit or given at it, sealed, with the hash of what was filed.';

ALTER TABLE public.visit_papers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.visit_papers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.visits (
    id bigint NOT NULL,
    office_id bigint NOT NULL,
    slots bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    day date NOT NULL,
    starts time without time zone NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ticket text NOT NULL,
    account_id bigint,
    customer_id bigint,
    phone_hash bytea,
    phone bytea,
    language text DEFAULT 'ru'::text NOT NULL,
    channel text NOT NULL,
    service text,
    reason bytea,
    state text NOT NULL,
    since timestamp with time zone NOT NULL,
    held_until timestamp with time zone,
    made_at timestamp with time zone NOT NULL,
    made_by text DEFAULT ''::text NOT NULL,
    reminded smallint DEFAULT 0 NOT NULL,
    confirmed boolean DEFAULT false NOT NULL,
    place text DEFAULT ''::text NOT NULL,
    mark smallint,
    CONSTRAINT visits_check CHECK (((state = 'held'::text) <= (held_until IS NOT NULL))),
    CONSTRAINT visits_check1 CHECK (((account_id IS NOT NULL) OR (phone_hash IS NOT NULL) OR (ticket ~~ 'A%'::text))),
    CONSTRAINT visits_mark_check CHECK (((mark >= 1) AND (mark <= 5))),
    CONSTRAINT visits_slots_check CHECK ((cardinality(slots) <= 16)),
    CONSTRAINT visits_state_check CHECK ((state = ANY (ARRAY['held'::text, 'booked'::text, 'arrived'::text, 'called'::text, 'done'::text, 'missed'::text, 'cancelled'::text, 'revoked'::text, 'lapsed'::text]))),
    CONSTRAINT visits_ticket_check CHECK ((ticket ~ '^[ABEKMP][0-9]{1,4}$'::text))
);

COMMENT ON TABLE public.visits IS 'A visit from its booking, or a walk-in from its ticket, to its end. slots are the places that it takes, in a row; none for a walk-in. place is the window to which it was called, reminded how many reminders went out.';

COMMENT ON COLUMN public.visits.phone IS 'Of a guest, who has no account: his phone, sealed with the key of the installation.';

COMMENT ON COLUMN public.visits.reason IS 'The customer''s own words, sealed with the key of the customer, else of the installation.';

ALTER TABLE public.visits ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.visits_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.waiting_grants (
    owner_hash bytea NOT NULL,
    account_id bigint NOT NULL,
    phone_hash bytea NOT NULL,
    until timestamp with time zone NOT NULL
);

COMMENT ON TABLE public.waiting_grants IS 'Phones that an owner was told of and has yet to be asked about, for another question was open to him.';

CREATE TABLE public.web_codes (
    id bigint NOT NULL,
    browser bytea NOT NULL,
    phone_hash bytea NOT NULL,
    network bytea NOT NULL,
    digest bytea NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    tries smallint DEFAULT 0 NOT NULL,
    used_at timestamp with time zone,
    phone bytea,
    CONSTRAINT web_codes_browser_check CHECK ((octet_length(browser) = 32)),
    CONSTRAINT web_codes_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT web_codes_network_check CHECK ((octet_length(network) = 32)),
    CONSTRAINT web_codes_phone_hash_check CHECK ((octet_length(phone_hash) = 32))
);

COMMENT ON TABLE public.web_codes IS 'Codes for a login, or for a visit of somebody without an account: by the hash of what the asking browser holds, and the keyed hash of the code. A phone that may have none has a row that no code fits.';

COMMENT ON COLUMN public.web_codes.phone IS 'Of a code for a visit of somebody without an account: his phone, sealed with the key of the installation.';

ALTER TABLE public.web_codes ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.web_codes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.web_forms (
    phone_hash bytea NOT NULL,
    key text NOT NULL,
    digest bytea NOT NULL,
    went_to text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT web_forms_digest_check CHECK ((octet_length(digest) = 32))
);

COMMENT ON TABLE public.web_forms IS 'Forms of the cabinet that were done and were no message, so that each is done once: the hash of its fields, and where it led.';

CREATE TABLE public.web_sessions (
    id bigint NOT NULL,
    digest bytea NOT NULL,
    phone_hash bytea NOT NULL,
    device text NOT NULL,
    begun_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT web_sessions_digest_check CHECK ((octet_length(digest) = 32))
);

COMMENT ON TABLE public.web_sessions IS 'Logins of customers by the hash of what the browser holds; the device as the browser calls itself, in short.';

ALTER TABLE public.web_sessions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.web_sessions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.web_sheets (
    phone_hash bytea NOT NULL,
    key text NOT NULL,
    body bytea NOT NULL,
    at timestamp with time zone NOT NULL
);

COMMENT ON TABLE public.web_sheets IS 'What was answered to each row of a file with readings, sealed with the key of the customer whose phone sent it; kept for a few days.';

CREATE TABLE public.write_offs (
    account_id bigint NOT NULL,
    no bigint NOT NULL,
    document text NOT NULL,
    reason text NOT NULL,
    by text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT write_offs_by_check CHECK ((by <> ''::text)),
    CONSTRAINT write_offs_document_check CHECK ((document <> ''::text)),
    CONSTRAINT write_offs_reason_check CHECK ((reason <> ''::text))
);

COMMENT ON TABLE public.write_offs IS 'no is that of the claim of the kind write_off.';

CREATE TABLE store.migrations (
    name text NOT NULL,
    digest text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.account_states
    ADD CONSTRAINT account_states_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_number_key UNIQUE (number);

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.alarms
    ADD CONSTRAINT alarms_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.api_tokens
    ADD CONSTRAINT api_tokens_digest_key UNIQUE (digest);

ALTER TABLE ONLY public.api_tokens
    ADD CONSTRAINT api_tokens_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT attempts_pkey PRIMARY KEY (phone_hash);

ALTER TABLE ONLY public.bank_accounts
    ADD CONSTRAINT bank_accounts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.bill_seals
    ADD CONSTRAINT bill_seals_pkey PRIMARY KEY (account_id, month);

ALTER TABLE ONLY public.budgets
    ADD CONSTRAINT budgets_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.building_conditions
    ADD CONSTRAINT building_conditions_pkey PRIMARY KEY (building_id, no);

ALTER TABLE ONLY public.building_managers
    ADD CONSTRAINT building_managers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.buildings
    ADD CONSTRAINT buildings_code_key UNIQUE (code);

ALTER TABLE ONLY public.buildings
    ADD CONSTRAINT buildings_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.charges
    ADD CONSTRAINT charges_pkey PRIMARY KEY (account_id, no, line);

ALTER TABLE ONLY public.chat_ends
    ADD CONSTRAINT chat_ends_pkey PRIMARY KEY (chat_id);

ALTER TABLE ONLY public.chat_photos
    ADD CONSTRAINT chat_photos_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.chat_photos
    ADD CONSTRAINT chat_photos_reference_key UNIQUE (reference);

ALTER TABLE ONLY public.chat_talks
    ADD CONSTRAINT chat_talks_pkey PRIMARY KEY (hash);

ALTER TABLE ONLY public.chats
    ADD CONSTRAINT chats_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claim_names
    ADD CONSTRAINT claim_names_pkey PRIMARY KEY (agent, external_id);

ALTER TABLE ONLY public.claims
    ADD CONSTRAINT claims_pkey PRIMARY KEY (account_id, no);

ALTER TABLE ONLY public.company
    ADD CONSTRAINT company_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.conditions
    ADD CONSTRAINT conditions_pkey PRIMARY KEY (account_id, no);

ALTER TABLE ONLY public.consents
    ADD CONSTRAINT consents_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.contract_ends
    ADD CONSTRAINT contract_ends_pkey PRIMARY KEY (contract_id);

ALTER TABLE ONLY public.contract_scans
    ADD CONSTRAINT contract_scans_contract_id_sha256_key UNIQUE (contract_id, sha256);

ALTER TABLE ONLY public.contract_scans
    ADD CONSTRAINT contract_scans_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.contract_signings
    ADD CONSTRAINT contract_signings_pkey PRIMARY KEY (contract_id);

ALTER TABLE ONLY public.contracts
    ADD CONSTRAINT contracts_number_key UNIQUE (number);

ALTER TABLE ONLY public.contracts
    ADD CONSTRAINT contracts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.customers
    ADD CONSTRAINT customers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.day_accounts
    ADD CONSTRAINT day_accounts_pkey PRIMARY KEY (account_id, day);

ALTER TABLE ONLY public.day_cuts
    ADD CONSTRAINT day_cuts_pkey PRIMARY KEY (day);

ALTER TABLE ONLY public.day_heads
    ADD CONSTRAINT day_heads_pkey PRIMARY KEY (day);

ALTER TABLE ONLY public.day_rows
    ADD CONSTRAINT day_rows_pkey PRIMARY KEY (account_id, day);

ALTER TABLE ONLY public.device_movements
    ADD CONSTRAINT device_movements_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.devices
    ADD CONSTRAINT devices_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.devices
    ADD CONSTRAINT devices_serial_brand_key UNIQUE (serial, brand);

ALTER TABLE ONLY public.employee_posts
    ADD CONSTRAINT employee_posts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.employee_secrets
    ADD CONSTRAINT employee_secrets_pkey PRIMARY KEY (employee_id);

ALTER TABLE ONLY public.employees
    ADD CONSTRAINT employees_login_key UNIQUE (login);

ALTER TABLE ONLY public.employees
    ADD CONSTRAINT employees_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.emptied
    ADD CONSTRAINT emptied_pkey PRIMARY KEY (class);

ALTER TABLE ONLY public.entries
    ADD CONSTRAINT entries_pkey PRIMARY KEY (account_id, no, line);

ALTER TABLE ONLY public.erasure_ends
    ADD CONSTRAINT erasure_ends_pkey PRIMARY KEY (erasure_id);

ALTER TABLE ONLY public.erasures
    ADD CONSTRAINT erasures_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.identity_documents
    ADD CONSTRAINT identity_documents_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.inbox_polls
    ADD CONSTRAINT inbox_polls_pkey PRIMARY KEY (provider);

ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT inbox_provider_reference_key UNIQUE (provider, reference);

ALTER TABLE ONLY public.invitation_ends
    ADD CONSTRAINT invitation_ends_pkey PRIMARY KEY (invitation_id);

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (name, period);

ALTER TABLE ONLY public.kept_counts
    ADD CONSTRAINT kept_counts_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY public.link_ends
    ADD CONSTRAINT link_ends_pkey PRIMARY KEY (link_id);

ALTER TABLE ONLY public.links
    ADD CONSTRAINT links_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.looks
    ADD CONSTRAINT looks_no_key UNIQUE (no);

ALTER TABLE ONLY public.looks
    ADD CONSTRAINT looks_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.meters
    ADD CONSTRAINT meters_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.movements
    ADD CONSTRAINT movements_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notice_approvals
    ADD CONSTRAINT notice_approvals_pkey PRIMARY KEY (notice_id, version);

ALTER TABLE ONLY public.notice_chunks
    ADD CONSTRAINT notice_chunks_pkey PRIMARY KEY (notice_id, first);

ALTER TABLE ONLY public.notice_events
    ADD CONSTRAINT notice_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notice_evidence
    ADD CONSTRAINT notice_evidence_pkey PRIMARY KEY (recipient_id, no);

ALTER TABLE ONLY public.notice_evidence
    ADD CONSTRAINT notice_evidence_report_id_key UNIQUE (report_id);

ALTER TABLE ONLY public.notice_evidence
    ADD CONSTRAINT notice_evidence_step_id_key UNIQUE (step_id);

ALTER TABLE ONLY public.notice_recipients
    ADD CONSTRAINT notice_recipients_notice_id_phone_hash_subject_key UNIQUE (notice_id, phone_hash, subject);

ALTER TABLE ONLY public.notice_recipients
    ADD CONSTRAINT notice_recipients_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notice_versions
    ADD CONSTRAINT notice_versions_pkey PRIMARY KEY (notice_id, version);

ALTER TABLE ONLY public.notices
    ADD CONSTRAINT notices_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.office_changes
    ADD CONSTRAINT office_changes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.office_days
    ADD CONSTRAINT office_days_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.office_hours
    ADD CONSTRAINT office_hours_pkey PRIMARY KEY (office_id, weekday);

ALTER TABLE ONLY public.offices
    ADD CONSTRAINT offices_code_key UNIQUE (code);

ALTER TABLE ONLY public.offices
    ADD CONSTRAINT offices_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.organisations
    ADD CONSTRAINT organisations_code_key UNIQUE (code);

ALTER TABLE ONLY public.organisations
    ADD CONSTRAINT organisations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.outbox_buckets
    ADD CONSTRAINT outbox_buckets_pkey PRIMARY KEY (channel);

ALTER TABLE ONLY public.outbox_holds
    ADD CONSTRAINT outbox_holds_pkey PRIMARY KEY (channel);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.outbox_steps
    ADD CONSTRAINT outbox_steps_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.payments
    ADD CONSTRAINT payments_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.phone_move_ends
    ADD CONSTRAINT phone_move_ends_pkey PRIMARY KEY (move_id);

ALTER TABLE ONLY public.phone_moves
    ADD CONSTRAINT phone_moves_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.phones
    ADD CONSTRAINT phones_pkey PRIMARY KEY (hash);

ALTER TABLE ONLY public.points
    ADD CONSTRAINT points_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.printed_bills
    ADD CONSTRAINT printed_bills_pkey PRIMARY KEY (account_id, no, form);

ALTER TABLE ONLY public.printed_reports
    ADD CONSTRAINT printed_reports_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.quality_counts
    ADD CONSTRAINT quality_counts_pkey PRIMARY KEY (kind, day);

ALTER TABLE ONLY public.questions
    ADD CONSTRAINT questions_pkey PRIMARY KEY (phone_hash);

ALTER TABLE ONLY public.readings
    ADD CONSTRAINT readings_pkey PRIMARY KEY (account_id, no, meter_id, register);

ALTER TABLE ONLY public.registries
    ADD CONSTRAINT registries_digest_key UNIQUE (digest);

ALTER TABLE ONLY public.registries
    ADD CONSTRAINT registries_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.reports
    ADD CONSTRAINT reports_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.request_events
    ADD CONSTRAINT request_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.requests
    ADD CONSTRAINT requests_number_key UNIQUE (number);

ALTER TABLE ONLY public.requests
    ADD CONSTRAINT requests_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.search_keys
    ADD CONSTRAINT search_keys_pkey PRIMARY KEY (digest, customer_id, account_id);

ALTER TABLE ONLY public.services
    ADD CONSTRAINT services_pkey PRIMARY KEY (code);

ALTER TABLE ONLY public.slots
    ADD CONSTRAINT slots_office_id_starts_at_key UNIQUE (office_id, starts_at);

ALTER TABLE ONLY public.slots
    ADD CONSTRAINT slots_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.staff_forms
    ADD CONSTRAINT staff_forms_pkey PRIMARY KEY (employee_id, key);

ALTER TABLE ONLY public.staff_sessions
    ADD CONSTRAINT staff_sessions_pkey PRIMARY KEY (digest);

ALTER TABLE ONLY public.statements
    ADD CONSTRAINT statements_external_id_key UNIQUE (external_id);

ALTER TABLE ONLY public.statements
    ADD CONSTRAINT statements_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.stores
    ADD CONSTRAINT stores_name_key UNIQUE (name);

ALTER TABLE ONLY public.stores
    ADD CONSTRAINT stores_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.tariffs
    ADD CONSTRAINT tariffs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.tariffs
    ADD CONSTRAINT tariffs_plan_valid_from_key UNIQUE (plan, valid_from);

ALTER TABLE ONLY public.task_events
    ADD CONSTRAINT task_events_alarm_id_key UNIQUE (alarm_id);

ALTER TABLE ONLY public.task_events
    ADD CONSTRAINT task_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.task_events
    ADD CONSTRAINT task_events_request_event_id_key UNIQUE (request_event_id);

ALTER TABLE ONLY public.task_marks
    ADD CONSTRAINT task_marks_pkey PRIMARY KEY (source);

ALTER TABLE ONLY public.task_notices
    ADD CONSTRAINT task_notices_pkey PRIMARY KEY (employee_id);

ALTER TABLE ONLY public.task_watches
    ADD CONSTRAINT task_watches_pkey PRIMARY KEY (employee_id, kind);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_account_id_hole_key UNIQUE (account_id, hole);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_account_id_reading_no_key UNIQUE (account_id, reading_no);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_alarm_id_key UNIQUE (alarm_id);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_link_id_key UNIQUE (link_id);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_payment_id_key UNIQUE (payment_id);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_request_id_key UNIQUE (request_id);

ALTER TABLE ONLY public.visit_events
    ADD CONSTRAINT visit_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.visit_papers
    ADD CONSTRAINT visit_papers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.visit_papers
    ADD CONSTRAINT visit_papers_visit_id_sha256_key UNIQUE (visit_id, sha256);

ALTER TABLE ONLY public.visits
    ADD CONSTRAINT visits_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.waiting_grants
    ADD CONSTRAINT waiting_grants_pkey PRIMARY KEY (owner_hash, account_id, phone_hash);

ALTER TABLE ONLY public.web_codes
    ADD CONSTRAINT web_codes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.web_forms
    ADD CONSTRAINT web_forms_pkey PRIMARY KEY (phone_hash, key);

ALTER TABLE ONLY public.web_sessions
    ADD CONSTRAINT web_sessions_digest_key UNIQUE (digest);

ALTER TABLE ONLY public.web_sessions
    ADD CONSTRAINT web_sessions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.web_sheets
    ADD CONSTRAINT web_sheets_pkey PRIMARY KEY (phone_hash, key);

ALTER TABLE ONLY public.withdrawals
    ADD CONSTRAINT withdrawals_account_id_reading_no_key UNIQUE (account_id, reading_no);

ALTER TABLE ONLY public.withdrawals
    ADD CONSTRAINT withdrawals_pkey PRIMARY KEY (account_id, no);

ALTER TABLE ONLY public.write_offs
    ADD CONSTRAINT write_offs_pkey PRIMARY KEY (account_id, no);

ALTER TABLE ONLY store.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (name);

CREATE INDEX accounts_building ON public.accounts USING btree (building_id) WHERE (building_id IS NOT NULL);

CREATE INDEX accounts_customer ON public.accounts USING btree (customer_id);

CREATE INDEX accounts_tail ON public.accounts USING btree (reverse(number) COLLATE "C");

CREATE INDEX alarms_at ON public.alarms USING btree (at);

CREATE UNIQUE INDEX alarms_changed ON public.alarms USING btree (about) WHERE (kind = 'content changed'::text);

CREATE INDEX api_tokens_open ON public.api_tokens USING btree (phone_hash, id DESC) WHERE (ended_at IS NULL);

CREATE INDEX bank_accounts_account ON public.bank_accounts USING btree (account_id);

CREATE UNIQUE INDEX building_conditions_withdraws ON public.building_conditions USING btree (building_id, withdraws) WHERE (withdraws IS NOT NULL);

CREATE INDEX building_managers_building ON public.building_managers USING btree (building_id, valid_from);

CREATE INDEX chat_photos_phone ON public.chat_photos USING btree (phone_hash, id);

CREATE INDEX chat_photos_wanted ON public.chat_photos USING btree (not_before, id) WHERE (kept_at IS NULL);

CREATE UNIQUE INDEX chats_bound ON public.chats USING btree (hash) WHERE (ended_at IS NULL);

CREATE UNIQUE INDEX chats_of_phone ON public.chats USING btree (phone_hash) WHERE (ended_at IS NULL);

CREATE INDEX claims_besides ON ONLY public.claims USING btree (account_id) WHERE (kind = ANY (ARRAY['penalty'::text, 'write_off'::text, 'interest'::text]));

CREATE UNIQUE INDEX claims_bill ON ONLY public.claims USING btree (account_id, month) WHERE (kind = 'bill'::text);

CREATE INDEX conditions_holder ON public.conditions USING btree (value) WHERE (kind = 'holder'::text);

CREATE INDEX conditions_unproven ON public.conditions USING btree (account_id, no) WHERE (document = ''::text);

CREATE UNIQUE INDEX conditions_withdraws ON public.conditions USING btree (account_id, withdraws) WHERE (withdraws IS NOT NULL);

CREATE INDEX consents_of_account ON public.consents USING btree (account_id, id DESC) WHERE (account_id IS NOT NULL);

CREATE INDEX consents_of_phone ON public.consents USING btree (phone_hash, topic, since DESC, id DESC);

CREATE INDEX contracts_by_account ON public.contracts USING btree (account_id, id DESC);

CREATE INDEX contracts_by_day ON public.contracts USING btree (dated, id DESC);

CREATE INDEX day_accounts_day ON public.day_accounts USING btree (day, account_id);

CREATE INDEX day_rows_day ON public.day_rows USING btree (day, account_id);

CREATE INDEX device_movements_device ON public.device_movements USING btree (device_id, id);

CREATE INDEX device_movements_time ON public.device_movements USING btree (recorded_at);

CREATE INDEX devices_goal ON public.devices USING btree (goal_id) WHERE (goal_id IS NOT NULL);

CREATE INDEX devices_store ON public.devices USING btree (store_id, brand, serial) WHERE (store_id IS NOT NULL);

CREATE INDEX employee_posts_latest ON public.employee_posts USING btree (employee_id, id DESC);

CREATE INDEX entries_booked ON ONLY public.entries USING btree (booked_on, account_id);

CREATE INDEX erasures_customer ON public.erasures USING btree (customer_id);

CREATE INDEX identity_documents_customer ON public.identity_documents USING btree (customer_id);

CREATE INDEX inbox_sender ON public.inbox USING btree (sender_hash, id);

CREATE INDEX inbox_strangers ON public.inbox USING btree (sender_hash, received_at) WHERE ((customer_id IS NULL) AND (fate <> 'muted'::text));

CREATE INDEX invitations_of_account ON public.invitations USING btree (account_id, id DESC);

CREATE INDEX invitations_of_phone ON public.invitations USING btree (phone_hash, id DESC);

CREATE INDEX links_account ON public.links USING btree (account_id) WHERE (valid_to IS NULL);

CREATE UNIQUE INDEX links_current ON public.links USING btree (phone_hash, account_id) WHERE (valid_to IS NULL);

CREATE INDEX links_of_account ON public.links USING btree (account_id, valid_from);

CREATE INDEX links_unverified ON public.links USING btree (id) WHERE ((role = 'unverified'::text) AND (valid_to IS NULL));

CREATE INDEX looks_by_account ON public.looks USING btree (account_id, no);

CREATE INDEX looks_by_employee ON public.looks USING btree (employee_id, account_id, no DESC);

CREATE INDEX meters_account ON public.meters USING btree (account_id);

CREATE UNIQUE INDEX meters_account_serial ON public.meters USING btree (account_id, serial) WHERE ((removed_on IS NULL) OR (removed_on > installed_on));

CREATE INDEX meters_serial ON public.meters USING btree (serial);

CREATE INDEX movements_account ON public.movements USING btree (account_id);

CREATE INDEX notice_chunks_left ON public.notice_chunks USING btree (notice_id, first) WHERE (worded_at IS NULL);

CREATE INDEX notice_events_notice ON public.notice_events USING btree (notice_id, id);

CREATE INDEX notice_recipients_cases ON public.notice_recipients USING btree (account_id, id) WHERE ((subject > 0) AND (outbound_id IS NOT NULL));

CREATE UNIQUE INDEX notice_recipients_chat ON public.notice_recipients USING btree (chat_outbound_id) WHERE (chat_outbound_id IS NOT NULL);

CREATE INDEX notice_recipients_later ON public.notice_recipients USING btree (notice_id, id) WHERE ((look_after IS NOT NULL) AND (worded_at IS NULL) AND (bar IS NULL));

CREATE INDEX notice_recipients_open ON public.notice_recipients USING btree (id) WHERE ((subject > 0) AND (outbound_id IS NOT NULL) AND (ended_at IS NULL));

CREATE UNIQUE INDEX notice_recipients_outbound ON public.notice_recipients USING btree (outbound_id) WHERE (outbound_id IS NOT NULL);

CREATE INDEX notices_live ON public.notices USING btree (id) WHERE (state = ANY (ARRAY['countdown'::text, 'running'::text]));

CREATE INDEX office_changes_office ON public.office_changes USING btree (office_id, id);

CREATE INDEX office_days_day ON public.office_days USING btree (office_id, day, id);

CREATE INDEX outbox_address ON public.outbox USING btree (address_hash, id);

CREATE INDEX outbox_changed ON public.outbox USING btree (changed_at) WHERE (state = ANY (ARRAY['failed'::text, 'undelivered'::text, 'expired'::text]));

CREATE INDEX outbox_closed ON public.outbox USING btree (closes_at) WHERE ((state = 'ready'::text) AND (closes_at IS NOT NULL));

CREATE UNIQUE INDEX outbox_in_flight ON public.outbox USING btree (address_hash, channel) WHERE (state = ANY (ARRAY['sending'::text, 'unknown'::text]));

CREATE INDEX outbox_ready ON public.outbox USING btree (channel, rank, not_before, id) WHERE (state = 'ready'::text);

CREATE UNIQUE INDEX outbox_reference ON public.outbox USING btree (channel, reference) WHERE (reference IS NOT NULL);

CREATE INDEX outbox_steps_message ON public.outbox_steps USING btree (outbound_id, id);

CREATE INDEX outbox_waiting ON public.outbox USING btree (address_hash) WHERE (state = 'ready'::text);

CREATE UNIQUE INDEX payments_account ON public.payments USING btree (account_id, no) WHERE (account_id IS NOT NULL);

CREATE INDEX payments_day ON public.payments USING btree (paid_on) WHERE (kind = 'received'::text);

CREATE UNIQUE INDEX payments_follow ON public.payments USING btree (original_id, kind) WHERE (original_id IS NOT NULL);

CREATE INDEX payments_named ON public.payments USING btree (account_id, month) WHERE (month IS NOT NULL);

CREATE UNIQUE INDEX payments_received ON public.payments USING btree (agent, external_id) WHERE (kind = 'received'::text);

CREATE INDEX payments_registry ON public.payments USING btree (registry_id) WHERE (registry_id IS NOT NULL);

CREATE INDEX payments_suspense ON public.payments USING btree (id) WHERE ((account_id IS NULL) AND (kind = 'received'::text));

CREATE INDEX phone_moves_of_phone ON public.phone_moves USING btree (old_hash, id DESC);

CREATE INDEX phone_moves_ripe ON public.phone_moves USING btree (ripe_at);

CREATE INDEX phones_customer ON public.phones USING btree (customer_id);

CREATE INDEX points_account ON public.points USING btree (account_id);

CREATE INDEX readings_aside ON ONLY public.readings USING btree (inbox_id) WHERE (source = 0);

CREATE INDEX readings_unproven ON ONLY public.readings USING btree (account_id, no) WHERE ((author <> ''::text) AND (document = ''::text) AND (source <> 3));

CREATE UNIQUE INDEX registries_number ON public.registries USING btree (agent, number) WHERE (number <> ''::text);

CREATE INDEX reports_outbound ON public.reports USING btree (outbound_id);

CREATE INDEX request_events_request ON public.request_events USING btree (request_id, id);

CREATE INDEX requests_account ON public.requests USING btree (account_id, id) WHERE (account_id IS NOT NULL);

CREATE INDEX requests_phone ON public.requests USING btree (phone_hash, id);

CREATE INDEX search_keys_customer ON public.search_keys USING btree (customer_id);

CREATE INDEX slots_day ON public.slots USING btree (office_id, day, no);

CREATE INDEX slots_time ON public.slots USING btree (day, office_id);

CREATE INDEX staff_forms_at ON public.staff_forms USING btree (at);

CREATE INDEX staff_sessions_open ON public.staff_sessions USING btree (employee_id) WHERE (ended_at IS NULL);

CREATE INDEX statements_day ON public.statements USING btree (for_day, agent);

CREATE INDEX task_events_task ON public.task_events USING btree (task_id, id);

CREATE INDEX tasks_account ON public.tasks USING btree (account_id, id);

CREATE INDEX tasks_done ON public.tasks USING btree (state, since, id) WHERE (state = ANY (ARRAY['answered'::text, 'closed'::text]));

CREATE INDEX tasks_done_at ON public.tasks USING btree (done_at) WHERE (done_at IS NOT NULL);

CREATE INDEX tasks_done_kind ON public.tasks USING btree (kind, state, since, id) WHERE (state = ANY (ARRAY['answered'::text, 'closed'::text]));

CREATE INDEX tasks_done_owner ON public.tasks USING btree (owner, state, since, id) WHERE ((state = ANY (ARRAY['answered'::text, 'closed'::text])) AND (owner IS NOT NULL));

CREATE INDEX tasks_opened ON public.tasks USING btree (opened_at);

CREATE INDEX tasks_pending ON public.tasks USING btree (due_at, id) INCLUDE (kind, state, owner) WHERE (state = ANY (ARRAY['open'::text, 'taken'::text]));

CREATE INDEX tasks_pending_kind ON public.tasks USING btree (kind, due_at, id) WHERE (state = ANY (ARRAY['open'::text, 'taken'::text]));

CREATE INDEX tasks_pending_owner ON public.tasks USING btree (owner, due_at, id) WHERE ((state = ANY (ARRAY['open'::text, 'taken'::text])) AND (owner IS NOT NULL));

CREATE INDEX tasks_unurged ON public.tasks USING btree (due_at) WHERE ((state = ANY (ARRAY['open'::text, 'taken'::text])) AND (urged_at IS NULL));

CREATE INDEX visit_events_visit ON public.visit_events USING btree (visit_id, id);

CREATE INDEX visits_account ON public.visits USING btree (account_id, id);

CREATE UNIQUE INDEX visits_account_day ON public.visits USING btree (account_id, day) WHERE ((state = ANY (ARRAY['held'::text, 'booked'::text, 'arrived'::text, 'called'::text])) AND (account_id IS NOT NULL));

CREATE INDEX visits_coming ON public.visits USING btree (starts_at) WHERE (state = ANY (ARRAY['held'::text, 'booked'::text, 'arrived'::text, 'called'::text]));

CREATE INDEX visits_day ON public.visits USING btree (office_id, day, starts_at);

CREATE UNIQUE INDEX visits_guest_day ON public.visits USING btree (phone_hash, day) WHERE ((state = ANY (ARRAY['held'::text, 'booked'::text, 'arrived'::text, 'called'::text])) AND (account_id IS NULL) AND (phone_hash IS NOT NULL));

CREATE INDEX visits_held ON public.visits USING btree (held_until) WHERE (state = 'held'::text);

CREATE INDEX visits_phone ON public.visits USING btree (phone_hash, id);

CREATE INDEX visits_slots ON public.visits USING gin (slots);

CREATE UNIQUE INDEX visits_ticket ON public.visits USING btree (office_id, day, ticket) WHERE (state <> ALL (ARRAY['cancelled'::text, 'revoked'::text, 'lapsed'::text]));

CREATE INDEX web_codes_at ON public.web_codes USING btree (asked_at);

CREATE INDEX web_codes_of_browser ON public.web_codes USING btree (browser, id DESC);

CREATE INDEX web_codes_of_network ON public.web_codes USING btree (network, asked_at);

CREATE INDEX web_codes_of_phone ON public.web_codes USING btree (phone_hash, id DESC);

CREATE INDEX web_forms_at ON public.web_forms USING btree (at);

CREATE INDEX web_sessions_open ON public.web_sessions USING btree (phone_hash, id DESC) WHERE (ended_at IS NULL);

CREATE INDEX web_sheets_at ON public.web_sheets USING btree (at);

CREATE TRIGGER customers_erased AFTER UPDATE OF data_key ON public.customers FOR EACH ROW WHEN (((new.data_key IS NULL) AND (old.data_key IS NOT NULL))) EXECUTE FUNCTION public.forget_customer();

CREATE TRIGGER outbox_official AFTER UPDATE OF state ON public.outbox FOR EACH ROW WHEN (((new.class = 'official'::text) AND ((new.state IS DISTINCT FROM old.state) OR (new.attempt IS DISTINCT FROM old.attempt)))) EXECUTE FUNCTION public.keep_step();

ALTER TABLE ONLY public.account_states
    ADD CONSTRAINT account_states_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id);

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_building_id_fkey FOREIGN KEY (building_id) REFERENCES public.buildings(id);

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES public.customers(id);

ALTER TABLE ONLY public.api_tokens
    ADD CONSTRAINT api_tokens_phone_hash_fkey FOREIGN KEY (phone_hash) REFERENCES public.phones(hash);

ALTER TABLE ONLY public.bank_accounts
    ADD CONSTRAINT bank_accounts_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id);

ALTER TABLE ONLY public.building_conditions
    ADD CONSTRAINT building_conditions_building_id_fkey FOREIGN KEY (building_id) REFERENCES public.buildings(id);

ALTER TABLE ONLY public.building_managers
    ADD CONSTRAINT building_managers_building_id_fkey FOREIGN KEY (building_id) REFERENCES public.buildings(id);

ALTER TABLE ONLY public.building_managers
    ADD CONSTRAINT building_managers_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES public.organisations(id);

ALTER TABLE ONLY public.chat_ends
    ADD CONSTRAINT chat_ends_chat_id_fkey FOREIGN KEY (chat_id) REFERENCES public.chats(id);

ALTER TABLE ONLY public.chat_photos
    ADD CONSTRAINT chat_photos_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES public.customers(id);

ALTER TABLE ONLY public.chats
    ADD CONSTRAINT chats_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES public.customers(id);

ALTER TABLE ONLY public.conditions
    ADD CONSTRAINT conditions_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id);

ALTER TABLE ONLY public.consents
    ADD CONSTRAINT consents_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id);

ALTER TABLE ONLY public.consents
    ADD CONSTRAINT consents_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES public.contracts(id);

ALTER TABLE ONLY public.contract_ends
    ADD CONSTRAINT contract_ends_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES public.contracts(id);

ALTER TABLE ONLY public.contract_scans
    ADD CONSTRAINT contract_scans_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES public.contracts(id);

ALTER TABLE ONLY public.contract_signings
    ADD CONSTRAINT contract_signings_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES public.contracts(id);

ALTER TABLE ONLY public.contracts
    ADD CONSTRAINT contracts_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id);

ALTER TABLE ONLY public.contracts
    ADD CONSTRAINT contracts_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES public.customers(id);

ALTER TABLE ONLY public.device_movements
    ADD CONSTRAINT device_movements_device_id_fkey FOREIGN KEY (device_id) REFERENCES public.devices(id);

ALTER TABLE ONLY public.device_movements
    ADD CONSTRAINT device_movements_other_id_fkey FOREIGN KEY (other_id) REFERENCES public.stores(id);

ALTER TABLE ONLY public.device_movements
    ADD CONSTRAINT device_movements_store_id_fkey FOREIGN KEY (store_id) REFERENCES public.stores(id);

ALTER TABLE ONLY public.devices
    ADD CONSTRAINT devices_goal_id_fkey FOREIGN KEY (goal_id) REFERENCES public.stores(id);

ALTER TABLE ONLY public.devices
    ADD CONSTRAINT devices_store_id_fkey FOREIGN KEY (store_id) REFERENCES public.stores(id);

ALTER TABLE ONLY public.employee_posts
    ADD CONSTRAINT employee_posts_employee_id_fkey FOREIGN KEY (employee_id) REFERENCES public.employees(id);

ALTER TABLE ONLY public.employee_secrets
    ADD CONSTRAINT employee_secrets_employee_id_fkey FOREIGN KEY (employee_id) REFERENCES public.employees(id);

ALTER TABLE ONLY public.erasure_ends
    ADD CONSTRAINT erasure_ends_erasure_id_fkey FOREIGN KEY (erasure_id) REFERENCES public.erasures(id);

ALTER TABLE ONLY public.erasures
    ADD CONSTRAINT erasures_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id);

ALTER TABLE ONLY public.erasures
    ADD CONSTRAINT erasures_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES public.customers(id);

ALTER TABLE ONLY public.identity_documents
    ADD CONSTRAINT identity_documents_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES public.customers(id);

ALTER TABLE ONLY public.invitation_ends
    ADD CONSTRAINT invitation_ends_invitation_id_fkey FOREIGN KEY (invitation_id) REFERENCES public.invitations(id);

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id);

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES public.customers(id);

ALTER TABLE ONLY public.kept_counts
    ADD CONSTRAINT kept_counts_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id);

ALTER TABLE ONLY public.link_ends
    ADD CONSTRAINT link_ends_link_id_fkey FOREIGN KEY (link_id) REFERENCES public.links(id);

ALTER TABLE ONLY public.links
    ADD CONSTRAINT links_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id);

ALTER TABLE ONLY public.links
    ADD CONSTRAINT links_phone_hash_fkey FOREIGN KEY (phone_hash) REFERENCES public.phones(hash);

ALTER TABLE ONLY public.looks
    ADD CONSTRAINT looks_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id);

ALTER TABLE ONLY public.looks
    ADD CONSTRAINT looks_employee_id_fkey FOREIGN KEY (employee_id) REFERENCES public.employees(id);

ALTER TABLE ONLY public.meters
    ADD CONSTRAINT meters_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id);

ALTER TABLE ONLY public.meters
    ADD CONSTRAINT meters_point_id_fkey FOREIGN KEY (point_id) REFERENCES public.points(id);

ALTER TABLE ONLY public.movements
    ADD CONSTRAINT movements_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id);

ALTER TABLE ONLY public.movements
    ADD CONSTRAINT movements_meter_id_fkey FOREIGN KEY (meter_id) REFERENCES public.meters(id);

ALTER TABLE ONLY public.notice_approvals
    ADD CONSTRAINT notice_approvals_notice_id_fkey FOREIGN KEY (notice_id) REFERENCES public.notices(id);

ALTER TABLE ONLY public.notice_approvals
    ADD CONSTRAINT notice_approvals_notice_id_version_fkey FOREIGN KEY (notice_id, version) REFERENCES public.notice_versions(notice_id, version);

ALTER TABLE ONLY public.notice_chunks
    ADD CONSTRAINT notice_chunks_notice_id_fkey FOREIGN KEY (notice_id) REFERENCES public.notices(id);

ALTER TABLE ONLY public.notice_events
    ADD CONSTRAINT notice_events_notice_id_fkey FOREIGN KEY (notice_id) REFERENCES public.notices(id);

ALTER TABLE ONLY public.notice_evidence
    ADD CONSTRAINT notice_evidence_recipient_id_fkey FOREIGN KEY (recipient_id) REFERENCES public.notice_recipients(id);

ALTER TABLE ONLY public.notice_evidence
    ADD CONSTRAINT notice_evidence_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.reports(id);

ALTER TABLE ONLY public.notice_evidence
    ADD CONSTRAINT notice_evidence_step_id_fkey FOREIGN KEY (step_id) REFERENCES public.outbox_steps(id);

ALTER TABLE ONLY public.notice_versions
    ADD CONSTRAINT notice_versions_notice_id_fkey FOREIGN KEY (notice_id) REFERENCES public.notices(id);

ALTER TABLE ONLY public.notices
    ADD CONSTRAINT notices_corrects_fkey FOREIGN KEY (corrects) REFERENCES public.notices(id);

ALTER TABLE ONLY public.office_changes
    ADD CONSTRAINT office_changes_office_id_fkey FOREIGN KEY (office_id) REFERENCES public.offices(id);

ALTER TABLE ONLY public.office_days
    ADD CONSTRAINT office_days_office_id_fkey FOREIGN KEY (office_id) REFERENCES public.offices(id);

ALTER TABLE ONLY public.office_hours
    ADD CONSTRAINT office_hours_office_id_fkey FOREIGN KEY (office_id) REFERENCES public.offices(id);

ALTER TABLE ONLY public.outbox_steps
    ADD CONSTRAINT outbox_steps_outbound_id_fkey FOREIGN KEY (outbound_id) REFERENCES public.outbox(id);

ALTER TABLE ONLY public.payments
    ADD CONSTRAINT payments_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id);

ALTER TABLE ONLY public.payments
    ADD CONSTRAINT payments_original_id_fkey FOREIGN KEY (original_id) REFERENCES public.payments(id);

ALTER TABLE ONLY public.payments
    ADD CONSTRAINT payments_registry_id_fkey FOREIGN KEY (registry_id) REFERENCES public.registries(id);

ALTER TABLE ONLY public.phone_move_ends
    ADD CONSTRAINT phone_move_ends_move_id_fkey FOREIGN KEY (move_id) REFERENCES public.phone_moves(id);

ALTER TABLE ONLY public.phone_moves
    ADD CONSTRAINT phone_moves_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES public.customers(id);

ALTER TABLE ONLY public.phone_moves
    ADD CONSTRAINT phone_moves_old_hash_fkey FOREIGN KEY (old_hash) REFERENCES public.phones(hash);

ALTER TABLE ONLY public.phones
    ADD CONSTRAINT phones_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES public.customers(id);

ALTER TABLE ONLY public.points
    ADD CONSTRAINT points_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id);

ALTER TABLE ONLY public.request_events
    ADD CONSTRAINT request_events_request_id_fkey FOREIGN KEY (request_id) REFERENCES public.requests(id);

ALTER TABLE ONLY public.requests
    ADD CONSTRAINT requests_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id);

ALTER TABLE ONLY public.requests
    ADD CONSTRAINT requests_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES public.customers(id);

ALTER TABLE ONLY public.slots
    ADD CONSTRAINT slots_office_id_fkey FOREIGN KEY (office_id) REFERENCES public.offices(id);

ALTER TABLE ONLY public.staff_forms
    ADD CONSTRAINT staff_forms_employee_id_fkey FOREIGN KEY (employee_id) REFERENCES public.employees(id);

ALTER TABLE ONLY public.staff_sessions
    ADD CONSTRAINT staff_sessions_employee_id_fkey FOREIGN KEY (employee_id) REFERENCES public.employees(id);

ALTER TABLE ONLY public.task_events
    ADD CONSTRAINT task_events_alarm_id_fkey FOREIGN KEY (alarm_id) REFERENCES public.alarms(id);

ALTER TABLE ONLY public.task_events
    ADD CONSTRAINT task_events_request_event_id_fkey FOREIGN KEY (request_event_id) REFERENCES public.request_events(id);

ALTER TABLE ONLY public.task_events
    ADD CONSTRAINT task_events_task_id_fkey FOREIGN KEY (task_id) REFERENCES public.tasks(id);

ALTER TABLE ONLY public.task_notices
    ADD CONSTRAINT task_notices_employee_id_fkey FOREIGN KEY (employee_id) REFERENCES public.employees(id);

ALTER TABLE ONLY public.task_watches
    ADD CONSTRAINT task_watches_employee_id_fkey FOREIGN KEY (employee_id) REFERENCES public.employees(id);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_alarm_id_fkey FOREIGN KEY (alarm_id) REFERENCES public.alarms(id);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES public.customers(id);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_link_id_fkey FOREIGN KEY (link_id) REFERENCES public.links(id);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES public.payments(id);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_request_id_fkey FOREIGN KEY (request_id) REFERENCES public.requests(id);

ALTER TABLE ONLY public.visit_events
    ADD CONSTRAINT visit_events_visit_id_fkey FOREIGN KEY (visit_id) REFERENCES public.visits(id);

ALTER TABLE ONLY public.visit_papers
    ADD CONSTRAINT visit_papers_visit_id_fkey FOREIGN KEY (visit_id) REFERENCES public.visits(id);

ALTER TABLE ONLY public.visits
    ADD CONSTRAINT visits_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id);

ALTER TABLE ONLY public.visits
    ADD CONSTRAINT visits_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES public.customers(id);

ALTER TABLE ONLY public.visits
    ADD CONSTRAINT visits_office_id_fkey FOREIGN KEY (office_id) REFERENCES public.offices(id);

ALTER TABLE ONLY public.visits
    ADD CONSTRAINT visits_service_fkey FOREIGN KEY (service) REFERENCES public.services(code);

ALTER TABLE ONLY public.waiting_grants
    ADD CONSTRAINT waiting_grants_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id);

ALTER TABLE ONLY public.waiting_grants
    ADD CONSTRAINT waiting_grants_owner_hash_fkey FOREIGN KEY (owner_hash) REFERENCES public.phones(hash);

ALTER TABLE ONLY public.waiting_grants
    ADD CONSTRAINT waiting_grants_phone_hash_fkey FOREIGN KEY (phone_hash) REFERENCES public.phones(hash);

ALTER TABLE ONLY public.web_forms
    ADD CONSTRAINT web_forms_phone_hash_fkey FOREIGN KEY (phone_hash) REFERENCES public.phones(hash);

ALTER TABLE ONLY public.web_sessions
    ADD CONSTRAINT web_sessions_phone_hash_fkey FOREIGN KEY (phone_hash) REFERENCES public.phones(hash);

ALTER TABLE ONLY public.web_sheets
    ADD CONSTRAINT web_sheets_phone_hash_fkey FOREIGN KEY (phone_hash) REFERENCES public.phones(hash);

GRANT USAGE ON SCHEMA public TO meterline_app;

REVOKE ALL ON FUNCTION public.empty_words(of_class text, before timestamp with time zone, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.empty_words(of_class text, before timestamp with time zone, most integer) TO meterline_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.account_states TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.accounts TO meterline_app;

GRANT UPDATE(opened_on) ON TABLE public.accounts TO meterline_app;

GRANT USAGE ON SEQUENCE public.accounts_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.alarms TO meterline_app;

GRANT USAGE ON SEQUENCE public.alarms_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.api_tokens TO meterline_app;

GRANT UPDATE(seen_at) ON TABLE public.api_tokens TO meterline_app;

GRANT UPDATE(ended_at) ON TABLE public.api_tokens TO meterline_app;

GRANT USAGE ON SEQUENCE public.api_tokens_id_seq TO meterline_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.attempts TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.bank_accounts TO meterline_app;

GRANT USAGE ON SEQUENCE public.bank_accounts_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.bill_seals TO meterline_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.budgets TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.building_conditions TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.building_managers TO meterline_app;

GRANT USAGE ON SEQUENCE public.building_managers_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.buildings TO meterline_app;

GRANT USAGE ON SEQUENCE public.buildings_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.charges TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.chat_ends TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.chat_photos TO meterline_app;

GRANT UPDATE(not_before) ON TABLE public.chat_photos TO meterline_app;

GRANT UPDATE(tries) ON TABLE public.chat_photos TO meterline_app;

GRANT UPDATE(kept_at) ON TABLE public.chat_photos TO meterline_app;

GRANT UPDATE(digest) ON TABLE public.chat_photos TO meterline_app;

GRANT UPDATE(kept_digest) ON TABLE public.chat_photos TO meterline_app;

GRANT UPDATE(content) ON TABLE public.chat_photos TO meterline_app;

GRANT USAGE ON SEQUENCE public.chat_photos_id_seq TO meterline_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.chat_talks TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.chats TO meterline_app;

GRANT UPDATE(ended_at) ON TABLE public.chats TO meterline_app;

GRANT UPDATE(dead_at) ON TABLE public.chats TO meterline_app;

GRANT USAGE ON SEQUENCE public.chats_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.claim_names TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.claims TO meterline_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.company TO meterline_app;

GRANT USAGE ON SEQUENCE public.company_facts TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.conditions TO meterline_app;

GRANT SELECT ON TABLE public.conditions_in_force TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.consents TO meterline_app;

GRANT USAGE ON SEQUENCE public.consents_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.contract_ends TO meterline_app;

GRANT SELECT ON TABLE public.consents_now TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.contract_scans TO meterline_app;

GRANT USAGE ON SEQUENCE public.contract_scans_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.contract_signings TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.contracts TO meterline_app;

GRANT USAGE ON SEQUENCE public.contracts_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.links TO meterline_app;

GRANT UPDATE(name) ON TABLE public.links TO meterline_app;

GRANT UPDATE(valid_to) ON TABLE public.links TO meterline_app;

GRANT UPDATE(contract_on) ON TABLE public.links TO meterline_app;

GRANT SELECT ON TABLE public.contracts_now TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.customers TO meterline_app;

GRANT UPDATE(data_key) ON TABLE public.customers TO meterline_app;

GRANT UPDATE(name_sealed) ON TABLE public.customers TO meterline_app;

GRANT USAGE ON SEQUENCE public.customers_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.day_accounts TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.day_cuts TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.day_heads TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.day_rows TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.device_movements TO meterline_app;

GRANT USAGE ON SEQUENCE public.device_movements_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.devices TO meterline_app;

GRANT UPDATE(place) ON TABLE public.devices TO meterline_app;

GRANT UPDATE(store_id) ON TABLE public.devices TO meterline_app;

GRANT UPDATE(goal_id) ON TABLE public.devices TO meterline_app;

GRANT UPDATE(verified_until) ON TABLE public.devices TO meterline_app;

GRANT USAGE ON SEQUENCE public.devices_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.employee_posts TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.employee_secrets TO meterline_app;

GRANT UPDATE(password) ON TABLE public.employee_secrets TO meterline_app;

GRANT UPDATE(totp_sealed) ON TABLE public.employee_secrets TO meterline_app;

GRANT UPDATE(totp_step) ON TABLE public.employee_secrets TO meterline_app;

GRANT UPDATE(invitation) ON TABLE public.employee_secrets TO meterline_app;

GRANT UPDATE(invited_till) ON TABLE public.employee_secrets TO meterline_app;

GRANT UPDATE(failed) ON TABLE public.employee_secrets TO meterline_app;

GRANT UPDATE(locked_till) ON TABLE public.employee_secrets TO meterline_app;

GRANT UPDATE(language) ON TABLE public.employee_secrets TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.employees TO meterline_app;

GRANT UPDATE(name) ON TABLE public.employees TO meterline_app;

GRANT UPDATE(phone_sealed) ON TABLE public.employees TO meterline_app;

GRANT SELECT ON TABLE public.employed TO meterline_app;

GRANT USAGE ON SEQUENCE public.employee_posts_id_seq TO meterline_app;

GRANT USAGE ON SEQUENCE public.employees_id_seq TO meterline_app;

GRANT SELECT ON TABLE public.emptied TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.entries TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.erasure_ends TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.erasures TO meterline_app;

GRANT USAGE ON SEQUENCE public.erasures_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.identity_documents TO meterline_app;

GRANT USAGE ON SEQUENCE public.identity_documents_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.inbox TO meterline_app;

GRANT USAGE ON SEQUENCE public.inbox_id_seq TO meterline_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.inbox_polls TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.invitation_ends TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.invitations TO meterline_app;

GRANT USAGE ON SEQUENCE public.invitations_id_seq TO meterline_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.jobs TO meterline_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.kept_counts TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.link_ends TO meterline_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.phones TO meterline_app;

GRANT SELECT ON TABLE public.link_proofs TO meterline_app;

GRANT USAGE ON SEQUENCE public.links_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.looks TO meterline_app;

GRANT USAGE ON SEQUENCE public.looks_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.meters TO meterline_app;

GRANT UPDATE(installed_on) ON TABLE public.meters TO meterline_app;

GRANT UPDATE(removed_on) ON TABLE public.meters TO meterline_app;

GRANT UPDATE(verified_until) ON TABLE public.meters TO meterline_app;

GRANT USAGE ON SEQUENCE public.meters_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.movements TO meterline_app;

GRANT USAGE ON SEQUENCE public.movements_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.notice_approvals TO meterline_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.notice_chunks TO meterline_app;

GRANT UPDATE(look_after) ON TABLE public.notice_chunks TO meterline_app;

GRANT UPDATE(worded_at) ON TABLE public.notice_chunks TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.notice_events TO meterline_app;

GRANT USAGE ON SEQUENCE public.notice_events_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.notice_evidence TO meterline_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.notice_recipients TO meterline_app;

GRANT UPDATE(bar) ON TABLE public.notice_recipients TO meterline_app;

GRANT UPDATE(code) ON TABLE public.notice_recipients TO meterline_app;

GRANT UPDATE(look_after) ON TABLE public.notice_recipients TO meterline_app;

GRANT UPDATE(outbound_id) ON TABLE public.notice_recipients TO meterline_app;

GRANT UPDATE(worded_at) ON TABLE public.notice_recipients TO meterline_app;

GRANT UPDATE(sent_at) ON TABLE public.notice_recipients TO meterline_app;

GRANT UPDATE(delivered_at) ON TABLE public.notice_recipients TO meterline_app;

GRANT UPDATE(letter_at) ON TABLE public.notice_recipients TO meterline_app;

GRANT UPDATE(ended_at) ON TABLE public.notice_recipients TO meterline_app;

GRANT UPDATE(acknowledged_at) ON TABLE public.notice_recipients TO meterline_app;

GRANT UPDATE(promised_until) ON TABLE public.notice_recipients TO meterline_app;

GRANT UPDATE(length) ON TABLE public.notice_recipients TO meterline_app;

GRANT UPDATE(head) ON TABLE public.notice_recipients TO meterline_app;

GRANT UPDATE(chat_at) ON TABLE public.notice_recipients TO meterline_app;

GRANT UPDATE(chat_outbound_id) ON TABLE public.notice_recipients TO meterline_app;

GRANT USAGE ON SEQUENCE public.notice_recipients_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.notice_versions TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.notices TO meterline_app;

GRANT UPDATE(version) ON TABLE public.notices TO meterline_app;

GRANT UPDATE(state) ON TABLE public.notices TO meterline_app;

GRANT UPDATE(since) ON TABLE public.notices TO meterline_app;

GRANT UPDATE(starts_at) ON TABLE public.notices TO meterline_app;

GRANT USAGE ON SEQUENCE public.notices_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.office_changes TO meterline_app;

GRANT USAGE ON SEQUENCE public.office_changes_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.office_days TO meterline_app;

GRANT USAGE ON SEQUENCE public.office_days_id_seq TO meterline_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.office_hours TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.offices TO meterline_app;

GRANT UPDATE(name) ON TABLE public.offices TO meterline_app;

GRANT UPDATE(name_latin) ON TABLE public.offices TO meterline_app;

GRANT UPDATE(short) ON TABLE public.offices TO meterline_app;

GRANT UPDATE(short_latin) ON TABLE public.offices TO meterline_app;

GRANT UPDATE(address) ON TABLE public.offices TO meterline_app;

GRANT UPDATE(place) ON TABLE public.offices TO meterline_app;

GRANT UPDATE(place_latin) ON TABLE public.offices TO meterline_app;

GRANT UPDATE(phone) ON TABLE public.offices TO meterline_app;

GRANT UPDATE(timezone) ON TABLE public.offices TO meterline_app;

GRANT UPDATE(windows) ON TABLE public.offices TO meterline_app;

GRANT UPDATE(step) ON TABLE public.offices TO meterline_app;

GRANT UPDATE(calendar) ON TABLE public.offices TO meterline_app;

GRANT UPDATE(services) ON TABLE public.offices TO meterline_app;

GRANT UPDATE(receives) ON TABLE public.offices TO meterline_app;

GRANT USAGE ON SEQUENCE public.offices_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.organisations TO meterline_app;

GRANT USAGE ON SEQUENCE public.organisations_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.outbox TO meterline_app;

GRANT UPDATE(state) ON TABLE public.outbox TO meterline_app;

GRANT UPDATE(attempt) ON TABLE public.outbox TO meterline_app;

GRANT UPDATE(owner) ON TABLE public.outbox TO meterline_app;

GRANT UPDATE(lease_until) ON TABLE public.outbox TO meterline_app;

GRANT UPDATE(not_before) ON TABLE public.outbox TO meterline_app;

GRANT UPDATE(reference) ON TABLE public.outbox TO meterline_app;

GRANT UPDATE(code) ON TABLE public.outbox TO meterline_app;

GRANT UPDATE(changed_at) ON TABLE public.outbox TO meterline_app;

GRANT UPDATE(doubts) ON TABLE public.outbox TO meterline_app;

GRANT UPDATE(closes_at) ON TABLE public.outbox TO meterline_app;

GRANT SELECT ON TABLE public.outbox_buckets TO meterline_app;

GRANT UPDATE(tokens) ON TABLE public.outbox_buckets TO meterline_app;

GRANT UPDATE(filled_at) ON TABLE public.outbox_buckets TO meterline_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.outbox_holds TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.outbox_steps TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.payments TO meterline_app;

GRANT USAGE ON SEQUENCE public.payments_id_seq TO meterline_app;

GRANT SELECT ON TABLE public.payments_in_suspense TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.phone_move_ends TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.phone_moves TO meterline_app;

GRANT USAGE ON SEQUENCE public.phone_moves_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.points TO meterline_app;

GRANT USAGE ON SEQUENCE public.points_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.printed_bills TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.printed_reports TO meterline_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.quality_counts TO meterline_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.questions TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.readings TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.withdrawals TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.readings_in_force TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.registries TO meterline_app;

GRANT USAGE ON SEQUENCE public.registries_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.reports TO meterline_app;

GRANT USAGE ON SEQUENCE public.reports_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.request_events TO meterline_app;

GRANT USAGE ON SEQUENCE public.request_events_id_seq TO meterline_app;

GRANT USAGE ON SEQUENCE public.request_numbers TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.requests TO meterline_app;

GRANT SELECT ON TABLE public.request_states TO meterline_app;

GRANT USAGE ON SEQUENCE public.requests_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.search_keys TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.services TO meterline_app;

GRANT UPDATE(name) ON TABLE public.services TO meterline_app;

GRANT UPDATE(name_latin) ON TABLE public.services TO meterline_app;

GRANT UPDATE(word) ON TABLE public.services TO meterline_app;

GRANT UPDATE(word_latin) ON TABLE public.services TO meterline_app;

GRANT UPDATE(minutes) ON TABLE public.services TO meterline_app;

GRANT UPDATE(explains) ON TABLE public.services TO meterline_app;

GRANT UPDATE(stems) ON TABLE public.services TO meterline_app;

GRANT UPDATE(rank) ON TABLE public.services TO meterline_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.slots TO meterline_app;

GRANT UPDATE(capacity) ON TABLE public.slots TO meterline_app;

GRANT UPDATE(taken) ON TABLE public.slots TO meterline_app;

GRANT USAGE ON SEQUENCE public.slots_id_seq TO meterline_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.staff_forms TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.staff_sessions TO meterline_app;

GRANT UPDATE(seen_at) ON TABLE public.staff_sessions TO meterline_app;

GRANT UPDATE(ended_at) ON TABLE public.staff_sessions TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.statements TO meterline_app;

GRANT USAGE ON SEQUENCE public.statements_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.stores TO meterline_app;

GRANT USAGE ON SEQUENCE public.stores_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.tariffs TO meterline_app;

GRANT USAGE ON SEQUENCE public.tariffs_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.task_events TO meterline_app;

GRANT USAGE ON SEQUENCE public.task_events_id_seq TO meterline_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.task_marks TO meterline_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.task_notices TO meterline_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.task_watches TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.tasks TO meterline_app;

GRANT UPDATE(state) ON TABLE public.tasks TO meterline_app;

GRANT UPDATE(since) ON TABLE public.tasks TO meterline_app;

GRANT UPDATE(owner) ON TABLE public.tasks TO meterline_app;

GRANT UPDATE(done_at) ON TABLE public.tasks TO meterline_app;

GRANT UPDATE(urged_at) ON TABLE public.tasks TO meterline_app;

GRANT USAGE ON SEQUENCE public.tasks_id_seq TO meterline_app;

GRANT SELECT ON TABLE public.verifications TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.visit_events TO meterline_app;

GRANT USAGE ON SEQUENCE public.visit_events_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.visit_papers TO meterline_app;

GRANT USAGE ON SEQUENCE public.visit_papers_id_seq TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.visits TO meterline_app;

GRANT UPDATE(office_id) ON TABLE public.visits TO meterline_app;

GRANT UPDATE(slots) ON TABLE public.visits TO meterline_app;

GRANT UPDATE(day) ON TABLE public.visits TO meterline_app;

GRANT UPDATE(starts) ON TABLE public.visits TO meterline_app;

GRANT UPDATE(starts_at) ON TABLE public.visits TO meterline_app;

GRANT UPDATE(ticket) ON TABLE public.visits TO meterline_app;

GRANT UPDATE(service) ON TABLE public.visits TO meterline_app;

GRANT UPDATE(reason) ON TABLE public.visits TO meterline_app;

GRANT UPDATE(state) ON TABLE public.visits TO meterline_app;

GRANT UPDATE(since) ON TABLE public.visits TO meterline_app;

GRANT UPDATE(held_until) ON TABLE public.visits TO meterline_app;

GRANT UPDATE(reminded) ON TABLE public.visits TO meterline_app;

GRANT UPDATE(confirmed) ON TABLE public.visits TO meterline_app;

GRANT UPDATE(place) ON TABLE public.visits TO meterline_app;

GRANT UPDATE(mark) ON TABLE public.visits TO meterline_app;

GRANT USAGE ON SEQUENCE public.visits_id_seq TO meterline_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.waiting_grants TO meterline_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.web_codes TO meterline_app;

GRANT UPDATE(tries) ON TABLE public.web_codes TO meterline_app;

GRANT UPDATE(used_at) ON TABLE public.web_codes TO meterline_app;

GRANT USAGE ON SEQUENCE public.web_codes_id_seq TO meterline_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.web_forms TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.web_sessions TO meterline_app;

GRANT UPDATE(seen_at) ON TABLE public.web_sessions TO meterline_app;

GRANT UPDATE(ended_at) ON TABLE public.web_sessions TO meterline_app;

GRANT USAGE ON SEQUENCE public.web_sessions_id_seq TO meterline_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.web_sheets TO meterline_app;

GRANT SELECT,INSERT ON TABLE public.write_offs TO meterline_app;
