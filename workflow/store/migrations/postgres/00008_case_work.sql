-- +goose Up
CREATE TABLE rulings ( -- what people said of single requirements, over the judgement
    case_id     BIGINT NOT NULL REFERENCES cases (id),
    requirement TEXT NOT NULL,
    outcome     TEXT NOT NULL,
    because     TEXT NOT NULL,
    ruled_by    TEXT NOT NULL,
    at          TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (case_id, requirement)
);

CREATE TABLE last_steps ( -- the last step of a person on a case that can be undone
    case_id BIGINT PRIMARY KEY REFERENCES cases (id),
    version BIGINT NOT NULL, -- of the case after it
    actor   TEXT NOT NULL,
    at      TIMESTAMPTZ NOT NULL,
    kind    TEXT NOT NULL,
    before  TEXT NOT NULL, -- workflow.Standing as JSON
    rulings TEXT NOT NULL  -- []workflow.Ruling as JSON
);
