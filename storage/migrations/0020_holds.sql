-- Names in votes 姓名留存: sealed apart from the ledger's rows, so that they can be taken out later.

alter table motion_voters add column salt text not null default '';

alter table vote_settings add column hold_days bigint not null default 1096;

alter table motions add column unnamed_at text;
