-- The second way of a notice, a chat; and how often a person has been told of late.
set local statement_timeout = 0;

alter table notice_recipients add column chat_at timestamptz;
alter table notice_recipients add column chat_outbound_id uuid unique;
comment on column notice_recipients.chat_at is 'When it was looked whether he can be told by his chat, for the SMS had not reached him.';
comment on column notice_recipients.chat_outbound_id is 'The same words in his chat; null: none could be sent there.';
create index notice_recipients_told on notice_recipients (phone_hash, worded_at) where worded_at is not null;

grant update (chat_at, chat_outbound_id) on notice_recipients to meterline_app;
