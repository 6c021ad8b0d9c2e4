-- Polls 投票. An anonymous poll keeps no choices with its voters: only who took part, and sums.

create table polls (
    id {id},
    community_id bigint not null references places (id),
    number bigint not null,
    place_id bigint not null references places (id),
    path {path} not null,
    author_id bigint not null references people (id),
    question text not null,
    most bigint not null,
    is_anonymous bigint not null,
    voter text not null,
    opened_at text not null,
    closes_at text not null,
    state text not null,
    voters bigint not null,
    version bigint not null
);
create unique index polls_by_number on polls (community_id, number);
create index polls_by_path on polls (path, state);

create table poll_options (
    poll_id bigint not null references polls (id),
    position bigint not null,
    text text not null,
    votes bigint not null,
    primary key (poll_id, position)
);

create table poll_voters (
    poll_id bigint not null references polls (id),
    voter text not null,
    choices text,
    primary key (poll_id, voter)
);
