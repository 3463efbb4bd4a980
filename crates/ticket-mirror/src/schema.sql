-- Times are RFC 3339 in UTC with milliseconds, so that they sort as text. JSON is the unified ticket without nulls.

-- A helpdesk account. Ticket 1 of one source is not ticket 1 of another.
CREATE TABLE source (
  key INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,         -- feishu, or feishu@prod for a profile
  provider TEXT NOT NULL,
  base_url TEXT NOT NULL,            -- empty if there is none
  helpdesk_id TEXT NOT NULL,         -- empty if there is none
  UNIQUE (provider, base_url, helpdesk_id)
) STRICT;

CREATE TABLE ticket (
  key INTEGER PRIMARY KEY,
  source INTEGER NOT NULL REFERENCES source,
  id TEXT NOT NULL,
  helpdesk_id TEXT,
  url TEXT,
  title TEXT,
  description TEXT,
  status TEXT,
  status_native TEXT,
  priority TEXT,
  priority_native TEXT,
  type TEXT,
  type_native TEXT,
  handling TEXT,
  handling_native TEXT,
  channel TEXT,
  channel_native TEXT,
  requester_id TEXT,
  requester_name TEXT,
  requester_email TEXT,
  assignee_id TEXT,
  assignee_name TEXT,
  assignee_email TEXT,
  team_id TEXT,
  team_name TEXT,
  solved INTEGER,                    -- 0 or 1
  rating INTEGER,
  rating_min INTEGER,
  rating_max INTEGER,
  rating_comment TEXT,
  rated_at TEXT,
  sla_name TEXT,
  first_response_due_at TEXT,
  resolution_due_at TEXT,
  sla_breached INTEGER,              -- 0 or 1
  first_response_at TEXT,
  last_response_at TEXT,
  first_response_seconds INTEGER,
  resolution_seconds INTEGER,
  processing_seconds INTEGER,
  work_seconds REAL,
  created_at TEXT,
  updated_at TEXT,
  started_at TEXT,
  due_at TEXT,
  resolved_at TEXT,
  closed_at TEXT,
  conversation_complete INTEGER,     -- 0 or 1; NULL if the service does not say, or without a conversation
  json TEXT NOT NULL,
  version INTEGER NOT NULL,          -- 1, and one more with each change
  version_at TEXT NOT NULL,          -- when this version was first seen
  first_seen_at TEXT NOT NULL,
  last_seen_at TEXT NOT NULL,
  missing_since TEXT,                -- when a full run did not find it
  has_conversation INTEGER NOT NULL, -- 0 or 1
  fetched INTEGER NOT NULL,          -- 0 if it is only a row of a list, 1 if it was fetched by its id, 2 with its conversation
  content_hash INTEGER NOT NULL,     -- of the JSON, whatever the order of its keys
  row_hash INTEGER,                  -- of the row of the list that was last seen
  seen_run INTEGER NOT NULL,
  seen_window INTEGER,
  UNIQUE (source, id)
) STRICT;
-- All sources in one order, for lists without a source.
CREATE INDEX ticket_created_at ON ticket (created_at, source);
CREATE INDEX ticket_updated_at ON ticket (source, updated_at);

-- The earlier versions of a ticket. The current one is in `ticket`.
CREATE TABLE ticket_version (
  ticket INTEGER NOT NULL REFERENCES ticket,
  version INTEGER NOT NULL,
  seen_at TEXT NOT NULL,             -- when it was first seen
  json TEXT NOT NULL,
  PRIMARY KEY (ticket, version)
) STRICT, WITHOUT ROWID;

-- Messages, and notes on the ticket itself (kind `note`).
CREATE TABLE message (
  ticket INTEGER NOT NULL REFERENCES ticket,
  position INTEGER NOT NULL,         -- from 0, in the order of the service; notes follow the messages
  kind TEXT NOT NULL,                -- message or note
  id TEXT,
  visibility TEXT NOT NULL,          -- public, internal or unknown
  author_role TEXT,
  author_id TEXT,
  author_name TEXT,
  content_type TEXT,
  format TEXT,
  body TEXT,
  created_at TEXT,
  PRIMARY KEY (ticket, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE status_change (
  ticket INTEGER NOT NULL REFERENCES ticket,
  position INTEGER NOT NULL,
  id TEXT,
  from_status TEXT,
  from_native TEXT,
  to_status TEXT,
  to_native TEXT,
  by_role TEXT,
  by_id TEXT,
  by_name TEXT,
  created_at TEXT,
  PRIMARY KEY (ticket, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE custom_field (
  ticket INTEGER NOT NULL REFERENCES ticket,
  position INTEGER NOT NULL,
  id TEXT,
  name TEXT,                         -- the key that programs use
  label TEXT,
  value TEXT,                        -- the text of a string, else JSON
  native TEXT,
  PRIMARY KEY (ticket, position)
) STRICT, WITHOUT ROWID;

-- Everyone on a ticket, once for each role.
CREATE TABLE person (
  ticket INTEGER NOT NULL REFERENCES ticket,
  position INTEGER NOT NULL,
  role TEXT NOT NULL,                -- requester, submitter, assignee, agent, collaborator, follower, closed_by, cc, …
  role_native TEXT,
  id TEXT,
  name TEXT,
  email TEXT,
  phone TEXT,
  department TEXT,
  team TEXT,                         -- the name of a group that takes part instead of a person
  PRIMARY KEY (ticket, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE tag (
  ticket INTEGER NOT NULL REFERENCES ticket,
  position INTEGER NOT NULL,
  id TEXT,
  name TEXT,
  PRIMARY KEY (ticket, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE relation (
  ticket INTEGER NOT NULL REFERENCES ticket,
  position INTEGER NOT NULL,
  type TEXT,
  type_native TEXT,
  id TEXT,                           -- of the other ticket, in the same source
  url TEXT,
  PRIMARY KEY (ticket, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE attachment (
  ticket INTEGER NOT NULL REFERENCES ticket,
  position INTEGER NOT NULL,
  message INTEGER,                   -- the position of its message; NULL for a file of the ticket itself
  id TEXT,
  url TEXT,
  name TEXT,
  media_type TEXT,
  size_bytes INTEGER,
  PRIMARY KEY (ticket, position)
) STRICT, WITHOUT ROWID;

-- Differences between the responses and their documentation.
CREATE TABLE diagnostic (
  ticket INTEGER NOT NULL REFERENCES ticket,
  position INTEGER NOT NULL,
  pointer TEXT NOT NULL,
  message TEXT NOT NULL,
  PRIMARY KEY (ticket, position)
) STRICT, WITHOUT ROWID;

-- Exact responses, compressed with zstd. A page of a list is shared by its tickets.
CREATE TABLE raw (
  key INTEGER PRIMARY KEY,
  source INTEGER NOT NULL REFERENCES source,
  operation TEXT NOT NULL,
  received_at TEXT NOT NULL,
  body BLOB NOT NULL
) STRICT;

-- Which responses a version of a ticket came from, in their order.
CREATE TABLE ticket_raw (
  ticket INTEGER NOT NULL REFERENCES ticket,
  version INTEGER NOT NULL,
  position INTEGER NOT NULL,
  raw INTEGER NOT NULL REFERENCES raw,
  PRIMARY KEY (ticket, version, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX ticket_raw_raw ON ticket_raw (raw);

-- One run of `sync`.
CREATE TABLE run (
  key INTEGER PRIMARY KEY,
  source INTEGER NOT NULL REFERENCES source,
  kind TEXT NOT NULL,                -- full, incremental, ids, repair, check
  conversation INTEGER NOT NULL,     -- 0 or 1
  since TEXT,                        -- only tickets created from here on
  until TEXT NOT NULL,               -- only tickets created up to here
  cursor TEXT,                       -- the last id of a list that is ordered by id
  started_at TEXT NOT NULL,
  finished_at TEXT,                  -- NULL while it runs, or if it was interrupted
  state TEXT NOT NULL,               -- running, finished, abandoned
  new INTEGER NOT NULL DEFAULT 0,
  changed INTEGER NOT NULL DEFAULT 0,
  unchanged INTEGER NOT NULL DEFAULT 0,
  fetched INTEGER NOT NULL DEFAULT 0,
  missing INTEGER NOT NULL DEFAULT 0,
  requests INTEGER NOT NULL DEFAULT 0,
  waits INTEGER NOT NULL DEFAULT 0,
  waited_seconds REAL NOT NULL DEFAULT 0,
  receipt TEXT                       -- JSON, at the end
) STRICT;

-- A part of a list: a range of time or of ids that one run reads.
CREATE TABLE window (
  key INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run,
  kind TEXT NOT NULL,                -- created, updated, after, list
  since TEXT,
  until TEXT,
  state TEXT NOT NULL,               -- open, split, complete, unknown, moving, unstable, gap, superseded
  claimed INTEGER,                   -- how many tickets match, as the service claims
  read INTEGER NOT NULL DEFAULT 0,   -- rows, in all passes
  tickets INTEGER NOT NULL DEFAULT 0,
  unreadable INTEGER NOT NULL DEFAULT 0,
  passes INTEGER NOT NULL DEFAULT 1,
  pass_start INTEGER NOT NULL DEFAULT 0, -- the tickets before this pass
  after TEXT,                        -- the last id, for a list that is ordered by id
  token TEXT                         -- the next page
) STRICT;
CREATE INDEX window_state ON window (run, state);

-- Tickets that still have to be fetched.
CREATE TABLE todo (
  source INTEGER NOT NULL REFERENCES source,
  id TEXT NOT NULL,
  conversation INTEGER NOT NULL,     -- whether its conversation is wanted, 0 or 1
  row_hash INTEGER,
  window INTEGER,
  run INTEGER NOT NULL,
  failed_run INTEGER,                -- the run in which it failed last
  PRIMARY KEY (source, id)
) STRICT, WITHOUT ROWID;

-- Tickets that a run could not fetch.
CREATE TABLE failure (
  run INTEGER NOT NULL REFERENCES run,
  id TEXT NOT NULL,
  operation TEXT,
  kind TEXT NOT NULL,
  message TEXT NOT NULL,
  failed_at TEXT NOT NULL,
  PRIMARY KEY (run, id)
) STRICT, WITHOUT ROWID;

-- The full text. Runs of Chinese, Japanese and Korean are indexed as overlapping pairs of characters.
CREATE VIRTUAL TABLE text_index USING fts5 (
  title, description, messages, notes, fields, people,
  content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);
