// Package cut looks at the pages of a batch of scans and takes the batch apart. It parses outside bytes: it belongs into a
// sandboxed child process. What a page shows besides the code of a separator sheet is none of its business, and where to cut is
// decided by package scan in the parent. Read next: handler.go for what the parent asks, pdf.go and tiff.go for the formats.
package cut
