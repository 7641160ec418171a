-- Whom bills are paid to, and the forms in which a bill is printed.

alter table company
    add column payee_name text, add column payee_inn text, add column payee_kpp text, add column payee_account text,
    add column payee_bank text, add column payee_bic text, add column payee_correspondent text,
    add constraint company_payee check (
        num_nulls(payee_name, payee_inn, payee_kpp, payee_account, payee_bank, payee_bic, payee_correspondent) in (0, 7)
    );
comment on column company.payee_name is 'Who is paid by the code on a bill, all of it or nothing: checked before it is kept.';

alter table printed_bills add column form text not null default 'text';
alter table printed_bills alter column form drop default;
alter table printed_bills drop constraint printed_bills_pkey;
alter table printed_bills add primary key (account_id, no, form);
alter table printed_bills add check (form in ('text', 'face', 'pdf-ru', 'pdf-en'));
comment on column printed_bills.form is 'The text of the staff; the facts of the bill as JSON, which pages and PDF are made from; the PDF in a language.';
