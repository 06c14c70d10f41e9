package configs

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestExampleIsTheDefault holds the example to the code: every option is in it,
// each with a comment above, and each with its default.
func TestExampleIsTheDefault(t *testing.T) {
	doc, err := os.ReadFile("wirewatch.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var c Config
	if err := c.parse(doc); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Default(), c); diff != "" {
		t.Errorf("the example is not the default (-default +example):\n%s", diff)
	}
	for _, key := range allKeys(reflect.TypeFor[Config]()) {
		if !strings.Contains(string(doc), key+":") {
			t.Errorf("the example lacks %s", key)
		}
	}
}

// allKeys lists every YAML key of a struct and of those within.
func allKeys(t reflect.Type) []string {
	var keys []string
	for i := range t.NumField() {
		f := t.Field(i)
		keys = append(keys, f.Tag.Get("yaml"))
		in := f.Type
		if in.Kind() == reflect.Slice {
			in = in.Elem()
		}
		if in.Kind() == reflect.Struct {
			keys = append(keys, allKeys(in)...)
		}
	}
	return keys
}

func write(t *testing.T, doc string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "wirewatch.yaml")
	if err := os.WriteFile(path, []byte(doc), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPrecedence(t *testing.T) {
	path := write(t, "poll:\n  every: 10m\n  concurrency: 3\nstore: file.db\n")
	c, err := Load(path, []string{"WIREWATCH_STORE=env.db", "WIREWATCH_TELEGRAM_OPERATORS=7,8", "HOME=/x"})
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	want.Poll.Every, want.Poll.Concurrency = 10*time.Minute, 3
	want.Store, want.Telegram.Operators = "env.db", []int64{7, 8}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Error(diff)
	}
}

func TestEmptyFileIsTheDefault(t *testing.T) {
	for _, doc := range []string{"", "# nothing\n", "---\n", "poll:\n", "poll:\n  every:\nsources:\n"} {
		c, err := Load(write(t, doc), nil)
		if err != nil {
			t.Fatalf("%q: %v", doc, err)
		}
		if diff := cmp.Diff(Default(), c); diff != "" {
			t.Errorf("%q: %s", doc, diff)
		}
	}
}

// TestWrongFile says what a person reads: the line, a caret, what would be right.
func TestWrongFile(t *testing.T) {
	for _, test := range []struct {
		name, doc string
		want      []string
	}{
		{"unknown key", "store: a.db\npoll:\n  evry: 60s\n", []string{"[3:3]", `unknown key "evry" in poll`, "did you mean every?", "^"}},
		{"unknown section", "stroe: a.db\n", []string{"[1:1]", `unknown key "stroe"`, "did you mean store?"}},
		{"strange key", "poll:\n  zzzzzzzz: 1\n", []string{"there are tick, every, min"}},
		{"in a source", "sources:\n  - url: https://a.example/rss\n    titel: A\n", []string{"[3:5]", `unknown key "titel" in sources`, "did you mean title?"}},
		{"within braces", "poll: {tick: '@every 15s', evry: 60s}\n", []string{"[1:28]", `unknown key "evry" in poll`, "did you mean every?"}},
		{"after braces", "poll: {tick: '@every 15s'}\nstroe: x\n", []string{"[2:1]", `unknown key "stroe"; did you mean store?`}},
		{"in a source's braces", "sources:\n  - {url: https://a.example/rss, titel: A}\n", []string{`unknown key "titel" in sources`, "did you mean title?"}},
		{"in a bracketed source", "sources: [{url: https://a.example/rss, tags: [a], titel: A}]\n", []string{`unknown key "titel" in sources`, "did you mean title?"}},
		{"in braces over lines", "telegram: {\n  proxy: '',\n    tokn: x}\n", []string{`unknown key "tokn" in telegram`, "did you mean token?"}},
		{"behind a byte order mark", "\ufeffstroe: a.db\n", []string{"[1:1]", "did you mean store?"}},
		{"a bare source", "sources:\n  - https://a.example/rss\n", []string{"[2:5]", "such as url: …", "title"}},
		{"a bare tag", "sources:\n  - url: https://a.example/rss\n    tags: agency\n", []string{"[3:11]", "such as [a, b]"}},
		{"a bare list", "- a\n", []string{"[1:1]", "telegram, access"}},
		{"fraction", "poll:\n  concurrency: 1.5\n", []string{"[2:16]", "a whole number is wanted", "^"}},
		{"number", "poll:\n  concurrency: many\n", []string{"[2:16]", "a whole number is wanted", "^"}},
		{"duration", "poll:\n  every: soon\n", []string{"[2:10]", "a duration is wanted", "^"}},
		{"duration without unit", "poll:\n  every: 60\n", []string{"[2:10]", "a duration is wanted"}},
		{"bool", "poll:\n  allow_private: maybe\n", []string{"[2:18]", "true or false is wanted"}},
		{"section", "poll: 5m\n", []string{"[1:7]", "tick, every"}},
		{"twice", "store: a\nstore: b\n", []string{"[2:1]", "store"}},
		{"not YAML", "poll: [\n", []string{"[1:7]"}},
		{"a tag alone", "sources: !!\n", []string{"take the tags (!)"}}, // the YAML library panics
		{"value", "access: anyone\n", []string{"access", `"anyone" is none of private, approval, open`, "1 | access: anyone", "^"}},
		{"broad", "rules:\n  broad: maybe\n", []string{"rules.broad", `"maybe" is none of warn, refuse`, "2 |   broad: maybe"}},
		{"share", "rules:\n  broad_share: 5\n", []string{"rules.broad_share", "above 0 and at most 1"}},
		{"range", "poll:\n  min: 2h\n", []string{"poll.max", "at least poll.min (2h0m0s)"}},
		{"cron", "digest:\n  default: at seven\n", []string{"digest.default", "0 7 * * *", "^"}},
		{"zone", "digest:\n  zone: Riyadh\n", []string{"digest.zone", "Asia/Riyadh", "^"}},
		{"tick", "poll:\n  tick: often\n", []string{"poll.tick", "@every 15s"}},
		{"public address", "http: {public_url: wire.example}\n", []string{"http.public_url", "https://wire.example", "^"}},
		{"public address without a door", "http: {addr: \"\", public_url: https://wire.example}\n", []string{"http.public_url", "http.addr is wanted", "^"}},
		{"source", "sources:\n  - url: news\n", []string{"sources[0].url", "address of a feed is wanted", "^"}},
		{"rate", "telegram:\n  rate: 31\n", []string{"telegram.rate", "0 (automatic) to 30", "allow_paid_broadcast", "^"}},
		{"paid rate", "telegram:\n  rate: 1001\n  allow_paid_broadcast: true\n", []string{"telegram.rate", "to 1000"}},
		{"no rate", "telegram:\n  rate: .nan\n", []string{"telegram.rate"}},
		{"uncertain", "telegram:\n  uncertain: maybe\n", []string{"telegram.uncertain", `"maybe" is neither retry nor give_up`, "^"}},
		{"backlog", "telegram:\n  backlog: -1h\n", []string{"telegram.backlog", "0 for never", "^"}},
		{"proxy", "telegram:\n  proxy: 127.0.0.1\n", []string{"telegram.proxy", "socks5h://"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := write(t, test.doc)
			_, err := Load(path, nil)
			var wrong *Error
			if !errors.As(err, &wrong) {
				t.Fatalf("have %v, want an *Error", err)
			}
			t.Log(err)
			for _, want := range append(test.want, path) {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error lacks %q:\n%v", want, err)
				}
			}
		})
	}
}

func TestWrongEnvironment(t *testing.T) {
	for _, test := range []struct{ env, want string }{
		{"WIREWATCH_POLL_CONCURRENCY=many", "WIREWATCH_POLL_CONCURRENCY cannot be read; a whole number is wanted"},
		{"WIREWATCH_RETENTION=long", "WIREWATCH_RETENTION cannot be read; a duration is wanted"},
		{"WIREWATCH_TELEGRAM_TOKN=1:x", "unknown variable WIREWATCH_TELEGRAM_TOKN; did you mean WIREWATCH_TELEGRAM_TOKEN?"},
	} {
		_, err := Load("", []string{test.env})
		var wrong *Error
		if !errors.As(err, &wrong) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: have %v, want %q", test.env, err, test.want)
		}
		if err != nil && strings.Contains(err.Error(), "1:x") {
			t.Errorf("the error shows a value: %v", err)
		}
	}
}

func TestTokenFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(path, []byte("123:abc\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load("", []string{"WIREWATCH_TELEGRAM_TOKEN_FILE=" + path})
	if err != nil {
		t.Fatal(err)
	}
	if string(c.Telegram.Token) != "123:abc" {
		t.Errorf("the token was not read, or its newline was kept")
	}
	_, err = Load("", []string{"WIREWATCH_TELEGRAM_TOKEN_FILE=" + path + ".none"})
	if err == nil || !strings.Contains(err.Error(), "@BotFather") {
		t.Errorf("have %v, want what to do", err)
	}
}

func FuzzFile(f *testing.F) {
	f.Add("poll:\n  every: 5m\n")
	f.Add("sources: [{url: https://a.example/}]")
	f.Add("telegram: {token: 1:a}\nstore: 1")
	f.Add("a: &a [*a]")
	f.Add("sources: !!\n")
	f.Fuzz(func(t *testing.T, doc string) {
		c := Default()
		if err := c.parse([]byte(doc)); err == nil && c.problem() != nil {
			t.Error("parse accepted what Check refuses")
		}
	})
}
