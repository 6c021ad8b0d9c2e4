-- Meetings 睦邻夜话, their repetition, and who answered, confirmed and came.

alter table communities add column meeting_minutes bigint not null default 120;
alter table communities add column meeting_reminders text not null default '4320,1440,120';
alter table communities add column meeting_lead_days bigint not null default 10;

create table meeting_series (
    id {id},
    community_id bigint not null references places (id),
    place_id bigint not null references places (id),
    path {path} not null,
    author_id bigint not null references people (id),
    kind text not null,
    venue text not null,
    topic_line text not null,
    rule text not null,
    minutes bigint not null,
    last_minutes bigint not null,
    next_at text not null,
    stopped_at text
);

create table meetings (
    id {id},
    community_id bigint not null references places (id),
    number bigint not null,
    place_id bigint not null references places (id),
    path {path} not null,
    author_id bigint not null references people (id),
    kind text not null,
    venue text not null,
    topic_line text not null,
    starts_at text,
    ends_at text,
    state text not null,
    series_id bigint references meeting_series (id),
    sequence bigint not null,
    uid text not null,
    entry_token text,
    version bigint not null
);
create unique index meetings_by_number on meetings (community_id, number);
create unique index meetings_by_entry on meetings (entry_token);
create index meetings_by_path on meetings (path, state);
create index meetings_by_place on meetings (place_id, state, starts_at);

create table meeting_answers (
    meeting_id bigint not null references meetings (id),
    person_id bigint not null references people (id),
    answer text not null,
    at text not null,
    primary key (meeting_id, person_id)
);

create table meeting_parties (
    meeting_id bigint not null references meetings (id),
    party text not null,
    person_id bigint not null references people (id),
    at text not null,
    primary key (meeting_id, party)
);

create table meeting_check_ins (
    meeting_id bigint not null references meetings (id),
    person_id bigint not null references people (id),
    at text not null,
    primary key (meeting_id, person_id)
);
