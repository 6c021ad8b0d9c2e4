-- Turns: what only one process may do at a time, such as holding the connection of a bot.

create table turns (
    name text primary key,
    holder text not null,
    until text not null
);
