-- Facts that were brought without a document are found without going through the others.

create index readings_unproven on readings (account_id, no) where author <> '' and document = '' and source <> 3;
create index conditions_unproven on conditions (account_id, no) where document = '';
