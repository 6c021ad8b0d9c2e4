-- Owners' votes 业主表决. Areas are hundredths of a square metre. What is secret is kept apart from
-- who took part: under random names, in no order, without a time.

create table vote_settings (
    community_id bigint primary key references places (id),
    notice_days bigint not null,
    publicity_days bigint not null,
    binding text not null,
    proxies bigint not null,
    fewest bigint not null
);

create table motions (
    id {id},
    community_id bigint not null references places (id),
    number bigint not null,
    place_id bigint not null references places (id),
    path {path} not null,
    author_id bigint not null references people (id),
    title text not null,
    text text not null,
    preset text not null,
    is_secret bigint not null,
    is_binding bigint not null,
    announced_at text not null,
    opens_at text not null,
    closes_at text not null,
    state text not null,
    fewest bigint not null,
    proxies bigint not null,
    heads bigint not null default 0,
    area bigint not null default 0,
    took_heads bigint not null default 0,
    took_area bigint not null default 0,
    fingerprint text not null default '',
    roll_version bigint not null default 0,
    opening_head text not null default '',
    closing_head text not null default '',
    final_at text,
    ledger_rows bigint not null default 0,
    ledger_head text not null default '',
    ledger_at text not null default '',
    version bigint not null default 0
);
create unique index motions_by_number on motions (community_id, number);
create index motions_by_path on motions (path, state);

-- The frozen roll: one row for each ballot that there can be.
create table motion_voters (
    motion_id bigint not null references motions (id),
    voter bigint not null,
    owner_id bigint,
    name text not null,
    flats text not null,
    area bigint not null,
    took_part bigint not null default 0,
    choice text,
    way text,
    changes bigint not null default 0,
    primary key (motion_id, voter)
);
create index motion_voters_by_owner on motion_voters (owner_id);

create table motion_homes (
    motion_id bigint not null references motions (id),
    place_id bigint not null references places (id),
    voter bigint not null,
    primary key (motion_id, place_id, voter)
);
create index motion_homes_by_place on motion_homes (place_id);

create table motion_sums (
    motion_id bigint not null references motions (id),
    choice text not null,
    heads bigint not null,
    area bigint not null,
    primary key (motion_id, choice)
);

create table motion_secrets (
    motion_id bigint not null references motions (id),
    receipt text not null,
    choice text not null,
    primary key (motion_id, receipt)
) {unordered};

create table motion_papers (
    id {id},
    motion_id bigint not null references motions (id),
    voter bigint not null,
    choice text not null,
    photo_id bigint not null references photos (id),
    entered_by bigint not null references people (id),
    entered_at text not null,
    decided_by bigint references people (id),
    decided_at text,
    outcome text
);
create index motion_papers_by_motion on motion_papers (motion_id);
create index motion_papers_by_photo on motion_papers (photo_id);

create table motion_proxies (
    motion_id bigint not null references motions (id),
    voter bigint not null,
    holder_id bigint not null references people (id),
    photo_id bigint not null references photos (id),
    entered_by bigint not null references people (id),
    entered_at text not null,
    primary key (motion_id, voter)
);
create index motion_proxies_by_holder on motion_proxies (holder_id);
create index motion_proxies_by_photo on motion_proxies (photo_id);

create table motion_ledger (
    motion_id bigint not null references motions (id),
    seq bigint not null,
    row_text text not null,
    hash text not null,
    primary key (motion_id, seq)
);

alter table web_messages add column erase_at text;
create index web_messages_to_erase on web_messages (erase_at) where erase_at is not null;
