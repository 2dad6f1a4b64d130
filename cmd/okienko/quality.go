package main

type qualityCmd struct {
	Reading qualityReadingCmd `cmd:"" help:"How much of labelled submissions is read: fields, documents, signatures."`
}
