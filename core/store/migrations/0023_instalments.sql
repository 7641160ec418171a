-- Instalment plans are dated facts of an account; the interest that they agree is a claim about such a fact.
set local statement_timeout = 0;

alter table conditions drop constraint conditions_kind_check;
alter table conditions add constraint conditions_kind_check check (kind in
    ('persons', 'area', 'category', 'holder', 'benefit', 'plan', 'supply', 'metering', 'common', 'multiplier', 'failed',
     'verified', 'seal', 'access', 'instalments', 'instalments_end')) not valid;

alter table claims drop constraint claims_kind_check;
alter table claims add constraint claims_kind_check check (kind in
    ('opening', 'bill', 'recalculation', 'penalty', 'write_off', 'interest')) not valid;
alter table claims drop constraint claims_about_check;
alter table claims add constraint claims_about_check
    check ((about is not null) = (kind in ('penalty', 'write_off', 'interest'))) not valid;

alter table entries drop constraint entries_ledger_check;
alter table entries add constraint entries_ledger_check check (ledger in
    ('receivable', 'revenue', 'bank', 'opening', 'suspense', 'agents', 'commission', 'penalty', 'written_off',
     'interest')) not valid;

alter table conditions validate constraint conditions_kind_check;
alter table claims validate constraint claims_kind_check;
alter table claims validate constraint claims_about_check;
alter table entries validate constraint entries_ledger_check;

-- The accounts of a customer, those too that he holds by a dated fact.
create index conditions_holder on conditions (value) where kind = 'holder';
