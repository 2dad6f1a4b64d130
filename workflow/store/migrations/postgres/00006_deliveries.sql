-- +goose Up
CREATE TABLE deliveries (
    letter_id    BIGINT PRIMARY KEY REFERENCES letters (id),
    case_id      BIGINT NOT NULL REFERENCES cases (id),
    task         TEXT NOT NULL,
    message      TEXT NOT NULL,
    status       TEXT NOT NULL,
    delivered_at TIMESTAMPTZ,
    deemed       BOOLEAN NOT NULL,
    failed       BOOLEAN NOT NULL,
    proofs       TEXT NOT NULL, -- their names as JSON; the files are letter_proofs
    sent_at      TIMESTAMPTZ,
    looked_at    TIMESTAMPTZ,
    open         BOOLEAN NOT NULL -- the platform is still to be asked
);
CREATE INDEX deliveries_by_case ON deliveries (case_id, letter_id);
CREATE INDEX deliveries_open ON deliveries (looked_at) WHERE open;
