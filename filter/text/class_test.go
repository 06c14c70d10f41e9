package text

import "testing"

// TestFoldsAreFolded: what a rune folds to is made of letters and digits that fold to themselves,
// so that a folded text has the words of the text.
func TestFoldsAreFolded(t *testing.T) {
	table := classes()
	foldOf := func(r rune) string {
		e, more := table.row(r)
		if e.class <= compose || e.fold == 0 {
			return more
		}
		return string(rune(e.fold))
	}
	for r := range rune(0x20000) {
		e, _ := table.row(r)
		if e.class == trailing || e.class == stacker {
			continue
		}
		for _, f := range foldOf(r) {
			if into, _ := table.row(f); into.class <= compose {
				t.Errorf("%U %q folds to %q, of which %U is no letter", r, r, foldOf(r), f)
			} else if foldOf(f) != string(f) && foldOf(r) != string(r) {
				t.Errorf("%U %q folds to %q, of which %U folds to %q", r, r, foldOf(r), f, foldOf(f))
			}
		}
	}
}
