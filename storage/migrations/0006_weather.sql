-- Weather 天气: where a community lies, its forecast as last fetched, and who waits for a newer one.

create table forecasts (
    community_id bigint primary key references places (id),
    latitude text not null,
    longitude text not null,
    hours text,
    fetched_at text,
    wanted_at text,
    tried_at text,
    fault text
);
create index forecasts_wanted on forecasts (wanted_at);
