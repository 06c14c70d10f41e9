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
