-- How many own premises: a norm counts them where nobody is registered there (rule 56(2) of the Russian rules).
set local statement_timeout = 0;

alter table conditions drop constraint conditions_kind_check;
alter table conditions add constraint conditions_kind_check check (kind in
    ('persons', 'owners', 'area', 'category', 'holder', 'benefit', 'plan', 'supply', 'metering', 'common', 'multiplier',
     'failed', 'verified', 'seal', 'access', 'instalments', 'instalments_end', 'device', 'route', 'sequence')) not valid;
alter table conditions validate constraint conditions_kind_check;
