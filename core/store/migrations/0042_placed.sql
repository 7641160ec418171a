-- Control devices of supply points, and the route on which an inspector comes by: dated facts on which no sum depends.
set local statement_timeout = 0;

alter table conditions drop constraint conditions_kind_check;
alter table conditions add constraint conditions_kind_check check (kind in
    ('persons', 'area', 'category', 'holder', 'benefit', 'plan', 'supply', 'metering', 'common', 'multiplier', 'failed',
     'verified', 'seal', 'access', 'instalments', 'instalments_end', 'device', 'route', 'sequence')) not valid;
alter table conditions validate constraint conditions_kind_check;
