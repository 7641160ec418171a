-- A reading that came after the window of a month may count only from the next one on, where the rule pack says so.

alter table readings add column counted_from date;
comment on column readings.counted_from is 'First day of the first month whose bill goes by the reading; null: it changes the bills of all days that it tells of.';
