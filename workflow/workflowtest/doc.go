// Package workflowtest owns what it takes to trust an implementation of the ports of package workflow: TestStore and
// TestEvidence say what each must do, Faults makes calls fail before or after they took effect, and Postgres starts a database
// server for a test. They fail, and never skip, when a program they need is missing.
//
// It refuses to know any implementation. Read next: store.go for the contract of a store, one test a sentence.
package workflowtest
