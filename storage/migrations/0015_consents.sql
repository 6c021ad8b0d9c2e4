-- What each resident agreed to 同意, and when they took it back.

create table consents (
    person_id bigint not null references people (id),
    kind text not null,
    given_at text not null,
    withdrawn_at text,
    primary key (person_id, kind, given_at)
);

alter table people add column erased_at text;
