-- A notice is worded by the chunk: each is taken, worded and done as one row, so that nothing is written of each person
-- whose message stands in the outbox; of a broadcast its id is his from the approval on.
set local statement_timeout = 0;

create table notice_chunks (
    notice_id  bigint not null references notices,
    first      bigint not null,
    last       bigint not null check (last >= first),
    look_after timestamptz,
    worded_at  timestamptz,
    primary key (notice_id, first)
);
comment on table notice_chunks is 'The people of a notice in chunks by their ids, which are worded together. Those of them who could not be told then have a look_after of their own.';
comment on column notice_chunks.look_after is 'Before then it is quiet for everybody who is left of it.';
comment on column notice_chunks.worded_at is 'When whoever could be told was told: his message stands in the outbox. Null: nobody of it was.';
create index notice_chunks_left on notice_chunks (notice_id, first) where worded_at is null;

insert into notice_chunks (notice_id, first, last)
select notice_id, min(id), max(id)
  from (select r.notice_id, r.id, (row_number() over (partition by r.notice_id order by r.id) - 1) / 500 as chunk
          from notice_recipients r join notices n on n.id = r.notice_id
         where r.outbound_id is null and r.bar is null and r.look_after is null
           and n.state in ('submitted', 'approved', 'trial', 'countdown', 'running', 'paused')) as left_over
 group by notice_id, chunk;

update notice_recipients set outbound_id = gen_random_uuid() where outbound_id is null and bar is null and subject = 0;

drop index notice_recipients_left;
drop index notice_recipients_told;
create index notice_recipients_later on notice_recipients (notice_id, id) where look_after is not null and worded_at is null and bar is null;
comment on column notice_recipients.outbound_id is 'His message: of a broadcast given at the approval, whether it stands in the outbox yet or not; of a warning when it is worded.';
comment on column notice_recipients.worded_at is 'When he was told; null where he was told with his chunk.';

grant select, insert, delete on notice_chunks to meterline_app;
grant update (look_after, worded_at) on notice_chunks to meterline_app;
