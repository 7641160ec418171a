-- Readings that employees and metering systems bring name who brought them and by what document.

alter table readings
    add column document text not null default '',
    add column author text not null default '';
comment on column readings.author is 'Who brought it through a door for facts; empty where a message or an import did.';
comment on column readings.document is 'By what paper; empty where there is none.';
