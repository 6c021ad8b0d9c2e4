-- Notices 公告 and 辟谣: what was told to whom, and who said 知道了.

create table notices (
    id {id},
    community_id bigint not null references places (id),
    number bigint not null,
    place_id bigint not null references places (id),
    path {path} not null,
    author_id bigint not null references people (id),
    kind text not null,
    text text not null,
    posted_at text not null,
    state text not null,
    readers bigint not null
);
create unique index notices_by_number on notices (community_id, number);
create index notices_by_path on notices (path, state);

create table notice_readers (
    notice_id bigint not null references notices (id),
    person_id bigint not null references people (id),
    at text not null,
    primary key (notice_id, person_id)
);
