package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"wirewatch/configs"
	"wirewatch/store"
)

// ledgerOptions are the flags of ledger as they were written.
type ledgerOptions struct {
	chat, rule, source, since string
	states                    []string
	json, csv                 bool
}

func (p *program) ledgerCommand() *cobra.Command {
	var o ledgerOptions
	c := p.maintenance(&cobra.Command{
		Use:   "ledger",
		Short: "Show what was owed to whom and what became of it; the bot may be running",
		Long: `Show what was owed to whom and what became of it, the oldest first: one line for each story and chat.
States: ` + stateWords() + `
"maybe twice" marks a message that was sent again because nobody knew whether the first attempt had arrived.`,
		Example: `  wirewatch ledger --since 24h --state uncertain,dropped
  wirewatch ledger --chat -1001234567890 --rule sanctions --json
  wirewatch ledger --since 2026-11-01 --csv > november.csv`,
		Args: cobra.NoArgs,
	}, func(ctx context.Context, cfg configs.Config, _ []string) error { return p.ledger(ctx, cfg, o) })
	f := c.Flags()
	f.StringVar(&o.chat, "chat", "", "only this chat: its number")
	f.StringSliceVar(&o.states, "state", nil, "only these states")
	f.StringVar(&o.rule, "rule", "", "only this rule: its number, name or query")
	f.StringVar(&o.source, "source", "", "only this source: its number, or a part of its title or address")
	f.StringVar(&o.since, "since", "", "only what was owed since then: 36h, 7d, 2026-11-23 or 2026-11-23T08:00:00Z")
	f.BoolVar(&o.json, "json", false, "one JSON object a line")
	f.BoolVar(&o.csv, "csv", false, "CSV with a header, for a spreadsheet")
	c.MarkFlagsMutuallyExclusive("json", "csv")
	return c
}

// stateMeans says what each state means to a person.
var stateMeans = map[string]string{
	store.StateWaiting:   "for a digest, or for the end of quiet hours or of a rule's limits",
	store.StateDue:       "its turn comes",
	store.StateSending:   "a request may be on its way",
	store.StateUncertain: "requested, but no answer came; it is requested once more",
	store.StateSent:      "Telegram has confirmed it",
	store.StateFolded:    "beyond its rule's limits; one message tells how many there were, and opens them",
	store.StateHeld:      "until its chat is active again, or an editor approves it",
	store.StateDropped:   "given up, with a reason",
}

// stateWords lists the states and what they mean, for --help.
func stateWords() string {
	var b strings.Builder
	for _, s := range store.States {
		fmt.Fprintf(&b, "\n  %-9s  %s", s, stateMeans[s])
	}
	return b.String()
}

func (p *program) ledger(ctx context.Context, cfg configs.Config, o ledgerOptions) error {
	filter, err := o.filter(time.Now())
	if err != nil {
		return misused(err)
	}
	if err := mustExist(cfg.Store); err != nil {
		return err
	}
	db, err := store.Open(ctx, cfg.Store, store.Options{Shared: true})
	if err != nil {
		return err
	}
	defer db.Close()
	if filter.Source, err = findSource(ctx, db, o.source); err != nil {
		return misused(err)
	}
	var out ledgerWriter = ledgerTable{p.stdout}
	switch {
	case o.json:
		out = newLedgerLines(p.stdout)
	case o.csv:
		out = newLedgerSheet(p.stdout)
	}
	for e, err := range db.Ledger(ctx, filter) {
		if err != nil {
			return errors.Join(err, out.flush())
		}
		if err := out.write(rowOf(e)); err != nil {
			return err
		}
	}
	return out.flush()
}

// filter reads the flags, but for the source, which is looked up.
func (o ledgerOptions) filter(now time.Time) (f store.LedgerFilter, err error) {
	if o.chat != "" {
		if f.Chat, err = strconv.ParseInt(o.chat, 10, 64); err != nil {
			return f, fmt.Errorf("--chat %s: a chat is known by its number, like 123456 or -1001234567890", o.chat)
		}
	}
	for _, s := range o.states {
		if !slices.Contains(store.States, s) {
			return f, fmt.Errorf("--state: there is no state %q; there are %s", s, strings.Join(store.States, ", "))
		}
	}
	f.States, f.Rule = o.states, o.rule
	f.Since, err = since(o.since, now)
	return f, err
}

// since reads a time that is given as an age or as a date; "" is no time.
func since(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if days, ok := strings.CutSuffix(text, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n >= 0 {
			return now.AddDate(0, 0, -n), nil
		}
	}
	if age, err := time.ParseDuration(text); err == nil && age >= 0 {
		return now.Add(-age), nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("--since %s: write an age like 36h or 7d, a date like 2026-11-23 (in UTC), or a time like 2026-11-23T08:00:00Z", text)
}

// findSource finds the one source that a number or a part of a name means; ""
// means none.
func findSource(ctx context.Context, db *store.DB, text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	if id, err := strconv.ParseInt(text, 10, 64); err == nil && id > 0 {
		return id, nil
	}
	all, err := db.Sources(ctx, 0)
	if err != nil {
		return 0, err
	}
	part := strings.ToLower(text)
	found := slices.DeleteFunc(all, func(s store.Source) bool {
		return !strings.Contains(strings.ToLower(s.Title), part) && !strings.Contains(strings.ToLower(s.URL), part)
	})
	switch {
	case len(found) == 0:
		return 0, fmt.Errorf("--source: no source has %q in its title or address", text)
	case len(found) > 1:
		return 0, fmt.Errorf("--source: %d sources have %q in their title or address, among them %d (%s) and %d (%s); give a number",
			len(found), text, found[0].ID, found[0].Title, found[1].ID, found[1].Title)
	}
	return found[0].ID, nil
}

// ledgerRow is an entry in the form in which it is exported.
type ledgerRow struct {
	ID          int64             `json:"id"`
	Created     string            `json:"created"` // times are RFC 3339, UTC; "" none
	State       string            `json:"state"`
	Reason      string            `json:"reason"`
	Chat        int64             `json:"chat"`
	ChatTitle   string            `json:"chat_title"`
	Thread      int64             `json:"thread"`
	Kind        string            `json:"kind"`
	Tier        string            `json:"tier"`
	Digest      int64             `json:"digest"`
	Fold        int64             `json:"fold"`     // id of the entry that tells of it
	Folded      int               `json:"folded"`   // entries that it tells of
	Approval    bool              `json:"approval"` // waits for an editor
	Attempts    int               `json:"attempts"`
	NotBefore   string            `json:"not_before"`
	Started     string            `json:"started"`
	Sent        string            `json:"sent"`
	Message     int64             `json:"message"`
	MaybeTwice  bool              `json:"maybe_twice"`
	Source      int64             `json:"source"`
	SourceTitle string            `json:"source_title"`
	Story       int64             `json:"story"`
	Article     int64             `json:"article"`
	Title       string            `json:"title"`
	URL         string            `json:"url"`
	Rules       []store.RuleMatch `json:"rules"`
}

func rowOf(e store.LedgerEntry) ledgerRow {
	at := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(time.RFC3339)
	}
	return ledgerRow{
		ID: e.ID, Created: at(e.Created), State: e.State, Reason: e.Reason,
		Chat: e.Chat, ChatTitle: e.ChatTitle, Thread: e.Thread, Kind: e.Kind, Tier: string(e.Tier), Digest: e.Digest, Fold: e.Fold, Folded: e.Folded, Approval: e.Asked,
		Attempts: e.Attempts, NotBefore: at(e.NotBefore), Started: at(e.Started), Sent: at(e.SentAt), Message: e.MessageID,
		MaybeTwice: e.MaybeDup, Source: e.SourceID, SourceTitle: e.SourceTitle, Story: e.Story, Article: e.ArticleID,
		Title: e.Title, URL: e.URL, Rules: e.Rules,
	}
}

// A ledgerWriter prints rows in one form.
type ledgerWriter interface {
	write(r ledgerRow) error
	flush() error
}

// ledgerLines is JSON lines.
type ledgerLines struct{ *json.Encoder }

func newLedgerLines(w io.Writer) ledgerLines {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return ledgerLines{enc}
}

func (l ledgerLines) write(r ledgerRow) error {
	if r.Rules == nil {
		r.Rules = []store.RuleMatch{}
	}
	return l.Encode(r)
}

func (l ledgerLines) flush() error { return nil }

// ledgerSheet is CSV.
type ledgerSheet struct{ *csv.Writer }

func newLedgerSheet(w io.Writer) ledgerSheet {
	s := ledgerSheet{csv.NewWriter(w)}
	// An error stays in the writer until flush.
	_ = s.Write([]string{"id", "created", "state", "reason", "chat", "chat_title", "thread", "kind", "tier", "digest", "fold", "folded", "approval", "attempts",
		"not_before", "started", "sent", "message", "maybe_twice", "source", "source_title", "story", "article", "title", "url", "rules"})
	return s
}

func (s ledgerSheet) write(r ledgerRow) error {
	n := func(n int64) string { return strconv.FormatInt(n, 10) }
	var rules []string
	for _, m := range r.Rules {
		rules = append(rules, cmp.Or(m.Name, m.Query))
	}
	return s.Write([]string{n(r.ID), r.Created, r.State, cell(r.Reason), n(r.Chat), cell(r.ChatTitle), n(r.Thread), r.Kind, r.Tier,
		n(r.Digest), n(r.Fold), strconv.Itoa(r.Folded), strconv.FormatBool(r.Approval), strconv.Itoa(r.Attempts), r.NotBefore, r.Started, r.Sent, n(r.Message), strconv.FormatBool(r.MaybeTwice),
		n(r.Source), cell(r.SourceTitle), n(r.Story), n(r.Article), cell(r.Title), cell(r.URL), cell(strings.Join(rules, "; "))})
}

func (s ledgerSheet) flush() error {
	s.Flush()
	return s.Error()
}

// cell keeps a spreadsheet from running what a feed or a chat wrote as a formula.
func cell(text string) string {
	if strings.IndexAny(text, "=+-@\t\r") == 0 {
		return "'" + text
	}
	return text
}

// ledgerTable is for people. Its columns have fixed widths: the rows need not be
// kept until the last of them is known.
type ledgerTable struct{ w io.Writer }

func (t ledgerTable) write(r ledgerRow) error {
	what := isolate(r.Title)
	switch {
	case r.Kind == store.KindFold:
		what = fmt.Sprintf("(tells of %d more)", r.Folded)
	case r.Kind == store.KindNotice:
		what = "(sources that fell silent, or are back)"
	case r.Article == 0:
		what = "(a digest with nothing to tell)"
	case r.Title == "":
		what = fmt.Sprintf("(article %d, no longer kept)", r.Article)
	}
	for _, note := range r.notes() {
		what += "  [" + note + "]"
	}
	_, err := fmt.Fprintf(t.w, "%-20s  %-9s  %14d  %-13s  %s\n", r.Created, r.State, r.Chat, message(r), what)
	return err
}

// notes are what a person wants to know of a row besides its state.
func (r ledgerRow) notes() (list []string) {
	open := r.State != store.StateSent && r.State != store.StateDropped
	if open && r.NotBefore != "" {
		list = append(list, "until "+r.NotBefore)
	}
	if r.Attempts > 1 {
		list = append(list, fmt.Sprintf("%d attempts", r.Attempts))
	}
	if r.MaybeTwice {
		list = append(list, "maybe twice")
	}
	if r.Reason != "" {
		list = append(list, r.Reason)
	}
	return list
}

// message is where a delivery stands in its chat.
func message(r ledgerRow) string {
	if r.Message == 0 {
		return "-"
	}
	return fmt.Sprintf("message %d", r.Message)
}

func (t ledgerTable) flush() error { return nil }
