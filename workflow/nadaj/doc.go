// Package nadaj carries letters to residents through ePUAP: it writes the letter as an XML document, seals it, puts it into the
// resident's box (skrytka, operation nadaj) and keeps what proves it: the document as it went, the platform's identifiers and
// the official proof of submission (UPP), which it reads and verifies.
//
// It is a workflow.Carrier, so the Postman of package reply makes the intent durable before, and never sends again what may
// have arrived (promise P3). It refuses to know which letter a case deserves and how SOAP works. Read next: carrier.go.
package nadaj
