-- Roll 表决名册: who owns what. Areas are hundredths of a square metre, so that shares are exact.

create table rolls (
    community_id bigint primary key references places (id),
    counts_garages bigint not null,
    version bigint not null
);

create table owners (
    id {id},
    community_id bigint not null references places (id),
    name text not null,
    mark text not null,
    kind text not null
);
create unique index owners_by_name on owners (community_id, name, mark);

create table holdings (
    id {id},
    community_id bigint not null references places (id),
    owner_id bigint not null references owners (id),
    place_id bigint not null references places (id),
    path {path} not null,
    name text not null,
    use text not null,
    area_hundredths bigint not null
);
create unique index holdings_by_name on holdings (community_id, name);
create index holdings_by_path on holdings (path);
create index holdings_by_place on holdings (place_id);
create index holdings_by_owner on holdings (owner_id);

create table owner_people (
    owner_id bigint not null references owners (id),
    person_id bigint not null references people (id),
    linked_by bigint references people (id),
    at text not null,
    primary key (owner_id, person_id)
);
create index owner_people_by_person on owner_people (person_id);

create table roll_sheets (
    id bigint primary key,
    community_id bigint not null references places (id),
    person_id bigint not null references people (id),
    name text not null,
    body text not null,
    at text not null
);
create index roll_sheets_by_person on roll_sheets (person_id);
