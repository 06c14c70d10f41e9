package feeds

import (
	"io"
	"iter"
)

// MarshalJSON writes the article's JSON line.
func (a Article) MarshalJSON() ([]byte, error) { return nil, nil }

// UnmarshalJSON reads one JSON line.
func (a *Article) UnmarshalJSON(b []byte) error { return nil }

// ReadArticles reads JSON lines.
func ReadArticles(r io.Reader) iter.Seq2[Article, error] {
	return func(yield func(Article, error) bool) {}
}
