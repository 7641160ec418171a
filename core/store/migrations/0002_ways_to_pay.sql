-- What a customer is told who asks how to pay.

alter table company add column pay text not null default '' check (char_length(pay) <= 32);
comment on column company.pay is 'Where to pay, in the company''s own words, as short as a message has room for.';
