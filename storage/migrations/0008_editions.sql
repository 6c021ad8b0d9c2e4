-- Weekly and monthly digests 周报、月报: on which day, if the community wants them; Monday is 0.

alter table communities add column digest_weekday bigint;
alter table communities add column digest_day bigint;
