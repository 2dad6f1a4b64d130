-- +goose Up
-- Each line of the audit carries SHA-256(digest before || line). Lines from before this migration have none.
ALTER TABLE audit ADD COLUMN digest TEXT NOT NULL DEFAULT '';

CREATE TABLE audit_head (
    one     BIGINT PRIMARY KEY CHECK (one = 1),
    after   BIGINT NOT NULL, -- the chain begins after this id
    lines   BIGINT NOT NULL, -- how many it has: cutting its end off shows
    digest  TEXT NOT NULL    -- of its last line
);
INSERT INTO audit_head (one, after, lines, digest) SELECT 1, coalesce(max(id), 0), 0, '' FROM audit;

CREATE INDEX events_by_time ON events (at, id);
