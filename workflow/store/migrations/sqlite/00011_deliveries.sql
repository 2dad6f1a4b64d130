-- +goose Up
-- A delivery is asked about when it is due, for a while also after it ended: proofs may come late. One that is under way or ended
-- lately is due at once.
DROP INDEX deliveries_open;
ALTER TABLE deliveries DROP COLUMN open;
ALTER TABLE deliveries ADD COLUMN way TEXT NOT NULL DEFAULT 'ade';
ALTER TABLE deliveries ADD COLUMN sent_from TEXT NOT NULL DEFAULT '';
ALTER TABLE deliveries ADD COLUMN due_at TEXT;
UPDATE deliveries SET due_at = COALESCE(looked_at, sent_at);
CREATE INDEX deliveries_due ON deliveries (due_at, letter_id) WHERE due_at IS NOT NULL;
