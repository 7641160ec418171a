-- The alarms of a day are asked for by their own time.

drop index alarms_stored;
create index alarms_at on alarms (at);
