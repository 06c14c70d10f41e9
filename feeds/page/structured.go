package page

import (
	"encoding/json"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"wirewatch/feeds"
)

// Bounds of structured data.
const (
	maxStructured = 1 << 20 // bytes of one block
	maxDepth      = 8       // objects within objects
)

// structured is the text of the article that a page carries as structured data
// (schema.org, JSON-LD) for programs to read; "" where it has none, and where it
// says that the text is not free to read.
func structured(root *html.Node) string {
	best := ""
	for n := range root.Descendants() {
		if n.DataAtom != atom.Script || !isJSONLD(n) || n.FirstChild == nil || len(n.FirstChild.Data) > maxStructured {
			continue
		}
		var data any
		if json.Unmarshal([]byte(n.FirstChild.Data), &data) != nil {
			continue
		}
		if body := articleBody(data, 0); len(body) > len(best) {
			best = body
		}
	}
	return feeds.PlainText(best)
}

func isJSONLD(n *html.Node) bool {
	for _, a := range n.Attr {
		if a.Key == "type" {
			return strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "application/ld+json")
		}
	}
	return false
}

// articleBody finds the longest articleBody in structured data.
func articleBody(data any, depth int) (best string) {
	if depth > maxDepth {
		return ""
	}
	switch v := data.(type) {
	case []any:
		for _, x := range v {
			if body := articleBody(x, depth+1); len(body) > len(best) {
				best = body
			}
		}
	case map[string]any:
		if isClosed(v["isAccessibleForFree"]) {
			return ""
		}
		best, _ = v["articleBody"].(string)
		for _, x := range v {
			if body := articleBody(x, depth+1); len(body) > len(best) {
				best = body
			}
		}
	}
	return best
}

// isClosed reports whether the value of isAccessibleForFree says no.
func isClosed(v any) bool {
	switch v := v.(type) {
	case bool:
		return !v
	case string:
		return strings.EqualFold(strings.TrimSpace(v), "false")
	}
	return false
}
