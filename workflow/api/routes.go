package api

import (
	"net/http"

	"okienko/workflow"
)

// route is one operation of openapi.yaml: TestTheDescriptionIsTrue walks both.
type route struct {
	method, path string // of http.ServeMux, below Prefix
	scope        workflow.Scope
	serve        func(*call) error
}

func (a *api) routes() []route {
	return []route{
		{http.MethodGet, "/cases", workflow.ScopeRead, a.listCases},
		{http.MethodGet, "/cases/{id}", workflow.ScopeRead, a.showCase},
		{http.MethodGet, "/cases/{id}/report", workflow.ScopeRead, a.showReport},
		{http.MethodGet, "/cases/{id}/events", workflow.ScopeRead, a.caseEvents},
		{http.MethodGet, "/cases/{id}/originals/{digest}", workflow.ScopeFiles, a.downloadOriginal},
		{http.MethodGet, "/cases/{id}/package", workflow.ScopeFiles, a.downloadPackage},
		{http.MethodPost, "/cases/{id}/decisions", workflow.ScopeDecide, a.decide},
		{http.MethodGet, "/events", workflow.ScopeRead, a.feed},
	}
}
