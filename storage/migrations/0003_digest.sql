-- The community's own time for the daily digest 日报.

alter table communities add column digest_at text not null default '08:00';
