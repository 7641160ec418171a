-- Since when a phone has not proved that it is still its owner's.

create view link_proofs as
select l.id as link_id, l.account_id, l.phone_hash, coalesce(said.at, l.valid_from) as proven_at
  from links l
  left join lateral (select i.received_at as at from inbox i
                      where i.sender_hash = l.phone_hash and i.channel = 'sms' order by i.id desc limit 1) as said on true
 where l.valid_to is null;
comment on view link_proofs is 'When the phone of each link last sent an SMS of its own; never, and since it was linked, where it sent none.';

grant select on link_proofs to meterline_app;
