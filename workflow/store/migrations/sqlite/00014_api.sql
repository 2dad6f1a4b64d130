-- +goose Up
-- There is one writer at a time, so that numbers of events are in the order of commits; tx says so.
ALTER TABLE events ADD COLUMN tx INTEGER NOT NULL DEFAULT 0;
CREATE INDEX events_feed ON events (tx, id);

CREATE TABLE tokens (
    name       TEXT PRIMARY KEY,
    hash       TEXT NOT NULL UNIQUE,
    scopes     TEXT NOT NULL, -- JSON
    desks      TEXT NOT NULL, -- JSON
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    revoked_at TEXT
) STRICT;

CREATE TABLE subscriptions (
    name       TEXT PRIMARY KEY,
    cursor     TEXT NOT NULL,
    not_before TEXT,
    failures   INTEGER NOT NULL,
    detail     TEXT NOT NULL,
    taken_at   TEXT
) STRICT;
