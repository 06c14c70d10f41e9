// Command wirewatch watches news feeds for people who must not miss a story
// and tells them in Telegram.
//
// Every subcommand is one file of this package. main knows signals and exit
// codes; [program] holds what a subcommand needs of the outside, so that a test
// can run one without a process.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// Exit codes, as grep and most commands have them.
const (
	exitOK    = 0
	exitFail  = 1 // it did not work; for match: nothing matched
	exitUsage = 2 // the command line, the configuration or a query is wrong
)

// program is a run of the command: where it reads and writes.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	environ        []string
	progress       *progress // of the run; nil: none is shown
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	p := &program{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, environ: os.Environ()}
	code := p.run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// run executes one command line and returns its exit code. Every error is one
// line on stderr (a configuration error shows its excerpt below it).
func (p *program) run(ctx context.Context, args []string) int {
	root := p.command()
	root.SetArgs(args)
	c, err := root.ExecuteContextC(ctx)
	if err == nil {
		return exitOK
	}
	var e *exitError
	if errors.As(err, &e) {
		if e.err != nil {
			fmt.Fprintf(p.stderr, "wirewatch: %v\n", e.err)
		}
		return e.code
	}
	// What cobra itself says is about the command line.
	how := ""
	if c.HasParent() {
		how = "usage: " + c.UseLine() + "; "
	}
	fmt.Fprintf(p.stderr, "wirewatch: %v; %ssee %s --help\n", err, how, c.CommandPath())
	return exitUsage
}

// exitError ends the program with a code; err is printed unless it is nil.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return fmt.Sprint(e.err) }
func (e *exitError) Unwrap() error { return e.err }

// failed is an error of the work itself, unless it says already what it is.
func failed(err error) error {
	if e := (*exitError)(nil); err == nil || errors.As(err, &e) {
		return err
	}
	return &exitError{exitFail, err}
}

// misused is an error of what was given.
func misused(err error) error { return &exitError{exitUsage, err} }

// command builds the tree of subcommands.
func (p *program) command() *cobra.Command {
	root := &cobra.Command{
		Use:           "wirewatch",
		Short:         "Watch news feeds; be told in Telegram, once a story, with the reason",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
		Example: `  wirewatch demo                                  the whole program, no token, no network
  wirewatch run --config wirewatch.yaml           the bot
  wirewatch match '@geneva AND sanctions' feed.xml`,
	}
	root.SetIn(p.stdin)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	root.CompletionOptions.HiddenDefaultCmd = false
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		if strings.Contains(c.Use, "QUERY") {
			return fmt.Errorf("%w (a query that begins with - stands behind --: %s -- QUERY)", err, c.CommandPath())
		}
		return err
	})
	root.AddCommand(
		p.runCommand(), p.demoCommand(),
		p.feedCommand(), p.matchCommand(), p.ruleCommand(), p.entitiesCommand(), p.sourcesCommand(),
		p.digestCommand(), p.ledgerCommand(), p.backupCommand(), p.restoreCommand(), p.migrateCommand(), p.healthcheckCommand(),
		p.versionCommand(),
	)
	return root
}
