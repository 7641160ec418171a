-- Of what is under way only what waits is looked for in its order. A message that begins to be sent, which is found by
-- outbox_in_flight from then on, needs no entry in this index, and leaves none behind for the next look to pass over.
set local statement_timeout = 0;

drop index outbox_open;
create index outbox_ready on outbox (channel, rank, not_before, id) where state = 'ready';
