-- Consent surveys 征询: which households are asked, what each answered, who went to see them.

alter table communities add column survey_milestones text not null default '2/3 9/10 19/20 1';

create table surveys (
    id {id},
    community_id bigint not null references places (id),
    number bigint not null,
    place_id bigint not null references places (id),
    path {path} not null,
    author_id bigint not null references people (id),
    question text not null,
    terms text not null,
    is_public bigint not null,
    roll_version bigint not null,
    opened_at text not null,
    closes_at text not null,
    state text not null,
    version bigint not null
);
create unique index surveys_by_number on surveys (community_id, number);
create index surveys_by_path on surveys (path, state);

create table survey_households (
    survey_id bigint not null references surveys (id),
    household_id bigint not null references places (id),
    area_hundredths bigint not null,
    reminded_at text,
    primary key (survey_id, household_id)
);

create table survey_answers (
    survey_id bigint not null references surveys (id),
    household_id bigint not null references places (id),
    choice text not null,
    person_id bigint references people (id),
    objector_id bigint references people (id),
    photo_id bigint references photos (id),
    entered_by bigint references people (id),
    at text not null,
    primary key (survey_id, household_id)
);
create index survey_answers_by_photo on survey_answers (photo_id);

create table survey_milestones (
    survey_id bigint not null references surveys (id),
    share text not null,
    at text not null,
    primary key (survey_id, share)
);

create table survey_visits (
    id {id},
    survey_id bigint not null references surveys (id),
    household_id bigint not null references places (id),
    person_id bigint not null references people (id),
    at text not null,
    note text not null,
    next_at text
);
create index survey_visits_by_household on survey_visits (survey_id, household_id);
