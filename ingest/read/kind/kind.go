// Package kind guesses what a document is.
package kind

import "okienko/ingest"

// Guess guesses.
func Guess(name, mediaType, text string) []ingest.Kind { return nil }
