// Package imaptest starts IMAP servers on loopback ports: Memory, inside this program, for the demo and for tests; Dovecot,
// the real one, for tests that must know how a real server behaves.
//
// It knows nothing of the connector and does not depend on package testing.
package imaptest
