-- Places, people, chats, delivery, journal and issues. Instants are UTC text, flags are 0 or 1.

create table places (
    id {id},
    community_id bigint,
    parent_id bigint references places (id),
    kind text not null,
    name text not null,
    path {path} not null default '',
    home {path} not null default ''
);
create index places_by_path on places (path);
create unique index places_by_name on places (parent_id, name);

create table communities (
    place_id bigint primary key references places (id),
    zone text not null,
    lang text not null,
    quiet_from text not null,
    quiet_until text not null
);

create table people (
    id {id},
    name text not null,
    lang text,
    created_at text not null
);

create table identities (
    platform text not null,
    address text not null,
    person_id bigint not null references people (id),
    chat_address text,
    blocked_at text,
    seen_at text not null,
    primary key (platform, address)
);
create index identities_by_person on identities (person_id);

create table grants (
    id {id},
    person_id bigint not null references people (id),
    place_id bigint not null references places (id),
    role text not null,
    granted_by bigint references people (id),
    since text not null,
    until text
);
create unique index grants_once on grants (person_id, place_id, role) where until is null;
create index grants_by_place on grants (place_id);

create table squads (
    id {id},
    community_id bigint not null references places (id),
    place_id bigint not null references places (id),
    name text not null,
    speciality text not null default ''
);

create table squad_members (
    squad_id bigint not null references squads (id),
    person_id bigint not null references people (id),
    primary key (squad_id, person_id)
);
create index squad_members_by_person on squad_members (person_id);

create table codes (
    hash text primary key,
    purpose text not null,
    place_id bigint references places (id),
    person_id bigint references people (id),
    made_by bigint references people (id),
    expires_at text not null,
    used_at text
);

create table join_requests (
    id {id},
    person_id bigint not null references people (id),
    place_id bigint not null references places (id),
    flat text not null,
    asked_at text not null,
    decided_at text
);

create table chats (
    id {id},
    platform text not null,
    address text not null,
    is_private bigint not null,
    place_id bigint references places (id),
    community_id bigint references places (id),
    thread text,
    left_at text
);
create unique index chats_by_address on chats (platform, address);
create index chats_by_place on chats (place_id);

create table greetings (
    chat_id bigint not null references chats (id),
    person_id bigint not null references people (id),
    primary key (chat_id, person_id)
);

create table counters (
    community_id bigint not null references places (id),
    kind text not null,
    value bigint not null,
    primary key (community_id, kind)
);

create table inbox (
    platform text not null,
    delivery text not null,
    at text not null,
    primary key (platform, delivery)
);
create index inbox_by_time on inbox (at);

create table drafts (
    person_id bigint not null references people (id),
    chat_id bigint not null references chats (id),
    command text not null,
    args text not null,
    asking text not null,
    changed_at text not null,
    primary key (person_id, chat_id)
);

create table menus (
    chat_id bigint not null references chats (id),
    person_id bigint not null,
    buttons text not null,
    card_id bigint,
    primary key (chat_id, person_id)
);
create index menus_by_card on menus (card_id);

create table cards (
    id {id},
    chat_id bigint not null references chats (id),
    community_id bigint references places (id),
    person_id bigint,
    kind text not null,
    subject_id bigint not null,
    ref text
);
create unique index cards_once on cards (kind, subject_id, chat_id);
create index cards_by_chat on cards (chat_id);

create table outbox (
    id {id},
    platform text not null,
    address text not null,
    thread text,
    kind text not null,
    priority bigint not null,
    body text not null,
    ref text,
    card_id bigint references cards (id),
    due_at text not null,
    state text not null,
    worker text,
    lease_until text,
    attempts bigint not null default 0,
    error text,
    made_at text not null
);
create index outbox_waiting on outbox (state, due_at, priority, id);
create unique index outbox_edits on outbox (card_id) where state = 'waiting' and kind = 'edit';

create table journal (
    community_id bigint not null references places (id),
    seq bigint not null,
    at text not null,
    actor_id bigint,
    subject text not null,
    subject_id bigint not null,
    verb text not null,
    before text not null,
    after text not null,
    remark_id bigint,
    hash text not null,
    primary key (community_id, seq)
);
create index journal_by_subject on journal (subject, subject_id);

create table journal_heads (
    community_id bigint primary key references places (id),
    seq bigint not null,
    hash text not null
);

create table deadlines (
    id {id},
    kind text not null,
    subject_id bigint not null,
    facts text not null default '',
    due_at text not null,
    lease_until text,
    attempts bigint not null default 0
);
create index deadlines_by_due on deadlines (due_at);
create index deadlines_by_subject on deadlines (subject_id, kind);

create table remarks (
    id {id},
    person_id bigint references people (id),
    text text not null,
    at text not null
);

create table photos (
    id {id},
    community_id bigint,
    person_id bigint references people (id),
    mime text not null,
    bytes {blob} not null,
    at text not null
);

create table issues (
    id {id},
    community_id bigint not null references places (id),
    number bigint not null,
    place_id bigint not null references places (id),
    path {path} not null,
    level_path {path} not null,
    reporter_id bigint not null references people (id),
    household_id bigint references places (id),
    text text not null,
    state text not null,
    squad_id bigint references squads (id),
    handler_id bigint references people (id),
    reported_at text not null,
    changed_at text not null,
    finished_at text,
    source text,
    version bigint not null
);
create unique index issues_by_number on issues (community_id, number);
create index issues_by_path on issues (path, state);
create index issues_by_reporter on issues (reporter_id);
create index issues_by_handler on issues (handler_id);
create index issues_by_source on issues (source);

create table seconds (
    issue_id bigint not null references issues (id),
    person_id bigint not null references people (id),
    at text not null,
    primary key (issue_id, person_id)
);
create index seconds_by_person on seconds (person_id);

create table issue_photos (
    issue_id bigint not null references issues (id),
    photo_id bigint not null references photos (id),
    step text not null,
    primary key (issue_id, photo_id)
);

create table web_chats (
    address text primary key,
    changes bigint not null
);

create table web_messages (
    id {id},
    address text not null,
    kind text not null,
    account text not null default '',
    body text not null,
    photo_id bigint,
    delivery text,
    at text not null,
    change bigint not null
);
create index web_messages_by_address on web_messages (address, id);
create index web_messages_by_change on web_messages (address, change);
create index web_messages_by_photo on web_messages (photo_id);
create unique index web_messages_once on web_messages (address, delivery);

create table web_sessions (
    token_hash text primary key,
    account text not null,
    made_at text not null,
    seen_at text not null
);
