package feeds

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// checkInvariants holds a document to what Article promises.
func checkInvariants(t testing.TB, name string, d *Document) {
	t.Helper()
	seen := map[string]bool{}
	for i, a := range d.Articles {
		if a.ID == "" || seen[a.ID] {
			t.Errorf("%s: item %d has the id %q, empty or not unique", name, i+1, a.ID)
		}
		seen[a.ID] = true
		for _, s := range []string{a.Title, a.Summary, a.Body, a.Source} {
			if !utf8.ValidString(s) || strings.IndexFunc(s, isDropped) >= 0 || s != strings.TrimSpace(s) {
				t.Errorf("%s: item %d has an unclean text %.80q", name, i+1, s)
			}
		}
		if strings.Contains(a.Title, "\n") || utf8.RuneCountInString(a.Title) > MaxTitle || utf8.RuneCountInString(a.Body) > MaxBody {
			t.Errorf("%s: item %d: title or body out of bounds", name, i+1)
		}
		for _, u := range []string{a.URL, a.Image} {
			if u != "" && !strings.HasPrefix(u, "http://") && !strings.HasPrefix(u, "https://") {
				t.Errorf("%s: item %d has the address %q", name, i+1, u)
			}
		}
		if !a.Published.IsZero() && a.Published.Location() != time.UTC {
			t.Errorf("%s: item %d: time not in UTC", name, i+1)
		}
	}
}
