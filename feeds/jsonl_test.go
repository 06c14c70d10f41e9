package feeds

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestArticleLine(t *testing.T) {
	a := Article{
		ID: "1", GUID: "secret", Source: "Wire", URL: "https://wire.example/1?a=1&b=2", Title: "a < b", Summary: "s", Body: "x\n\ny", Lang: "en",
		Published: time.Date(2022, 1, 10, 21, 30, 0, 0, time.FixedZone("", 3*3600)), Authors: []string{"Jane"}, Image: "https://wire.example/1.jpg",
	}
	b, err := a.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	want := `{"id":"1","source":"Wire","url":"https://wire.example/1?a=1&b=2","title":"a < b","summary":"s","body":"x\n\ny","lang":"en","published":"2022-01-10T18:30:00Z","authors":["Jane"],"tags":[],"image":"https://wire.example/1.jpg"}`
	if string(b) != want {
		t.Errorf("got  %s\nwant %s", b, want)
	}
	var back Article
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	a.GUID, a.Published, a.Tags = "", a.Published.UTC(), []string{}
	if diff := cmp.Diff(a, back); diff != "" {
		t.Error(diff)
	}
	empty, err := json.Marshal(Article{})
	if err != nil || string(empty) != `{"id":"","source":"","url":"","title":"","summary":"","body":"","lang":"","published":"","authors":[],"tags":[],"image":""}` {
		t.Errorf("%s, %v", empty, err)
	}
}

func TestReadArticles(t *testing.T) {
	in := "\uFEFF" + `{"id":"a","title":"One"}

{"title":"Two","url":"https://wire.example/2"}
{"title":"Three","published":"2022-01-10T21:30:00+03:00"}
{"titel":"Four"}
{"title":5}
{"authors":"Jane"}
{"published":"yesterday"}
["list"]
{"title":"cut
{"title":"Six"} {"title":"Seven"}
{"id":"last"}`
	var got []string
	for a, err := range ReadArticles(strings.NewReader(in)) {
		if err != nil {
			got = append(got, "! "+err.Error())
			continue
		}
		got = append(got, a.ID+" "+a.Title)
		if !a.Published.IsZero() && a.Published.Location() != time.UTC {
			t.Error("time not in UTC")
		}
	}
	want := []string{
		"a One", "https://wire.example/2 Two", "#4 Three",
		`! line 5: there is no key "titel" in an article`,
		`! line 6: "title" must be a string, not a number`,
		`! line 7: "authors" must be a list, not a string`,
		`! line 8: "published" must be a time like 2022-01-10T18:30:00Z, not "yesterday"`,
		`! line 9: an article is a JSON object: {"id": …, "title": …}`,
		`! line 10: the JSON ends in the middle`,
		`! line 11: invalid character '{' after top-level value`,
		"last ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestReadArticlesStops(t *testing.T) {
	n := 0
	for range ReadArticles(strings.NewReader("{}\n{}\n{}\n")) {
		if n++; n == 2 {
			break
		}
	}
	if n != 2 {
		t.Errorf("%d articles", n)
	}
	broken := errors.New("the disk is gone")
	var last error
	for _, err := range ReadArticles(io.MultiReader(strings.NewReader("{}\n"), failing{broken})) {
		last = err
	}
	if !errors.Is(last, broken) {
		t.Errorf("last error %v", last)
	}
	for _, err := range ReadArticles(strings.NewReader(`{"title":"` + strings.Repeat("x", MaxLine))) {
		last = err
	}
	if last == nil || last.Error() != "a line is longer than 16 MB" {
		t.Errorf("long line: %v", last)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func FuzzReadArticles(f *testing.F) {
	f.Add([]byte(`{"id":"a","title":"One"}` + "\n{}\n"))
	f.Add([]byte("{\"published\":\"2022-01-10T18:30:00Z\"}\n[\nnull"))
	f.Fuzz(func(t *testing.T, in []byte) {
		for a, err := range ReadArticles(strings.NewReader(string(in))) {
			if err != nil {
				continue
			}
			if a.ID == "" {
				t.Error("an article without an id")
			}
			line, err := a.MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			var back Article
			if err := back.UnmarshalJSON(line); err != nil {
				t.Errorf("%s: %v", line, err)
			}
		}
	})
}
