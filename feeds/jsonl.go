package feeds

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"
)

// An articleLine is the JSON form of an article: its keys, in their order.
type articleLine struct {
	ID        string   `json:"id"`
	Source    string   `json:"source"`
	URL       string   `json:"url"`
	Title     string   `json:"title"`
	Summary   string   `json:"summary"`
	Body      string   `json:"body"`
	Lang      string   `json:"lang"`
	Published string   `json:"published"` // RFC 3339, UTC; "" unknown
	Authors   []string `json:"authors"`
	Tags      []string `json:"tags"`
	Image     string   `json:"image"`
}

// MarshalJSON writes every key, in the order of the contract; lists are never
// null, an unknown time is "".
func (a Article) MarshalJSON() ([]byte, error) {
	line := articleLine{
		ID: a.ID, Source: a.Source, URL: a.URL, Title: a.Title, Summary: a.Summary, Body: a.Body,
		Lang: a.Lang, Authors: a.Authors, Tags: a.Tags, Image: a.Image,
	}
	if !a.Published.IsZero() {
		line.Published = a.Published.UTC().Format(time.RFC3339)
	}
	if line.Authors == nil {
		line.Authors = []string{}
	}
	if line.Tags == nil {
		line.Tags = []string{}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(line); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// UnmarshalJSON reads one article. Unknown keys are refused, absent ones are
// empty. Texts are taken as they are; GUID stays "", it has no key.
func (a *Article) UnmarshalJSON(b []byte) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	var line articleLine
	if err := dec.Decode(&line); err != nil {
		return jsonReason(err)
	}
	var published time.Time
	if line.Published != "" {
		t, err := time.Parse(time.RFC3339, line.Published)
		if err != nil {
			return fmt.Errorf(`"published" must be a time like 2022-01-10T18:30:00Z, not %q`, bound(line.Published, 60))
		}
		published = t.UTC()
	}
	*a = Article{
		ID: line.ID, Source: line.Source, URL: line.URL, Title: line.Title, Summary: line.Summary, Body: line.Body,
		Lang: line.Lang, Published: published, Authors: line.Authors, Tags: line.Tags, Image: line.Image,
	}
	return nil
}

// jsonReason words a decoding error for the person who wrote the line.
func jsonReason(err error) error {
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrong) && wrong.Field == "":
		return fmt.Errorf("an article is a JSON object, not a %s", wrong.Value)
	case errors.As(err, &wrong):
		return fmt.Errorf("%q must be a %s, not a %s", wrong.Field, kindName(wrong.Type.String()), wrong.Value)
	case errors.Is(err, io.ErrUnexpectedEOF), strings.HasPrefix(err.Error(), "unexpected end of JSON"):
		return errors.New("the JSON ends in the middle")
	}
	if key, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return fmt.Errorf("there is no key %s in an article", key)
	}
	return errors.New(strings.TrimPrefix(err.Error(), "json: "))
}

func kindName(goType string) string {
	if strings.HasPrefix(goType, "[]") || strings.HasSuffix(goType, "articleLine") {
		return "list"
	}
	return goType
}

// MaxLine is the length in bytes of the longest line that ReadArticles reads.
const MaxLine = 16 << 20

// ReadArticles reads articles, one JSON object a line, in constant memory. Blank
// lines are passed over. A line that is no article yields an error with its
// number, and reading goes on behind it if the caller does; an error of r, or a
// line over MaxLine, is the last thing yielded. An article without an id gets its
// URL, else its line's position ("#3").
func ReadArticles(r io.Reader) iter.Seq2[Article, error] {
	return func(yield func(Article, error) bool) {
		lines := bufio.NewScanner(r)
		lines.Buffer(make([]byte, 0, 64<<10), MaxLine)
		for n := 1; lines.Scan(); n++ {
			line := lines.Bytes()
			if n == 1 {
				line = bytes.TrimPrefix(line, []byte("\uFEFF"))
			}
			if line = bytes.TrimSpace(line); len(line) == 0 {
				continue
			}
			a, err := readLine(line)
			if err != nil {
				err = fmt.Errorf("line %d: %w", n, err)
			} else if a.ID == "" {
				if a.ID = a.URL; a.ID == "" {
					a.ID = fmt.Sprintf("#%d", n)
				}
			}
			if !yield(a, err) {
				return
			}
		}
		if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
			yield(Article{}, fmt.Errorf("a line is longer than %d MB", MaxLine>>20))
		} else if err != nil {
			yield(Article{}, fmt.Errorf("read articles: %w", err))
		}
	}
}

// readLine reads one line, on which nothing else may stand.
func readLine(line []byte) (a Article, err error) {
	if line[0] != '{' {
		return a, errors.New("an article is a JSON object: {\"id\": …, \"title\": …}")
	}
	if err := json.Unmarshal(line, &a); err != nil {
		return Article{}, jsonReason(err)
	}
	return a, nil
}
