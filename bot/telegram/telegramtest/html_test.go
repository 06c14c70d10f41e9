package telegramtest

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const vectorFile = "../../../../shared/reference/telegram-html-vectors.json"

// vectorEntity is an entity as the vectors write it.
type vectorEntity struct {
	Type     string `json:"type"`
	Offset   int    `json:"offset"`
	Length   int    `json:"length"`
	URL      string `json:"url"`
	User     int64  `json:"user_id"`
	Language string `json:"language"`
	Emoji    string `json:"custom_emoji_id"`
}

type vectorResult struct {
	OK       bool           `json:"ok"`
	Error    string         `json:"error"`
	Text     string         `json:"text"`
	Points   int            `json:"code_points"`
	Units    int            `json:"utf16"`
	Entities []vectorEntity `json:"entities"`
	Omitted  bool           `json:"text_omitted"`
}

func readVectors(t *testing.T, into any) {
	t.Helper()
	data, err := os.ReadFile(vectorFile)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("no vectors of Telegram's own parser beside the repository")
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

// TestVectors holds the parser to the answers of Telegram's own.
func TestVectors(t *testing.T) {
	var vectors struct {
		HTML []struct {
			Input *string      `json:"input"`
			Rule  string       `json:"input_rule"`
			Parse vectorResult `json:"parse"`
			Send  vectorResult `json:"send"`
		} `json:"html"`
		URLs []struct {
			Input  string `json:"input"`
			Result struct {
				OK    bool   `json:"ok"`
				URL   string `json:"url"`
				Error string `json:"error"`
			} `json:"result"`
		} `json:"url_buttons"`
	}
	readVectors(t, &vectors)
	for i, v := range vectors.HTML {
		input := rebuilt(t, v.Input, v.Rule)
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			text, entities, err := ParseHTML(input)
			compareVector(t, "parse", input, v.Parse, text, entities, err)
			text, entities, err = FormatHTML(input)
			compareVector(t, "send", input, v.Send, text, entities, err)
		})
	}
	for _, v := range vectors.URLs {
		url, err := ButtonURL(v.Input)
		if got := errorText(err); url != v.Result.URL || got != v.Result.Error {
			t.Errorf("ButtonURL(%q) = %q, %q; want %q, %q", v.Input, url, got, v.Result.URL, v.Result.Error)
		}
	}
	if len(vectors.HTML) < 70 || len(vectors.URLs) < 20 {
		t.Errorf("only %d texts and %d addresses in the vectors", len(vectors.HTML), len(vectors.URLs))
	}
}

// rebuilt makes the long inputs that the vectors only describe.
func rebuilt(t *testing.T, input *string, rule string) string {
	t.Helper()
	if input != nil {
		return *input
	}
	m := regexp.MustCompile(`^repeated/long, (\d+) chars, starts '(.*)' ends '(.*)'$`).FindStringSubmatch(rule)
	if m == nil {
		t.Fatalf("cannot rebuild an input from %q", rule)
	}
	n, _ := strconv.Atoi(m[1])
	start, end := m[2], m[3]
	switch {
	case strings.HasPrefix(start, "&amp;"):
		return strings.Repeat("&amp;", n/len("&amp;"))
	case strings.HasPrefix(start, "<b>"):
		return "<b>" + strings.Repeat("x", n-len("<b></b>")) + "</b>"
	case strings.HasPrefix(start, "<a "):
		head, tail := strings.TrimRight(start, "p"), strings.TrimLeft(end, "p")
		return head + strings.Repeat("p", n-len(head)-len(tail)) + tail
	}
	fill, _ := utf8.DecodeRuneInString(start)
	tail := strings.TrimLeft(end, string(fill))
	return strings.Repeat(string(fill), n-utf8.RuneCountInString(tail)) + tail
}

func compareVector(t *testing.T, what, input string, want vectorResult, text string, entities []Entity, err error) {
	t.Helper()
	if len(input) > 100 {
		input = input[:100] + "…"
	}
	if got := errorText(err); got != want.Error {
		t.Errorf("%s %q: error %q, want %q", what, input, got, want.Error)
		return
	}
	if !want.OK {
		return
	}
	if !want.Omitted && text != want.Text {
		t.Errorf("%s %q: text %q, want %q", what, input, text, want.Text)
	}
	if p, u := utf8.RuneCountInString(text), utf16Len(text); p != want.Points || u != want.Units {
		t.Errorf("%s %q: %d code points and %d units, want %d and %d", what, input, p, u, want.Points, want.Units)
	}
	got := []vectorEntity{}
	for _, e := range entities {
		got = append(got, vectorEntity{e.Type, e.Offset, e.Length, e.URL, e.User, e.Language, e.Emoji})
	}
	if want.Entities == nil {
		want.Entities = []vectorEntity{}
	}
	if diff := cmp.Diff(want.Entities, got); diff != "" {
		t.Errorf("%s %q: entities differ (-want +got):\n%s", what, input, diff)
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestParse is a selection of the rules that stands without the vectors.
func TestParse(t *testing.T) {
	at := func(kind string, offset, length int) Entity {
		return Entity{Type: kind, Offset: offset, Length: length}
	}
	link := func(offset, length int, url string) Entity {
		return Entity{Type: "text_link", Offset: offset, Length: length, URL: url}
	}
	tests := []struct {
		html string
		text string
		want []Entity
	}{
		{"a &amp b &lt;c&gt; &quot;&#39;&#x41;&nbsp;", `a & b <c> "'A&nbsp;`, nil},
		{"5 > 3 & 2", "5 > 3 & 2", nil},
		{"&#0;&#1114111;&#X1;&;&", "&#0;&#1114111;&#X1;&;&", []Entity{at("hashtag", 15, 3)}},
		{"<STRONG>x</strong  ><em></em>", "x", []Entity{at("bold", 0, 1)}},
		{"<b>a</>", "a", []Entity{at("bold", 0, 1)}},
		{"<b>a<i>b</i></b>", "ab", []Entity{at("bold", 0, 1), at("bold", 1, 1), at("italic", 1, 1)}},
		{"<b><i>x</i></b>", "x", []Entity{at("bold", 0, 1), at("italic", 0, 1)}},
		{"<i><b>x</b></i>", "x", []Entity{at("bold", 0, 1), at("italic", 0, 1)}},
		{"🇸🇾 <u>é</u>", "🇸🇾 é", []Entity{at("underline", 5, 1)}},
		{"<s>a</s><del>b</del>", "ab", []Entity{at("strikethrough", 0, 2)}},
		{"<code><b>x</b></code> y", "x y", []Entity{at("code", 0, 1)}},
		{"<pre><code class='language-go'>x</code></pre>", "x", []Entity{{Type: "pre", Length: 1, Language: "go"}}},
		{"<code class=language-go><pre>x</pre></code>", "x", []Entity{{Type: "pre", Length: 1, Language: "go"}}},
		{"<code class=\"language-go\">x</code>", "x", []Entity{at("code", 0, 1)}},
		{"<pre>a<code class=\"language-go\">x</code></pre>", "ax", []Entity{at("pre", 0, 2)}},
		{"<blockquote expandable=false>a</blockquote>", "a", []Entity{at("expandable_blockquote", 0, 1)}},
		{"<blockquote>a<blockquote>b</blockquote></blockquote>", "ab", []Entity{at("blockquote", 0, 2)}},
		{"<blockquote><pre>x</pre></blockquote>", "x", []Entity{at("blockquote", 0, 1), at("pre", 0, 1)}},
		{"<a href='https://E.com/?a=1&lt=2'>x</a>", "x", []Entity{link(0, 1, "https://e.com/?a=1<=2")}},
		{"<a href=\"https://e.com\"><b>x</b> y</a>", "x y", []Entity{link(0, 3, "https://e.com/"), at("bold", 0, 1)}},
		{"<b>a <a href=\"https://e.com\">x</a> b</b>", "a x b", []Entity{at("bold", 0, 2), link(2, 1, "https://e.com/"), at("bold", 2, 1), at("bold", 3, 2)}},
		{"<a href=\"javascript:alert(1)\">x</a>", "x", nil},
		{"<a href=\"\">e.com/x</a>", "e.com/x", []Entity{link(0, 7, "http://e.com/x")}},
		{"<a href=\"TG://user/?id=5&x#y\">x</a>", "x", []Entity{{Type: "text_mention", Length: 1, User: 5}}},
		{"<span class=\"tg-spoiler\">x</span>", "x", []Entity{at("spoiler", 0, 1)}},
		{"<tg-time unix=\"1700000000\" format=\"wDT\">x</tg-time>", "x", []Entity{{Type: "date_time", Length: 1, Unix: 1700000000, Format: "wDT"}}},
		{"<tg-time unix=\"0\">x</tg-time>", "x", nil},
		{" \n<b> x</b> \n", " x", []Entity{at("bold", 0, 2)}},
		{"a\u202eb\u2028c\u200e\u200f\td\x01", "abc\u200c\u200f d", nil},
		{"<b>a\r</b>\n<i> </i>", "a", []Entity{at("bold", 0, 1)}},
		{"at example.com, not a.b or end.Next; http://x.localhost/(a).", "at example.com, not a.b or end.Next; http://x.localhost/(a).",
			[]Entity{at("url", 3, 11), at("url", 37, 22)}},
		{"a@b.com #вести #1 $USD @ab @abcd /x@some_bot /y/z", "a@b.com #вести #1 $USD @ab @abcd /x@some_bot /y/z",
			[]Entity{at("email", 0, 7), at("hashtag", 8, 6), at("cashtag", 18, 4), at("mention", 27, 5), at("bot_command", 33, 11)}},
		{"<code>#a example.com</code> 127.0.0.1 1.2.3 300.1.1.1", "#a example.com 127.0.0.1 1.2.3 300.1.1.1", []Entity{at("code", 0, 14), at("url", 15, 9)}},
	}
	for _, tt := range tests {
		text, entities, err := FormatHTML(tt.html)
		if err != nil {
			t.Errorf("%q: %v", tt.html, err)
			continue
		}
		if diff := cmp.Diff(tt.text, text); diff != "" {
			t.Errorf("%q: text (-want +got):\n%s", tt.html, diff)
		}
		if diff := cmp.Diff(tt.want, entities, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%q: entities (-want +got):\n%s", tt.html, diff)
		}
	}
}

func TestParseErrors(t *testing.T) {
	tests := map[string]string{
		"é<br>":                             `Unsupported start tag "br" at byte offset 2`,
		"a < b":                             `Unsupported start tag "" at byte offset 2`,
		"<b/>":                              `Unsupported start tag "b/" at byte offset 0`,
		"x<b":                               `Unclosed start tag at byte offset 1`,
		"<":                                 `Unclosed start tag at byte offset 0`,
		"<a href":                           `Unclosed start tag "a" at byte offset 0`,
		"<a href=":                          `Unclosed start tag "a" at byte offset 0`,
		"<a href=\"x":                       `Unclosed start tag at byte offset 0`,
		"<a href=\"x\" \"y\">z</a>":         `Empty attribute name in the tag "a" at byte offset 0`,
		"<a href=https://e.com>x</a>":       `Unexpected end of name token at byte offset 8`,
		"<b>x</b":                           `Unclosed end tag at byte offset 4`,
		"</b>":                              `Unexpected end tag at byte offset 0`,
		"<b>x</i>":                          `Unmatched end tag at byte offset 4, expected "</b>", found "</i>"`,
		"<b><i>x</i>":                       `Can't find end tag corresponding to start tag "b"`,
		"<span>x</span>":                    `Tag "span" must have class "tg-spoiler" at byte offset 0`,
		"<tg-emoji emoji-id=0>x</tg-emoji>": `Invalid custom emoji identifier specified`,
		"<tg-time unix=\"1\" format=\"q\">x</tg-time>": `Invalid date format used`,
		"&#xD83D;": `Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units`,
	}
	for html, want := range tests {
		if _, _, err := ParseHTML(html); errorText(err) != "Bad Request: can't parse entities: "+want {
			t.Errorf("%q: error %q, want %q", html, errorText(err), want)
		}
	}
}

func TestButtonURL(t *testing.T) {
	tests := map[string]string{ // "" stands for an error
		"example.com":             "http://example.com/",
		"HTTPS://Example.COM?x":   "https://example.com/?x",
		"https://e.com:08080/a b": "https://e.com:8080/a%20b",
		"tg://resolve?domain=x":   "tg://resolve?domain=x",
		"http://[::1]/":           "http://[::1]/",
		"http://[::1/":            "",
		"http://localhost":        "",
		"tg://":                   "",
		"https://":                "",
		"https://e.com:0/":        "",
		"https://e%zz.com/":       "",
		"https://a\"b@e.com/":     "",
		"https://.":               "",
	}
	for raw, want := range tests {
		if got, err := ButtonURL(raw); got != want || (err != nil) != (want == "") {
			t.Errorf("ButtonURL(%q) = %q, %v; want %q", raw, got, err, want)
		}
	}
}

// FuzzParseHTML checks what holds for every text: entities lie inside it, nest, and parsing the shown text again, escaped,
// changes nothing.
func FuzzParseHTML(f *testing.F) {
	for _, s := range []string{
		"<b>a</b>", "a &amp; <a href=\"https://e.com\">b</a>", "<blockquote expandable>a\n<i>b</i></blockquote>", "<pre><code class=\"language-x\">y</code></pre>",
		"<b>a <i>b</b>", "😀<u>😀</u> https://e.com/(x) #a @abcd", "&#57311;", "\u200f\u200e\u200f", "<tg-time unix=1 format=r>x</tg-time>", "  <s> x</s> ",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text, entities, err := FormatHTML(s)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "Bad Request: ") {
				t.Errorf("error is %q", err)
			}
			return
		}
		if !utf8.ValidString(text) || strings.ContainsAny(text, "\r\t\u2028\u202e") {
			t.Errorf("text is %q", text)
		}
		length := utf16Len(text)
		for i, e := range entities {
			if e.Offset < 0 || e.Length <= 0 || e.end() > length {
				t.Fatalf("entity %+v outside of %d units", e, length)
			}
			for _, o := range entities[:i] {
				if o.Offset < e.Offset && e.Offset < o.end() && o.end() < e.end() && !isStyle(o.Type) && !isStyle(e.Type) {
					t.Errorf("%+v crosses %+v", e, o)
				}
			}
		}
		escaped := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
		if again, _, err := FormatHTML(escaped); len(escaped) <= MaxRawBytes && (err != nil || strings.TrimLeft(again, " \n") != strings.TrimLeft(text, " \n")) {
			t.Errorf("%q escaped is shown as %q, %v", text, again, err)
		}
	})
}
