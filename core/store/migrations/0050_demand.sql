-- The power in kW for which a two-part tariff charges a supply point.
set local statement_timeout = 0;

alter table conditions drop constraint conditions_kind_check;
alter table conditions add constraint conditions_kind_check check (kind in
    ('persons', 'owners', 'area', 'category', 'holder', 'benefit', 'plan', 'supply', 'metering', 'common', 'demand',
     'multiplier', 'failed', 'verified', 'seal', 'access', 'instalments', 'instalments_end', 'device', 'route',
     'sequence')) not valid;
alter table conditions validate constraint conditions_kind_check;
