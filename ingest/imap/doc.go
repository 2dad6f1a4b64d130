// Package imap is the connector to a mailbox: an ingest.Source that offers every letter of one IMAP folder and, once a
// letter is durable, moves it to a done folder. Several mailboxes are several Sources; they share nothing.
//
// What holds, whatever the server or the network does:
//
//   - A letter is moved only after accept returned nil for the whole of it: the body ends with io.EOF only when the server
//     has confirmed the answer it came in, so a cut connection is never mistaken for the end of a letter.
//   - UIDs are names, not identities. When UIDVALIDITY changes, all that lies in the folder is offered again, except what
//     was there before the office began (start: now).
//   - Nothing is kept in memory but a bounded number of small letters (buffer_bytes); larger ones are streamed into accept.
//   - Every wait has an end, every answer a size: see guard.
//   - A letter that fails waits longer and longer while the others pass.
//
// The package refuses to know what is in a letter, who sent it and what becomes of it, and never writes to a log what a
// server sent after the folder was opened, because that may be a piece of a letter.
//
// Read next: source.go (the life of a connection), scan.go (one look into the folder), take.go (one batch), ack.go.
package imap
