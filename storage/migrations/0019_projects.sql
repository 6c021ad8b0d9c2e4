-- Small funded projects 微创投: the money of a proposal, its milestones and its open book. Sums are fen.

alter table communities add column project_cap_fen bigint;

create table projects (
    proposal_id bigint primary key references proposals (id),
    asked_fen bigint not null,
    granted_fen bigint not null,
    spent_fen bigint not null,
    granted_at text,
    settled_at text,
    settled_by bigint references people (id)
);

create table project_grants (
    id {id},
    proposal_id bigint not null references projects (proposal_id),
    fen bigint not null,
    why text not null,
    person_id bigint not null references people (id),
    at text not null
);
create index project_grants_by_project on project_grants (proposal_id);

create table project_milestones (
    id {id},
    proposal_id bigint not null references projects (proposal_id),
    number bigint not null,
    title text not null,
    due_on text not null,
    share_fen bigint,
    done_at text,
    done_by bigint references people (id),
    note text not null,
    photo_id bigint references photos (id)
);
create unique index project_milestones_by_number on project_milestones (proposal_id, number);

create table project_spendings (
    id {id},
    proposal_id bigint not null references projects (proposal_id),
    number bigint not null,
    fen bigint not null,
    what text not null,
    spent_on text not null,
    person_id bigint not null references people (id),
    posted_at text not null,
    photo_id bigint references photos (id),
    strikes bigint,
    press text not null
);
create unique index project_spendings_by_number on project_spendings (proposal_id, number);
create unique index project_spendings_struck_once on project_spendings (proposal_id, strikes);
create unique index project_spendings_once on project_spendings (proposal_id, press);

create table project_helpers (
    proposal_id bigint not null references projects (proposal_id),
    person_id bigint not null references people (id),
    named_by bigint not null references people (id),
    at text not null,
    primary key (proposal_id, person_id)
);
