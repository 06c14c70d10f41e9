package bot

import (
	"regexp"
	"strings"
	"sync"

	"wirewatch/bot/locale"
)

// What reading a source had to repair is worded in English where it is done, and
// stored so, one sentence after another. They are recognised like the reasons.
var noteKeys = []string{
	"declared", "undeclared", "controls", "bytes", "references", "before", "middle", "deep", "broken",
	"unread", "unread_one", "empty", "first", "newest", "addresses", "guids", "future",
}

// noteParts are what varies in those sentences.
var noteParts = map[string]string{"n": `[0-9]+`, "m": `[0-9]+`, "name": `\S+`, "encoding": `\S+`, "time": `\S+`}

// maxRepairs is how many of them are shown.
const maxRepairs = 6

var wordedNotes = sync.OnceValue(func() []wordedReason {
	english := locale.Get("en")
	var all []wordedReason
	for _, key := range noteKeys {
		pattern := regexp.QuoteMeta(english.T("notes." + key))
		for part, is := range noteParts {
			pattern = strings.ReplaceAll(pattern, regexp.QuoteMeta("{"+part+"}"), "(?P<"+part+">"+is+")")
		}
		all = append(all, wordedReason{key, regexp.MustCompile("^" + pattern + "(?:; |$)")})
	}
	return all
})

// one finds what is said of one thing; the sentences are known by their plurals.
var one = regexp.MustCompile(`(^|: |; )1 (illegal control character|invalid byte|reference|byte|item|guid|date) `)

// notes says in the chat's language what was repaired; in English what is known in
// English alone.
func (t *turn) notes(said string) locale.Text {
	if t.l.Lang() == "en" {
		return worded(t.l, said)
	}
	var all []string
	for rest := one.ReplaceAllString(said, "${1}1 ${2}s "); rest != "" && len(all) < maxRepairs; {
		note, n := firstNote(t.l, rest)
		if n == 0 {
			var unknown string
			unknown, _, _ = strings.Cut(rest, "; ")
			note, n = worded(t.l, unknown), min(len(rest), len(unknown)+len("; "))
		}
		all, rest = append(all, string(note)), rest[n:]
	}
	return locale.Text(strings.Join(all, t.l.T("notes.and")))
}

// firstNote words the sentence that a text begins with, and says how long it is;
// 0 when it is none of ours.
func firstNote(l *locale.Locale, said string) (locale.Text, int) {
	for _, r := range wordedNotes() {
		found := r.words.FindStringSubmatch(said)
		if found == nil {
			continue
		}
		var args []any
		for i, name := range r.words.SubexpNames()[1:] {
			args = append(args, name, short(found[i+1], 60))
		}
		return locale.Text(l.T("notes."+r.key, args...)), len(found[0])
	}
	return "", 0
}
