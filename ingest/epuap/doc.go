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
//   - The bytes are never written anew: the hash is over what came, a byte order mark included.
//
// The package refuses to know what is in a letter, except where it names files the platform keeps, and writes nothing of it to
// a log. Read next: source.go (rounds and pauses), take.go (one document), client.go (the operations), soap (the wire).
package epuap
