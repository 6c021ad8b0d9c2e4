-- Several matters on one motion: their words, and sums of each. A ballot's choice is a list by now.

alter table motions add column matters text not null default '';

alter table motion_secrets add column matter bigint not null default 0;

create table matter_sums (
    motion_id bigint not null references motions (id),
    matter bigint not null,
    choice text not null,
    heads bigint not null,
    area bigint not null,
    primary key (motion_id, matter, choice)
);
insert into matter_sums (motion_id, matter, choice, heads, area)
    select motion_id, 1, choice, heads, area from motion_sums;
drop table motion_sums;
alter table matter_sums rename to motion_sums;
