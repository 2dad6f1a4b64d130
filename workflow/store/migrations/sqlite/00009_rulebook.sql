-- +goose Up
CREATE TABLE rule_drafts (
    id         INTEGER PRIMARY KEY,
    base       INTEGER NOT NULL, -- number of the version it was made from; 0: the one built in
    title      TEXT NOT NULL,
    authors    TEXT NOT NULL, -- JSON: names of users who changed it
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    revision   INTEGER NOT NULL,
    state      TEXT NOT NULL,
    digest     TEXT NOT NULL,
    book       BLOB NOT NULL, -- the files as a ZIP
    replay     TEXT NOT NULL   -- JSON; '' if not replayed as it is
) STRICT;
CREATE INDEX rule_drafts_open ON rule_drafts (id) WHERE state = 'open';

CREATE TABLE rule_versions (
    number       INTEGER PRIMARY KEY, -- 1, 2, 3 …
    title        TEXT NOT NULL,
    authors      TEXT NOT NULL, -- JSON
    published_by TEXT NOT NULL,
    published_at TEXT NOT NULL,
    valid_from   TEXT NOT NULL,
    digest       TEXT NOT NULL,
    book         BLOB NOT NULL
) STRICT;

CREATE TABLE letter_halt (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    halted  INTEGER NOT NULL,
    actor   TEXT NOT NULL,
    at      TEXT,
    because TEXT NOT NULL
) STRICT;
INSERT INTO letter_halt (id, halted, actor, because) VALUES (1, 0, '', '');

CREATE INDEX letters_held ON letters (id) WHERE status = 'held';
CREATE INDEX examples_by_time ON examples (at, id);
CREATE INDEX cases_for_numbers ON cases (registered_at, channel, procedure, decided_by, nature, missing, parent, desk);
