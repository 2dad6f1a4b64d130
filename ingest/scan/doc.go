// Package scan is the connector to a folder a scanner writes into: an ingest.Source that takes each file once and only when it
// is complete. Several folders, one a site, are several Sources; they share nothing.
//
// What holds, whatever the scanner, the share or a person at the folder does:
//
//   - A file is taken when its size and time have not changed for a while, nobody on this machine has it open for writing, and
//     its name is not one writers use for what is not finished. Its bytes are hashed, offered, and hashed again while they are
//     offered: a file that changes meanwhile is not taken.
//   - It is moved to the done folder only after accept returned nil, and never deleted. If it is no longer the file that was
//     taken, it is put back.
//   - Identity is site and digest. A crash between accept and the move means that the same item is offered again, which makes
//     no second case. The name of a file is never part of a ledger or a log: people name scans after people.
//   - PDF, TIFF, JPEG and PNG are scans; any other file is taken all the same, with a Problem that says so.
//
// The package refuses to know what is on a page. Read next: source.go (rounds and pauses), folder.go (what is complete),
// take.go (one file), done.go (the move).
package scan
