-- +goose Up
CREATE TABLE submissions (
    id       INTEGER PRIMARY KEY,
    source   TEXT NOT NULL,
    item_key TEXT NOT NULL,
    body     TEXT NOT NULL, -- digest of the body
    data     TEXT NOT NULL, -- ingest.Submission as JSON
    UNIQUE (source, item_key, body)
) STRICT;

CREATE TABLE rpw_counters (
    year INTEGER PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT;

CREATE TABLE cases (
    id             INTEGER PRIMARY KEY REFERENCES submissions (id),
    number         TEXT NOT NULL UNIQUE,
    source         TEXT NOT NULL,
    channel        TEXT NOT NULL,
    received_at    TEXT,
    registered_at  TEXT NOT NULL,
    stage          TEXT NOT NULL,
    status         TEXT NOT NULL,
    version        INTEGER NOT NULL,
    sender_name    TEXT NOT NULL,
    sender_address TEXT NOT NULL,
    subject        TEXT NOT NULL,
    nature         TEXT NOT NULL,
    procedure      TEXT NOT NULL,
    confidence     REAL NOT NULL,
    decided_by     TEXT NOT NULL,
    desk           TEXT NOT NULL,
    desk_because   TEXT NOT NULL,
    reply          TEXT NOT NULL,
    missing        INTEGER NOT NULL,
    due_at         TEXT NOT NULL, -- the year 9999 where no term runs: NULL would not sort
    owner          TEXT NOT NULL,
    parent         INTEGER REFERENCES cases (id),
    reason         TEXT NOT NULL,
    search         TEXT NOT NULL, -- number, sender and subject without case and diacritics
    changed_at     TEXT NOT NULL
) STRICT;
CREATE INDEX cases_by_due ON cases (due_at, id, search); -- words are looked for in the index, rows fetched for hits only
CREATE INDEX cases_in_work ON cases (due_at, id) WHERE status <> 'closed';
CREATE INDEX cases_by_desk ON cases (desk, status, due_at, id);
CREATE INDEX cases_by_owner ON cases (owner, due_at, id) WHERE owner <> '';
CREATE INDEX cases_to_judge ON cases (changed_at, id) WHERE stage = 'judge';

CREATE TABLE judgements (
    case_id INTEGER PRIMARY KEY REFERENCES cases (id),
    data    TEXT NOT NULL -- workflow.Judgement as JSON
) STRICT;

CREATE TABLE events (
    id      INTEGER PRIMARY KEY,
    case_id INTEGER NOT NULL REFERENCES cases (id),
    at      TEXT NOT NULL,
    actor   TEXT NOT NULL,
    kind    TEXT NOT NULL,
    detail  TEXT NOT NULL
) STRICT;
CREATE INDEX events_by_case ON events (case_id, id);

CREATE TABLE letters (
    id          INTEGER PRIMARY KEY,
    case_id     INTEGER NOT NULL REFERENCES cases (id),
    kind        TEXT NOT NULL,
    automatic   INTEGER NOT NULL,
    status      TEXT NOT NULL,
    channel     TEXT NOT NULL,
    recipient   TEXT NOT NULL,
    to_key      TEXT NOT NULL, -- recipient in lower case and of bounded length
    subject     TEXT NOT NULL,
    body        TEXT NOT NULL,
    message_id  TEXT NOT NULL,
    in_reply_to TEXT NOT NULL, -- JSON
    author      TEXT NOT NULL,
    created_at  TEXT NOT NULL,
    sending_at  TEXT,
    sent_at     TEXT,
    detail      TEXT NOT NULL,
    changed_at  TEXT NOT NULL
) STRICT;
CREATE INDEX letters_by_case ON letters (case_id, id);
CREATE INDEX letters_automatic ON letters (created_at, to_key) WHERE automatic AND status <> 'cancelled';
CREATE INDEX letters_to_send ON letters (changed_at, case_id) WHERE status IN ('queued', 'sending');

CREATE TABLE case_keys (
    kind    TEXT NOT NULL,
    value   TEXT NOT NULL,
    case_id INTEGER NOT NULL REFERENCES cases (id),
    PRIMARY KEY (kind, value, case_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE links (
    case_id  INTEGER NOT NULL REFERENCES cases (id),
    other_id INTEGER NOT NULL REFERENCES cases (id),
    kind     TEXT NOT NULL,
    score    REAL NOT NULL,
    attached INTEGER NOT NULL,
    because  TEXT NOT NULL,
    PRIMARY KEY (case_id, other_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX links_by_other ON links (other_id, case_id);

CREATE TABLE receipts (
    source     TEXT NOT NULL,
    item       TEXT NOT NULL,
    seen_at    TEXT NOT NULL,
    outcome    TEXT NOT NULL, -- '' while pending
    case_id    INTEGER REFERENCES cases (id),
    settled_at TEXT,
    PRIMARY KEY (source, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX receipts_by_outcome ON receipts (source, outcome, seen_at);

CREATE TABLE source_cursors (
    source TEXT PRIMARY KEY,
    cursor TEXT NOT NULL,
    set_at TEXT NOT NULL
) STRICT;

CREATE TABLE examples (
    id      INTEGER PRIMARY KEY,
    case_id INTEGER NOT NULL REFERENCES cases (id),
    at      TEXT NOT NULL,
    actor   TEXT NOT NULL,
    before  TEXT NOT NULL,
    after   TEXT NOT NULL
) STRICT;

CREATE TABLE users (
    name          TEXT PRIMARY KEY,
    full_name     TEXT NOT NULL,
    role          TEXT NOT NULL,
    desks         TEXT NOT NULL, -- JSON; null: all
    password_hash TEXT NOT NULL,
    disabled      INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
    token      TEXT PRIMARY KEY,
    data       BLOB NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
