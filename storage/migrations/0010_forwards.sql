-- What is forwarded 转发 into groups where no bot may be: a link that opens it, for a while.

create table forwards (
    token text primary key,
    community_id bigint not null references places (id),
    kind text not null,
    subject_id bigint not null,
    made_by bigint not null references people (id),
    made_at text not null,
    until text not null
);
create index forwards_by_subject on forwards (kind, subject_id);
