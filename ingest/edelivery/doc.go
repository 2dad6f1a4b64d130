// Package edelivery is the connector to an address of e-Doręczenia (ADE): an ingest.Source that takes the messages of its
// mailbox over User Agent API v3, the Client with which letters are sent (package ade) and the look-up of other addresses in
// the register BAE (Search Engine API v4).
//
// The mailbox knows no acknowledgement, so nothing here depends on one:
//
//   - The identity of a message is its messageId. What was taken stands in the ledger, not in the mailbox: whether somebody
//     opened, moved or marked a message changes nothing.
//   - Listing asks for "metadata", which marks nothing as read. Each message is then read once in "full": for a private
//     addressee that is the act of receipt. The moment, and the proofs the platform issued, are kept with the message.
//   - The cursor only saves work. Without it the whole mailbox is listed again and nothing is taken twice.
//   - A message that fails is held and tried again; the others pass it. An attachment that cannot be had does not keep a letter
//     from the office for ever: it is taken without, and Envelope.Meta tells.
//   - Attachments are streamed, up to 500 MB each: none is ever in memory.
//
// The package refuses to know what is in a letter and writes nothing of it to a log. Read next: source.go (rounds), take.go (one
// message), client.go (the wire), token.go (who we are).
package edelivery
