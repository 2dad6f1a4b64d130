-- +goose Up
-- Every page of the queue is a few runs through one of these indexes, each in the order of the page; what a filter asks for
-- besides is in the index as well, so that rows are read for the page only.
DROP INDEX cases_by_due;
DROP INDEX cases_in_work;
DROP INDEX cases_by_desk;
DROP INDEX cases_by_owner;
ALTER TABLE cases DROP COLUMN search;
CREATE INDEX cases_by_status ON cases (status, due_at, id, desk, channel, procedure, owner);
CREATE INDEX cases_by_desk ON cases (desk, status, due_at, id, channel, procedure, owner);
CREATE INDEX cases_by_channel ON cases (channel, status, due_at, id, desk, procedure, owner);
CREATE INDEX cases_by_service ON cases (procedure, status, due_at, id, desk, channel, owner);
CREATE INDEX cases_by_owner ON cases (owner, status, due_at, id, desk, channel, procedure);
CREATE INDEX cases_by_change ON cases (changed_at, id);

CREATE TABLE case_texts (
    case_id INTEGER PRIMARY KEY REFERENCES cases (id),
    content TEXT NOT NULL -- everything read, as people see it
) STRICT;
-- rowid: the case; words: the terms, made by package search
CREATE VIRTUAL TABLE case_words USING fts5 (words, content = '', contentless_delete = 1, detail = none, tokenize = "unicode61 remove_diacritics 0");

CREATE TABLE search_state (
    rules   INTEGER NOT NULL, -- version of the terms that new cases get
    pending INTEGER NOT NULL  -- cases up to this id are still to be indexed; 0: none
) STRICT;
INSERT INTO search_state (rules, pending) SELECT 0, coalesce(max(id), 0) FROM cases;

CREATE TABLE saved_views (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,
    owner      TEXT NOT NULL, -- user name; '' for a view of a desk
    desk       TEXT NOT NULL, -- '' for a view of one person
    filter     TEXT NOT NULL, -- as in the address of the queue; never words
    created_by TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (owner, desk, name)
) STRICT;

CREATE TABLE source_contacts (
    source     TEXT PRIMARY KEY,
    channel    TEXT NOT NULL,
    contact_at TEXT, -- when the other side last answered; NULL: never
    trouble    TEXT NOT NULL -- '' while all is well
) STRICT;
