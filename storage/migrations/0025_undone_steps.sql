-- Steps of projects that were said to be done by mistake 撤销里程碑: taken back, never erased.

create table project_undone (
    id {id},
    proposal_id bigint not null references projects (proposal_id),
    number bigint not null,
    done_at text not null,
    done_by bigint references people (id),
    note text not null,
    photo_id bigint references photos (id),
    undone_at text not null,
    undone_by bigint not null references people (id),
    why text not null
);
create index project_undone_by_project on project_undone (proposal_id);
create index project_undone_by_photo on project_undone (photo_id);
