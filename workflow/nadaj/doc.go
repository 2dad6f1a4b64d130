// Package nadaj carries letters to residents through ePUAP: it writes the letter as an XML document, seals it, puts it into the
// resident's box (skrytka, operation nadaj) and keeps what proves it: the document as it went, the platform's identifiers and
// the official proof of submission (UPP), which it reads and verifies. Letters whose day of delivery counts can be served against
// a signed proof of receipt instead (doreczyciel, operation dorecz); the proof (UPD) comes in later, and Receipts keeps it.
//
// Each letter goes through the box its case came by (Boxes); what answers a test is a trial, of which nothing is delivered.
//
// It is a workflow.Carrier, so the Postman of package reply makes the intent durable before, and never sends again what may
// have arrived (promise P3). It refuses to know which letter a case deserves and how SOAP works. Read next: carrier.go.
package nadaj
