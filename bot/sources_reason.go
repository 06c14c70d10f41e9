package bot

import (
	"regexp"
	"strings"
	"sync"

	"wirewatch/bot/locale"
)

// Why a source cannot be read is worded in English where it is found, and
// stored so. The sentences of "sources.reason.*" are those words; their English
// is what they are known by, as with gettext, and a test holds it to them.
var reasonKeys = []string{
	"not_found", "gone", "fewer", "later", "password", "refuses", "legal", "proxy_password", "problem", "status",
	"port", "private", "no_connection", "slow", "refused", "unreachable", "broke_off", "no_https", "proxy", "headers", "no_http",
	"no_name", "name_slow", "name_failed", "expired", "unknown_signer", "other_name", "insecure",
	"too_large", "stalled", "compression", "compressed_often", "compression_unknown",
	"redirects", "circle", "redirect_nowhere", "redirect_bad", "redirect_open", "no_time", "given_up",
	"long_address", "no_address", "scheme", "no_host", "bad_host",
	"empty", "html_other", "html", "opml", "sitemap", "xml_error", "xml_other", "text", "image", "pdf", "zip", "gzip",
	"ends", "xml_damaged", "json_list", "not_markup", "json_other", "json_damaged",
	"dead", "telegram", "youtube", "page",
}

// reasonParts are what varies in those sentences.
var reasonParts = map[string]string{
	"host": `\S+`, "status": `[0-9]{3}.*`, "time": `\S+(?: s)?`, "size": `[0-9]+ [kM]B`, "n": `[0-9]+`, "name": `.+`, "why": `.+`, "url": `https?://\S+`,
}

// A wordedReason is one of those sentences, ready to be recognised.
type wordedReason struct {
	key   string
	words *regexp.Regexp
}

var wordedReasons = sync.OnceValue(func() []wordedReason {
	english := locale.Get("en")
	var all []wordedReason
	for _, key := range reasonKeys {
		pattern := regexp.QuoteMeta(english.T("sources.reason." + key))
		for part, is := range reasonParts {
			pattern = strings.ReplaceAll(pattern, regexp.QuoteMeta("{"+part+"}"), "(?P<"+part+">"+is+")")
		}
		all = append(all, wordedReason{key, regexp.MustCompile("^" + pattern + "$")})
	}
	return all
})

// knownReason finds the sentence that an English reason is, and what varies in it
// as arguments for a Locale. The key is "" for a reason that is none of them.
func knownReason(said string) (key string, args []any) {
	for _, r := range wordedReasons() {
		found := r.words.FindStringSubmatch(said)
		if found == nil {
			continue
		}
		for i, name := range r.words.SubexpNames()[1:] {
			args = append(args, name, short(found[i+1], 120))
		}
		return r.key, args
	}
	return "", nil
}

// reason says in the chat's language why a source cannot be read; in English
// what is known in English alone.
func (t *turn) reason(said string) locale.Text { return worded(t.l, said) }

// reason is the same in a digest; "" where nothing is known.
func (v view) reason(said string) locale.Text { return worded(v.Locale, said) }

func worded(l *locale.Locale, said string) locale.Text {
	key, args := knownReason(said)
	if key == "" {
		return locale.Text(l.Span(inert(cut(locale.Clean(head(said, maxForeignText)), maxReason, maxReason))))
	}
	for i := 0; i < len(args); i += 2 {
		if said, ok := args[i+1].(string); ok && args[i] == "why" { // one reason inside another
			args[i+1] = worded(l, said)
		}
	}
	return locale.Text(l.T("sources.reason."+key, args...))
}

// maxReason is how much of a reason that we have no words for is shown, in
// characters.
const maxReason = 200

// unreadable says that there is no feed at an address, why, and what may help.
func (t *turn) unreadable(address, why string) string {
	lines := []string{t.l.H("sources.unreadable", "address", short(address, 200), "reason", t.reason(why))}
	if key, _ := knownReason(why); key != "" && t.l.Has("sources.hint."+key) {
		lines = append(lines, t.l.H("errors.rule_hint", "hint", locale.Text(t.l.T("sources.hint."+key))))
	}
	return t.l.Page(lines...)
}
