// Command okienko is the intake counter of a city office: it takes in what residents send, keeps every original, judges each
// submission and puts a case on a desk. One file a subcommand; wiring.go puts the packages together, config.go holds the
// configuration. It owns no noun and decides nothing about a case; read package workflow for that.
//
// Exit status: 0 done, 1 it could not be done, 2 wrong usage; errors are one plain line on standard error.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
)

type cli struct {
	Demo       demoCmd       `cmd:"" help:"Show the whole way of a letter with sample mail; needs nothing installed."`
	Serve      serveCmd      `cmd:"" help:"Take in mail from real mailboxes, judge it, answer it and serve the desk."`
	Config     configCmd     `cmd:"" help:"Look after the configuration."`
	Migrate    migrateCmd    `cmd:"" help:"Bring the database to this version's schema; creates it if it is not there."`
	User       userCmd       `cmd:"" help:"Look after the people who sign in at the desk."`
	Token      tokenCmd      `cmd:"" help:"Look after the systems that use the API."`
	EPUAP      epuapCmd      `cmd:"" name:"epuap" help:"Look after boxes of ePUAP."`
	Audit      auditCmd      `cmd:"" help:"Look after what is written down about people's doings."`
	Verify     verifyCmd     `cmd:"" help:"Check evidence against its digests and the ledger against the cases."`
	Urn        urnCmd        `cmd:"" help:"Look after the urns letters on paper are dropped into."`
	Check      checkCmd      `cmd:"" help:"Judge local files without storing anything."`
	Signatures signaturesCmd `cmd:"" help:"Examine the signatures in one file."`
	EDelivery  edeliveryCmd  `cmd:"" name:"edelivery" help:"Take in messages of e-Doręczenia by hand."`
	Trust      trustCmd      `cmd:"" help:"Look after trusted lists, certificates and revocation lists."`
	Rules      rulesCmd      `cmd:"" help:"Check the rules, or see what they make of past letters."`
	Quality    qualityCmd    `cmd:"" help:"Measure the judgement on labelled cases."`
	Bench      benchCmd      `cmd:"" help:"Measure messages a second from mailbox to desk, beside the limits of the parts."`
	Sandbox    sandboxCmd    `cmd:"" hidden:"" help:"Read documents on behalf of a parent process."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// streams are where a command writes: results and messages.
type streams struct {
	out, err io.Writer
}

// errUsage marks an error of the caller's words.
var errUsage = errors.New("usage")

// run is main without a process: tests call it.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var c cli
	parser, err := kong.New(&c, kong.Name("okienko"), kong.Description("The intake counter of a city office."),
		kong.Writers(stdout, stderr), kong.UsageOnError(), kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(streams{stdout, stderr}), kong.Exit(func(code int) { panic(exit(code)) }))
	if err != nil {
		fmt.Fprintln(stderr, "okienko:", err)
		return 1
	}
	return execute(parser, args, stderr)
}

// exit carries an exit status out of kong's --help.
type exit int

func execute(parser *kong.Kong, args []string, stderr io.Writer) (code int) {
	defer func() {
		if r := recover(); r != nil {
			status, ok := r.(exit)
			if !ok {
				panic(r)
			}
			code = int(status)
		}
	}()
	kctx, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(stderr, "okienko:", oneLine(err))
		return 2
	}
	if err := kctx.Run(); err != nil {
		fmt.Fprintln(stderr, "okienko:", oneLine(err))
		if errors.Is(err, errUsage) {
			return 2
		}
		return 1
	}
	return 0
}

// oneLine is an error on one line: several mistakes, or a driver's several attempts, one after the other and each once.
func oneLine(err error) string {
	var parts []string
	for line := range strings.Lines(err.Error()) {
		if line = strings.TrimSpace(line); line != "" && !slices.Contains(parts, line) {
			parts = append(parts, line)
		}
	}
	return strings.ReplaceAll(strings.Join(parts, "; "), ":; ", ": ")
}
