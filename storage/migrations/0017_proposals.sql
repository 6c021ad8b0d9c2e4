-- Proposals 四议: what residents propose, who is behind it, and where it stands.

create table proposals (
    id {id},
    community_id bigint not null references places (id),
    number bigint not null,
    place_id bigint not null references places (id),
    path {path} not null,
    author_id bigint not null references people (id),
    kind text not null,
    text text not null,
    state text not null,
    proposed_at text not null,
    changed_at text not null,
    meeting_id bigint references meetings (id),
    talked_at text,
    talk_id bigint references remarks (id),
    motion_id bigint references motions (id),
    poll_id bigint references polls (id),
    moved_at text,
    resolved_at text,
    done_at text,
    evaluated_at text,
    reason_id bigint references remarks (id),
    version bigint not null
);
create unique index proposals_by_number on proposals (community_id, number);
create index proposals_by_path on proposals (path, state);
create index proposals_by_meeting on proposals (meeting_id);
create index proposals_by_motion on proposals (motion_id);

create table proposal_seconds (
    proposal_id bigint not null references proposals (id),
    person_id bigint not null references people (id),
    at text not null,
    primary key (proposal_id, person_id)
);

create table proposal_tasks (
    issue_id bigint primary key references issues (id),
    proposal_id bigint not null references proposals (id)
);
create index proposal_tasks_by_proposal on proposal_tasks (proposal_id);

create table proposal_ratings (
    proposal_id bigint not null references proposals (id),
    person_id bigint not null references people (id),
    rating text not null,
    at text not null,
    primary key (proposal_id, person_id)
);

alter table topics add column proposal_id bigint references proposals (id);
create index topics_by_proposal on topics (proposal_id);
