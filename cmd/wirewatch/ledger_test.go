package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wirewatch/feeds"
	"wirewatch/store"
)

// ledgerOf makes a database with a delivery in every state.
func ledgerOf(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "a.db")
	ctx, now := t.Context(), time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	db, err := store.Open(ctx, path, store.Options{Now: func() time.Time { return now }})
	must := func(errs ...error) {
		t.Helper()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
	}
	must(err)
	defer db.Close()
	src, _, err := db.AddSource(ctx, feeds.Source{URL: "https://wire.example/rss", Title: "Morning Wire"}, 0)
	must(err, db.SaveChat(ctx, store.Chat{ID: 1, Kind: "private"}), db.SaveChat(ctx, store.Chat{ID: 2, Kind: "private", State: store.ChatPaused}))
	rules := map[string]store.Rule{}
	for _, r := range []store.Rule{
		{Chat: 1, Name: "instant", Tier: store.TierInstant}, {Chat: 1, Name: "digest", Tier: store.TierDigest}, {Chat: 2, Name: "paused", Tier: store.TierInstant},
		{Chat: 1, Name: "limited", Tier: store.TierInstant, Limits: store.Limits{Cap: 1, Per: time.Hour}},
	} {
		r.Query = r.Name
		rules[r.Name], err = db.AddRule(ctx, r)
		must(err)
	}
	v := store.Visit{Source: src, Interval: time.Minute}
	for i, title := range []string{"sent", "dropped", "uncertain", "sending", "due", "folded", "digest", "paused"} {
		rule, ok := rules[title]
		if !ok {
			rule = rules["instant"]
		}
		if i == 0 || title == "folded" {
			rule = rules["limited"]
		}
		id := [16]byte{byte(i + 1)}
		v.Articles = append(v.Articles, store.NewArticle{GUID: id, URL: id, Text: id, Matches: []store.Match{{Rule: rule.ID}},
			Item: feeds.Article{ID: title, Title: title, URL: "https://wire.example/" + title}})
	}
	claimed, err := db.ClaimSources(ctx, 1, time.Minute)
	must(err)
	v.Source = claimed[0]
	_, err = db.Publish(ctx, v)
	must(err)
	parcels, err := db.Claim(ctx, now, 1)
	must(err)
	p := parcels[0]
	id := func(i int) []int64 { return []int64{p.Deliveries[i].ID} }
	must(db.Sending(ctx, p, id(0)), db.Retry(ctx, p, id(0), now, "", true), db.Sending(ctx, p, id(0)), db.Sent(ctx, p, id(0), 77, 0),
		db.Drop(ctx, p, id(1), "not enough rights"), db.Sending(ctx, p, id(2)), db.Retry(ctx, p, id(2), now.Add(time.Minute), "no answer", true),
		db.Sending(ctx, p, id(3)))
	return path
}

// Every state is shown in each form, and --state finds it.
func TestLedgerShowsEveryState(t *testing.T) {
	path := ledgerOf(t)
	run := func(args ...string) string {
		var out, errs bytes.Buffer
		p := &program{stdin: strings.NewReader(""), stdout: &out, stderr: &errs}
		if code := p.run(t.Context(), append([]string{"ledger", "--store", path}, args...)); code != exitOK {
			t.Fatalf("exit %d: %s", code, errs.String())
		}
		return strings.NewReplacer("\u2068", "", "\u2069", "").Replace(out.String())
	}
	for state, want := range map[string]string{
		store.StateWaiting: "-              digest\n", store.StateDue: "-              due\n", store.StateSending: "-              sending\n",
		store.StateUncertain: "uncertain  [until 2026-11-24T12:01:00Z]  [maybe twice]  [no answer]\n",
		store.StateSent:      "message 77     sent  [2 attempts]  [maybe twice]\n", store.StateFolded: "-              folded\n",
		store.StateHeld: "-              paused\n", store.StateDropped: "dropped  [not enough rights]\n",
	} {
		got := run("--state", state)
		if !strings.HasPrefix(got, "2026-11-24T12:00:00Z  "+state+" ") || !strings.Contains(got, want) {
			t.Errorf("--state %s prints\n%swithout %q", state, got, want)
		}
		var row ledgerRow
		line, _, _ := strings.Cut(run("--state", state, "--json"), "\n")
		if err := json.Unmarshal([]byte(line), &row); err != nil || row.State != state {
			t.Errorf("--state %s --json prints %s: %v", state, line, err)
		}
	}
	if got := run("--state", "waiting"); !strings.Contains(got, "(tells of 1 more)  [until 2026-11-24T13:00:00Z]") {
		t.Errorf("what tells of the folded is not shown:\n%s", got)
	}
	rows, err := csv.NewReader(strings.NewReader(run("--csv"))).ReadAll()
	if err != nil || len(rows) != 1+8+1 {
		t.Fatalf("%d rows of CSV, %v", len(rows), err)
	}
	seen := map[string]bool{}
	for _, row := range rows[1:] {
		seen[row[2]] = true
	}
	var help bytes.Buffer
	p := &program{stdin: strings.NewReader(""), stdout: &help, stderr: &help}
	p.run(t.Context(), []string{"ledger", "--help"})
	for _, s := range store.States {
		if !seen[s] {
			t.Errorf("no row of CSV is %s", s)
		}
		if stateMeans[s] == "" || !strings.Contains(help.String(), stateMeans[s]) {
			t.Errorf("--help does not say what %s means", s)
		}
	}
}
