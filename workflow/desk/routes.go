package desk

import (
	"net/http"

	"okienko/workflow"
)

// access says who may use a route. The guard of each is in access.go; TestEveryRouteForEveryRole walks them all.
type access int

const (
	anyone    access = iota // without signing in
	signedIn                // every user
	caseOwn                 // every user who sees the case named by {id}; to others it does not exist
	adminOnly               // administrators
)

// route is one page or action.
type route struct {
	pattern string // of http.ServeMux
	access  access
	serve   func(*visit) error
}

// routes lists every route but the static files, which anyone may read.
func (d *desk) routes() []route {
	list := []route{
		{"GET /{$}", signedIn, d.home},
		{"GET /signin", anyone, d.showSignIn},
		{"POST /signin", anyone, d.signIn},
		{"POST /signout", signedIn, d.signOut},
		{"POST /language", anyone, d.chooseLanguage},

		{"GET /queue", signedIn, d.showQueue},
		{"POST /queue", signedIn, d.search},
		{"GET /queue/live", signedIn, d.streamQueue},
		{"GET /queue/rows", signedIn, d.showRows},
		{"POST /queue/bulk", signedIn, d.bulk},
		{"POST /queue/views", signedIn, d.saveView},
		{"POST /queue/views/{view}/drop", signedIn, d.dropView},
		{"GET /sources", signedIn, d.showSources},
		{"GET /sources/{source}", signedIn, d.showSource},
		{"GET /urns", signedIn, d.showUrns},
		{"POST /urns", signedIn, d.addEmptying},
		{"POST /urns/{urn}/settle", signedIn, d.settleEmptying},
		{"GET /help", signedIn, d.showHelp},
		{"POST /keys", signedIn, d.switchKeys},
		{"GET /password", signedIn, d.showPassword},
		{"POST /password", signedIn, d.changePassword},

		{"GET /cases/{id}", caseOwn, d.showCase},
		{"POST /cases/{id}/claim", caseOwn, d.act(claim)},
		{"POST /cases/{id}/takeover", caseOwn, d.act(takeOver)},
		{"POST /cases/{id}/release", caseOwn, d.act(release)},
		{"POST /cases/{id}/accept", caseOwn, d.act(accept)},
		{"POST /cases/{id}/close", caseOwn, d.closeCase},
		{"POST /cases/{id}/reopen", caseOwn, d.act(reopen)},
		{"POST /cases/{id}/note", caseOwn, d.addNote},
		{"POST /cases/{id}/service", caseOwn, d.changeService},
		{"POST /cases/{id}/unhold", caseOwn, d.endHold},
		{"POST /cases/{id}/assign", caseOwn, d.assign},
		{"POST /cases/{id}/handover", caseOwn, d.toDesk},
		{"POST /cases/{id}/ruling", caseOwn, d.overrule},
		{"POST /cases/{id}/link", caseOwn, d.linkCase},
		{"POST /cases/{id}/unlink", caseOwn, d.unlinkCase},
		{"POST /cases/{id}/split", caseOwn, d.splitCase},
		{"POST /cases/{id}/undo", caseOwn, d.undo},
		{"GET /cases/{id}/authority", caseOwn, d.showAuthority},
		{"POST /cases/{id}/authority", caseOwn, d.forward},
		{"GET /cases/{id}/forward", caseOwn, d.showEditor(workflow.ReplyForward)},
		{"POST /cases/{id}/forward", caseOwn, d.saveEditor(workflow.ReplyForward)},
		{"GET /cases/{id}/pass_on", caseOwn, d.showEditor(workflow.ReplyPassOn)},
		{"POST /cases/{id}/pass_on", caseOwn, d.saveEditor(workflow.ReplyPassOn)},
		{"GET /cases/{id}/receipt", caseOwn, d.showReceipt},
		{"POST /cases/{id}/receipt", caseOwn, d.sendReceipt},
		{"GET /cases/{id}/call", caseOwn, d.showEditor(workflow.ReplyCall)},
		{"POST /cases/{id}/call", caseOwn, d.saveEditor(workflow.ReplyCall)},
		{"GET /cases/{id}/letter", caseOwn, d.showEditor(workflow.ReplyLetter)},
		{"POST /cases/{id}/letter", caseOwn, d.saveEditor(workflow.ReplyLetter)},
		{"POST /cases/{id}/letters/{letter}/release", caseOwn, d.actOnLetter(releaseLetter)},
		{"POST /cases/{id}/letters/{letter}/cancel", caseOwn, d.actOnLetter(cancelLetter)},
		{"POST /cases/{id}/letters/{letter}/arrived", caseOwn, d.actOnLetter(letterArrived)},
		{"POST /cases/{id}/letters/{letter}/again", caseOwn, d.actOnLetter(sendAgain)},
		{"POST /cases/{id}/letters/{letter}/posted", caseOwn, d.recordPosted},
		{"POST /cases/{id}/letters/{letter}/delivered", caseOwn, d.recordDelivered},
		{"GET /cases/{id}/letters/{letter}/proofs/{digest}", caseOwn, d.downloadProof},
		{"GET /cases/{id}/originals/{digest}", caseOwn, d.downloadOriginal},
		{"GET /cases/{id}/documents/{document}", caseOwn, d.downloadDocument},
		{"GET /cases/{id}/documents/{document}/text", caseOwn, d.showText},
		{"GET /cases/{id}/documents/{document}/pages/{page}", caseOwn, d.showPage},
		{"GET /cases/{id}/pieces/{requirement}", caseOwn, d.showPiece},

		{"GET /users", adminOnly, d.showUsers},
		{"POST /users", adminOnly, d.addUser},
		{"GET /users/{name}", adminOnly, d.showUser},
		{"POST /users/{name}", adminOnly, d.saveUser},
		{"POST /users/{name}/disable", adminOnly, d.disableUser},
		{"POST /users/{name}/enable", adminOnly, d.enableUser},
		{"POST /users/{name}/password", adminOnly, d.setPassword},
		{"GET /audit", adminOnly, d.showAudit},
		{"GET /audit.csv", adminOnly, d.exportAudit},

		{"/", anyone, d.nothingHere},
	}
	return append(list, d.workshopRoutes()...)
}

// workshopRoutes are those of the rule book: administrators only.
func (d *desk) workshopRoutes() []route {
	const draft = "/workshop/drafts/{draft}"
	return []route{
		{"GET /workshop", adminOnly, d.showWorkshop},
		{"POST /workshop/drafts", adminOnly, d.startDraft},
		{"POST /workshop/import", adminOnly, d.importBook},
		{"GET /workshop/versions/{version}", adminOnly, d.showVersion},
		{"GET /workshop/versions/{version}/book.zip", adminOnly, d.exportVersion},
		{"GET " + draft, adminOnly, d.showDraft},
		{"GET " + draft + "/book.zip", adminOnly, d.exportDraft},
		{"GET " + draft + "/procedures/{name}", adminOnly, d.showProcedure},
		{"POST " + draft + "/procedures/{name}", adminOnly, d.saveProcedure},
		{"GET " + draft + "/files/{file...}", adminOnly, d.showFile},
		{"POST " + draft + "/files/{file...}", adminOnly, d.saveFile},
		{"GET " + draft + "/tables", adminOnly, d.showTables},
		{"POST " + draft + "/tables", adminOnly, d.saveTables},
		{"POST " + draft + "/replay", adminOnly, d.startReplay},
		{"GET " + draft + "/cases/{case}", adminOnly, d.showSample},
		{"POST " + draft + "/publish", adminOnly, d.publishDraft},
		{"POST " + draft + "/discard", adminOnly, d.discardDraft},
		{"GET /numbers", adminOnly, d.showNumbers},
		{"GET /numbers/{table}", adminOnly, d.exportNumbers},
		{"GET /workshop/held", adminOnly, d.showHeld},
		{"POST /workshop/halt", adminOnly, d.switchHalt},
		{"GET /workshop/overrides", adminOnly, d.showOverrides},
		{"POST /workshop/overrides", adminOnly, d.proposeAlias},
	}
}

func (d *desk) mux() *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle("GET /static/{version}/{file}", d.assets)
	for _, r := range d.routes() {
		mux.Handle(r.pattern, d.withSession(r))
	}
	return mux
}
