package main

import (
	"okienko/ingest/read"
	"okienko/workflow/files"
	"okienko/workflow/reply"
)

func (a *app) openDesk(_ *reply.Composer, _ read.Client, _ *files.Evidence) error { return nil }
