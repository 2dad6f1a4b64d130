package edelivery

import "strings"

// archivePrefix begins the items of the ledger that came as a message archive, by hand: the mailbox does not know them.
const archivePrefix = "archive:"

func isArchive(item string) bool { return strings.HasPrefix(item, archivePrefix) }
