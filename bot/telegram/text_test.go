package telegram

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

func TestUTF16Len(t *testing.T) {
	for _, s := range []string{"", "abc", "جنيف", "😀", "a😀\U0010FFFFb", "\uFFFF", "a\xffb"} {
		if got, want := UTF16Len(s), len(utf16.Encode([]rune(s))); got != want {
			t.Errorf("UTF16Len(%q) = %d, want %d", s, got, want)
		}
	}
}

func TestEscapeHTML(t *testing.T) {
	if got, want := EscapeHTML(`a<b & "c" > 'd' &lt;`), `a&lt;b &amp; &quot;c&quot; &gt; 'd' &amp;lt;`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// The answers are those of Telegram's own parser.
func TestButtonURLAgreesWithTelegram(t *testing.T) {
	data, err := os.ReadFile("../../../shared/reference/telegram-html-vectors.json")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("no recorded answers of Telegram's parser here")
	}
	if err != nil {
		t.Fatal(err)
	}
	var vectors struct {
		Buttons []struct {
			Input  string
			Result struct {
				OK  bool
				URL string
			}
		} `json:"url_buttons"`
	}
	if err := json.Unmarshal(data, &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors.Buttons) < 20 {
		t.Fatalf("only %d vectors", len(vectors.Buttons))
	}
	for _, v := range vectors.Buttons {
		if got, ok := ButtonURL(v.Input); ok != v.Result.OK || got != v.Result.URL {
			t.Errorf("ButtonURL(%q) = %q, %t, want %q, %t", v.Input, got, ok, v.Result.URL, v.Result.OK)
		}
	}
}

func TestButtonURL(t *testing.T) {
	tests := []struct{ raw, want string }{ // want "" means refused
		{"https://news.example/a?b=1&c=<d>#e", "https://news.example/a?b=1&c=<d>#e"},
		{"http://NEWS.example:080", "http://news.example:80/"},
		{"https://news.example/a\nb\t ", "https://news.example/a%0Ab"},
		{"https://خبر.example/ن", "https://خبر.example/ن"},
		{"https://news.example:0/", ""},
		{"https://news.example:/", ""},
		{"https://news.example:-1/", ""},
		{"https://a@b@news.example/", ""},
		{"https://a%40b@news.example/", "https://a%40b@news.example/"},
		{"https://news.example%2/", ""},
		{"https://[::1", ""},
		{"https://[fe80::1%25eth0]/", ""},
		{"https://[1.2.3.4]/", ""},
		{"https://", ""},
		{"https://.", ""},
		{"https://news.example\xff/", ""},
		{"TG://resolve?domain=x", "tg://resolve?domain=x"},
		{"tg:resolve?domain=x", "tg://resolve?domain=x"},
		{"tg://user?id=7", "tg://user?id=7"},
		{"tg://re.solve", ""},
		{"tg://a@resolve", ""},
		{"tg:http://resolve", ""},
		{"tg:", ""},
		{"tonsite://a.ton/x", "tonsite://a.ton/x"},
		{"ton://transfer/x", "ton://transfer/x"},
	}
	for _, tt := range tests {
		if got, ok := ButtonURL(tt.raw); got != tt.want || ok != (tt.want != "") {
			t.Errorf("ButtonURL(%q) = %q, %t, want %q", tt.raw, got, ok, tt.want)
		}
	}
}

func TestLinkURL(t *testing.T) {
	for raw, want := range map[string]string{
		"https://news.example/a b": "https://news.example/a%20b",
		"HTTP://news.example":      "http://news.example/",
		"tg://user?id=7":           "tg://user?id=7",
		"news.example/a":           "",
		"mailto:a@news.example":    "",
		"javascript:alert(1)":      "",
		"http://localhost/x":       "",
		"":                         "",
	} {
		if got, ok := LinkURL(raw); got != want || ok != (want != "") {
			t.Errorf("LinkURL(%q) = %q, %t, want %q", raw, got, ok, want)
		}
	}
}

// What is accepted once is accepted again, in the form it was given.
func FuzzButtonURL(f *testing.F) {
	for _, raw := range []string{"https://a.example/x y", "tg:x", "http://[::1]:80?q", "a.b:1", "mailto:a@b.com", "tg:/?", "https://a.b#"} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		once, ok := ButtonURL(raw)
		if !ok {
			if once != "" {
				t.Errorf("refused %q but returned %q", raw, once)
			}
			return
		}
		if twice, ok := ButtonURL(once); !ok || twice != once {
			t.Errorf("%q becomes %q, then %q, %t", raw, once, twice, ok)
		}
		if !utf8.ValidString(once) {
			t.Errorf("%q is not valid UTF-8", once)
		}
	})
}
