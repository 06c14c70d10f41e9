package digest

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"wirewatch/store"
)

// troubleFails is how many visits in a row must fail before a source is called
// in trouble: one or two mend themselves.
const troubleFails = 3

// TroubleKind is what is wrong with a source.
type TroubleKind string

// The kinds of trouble.
const (
	Failing TroubleKind = "failing" // it does not answer, or not with a feed
	Silent  TroubleKind = "silent"  // it answers, and publishes nothing although it usually does
	Gone    TroubleKind = "gone"    // its server said in this period that it is gone for good
)

// Trouble is a source from which stories may be missing.
type Trouble struct {
	Source string
	Kind   TroubleKind
	Since  time.Time // its last good visit; of one that is silent, its last article; zero: there was none
	Reason string    // why it cannot be read, as it is stored; "" for one that is silent
	New    bool      // it began in the digest's period
}

// trouble lists the sources in trouble and counts those that work; one that was
// paused, or was gone before, is neither.
func trouble(in Input) (list []Trouble, working int) {
	for _, s := range in.Sources {
		t := Trouble{Source: name(s), Kind: Failing, Since: s.LastOK, Reason: s.LastError}
		silentSince, silent := in.Silent[s.ID]
		switch {
		case s.State == store.SourceGone && !in.Since.IsZero() && s.LastTried.After(in.Since):
			t.Kind = Gone
		case s.State != store.SourceActive:
			continue
		case s.Fails >= troubleFails:
		case silent:
			t.Kind, t.Since, t.Reason = Silent, silentSince, ""
			working++
		default:
			working++
			continue
		}
		t.New = t.Kind == Gone || t.Since.After(in.Since)
		list = append(list, t)
	}
	slices.SortStableFunc(list, func(a, b Trouble) int {
		if a.New != b.New {
			if a.New {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), strings.Compare(a.Source, b.Source))
	})
	return list, working
}

// name is what a source is called: its title, else its host. A whole address
// may hold a secret and is never shown.
func name(s store.Source) string {
	if s.Title != "" {
		return s.Title
	}
	if u, err := url.Parse(s.URL); err == nil {
		return u.Hostname()
	}
	return ""
}
