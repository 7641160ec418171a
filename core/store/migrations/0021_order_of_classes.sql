-- Answers go before what nobody asked for, and official messages before the rest of it.
set local statement_timeout = 0;

alter table outbox add column rank smallint not null generated always as (
    case class when 'reply' then 0 when 'official' then 1 when 'notice' then 2 else 3 end
) stored;
comment on column outbox.rank is 'The order of the classes: of what is due the lowest goes first.';

drop index outbox_open;
create index outbox_open on outbox (channel, rank, not_before, id) where state in ('ready', 'sending', 'unknown');
