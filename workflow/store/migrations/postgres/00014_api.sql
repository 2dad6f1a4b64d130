-- +goose Up
-- The transaction that wrote an event. Numbers of events are given before the commit, so that reading on behind the highest
-- number seen would miss what is committed later under a lower one.
ALTER TABLE events ADD COLUMN tx BIGINT NOT NULL DEFAULT 0;
ALTER TABLE events ALTER COLUMN tx SET DEFAULT (pg_current_xact_id()::text::bigint);
CREATE INDEX events_feed ON events (tx, id);

CREATE TABLE tokens (
    name       TEXT PRIMARY KEY,
    hash       TEXT NOT NULL UNIQUE,
    scopes     TEXT NOT NULL, -- JSON
    desks      TEXT NOT NULL, -- JSON
    created_at TIMESTAMPTZ NOT NULL,
    created_by TEXT NOT NULL,
    revoked_at TIMESTAMPTZ
);

CREATE TABLE subscriptions (
    name       TEXT PRIMARY KEY,
    cursor     TEXT NOT NULL,
    not_before TIMESTAMPTZ,
    failures   INTEGER NOT NULL,
    detail     TEXT NOT NULL,
    taken_at   TIMESTAMPTZ
);
