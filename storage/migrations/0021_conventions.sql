-- Conventions 公约: clauses collected from residents, every wording of each, and who is behind it.

create table conventions (
    id {id},
    community_id bigint not null references places (id),
    number bigint not null,
    place_id bigint not null references places (id),
    path {path} not null,
    author_id bigint not null references people (id),
    name text not null,
    started_at text not null,
    changed_at text not null,
    closes_at text not null,
    state text not null,
    motion_id bigint references motions (id),
    voted_at text,
    version bigint not null
);
create unique index conventions_by_number on conventions (community_id, number);
create index conventions_by_path on conventions (path, state);
create index conventions_by_motion on conventions (motion_id);

create table clauses (
    id {id},
    convention_id bigint not null references conventions (id),
    author_id bigint references people (id),
    position bigint not null,
    state text not null,
    reason_id bigint references remarks (id),
    matter bigint not null default 0
);
create index clauses_by_convention on clauses (convention_id);

create table clause_words (
    clause_id bigint not null references clauses (id),
    version bigint not null,
    text text not null,
    person_id bigint references people (id),
    at text not null,
    primary key (clause_id, version)
);

create table clause_seconds (
    clause_id bigint not null references clauses (id),
    person_id bigint not null references people (id),
    at text not null,
    primary key (clause_id, person_id)
);
