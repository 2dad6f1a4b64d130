// Package reply owns what the office writes back: the text of letters to residents, the guards that keep two automatic systems
// from talking to each other, and the delivery that sends a letter once or says that nobody can know.
//
// Its three parts meet only in package workflow: Composer (compose.go, guard.go, the templates in letters/) is pure; SMTP
// (smtp.go) is a Carrier that always tells in which phase a conversation broke; Postman (postman.go) moves letters through
// their statuses so that none is sent twice (promise P3). It refuses to know which letter a case deserves (the pipeline
// decides) and any SQL. Read next: letters/incomplete.txt, then lint.go, which says what a letter must contain.
package reply
