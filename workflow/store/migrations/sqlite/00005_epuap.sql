-- +goose Up
CREATE TABLE letter_proofs (
    id        INTEGER PRIMARY KEY,
    case_id   INTEGER NOT NULL REFERENCES cases (id),
    letter_id INTEGER NOT NULL REFERENCES letters (id),
    at        TEXT NOT NULL,
    kind      TEXT NOT NULL,
    issuer_id TEXT NOT NULL,
    digest    TEXT NOT NULL,
    bytes     INTEGER NOT NULL,
    verdict   TEXT NOT NULL,
    because   TEXT NOT NULL,
    UNIQUE (letter_id, digest)
) STRICT;
CREATE INDEX letter_proofs_by_case ON letter_proofs (case_id, id);

CREATE TABLE test_counters ( -- numbers of documents marked as tests, beside rpw_counters
    year INTEGER PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT;
