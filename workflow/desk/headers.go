package desk

// pagePolicy allows what the desk itself serves and nothing else: no inline script or style, no frame, no other host.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// filePolicy is for files, above all those residents sent: should a browser open it after all, it may do nothing.
const filePolicy = "default-src 'none'; sandbox; frame-ancestors 'none'"
