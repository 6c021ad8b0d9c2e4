-- Clear evenings 择日: which evenings a poll is about, and what a convener was told of the weather.

create table evening_options (
    poll_id bigint not null references polls (id),
    position bigint not null,
    meeting_id bigint not null references meetings (id),
    starts_at text not null,
    primary key (poll_id, position)
);
create index evening_options_by_meeting on evening_options (meeting_id);

create table meeting_skies (
    meeting_id bigint primary key references meetings (id),
    starts_at text not null,
    is_rainy bigint not null
);
