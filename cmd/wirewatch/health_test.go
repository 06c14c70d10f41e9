package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"wirewatch/feeds"
	"wirewatch/store"
	"wirewatch/store/storetest"
)

func TestSourcesHealth(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		for _, title := range []string{"Alpha", "Beta", "Gamma وكالة", "Never"} {
			_, _, err := db.AddSource(ctx, feeds.Source{URL: "https://" + title[:4] + ".example/feed", Title: title}, 0)
			must(err)
		}
		list, err := db.ClaimSources(ctx, 3, time.Minute)
		must(err)
		for _, s := range list {
			switch s.Title {
			case "Beta":
				must(db.Failed(ctx, s, "the server has nothing at this address (404)", now.Add(time.Hour), false))
			default:
				_, err := db.Publish(ctx, store.Visit{Source: s, Interval: time.Hour, NextAt: now.Add(time.Hour)})
				must(err)
			}
			if s.Title[0] == 'G' {
				_, err := db.NoteSilences(ctx, []store.Silence{{Source: s.ID, Since: now.Add(-9 * time.Hour)}})
				must(err)
			}
		}
		said := func(f healthFilter, asJSON bool) string {
			var b bytes.Buffer
			must(printHealth(ctx, db, f, healthPrinter(&b, asJSON)))
			return b.String()
		}
		table := said(healthFilter{}, false)
		for i, line := range strings.Split(strings.TrimSpace(table), "\n") {
			parts := [][]string{{"STATE", "USUAL", "WHY"}, {"ok ", "2026-03-01T12:00:00Z", "Alpha"}, {"failing ", "Beta", "(404)"}, {"silent ", "2026-03-01T03:00:00Z", "Gamma"}, {"new ", "Never"}}[i]
			for _, part := range parts {
				if !strings.Contains(line, part) {
					t.Errorf("line %d has no %q: %q", i, part, line)
				}
			}
		}
		if got := said(healthFilter{troubled: true}, false); strings.Contains(got, "Alpha") || !strings.Contains(got, "Beta") || !strings.Contains(got, "Gamma") {
			t.Errorf("troubled:\n%s", got)
		}
		var row healthRow
		must(json.Unmarshal([]byte(said(healthFilter{words: []string{"GAMMA"}}, true)), &row))
		if row.State != "silent" || row.Since != "2026-03-01T03:00:00Z" || row.Usual != nil || row.DelayedHalf != nil || !row.Catalogue {
			t.Errorf("as JSON: %+v", row)
		}
		if err := printHealth(ctx, db, healthFilter{words: []string{"delta"}}, healthPrinter(&bytes.Buffer{}, false)); err == nil || !strings.Contains(err.Error(), "called so") {
			t.Errorf("a name that nothing has: %v", err)
		}
	}, store.Options{Now: func() time.Time { return now }})
}
