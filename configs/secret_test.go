package configs

import (
	"strings"
	"testing"
)

// A token or password that stands near a mistake, or is the mistake, is in no
// message; what else stands there still is.
func TestErrorsKeepSecrets(t *testing.T) {
	const secret = "987654321:AAqa-SeCrEt_tOkEn0123456789abcde"
	for name, doc := range map[string]string{
		"beside a bad value":   "telegram:\n  token: \"" + secret + "\"\naccess: everybody\n",
		"beside a wrong type":  "telegram: {token: '" + secret + "', operators: no}\n",
		"under a wrong key":    "telegram:\n  tokn: " + secret + "\n",
		"of the wrong type":    "telegram:\n  token: [" + secret + "]\n",
		"as a key":             "telegram:\n  \"" + secret + "\": 1\n",
		"without a colon":      "telegram:\n  token \"" + secret + "\"\nstore: x\n",
		"beside a syntax slip": "telegram:\n  token: " + secret + "\n  proxy: [\n",
		"as its file":          "telegram:\n  token_file: " + secret + "\n",
		"the half of a token":  "telegram:\n  token: AAqa-SeCrEt_tOkEn0123456789abcde\naccess: no\n",
		"a store's password":   "store: postgres://ww:AAqa-SeCrEt_tOkEn0123456789abcde@db/ww\naccess: no\n",
		"a proxy's password":   "telegram: {proxy: 'ftp://me:AAqa-SeCrEt_tOkEn0123456789abcde@h'}\n",
	} {
		_, err := Load(write(t, doc), nil)
		if err == nil {
			t.Errorf("%s: accepted", name)
			continue
		}
		if strings.Contains(err.Error(), "SeCrEt") {
			t.Errorf("%s: the message repeats the secret:\n%v", name, err)
		}
		t.Logf("%s:\n%v", name, err)
	}
}

// The caret stays where it points, whatever was covered.
func TestMaskedKeepsColumns(t *testing.T) {
	for in, want := range map[string]string{
		`token: "123456:AAqa-SeCrEt" # ключ`: `token: "******************" # ключ`,
		"tick: 12:30, every: 5m":             "tick: 12:30, every: 5m",
		"url: https://news.example/a:b@c":    "url: https://news.example/a:b@c",
		"socks5://user:pässwort@host:1080":   "socks5://user:********@host:1080",
	} {
		if got := masked(in); got != want {
			t.Errorf("masked(%q) = %q, want %q", in, got, want)
		}
	}
}
