-- +goose Up
ALTER TABLE cases ADD COLUMN held_until TIMESTAMPTZ; -- NULL: not held

CREATE TABLE batches (
    source     TEXT NOT NULL,
    body       TEXT NOT NULL, -- digest of the file
    dropped_to TIMESTAMPTZ,          -- NULL: no sheet says
    envelopes  BIGINT NOT NULL,
    reason     TEXT NOT NULL, -- why it was not parted; '' if it was
    saved_at   TIMESTAMPTZ NOT NULL,
    data       TEXT NOT NULL, -- ingest.Batch as JSON
    PRIMARY KEY (source, body)
);
CREATE INDEX batches_by_window ON batches (source, dropped_to);

CREATE TABLE emptyings (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site         TEXT NOT NULL,
    dropped_from TIMESTAMPTZ NOT NULL,
    dropped_to   TIMESTAMPTZ NOT NULL,
    counted      BIGINT NOT NULL,
    bag          TEXT NOT NULL,
    witness      TEXT NOT NULL,
    held_until   TIMESTAMPTZ,
    entered_by   TEXT NOT NULL,
    entered_at   TIMESTAMPTZ NOT NULL,
    settled_by   TEXT NOT NULL,
    settled_at   TIMESTAMPTZ,
    note         TEXT NOT NULL,
    UNIQUE (site, dropped_to)
);
