-- Debts whose limitation runs out soon are tasks.

alter table tasks drop constraint tasks_kind_check;
alter table tasks add constraint tasks_kind_check check (kind in ('outage', 'dispute', 'human', 'not_me', 'link', 'reading', 'anomaly', 'quarantined', 'muted', 'suspense', 'hole', 'letter', 'lapsing'));
comment on column tasks.hole is 'By what something that a job has found in the account is known again: a hole in its consumption, a debt that lapses.';
