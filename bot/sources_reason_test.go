package bot

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"wirewatch/bot/locale"
)

// TestReasonsAreTranslated reads the sources of the packages that word why a
// feed cannot be read: each of their sentences must be one of ours.
func TestReasonsAreTranslated(t *testing.T) {
	sentence := regexp.MustCompile(`(?:fail\([^"\n]*|Reason = (?:fmt\.Sprintf\()?|FormatError\{(?:fmt\.Sprintf\()?|return (?:fmt\.Sprintf\()?|siteError\{)"([a-z%][^"]* [^"]*)"`)
	verbs := strings.NewReplacer("%d %s", "502 Bad Gateway", "%d kB", "64 kB", "%d MB", "20 MB", "%d", "301", "%.20q", `"zstd"`, "%s", "host.example", "%%", "%")
	found := 0
	for _, pattern := range []string{"../feeds/fetch/errors.go", "../feeds/fetch/body.go", "../feeds/fetch/fetch.go", "../feeds/parse.go", "../feeds/jsonfeed.go", "../feeds/gofeed.go", "../feeds/watch/discover.go"} {
		code, err := os.ReadFile(filepath.FromSlash(pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range sentence.FindAllStringSubmatch(string(code), -1) {
			said := m[1]
			if said == "nothing could be read" || said == "%g s" || strings.HasSuffix(said, " ") { // parts of sentences
				continue
			}
			found++
			key, _ := knownReason(verbs.Replace(said))
			if key == "" { // one that another reason follows
				key, _ = knownReason(said + ": the document is empty")
			}
			if key == "" {
				t.Errorf("%s: %q is in English alone: add it to reasonKeys and to sources.reason.* of every language", pattern, said)
			}
		}
	}
	if found < 40 {
		t.Errorf("%d sentences were found; are they worded elsewhere now?", found)
	}
}

func TestReason(t *testing.T) {
	arabic := &turn{l: locale.Get("ar")}
	for said, want := range map[string]string{
		"the name x.example does not exist":                                       "لا وجود للاسم \u2068x.example\u2069",
		"the site announces a feed, but it cannot be read: the document is empty": "يعلن الموقع عن مصدر لكن قراءته متعذّرة: المستند فارغ",
		"this is an HTML page, not a feed; did you mean https://a.example/rss?":   "هذه صفحة ويب وليست مصدرًا إخباريًّا (\u2068RSS\u2069)، فهل تقصد \u2068https://a.example/rss\u2069؟",
		"the document is larger than 20 MB":                                       "المستند أكبر من \u206820 MB\u2069",
		"no connection to the server within 5 s":                                  "تعذّر الاتصال بالخادم خلال \u20685 s\u2069",
		"something that nobody has worded":                                        "\u2068something that nobody has worded\u2069",
	} {
		if got := string(arabic.reason(said)); got != want {
			t.Errorf("%s: %q, want %q", said, got, want)
		}
	}
	if got := string((&turn{l: locale.Get("en")}).reason("the server answered 418 I'm a teapot")); got != "the server answered 418 I'm a teapot" {
		t.Errorf("in English: %q", got)
	}
}
