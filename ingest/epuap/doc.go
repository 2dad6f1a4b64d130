// Package epuap is the connector to a box (skrytka) of ePUAP: an ingest.Source that takes the documents that wait in the
// platform's pull queue, and the Client with which answers are sent (package nadaj).
//
// The queue shows one document at a time, its head, again and again until it is confirmed by a hash of its bytes. So:
//
//   - A document is confirmed only after accept returned nil for the whole of it.
//   - If the answer to the confirmation is lost, the head either comes again, is offered again under the same item and key,
//     and is confirmed again; or it is gone. Neither makes a second case.
//   - Big attachments are references, which the platform lets be fetched only once. They are kept in a directory, synced to
//     disk, before the document is offered, and offered with it. One that cannot be had does not block the queue for ever: the
//     document is taken without it, and Envelope.Meta tells.
//   - When the queue does not work, the platform gives out a box as a ZIP file. Import offers its documents under the same items
//     and keys, so a document is one case whichever way it comes first (archive.go, import.go).
//   - A document its sender marked as a test says so in Envelope.Meta; ingest.Submission.Test reads it.
//   - The bytes are never written anew: the hash is over what came, a byte order mark included.
//
// Two services of the platform are not called. obslugaUpp issues proofs for documents that came some other way: for a box the
// platform issues them itself, and the service wants a permission of its own. nadajAny takes the document as XML inside the
// envelope, where it would be written anew and its seal broken; nadaj takes the very bytes.
//
// The package refuses to know what is in a letter, except where it names files the platform keeps, and writes nothing of it to
// a log. Read next: source.go (rounds and pauses), take.go (one document), client.go (the operations), soap (the wire).
package epuap
