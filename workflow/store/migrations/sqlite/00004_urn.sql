-- +goose Up
ALTER TABLE cases ADD COLUMN held_until TEXT; -- NULL: not held

CREATE TABLE batches (
    source     TEXT NOT NULL,
    body       TEXT NOT NULL, -- digest of the file
    dropped_to TEXT,          -- NULL: no sheet says
    envelopes  INTEGER NOT NULL,
    reason     TEXT NOT NULL, -- why it was not parted; '' if it was
    saved_at   TEXT NOT NULL,
    data       TEXT NOT NULL, -- ingest.Batch as JSON
    PRIMARY KEY (source, body)
) STRICT;
CREATE INDEX batches_by_window ON batches (source, dropped_to);

CREATE TABLE emptyings (
    id           INTEGER PRIMARY KEY,
    site         TEXT NOT NULL,
    dropped_from TEXT NOT NULL,
    dropped_to   TEXT NOT NULL,
    counted      INTEGER NOT NULL,
    bag          TEXT NOT NULL,
    witness      TEXT NOT NULL,
    held_until   TEXT,
    entered_by   TEXT NOT NULL,
    entered_at   TEXT NOT NULL,
    settled_by   TEXT NOT NULL,
    settled_at   TEXT,
    note         TEXT NOT NULL,
    UNIQUE (site, dropped_to)
) STRICT;
