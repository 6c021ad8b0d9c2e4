-- What is talked over at meetings: topics 议题, minutes 纪要, decisions 议定事项, ratings 满意度.

alter table issues add column due_at text;

create table topics (
    id {id},
    community_id bigint not null references places (id),
    meeting_id bigint not null references meetings (id),
    number bigint not null,
    author_id bigint not null references people (id),
    text text not null,
    issue_id bigint references issues (id),
    state text not null,
    proposed_at text not null,
    words_id bigint references remarks (id),
    version bigint not null
);
create unique index topics_by_number on topics (meeting_id, number);
create index topics_by_issue on topics (issue_id);

create table topic_seconds (
    topic_id bigint not null references topics (id),
    person_id bigint not null references people (id),
    at text not null,
    primary key (topic_id, person_id)
);

create table minutes (
    meeting_id bigint primary key references meetings (id),
    scribe_id bigint references people (id),
    published_at text,
    corrections bigint not null
);

create table decisions (
    id {id},
    meeting_id bigint not null references meetings (id),
    topic_id bigint references topics (id),
    issue_id bigint not null references issues (id),
    text text not null,
    party text,
    decided_by bigint not null references people (id),
    decided_at text not null
);
create index decisions_by_meeting on decisions (meeting_id);
create index decisions_by_issue on decisions (issue_id);

create table meeting_ratings (
    meeting_id bigint not null references meetings (id),
    person_id bigint not null references people (id),
    rating text not null,
    at text not null,
    primary key (meeting_id, person_id)
);
