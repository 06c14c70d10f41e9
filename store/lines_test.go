package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wirewatch/store"
	"wirewatch/store/storetest"
)

func TestSiteLines(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		at := time.Now().UTC().Truncate(time.Millisecond)
		a := store.SiteLine{Site: "a.example", Line: [16]byte{1, 0, 255}, Topics: []string{"00ff", "0102abcd"}, First: at.Add(-72 * time.Hour), Last: at}
		b := store.SiteLine{Site: "b.example", Line: [16]byte{1, 0, 255}, Topics: []string{"x"}, Learned: true, First: at, Last: at}
		w.must(db.KeepSiteLines(ctx, []store.SiteLine{a, b}))
		got, err := db.SiteLines(ctx, "a.example")
		if diff := cmp.Diff([]store.SiteLine{a}, got); diff != "" || err != nil {
			t.Errorf("%s, %v", diff, err)
		}
		a.Learned, a.Topics = true, append(a.Topics, "y")
		w.must(db.KeepSiteLines(ctx, []store.SiteLine{a}))
		learned, err := db.LearnedLines(ctx)
		want := map[string]map[[16]byte]time.Time{"a.example": {a.Line: at}, "b.example": {b.Line: at}}
		if diff := cmp.Diff(want, learned); diff != "" || err != nil {
			t.Errorf("%s, %v", diff, err)
		}
		// Of too many of one site the learned and the latest stay.
		var many []store.SiteLine
		for i := range store.MaxSiteLines + 20 {
			many = append(many, store.SiteLine{Site: "a.example", Line: [16]byte{2, byte(i), byte(i >> 8)}, Topics: []string{"x"}, First: at, Last: at.Add(time.Duration(i) * time.Second)})
		}
		w.must(db.KeepSiteLines(ctx, many))
		if got, err = db.SiteLines(ctx, "a.example"); err != nil || len(got) != store.MaxSiteLines {
			t.Errorf("%d lines stay, %v", len(got), err)
		}
		if learned, _ = db.LearnedLines(ctx); len(learned["a.example"]) != 1 {
			t.Errorf("learned: %v", learned)
		}
		// What is not seen any more is forgotten.
		old := store.SiteLine{Site: "c.example", Line: [16]byte{3}, Topics: []string{"x"}, Learned: true, First: at.Add(-90 * 24 * time.Hour), Last: at.Add(-40 * 24 * time.Hour)}
		w.must(db.KeepSiteLines(ctx, []store.SiteLine{old}))
		if _, err := db.Sweep(ctx, store.Retention{}); err != nil {
			t.Fatal(err)
		}
		if got, _ := db.SiteLines(ctx, "c.example"); len(got) != 0 {
			t.Errorf("an old line stays: %v", got)
		}
		if got, _ := db.SiteLines(ctx, "b.example"); len(got) != 1 {
			t.Errorf("a new line went: %v", got)
		}
	})
}
