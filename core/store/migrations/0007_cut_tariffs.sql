-- Which tariffs were known when a day was cut: a version that came later lets the next close charge everybody again.

alter table day_cuts add column tariffs bigint not null default 0;
comment on column day_cuts.tariffs is 'The highest id of a tariff version at that moment.';
