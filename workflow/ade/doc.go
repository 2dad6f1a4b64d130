// Package ade carries letters to residents through e-Doręczenia, to their address for electronic delivery (ADE), and follows
// each until its delivery is proved: a Carrier, which gives a letter to the platform once, and a Tracker, which asks what became
// of it, keeps the proofs as evidence and writes the date a term runs from into the history.
//
// The Postman of package reply makes the intent durable before, and never sends again what may have arrived (promise P3): the
// platform knows no idempotency key. The date of delivery is that of the proof of receipt and never that of sending; a letter
// nobody opens counts as delivered 14 days after it came (ustawa o doręczeniach elektronicznych art. 42), which the platform
// proves too. The package refuses to know which letter a case deserves. Read next: carrier.go, tracker.go.
package ade
