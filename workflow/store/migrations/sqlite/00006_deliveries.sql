-- +goose Up
CREATE TABLE deliveries (
    letter_id    INTEGER PRIMARY KEY REFERENCES letters (id),
    case_id      INTEGER NOT NULL REFERENCES cases (id),
    task         TEXT NOT NULL,
    message      TEXT NOT NULL,
    status       TEXT NOT NULL,
    delivered_at TEXT,
    deemed       INTEGER NOT NULL,
    failed       INTEGER NOT NULL,
    proofs       TEXT NOT NULL, -- their names as JSON; the files are letter_proofs
    sent_at      TEXT,
    looked_at    TEXT,
    open         INTEGER NOT NULL -- the platform is still to be asked
) STRICT;
CREATE INDEX deliveries_by_case ON deliveries (case_id, letter_id);
CREATE INDEX deliveries_open ON deliveries (looked_at) WHERE open;
