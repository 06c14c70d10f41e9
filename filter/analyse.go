package filter

import (
	"slices"
	"strings"
	"sync"

	"wirewatch/filter/entity"
	"wirewatch/filter/text"
)

// Input is an article as the filter sees it: plain text by zone, without related
// links and boilerplate, which no query may see.
type Input struct {
	Title, Dateline, Lead, Body string
	Lang                        string   // what the feed says, "" unknown: a hint
	Source                      []string // title, host and tags of the source
	Country, URL                string   // ISO 3166 alpha-2 of the source; the article's address
	Authors, Tags               []string
}

// Doc is an article, analysed once for all queries. It is safe for concurrent use.
type Doc struct {
	in       Input
	stream   *text.Stream
	zones    []zoneMask // by section of the stream
	leadEnd  int32      // bytes of the body that are the lead too; 0 none
	names    *entity.Gazetteer
	naming   sync.Once // entities are looked for when a query first asks for one
	mentions []named
	source   []string // folded, each between spaces
	authors  []string
	tags     []string
	url      string // lower case
}

// Analyse reads an article: words and language, and, as soon as a query asks for them, the
// entities of names (nil: none).
func Analyse(in Input, names *entity.Gazetteer) *Doc {
	d := &Doc{in: in, stream: text.New(), names: names}
	d.add(in.Title, inTitle)
	d.add(in.Dateline, inDateline)
	lead := strings.TrimRight(strings.TrimSpace(in.Lead), ".… ")
	body := strings.TrimSpace(in.Body)
	if lead != "" && strings.HasPrefix(body, lead) {
		d.leadEnd = int32(len(lead)) // counted once, though two zones show it
	} else {
		d.add(in.Lead, inLead)
	}
	d.add(body, inBody)
	d.stream.Index(d.language())
	d.source, d.authors, d.tags = padded(in.Source), padded(in.Authors), padded(in.Tags)
	d.url = strings.ToLower(in.URL)
	return d
}

// named is an entity and where the text names it.
type named struct {
	key   string // see [entity.Entity.Key]
	spans []span
}

// allMentions are the entities that the text names, by key.
func (d *Doc) allMentions() []named {
	d.naming.Do(func() { d.mention(d.names.Find(d.stream)) })
	return d.mentions
}

// mention files the places of entities, which come in order, by key.
func (d *Doc) mention(found []entity.Mention) {
	if len(found) == 0 {
		return
	}
	slices.SortStableFunc(found, func(a, b entity.Mention) int { return strings.Compare(a.Entity.Key(), b.Entity.Key()) })
	spans := make([]span, len(found))
	for i, m := range found {
		spans[i] = span{m.First, m.Last}
		if i == 0 || m.Entity != found[i-1].Entity {
			d.mentions = append(d.mentions, named{key: m.Entity.Key()})
			d.mentions[len(d.mentions)-1].spans = spans[i:i]
		}
		last := &d.mentions[len(d.mentions)-1]
		last.spans = last.spans[:len(last.spans)+1]
	}
}

// mentionsOf are the places where the text names an entity, in order. The caller must not change them.
func (d *Doc) mentionsOf(key string) []span {
	all := d.allMentions()
	i, ok := slices.BinarySearchFunc(all, key, func(m named, key string) int { return strings.Compare(m.key, key) })
	if !ok {
		return nil
	}
	return all[i].spans
}

// Lang is the language of the text, as an ISO 639-1 code; "" unknown.
func (d *Doc) Lang() string {
	lang, _ := d.stream.Lang()
	return lang
}

// Unread is how many bytes of the article no query sees: of each zone [text.MaxSection] bytes are read.
func (d *Doc) Unread() int { return d.stream.Unread() }

// add appends a section of the stream; an empty one keeps its place, so that zones are told by number.
func (d *Doc) add(s string, z zoneMask) {
	d.stream.Add(s)
	d.zones = append(d.zones, z)
}

// sampleBytes is how much of each zone is read to tell the language.
const sampleBytes = 2048

// language tells the language from title, lead and body; the lead counts twice when it is
// the beginning of the body, as most of an article's subject is in it.
func (d *Doc) language() (lang string, sure bool) {
	last := len(d.zones) - 1
	lead := text.Sample{Section: last, Bytes: min(sampleBytes, int(d.leadEnd))}
	if d.leadEnd == 0 {
		lead = text.Sample{Section: last - 1, Bytes: sampleBytes}
	}
	return d.stream.Detect(d.in.Lang, text.Sample{Section: 0, Bytes: sampleBytes}, lead, text.Sample{Section: last, Bytes: sampleBytes})
}

// padded folds values and puts spaces around them, so that whole words can be looked up as substrings.
func padded(values []string) []string {
	folded := make([]string, 0, len(values))
	for _, v := range values {
		folded = append(folded, " "+text.Fold(v)+" ")
	}
	return folded
}

// zone is the set of zones that a token belongs to.
func (d *Doc) zone(tok int) zoneMask {
	t := &d.stream.Tokens[tok]
	z := d.zones[t.Section]
	if z == inBody && t.End <= d.leadEnd {
		z |= inLead
	}
	return z
}
