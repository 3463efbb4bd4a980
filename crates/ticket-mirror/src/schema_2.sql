-- The files of tickets, and indexes for the state of the mirror.

-- What tells the files of a ticket apart.
ALTER TABLE attachment ADD COLUMN key TEXT AS (coalesce(id, url, ''));

-- A downloaded file, once for all attachments with the same bytes.
CREATE TABLE file (
  key INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  size_bytes INTEGER NOT NULL,
  media_type TEXT,                   -- what the bytes are, for images that browsers show; else what the service said
  extension TEXT NOT NULL,           -- for a file with these bytes: bin if a system might run it
  content BLOB NOT NULL
) STRICT;

-- What became of the download of an attachment.
CREATE TABLE download (
  ticket INTEGER NOT NULL REFERENCES ticket,
  attachment TEXT NOT NULL,          -- its key
  file INTEGER REFERENCES file,      -- NULL if there is none
  kind TEXT,                         -- then the kind of the error, or excluded
  message TEXT,
  run INTEGER NOT NULL,              -- that tried last
  tried_at TEXT NOT NULL,
  PRIMARY KEY (ticket, attachment)
) STRICT, WITHOUT ROWID;
CREATE INDEX download_file ON download (file);

-- Without them, counting reads every ticket.
CREATE INDEX ticket_missing ON ticket (source) WHERE missing_since IS NOT NULL;
CREATE INDEX ticket_with_conversation ON ticket (source) WHERE has_conversation;
