-- A notice to a million people is written down in seconds: no look at four other tables for every row, for the one
-- statement that writes the rows reads those tables, of which nobody may delete; and no entry in an index for what is
-- not there yet.
set local statement_timeout = 0;

alter table notice_recipients drop constraint notice_recipients_notice_id_fkey;
alter table notice_recipients drop constraint notice_recipients_phone_hash_fkey;
alter table notice_recipients drop constraint notice_recipients_account_id_fkey;
alter table notice_recipients drop constraint notice_recipients_customer_id_fkey;

alter table notice_recipients drop constraint notice_recipients_outbound_id_key;
alter table notice_recipients drop constraint notice_recipients_chat_outbound_id_key;
create unique index notice_recipients_outbound on notice_recipients (outbound_id) where outbound_id is not null;
create unique index notice_recipients_chat on notice_recipients (chat_outbound_id) where chat_outbound_id is not null;
