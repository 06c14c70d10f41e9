package watch

import (
	"strings"
	"time"

	"wirewatch/filter/text"
	"wirewatch/store"
)

// changes compares articles that people were told of with what their source's
// document, whose articles are all, shows now: another headline, or none any more.
// An article is missing only where the document still shows older and newer ones:
// the oldest leave every feed.
func changes(followed []store.Followed, all []store.NewArticle) []store.Change {
	if len(followed) == 0 {
		return nil
	}
	now := make(map[[16]byte]string, len(all))
	var oldest, newest time.Time
	for i := range all {
		now[all[i].GUID] = all[i].Item.Title
		switch p := all[i].Item.Published; {
		case p.IsZero():
		case oldest.IsZero():
			oldest, newest = p, p
		case p.Before(oldest):
			oldest = p
		case p.After(newest):
			newest = p
		}
	}
	var list []store.Change
	for _, f := range followed {
		title, shown := now[f.GUID]
		switch {
		case shown && !sameHeadline(f.Title, title):
			list = append(list, store.Change{GUID: f.GUID, Title: title})
		case shown && f.Missing:
			list = append(list, store.Change{GUID: f.GUID, Title: f.Title})
		case !shown && !f.Missing && oldest.Before(f.Published) && f.Published.Before(newest):
			list = append(list, store.Change{GUID: f.GUID, Title: f.Title, Missing: true})
		}
	}
	return list
}

// sameHeadline reports whether two headlines say the same to a reader: capitals,
// spaces, punctuation and spelling variants do not count, nor does a tail that was
// cut off; nothing at all says nothing else.
func sameHeadline(a, b string) bool {
	words, other := text.Words(a), text.Words(b)
	if len(other) == 0 {
		return true
	}
	if wasCut(a) || wasCut(b) {
		n := min(len(words), len(other))
		if wasCut(a) && n == len(words) || wasCut(b) && n == len(other) {
			n = max(0, n-1) // the last word may be half of one
			words, other = words[:n], other[:n]
		}
	}
	return strings.Join(words, " ") == strings.Join(other, " ")
}

// wasCut reports whether a headline ends in the middle.
func wasCut(s string) bool {
	s = strings.TrimSpace(s)
	return strings.HasSuffix(s, "…") || strings.HasSuffix(s, "...") || strings.HasSuffix(s, "[…]")
}
