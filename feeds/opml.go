package feeds

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Bounds of an OPML file.
const (
	MaxOPML        = 16 << 20 // bytes
	MaxOPMLSources = 50_000
)

// ReadOPML reads a list of feeds as every feed reader exports it. The folders
// above a feed, from the outermost in, and its categories become its Tags. A
// feed that stands in several folders is listed once, with the tags of all.
//
// It is as forgiving as readers are: any encoding, attributes in any case, bare
// ampersands. What it leaves out is told by warnings, in words. The error says,
// for a person, that the file is no such list or holds no feed.
func ReadOPML(r io.Reader) (sources []Source, warnings []string, err error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxOPML+1))
	switch {
	case err != nil:
		return nil, nil, fmt.Errorf("read OPML: %w", err)
	case len(raw) > MaxOPML:
		return nil, nil, fmt.Errorf("the file is larger than %d MB", MaxOPML>>20)
	case len(bytes.TrimSpace(raw)) == 0:
		return nil, nil, errors.New("the file is empty")
	}
	text, _, _ := decode(raw, "")
	o := opmlReader{z: html.NewTokenizer(bytes.NewReader(text)), at: map[string]int{}}
	o.z.SetMaxBuf(MaxOPML)
	if err := o.read(); err != nil {
		return nil, nil, err
	}
	return o.sources, o.warnings, nil
}

// An opmlReader walks the outlines of a file.
type opmlReader struct {
	z        *html.Tokenizer
	folders  []string       // names of the open outlines; "" for a feed or a nameless one
	at       map[string]int // address -> index in sources
	sources  []Source
	warnings []string
	opened   bool // <opml> was seen
	closed   bool // </opml> too
}

func (o *opmlReader) read() error {
	for {
		kind := o.z.Next()
		if kind == html.ErrorToken {
			break
		}
		raw, attrs := o.z.TagName()
		name := string(raw)
		switch kind {
		case html.StartTagToken, html.SelfClosingTagToken:
			if !o.opened && name != "opml" {
				return fmt.Errorf("this is no OPML list of feeds: it begins with <%s>", bound(name, 40))
			}
			o.opened = true
			if name == "outline" {
				o.outline(o.attributes(attrs), kind == html.StartTagToken)
			}
		case html.EndTagToken:
			o.closed = o.closed || name == "opml"
			if name == "outline" && len(o.folders) > 0 {
				o.folders = o.folders[:len(o.folders)-1]
			}
		}
	}
	switch {
	case !o.opened:
		return errors.New("this is no OPML list of feeds")
	case len(o.sources) == 0:
		return errors.New("the list names no feed (no outline has a usable xmlUrl)")
	case !o.closed:
		o.warn("the file ends in the middle: %s before the break", plural(len(o.sources), "feed"))
	}
	return nil
}

// maxWarnings keeps a file that is all wrong from filling a screen.
const maxWarnings = 20

func (o *opmlReader) warn(format string, args ...any) {
	if len(o.warnings) < maxWarnings {
		o.warnings = append(o.warnings, fmt.Sprintf(format, args...))
	}
}

// attributes reads those of the current tag; names come in lower case.
func (o *opmlReader) attributes(more bool) map[string]string {
	all := map[string]string{}
	for more {
		var key, value []byte
		key, value, more = o.z.TagAttr()
		if _, twice := all[string(key)]; !twice {
			all[string(key)] = oneLine(string(value))
		}
	}
	return all
}

// outline takes one in: a feed, or a folder that stays open for its children.
func (o *opmlReader) outline(attr map[string]string, open bool) {
	title := bound(attr["title"], MaxName)
	if title == "" {
		title = bound(attr["text"], MaxName)
	}
	folder := ""
	if address, ok := attr["xmlurl"]; ok && address != "" {
		o.feed(address, title, attr)
	} else {
		folder = title
	}
	if open {
		if len(o.folders) < MaxDepth {
			o.folders = append(o.folders, folder)
		} else {
			o.folders[len(o.folders)-1] = "" // absurdly deep: the rest has no names
		}
	}
}

func (o *opmlReader) feed(address, title string, attr map[string]string) {
	at := absolute(nil, webAddress(address))
	if at == "" {
		o.warn("%s left out: it is no http or https address", bound(address, MaxName))
		return
	}
	tags := slices.Clone(o.folders)
	for c := range strings.SplitSeq(attr["category"], ",") {
		tags = append(tags, strings.Split(strings.Trim(c, " /"), "/")...)
	}
	i, known := o.at[at]
	if !known {
		if len(o.sources) == MaxOPMLSources {
			o.warn("only the first %d feeds read", MaxOPMLSources)
			return
		}
		i = len(o.sources)
		o.at[at] = i
		o.sources = append(o.sources, Source{URL: at, Title: title, Site: absolute(nil, attr["htmlurl"]), Lang: languageTag(attr["language"])})
	}
	s := &o.sources[i]
	for _, tag := range tags {
		if tag = bound(strings.TrimSpace(tag), MaxName); tag != "" && !slices.Contains(s.Tags, tag) && len(s.Tags) < MaxNames {
			s.Tags = append(s.Tags, tag)
		}
	}
}

// webAddress undoes the feed: scheme that browsers once handed to readers:
// feed://host/path and feed:https://host/path.
func webAddress(s string) string {
	if rest, ok := cutPrefixFold(s, "feed://"); ok {
		return "http://" + rest
	}
	if rest, ok := cutPrefixFold(s, "feed:"); ok {
		return rest
	}
	return s
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// opmlOutline is one as it is written.
type opmlOutline struct {
	XMLName  xml.Name       `xml:"outline"`
	Type     string         `xml:"type,attr,omitempty"`
	Text     string         `xml:"text,attr"`
	Title    string         `xml:"title,attr,omitempty"`
	XMLURL   string         `xml:"xmlUrl,attr,omitempty"`
	HTMLURL  string         `xml:"htmlUrl,attr,omitempty"`
	Language string         `xml:"language,attr,omitempty"`
	Children []*opmlOutline `xml:"outline"`
}

// WriteOPML writes sources as an OPML 2.0 list that [ReadOPML] and every feed
// reader understand: a source lies in a folder per tag, each inside the one
// before.
func WriteOPML(w io.Writer, title string, sources []Source) error {
	var doc struct {
		XMLName xml.Name       `xml:"opml"`
		Version string         `xml:"version,attr"`
		Title   string         `xml:"head>title"`
		Body    []*opmlOutline `xml:"body>outline"`
	}
	doc.Version, doc.Title = "2.0", title
	var root opmlOutline
	folders := map[string]*opmlOutline{"": &root}
	for _, s := range sources {
		into, path := &root, ""
		for _, tag := range s.Tags {
			path += "\x00" + tag
			if folders[path] == nil {
				folders[path] = &opmlOutline{Text: tag}
				into.Children = append(into.Children, folders[path])
			}
			into = folders[path]
		}
		text := s.Title
		if text == "" {
			text = s.URL
		}
		into.Children = append(into.Children, &opmlOutline{Type: "rss", Text: text, Title: s.Title, XMLURL: s.URL, HTMLURL: s.Site, Language: s.Lang})
	}
	doc.Body = root.Children
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
