-- +goose Up
-- A formal letter names the position of who signs it (KPA art. 54 § 2).
ALTER TABLE users ADD COLUMN position TEXT NOT NULL DEFAULT '';
