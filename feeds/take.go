package feeds

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
	ext "github.com/mmcdole/gofeed/extensions"
)

// take fills the document from what gofeed read.
func (d *Document) take(p *parsed, base *url.URL, rootLang string) {
	f := p.feed
	title := f.Title
	if title == "" {
		title = extValue(f.Extensions, "atom", "title")
	}
	d.Title = bound(oneLine(PlainText(title)), MaxName)
	d.Self = absolute(base, f.FeedLink)
	if base == nil {
		base, _ = url.Parse(d.Self)
	}
	if d.Site = absolute(base, f.Link); d.Site == "" && p.rss != nil && p.rss.Image != nil {
		d.Site = absolute(base, p.rss.Image.Link) // by the format it is the same address
	}
	if base == nil || base.Host == "" && d.Site != "" {
		if site, err := url.Parse(d.Site); err == nil {
			base = site
		}
	}
	for _, lang := range []string{f.Language, rootLang, extValue(f.Extensions, "dc", "language")} {
		if d.Lang == "" {
			d.Lang = languageTag(lang)
		}
	}
	d.TTL = p.interval()
	if d.Hub == "" {
		d.Hub = absolute(base, p.linkWithRel("hub"))
	}
	items := f.Items
	if len(items) > MaxItems {
		d.warn("only the first %d of %d items read", MaxItems, len(items))
		items = items[:MaxItems]
	}
	t := taker{doc: d, parsed: p, base: base, source: d.sourceName(base), monthFirst: d.Lang == "en-US"}
	for i := range items {
		a, ok := t.article(i)
		switch {
		case !ok:
			d.warn("item %d could not be read", i+1)
		case a.isEmpty():
			d.warn("item %d is empty", i+1)
		default:
			d.Articles = append(d.Articles, a)
		}
	}
	d.identify()
}

// isEmpty reports whether an item said nothing at all.
func (a *Article) isEmpty() bool {
	return a.GUID+a.URL+a.Title+a.Summary+a.Body+a.Image == "" && a.Published.IsZero() && len(a.Authors)+len(a.Tags) == 0
}

// sourceName is what people call a document's source.
func (d *Document) sourceName(base *url.URL) string {
	if d.Title != "" {
		return d.Title
	}
	for _, u := range []*url.URL{parseOrNil(d.Site), base} {
		if u != nil && u.Hostname() != "" {
			return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
		}
	}
	if base != nil {
		return base.Path[strings.LastIndexByte(base.Path, '/')+1:]
	}
	return ""
}

func parseOrNil(s string) *url.URL {
	u, err := url.Parse(s)
	if err != nil {
		return nil
	}
	return u
}

// interval is what the feed asks its pollers to keep: ttl in minutes, or
// sy:updatePeriod divided by sy:updateFrequency.
func (p *parsed) interval() time.Duration {
	if p.rss == nil {
		return 0
	}
	if minutes, err := strconv.Atoi(strings.TrimSpace(p.rss.TTL)); err == nil && minutes > 0 && minutes < 60*24*366 {
		return time.Duration(minutes) * time.Minute
	}
	period := map[string]time.Duration{
		"hourly": time.Hour, "daily": 24 * time.Hour, "weekly": 7 * 24 * time.Hour, "monthly": 30 * 24 * time.Hour, "yearly": 365 * 24 * time.Hour,
	}[strings.ToLower(strings.TrimSpace(extValue(p.rss.Extensions, "sy", "updatePeriod")))]
	if n, err := strconv.Atoi(strings.TrimSpace(extValue(p.rss.Extensions, "sy", "updateFrequency"))); err == nil && n > 1 {
		period /= time.Duration(n)
	}
	return period
}

// linkWithRel is the address of an Atom link of the feed, in Atom or in RSS.
func (p *parsed) linkWithRel(rel string) string {
	if p.atom != nil {
		for _, l := range p.atom.Links {
			if strings.EqualFold(l.Rel, rel) {
				return l.Href
			}
		}
	}
	for _, prefix := range []string{"atom", "atom10", "atom03"} {
		for _, l := range p.feed.Extensions[prefix]["link"] {
			if strings.EqualFold(l.Attrs["rel"], rel) {
				return l.Attrs["href"]
			}
		}
	}
	return ""
}

// extValue is the text of the first extension element of that name.
func extValue(e ext.Extensions, prefix, name string) string {
	for _, x := range e[prefix][name] {
		if x.Value != "" {
			return x.Value
		}
	}
	return ""
}

// extValues are the texts of all extension elements of that name.
func extValues(e ext.Extensions, prefix, name string) (all []string) {
	for _, x := range e[prefix][name] {
		all = append(all, x.Value)
	}
	return all
}

// A taker turns items into articles.
type taker struct {
	doc        *Document
	parsed     *parsed
	base       *url.URL
	source     string
	monthFirst bool
}

// article converts one item; false when something inside it breaks us.
func (t *taker) article(i int) (a Article, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	it := t.parsed.feed.Items[i]
	if it == nil {
		return a, false
	}
	a = Article{
		GUID:    bound(strings.TrimSpace(scrub(it.GUID)), MaxURL),
		Source:  t.source,
		Title:   t.title(it),
		Lang:    t.lang(i, it),
		Authors: t.authors(i, it),
		Tags:    names(categories(it)),
	}
	if a.GUID == "" {
		a.GUID = bound(strings.TrimSpace(scrub(firstText(t.mark(i).about, extValue(it.Extensions, "atom", "id")))), MaxURL)
	}
	a.URL = t.link(i, it)
	var picture string
	a.Summary, a.Body, picture = t.texts(i, it)
	a.Image = t.image(i, it, picture, a.URL)
	a.Published = t.published(it)
	return a, true
}

func (t *taker) title(it *gofeed.Item) string {
	title := firstText(it.Title, mediaValue(it, "title"), extValue(it.Extensions, "itunes", "title"), extValue(it.Extensions, "atom", "title"))
	return bound(oneLine(PlainText(title)), MaxTitle)
}

// firstText is the first of several texts that is not blank.
func firstText(texts ...string) string {
	for _, s := range texts {
		if strings.TrimSpace(s) != "" {
			return s
		}
	}
	return ""
}

// mark is what the tags of an item say; the zero mark when items were lost on the
// way, so that nobody knows whose it would be.
func (t *taker) mark(i int) mark {
	if len(t.parsed.marks) != len(t.parsed.feed.Items) {
		return mark{}
	}
	return t.parsed.marks[i]
}

func (t *taker) lang(i int, it *gofeed.Item) string {
	lang := languageTag(extValue(it.Extensions, "dc", "language"))
	if t.parsed.json != nil {
		lang = languageTag(t.parsed.json.Items[i].Language)
	}
	if lang == "" {
		lang = languageTag(it.Custom["language"])
	}
	m := t.mark(i)
	if lang == "" {
		lang = m.lang
	}
	if lang == "" && !m.noLang {
		lang = t.doc.Lang
	}
	return lang
}

// teaser is the length in runes up to which a text counts as one.
const teaser = 600

// texts are the item's summary and body, and the first picture in them.
func (t *taker) texts(i int, it *gofeed.Item) (summary, body, picture string) {
	description := firstText(it.Description, mediaValue(it, "description"), it.Custom["summary"], it.Custom["abstract"], extValue(it.Extensions, "itunes", "subtitle"))
	content := firstText(it.Content, extValue(it.Extensions, "content", "encoded"), it.Custom["content"])
	var second string
	switch {
	case t.parsed.json != nil && t.parsed.json.Items[i].ContentHTML == "":
		body = paragraphs(content) // content_text is no markup
	case t.parsed.atom != nil && t.parsed.atom.Entries[i].Content != nil && isForeign(t.parsed.atom.Entries[i].Content.Type):
		content = "" // a picture in base64
	default:
		body, picture = extract(content)
	}
	summary, second = body, picture
	if description != content {
		summary, second = extract(description)
	}
	if picture == "" {
		picture = second
	}
	summary, body = bound(summary, MaxSummary), bound(body, MaxBody)
	if body != "" && summary != "" && alike(summary, body) {
		if len([]rune(body)) > teaser || strings.Contains(body, "\n\n") {
			return "", body, picture
		}
		return summary, "", picture
	}
	return summary, body, picture
}

// isForeign reports whether a media type is of something else than a text.
func isForeign(mediaType string) bool {
	mediaType = strings.ToLower(mediaType)
	for _, other := range []string{"image/", "audio/", "video/", "font/", "application/pdf", "application/zip", "application/octet-stream"} {
		if strings.HasPrefix(mediaType, other) && !strings.HasSuffix(mediaType, "xml") {
			return true
		}
	}
	return false
}

// alike reports whether two texts are the same but for their breaks.
func alike(a, b string) bool {
	if a == b {
		return true
	}
	return a[0] == b[0] && len(a)*10 > len(b)*9 && len(b)*10 > len(a)*9 && oneLine(a) == oneLine(b)
}

// mediaValue is the text of a Media RSS element of the item or of its group.
func mediaValue(it *gofeed.Item, name string) string {
	if v := extValue(it.Extensions, "media", name); v != "" {
		return v
	}
	for _, group := range it.Extensions["media"]["group"] {
		for _, x := range group.Children[name] {
			if x.Value != "" {
				return x.Value
			}
		}
	}
	return ""
}

// published is the first of the item's dates that can be read, publication
// before update.
func (t *taker) published(it *gofeed.Item) time.Time {
	dates := []string{it.Published}
	dates = append(dates, extValues(it.Extensions, "dc", "date")...)
	for _, key := range []string{"issued", "created", "available", "date", "modified"} {
		dates = append(dates, extValue(it.Extensions, "dcterms", key))
	}
	dates = append(dates, extValue(it.Extensions, "prism", "publicationDate"))
	for _, key := range []string{"date", "pubdate", "published", "publishDate", "created", "timestamp", "time"} {
		dates = append(dates, it.Custom[key])
	}
	dates = append(dates, it.Updated)
	for _, s := range dates {
		if s == "" {
			continue
		}
		if when, ok := parseDate(s, t.monthFirst); ok {
			return when
		}
	}
	for _, when := range []*time.Time{it.PublishedParsed, it.UpdatedParsed} {
		if when != nil && when.Year() >= 1970 {
			return when.UTC()
		}
	}
	return time.Time{}
}

// identify gives every article its ID, unique within the document. A guid that
// several different items carry is no guid: it is dropped, so that it cannot
// collapse the feed.
func (d *Document) identify() {
	owner := map[string]int{}
	shared := map[string]bool{}
	for i, a := range d.Articles {
		if a.GUID == "" {
			continue
		}
		if j, ok := owner[a.GUID]; ok && (d.Articles[j].URL != a.URL || d.Articles[j].Title != a.Title) {
			shared[a.GUID] = true
		} else if !ok {
			owner[a.GUID] = i
		}
	}
	used := map[string]bool{}
	for i := range d.Articles {
		a := &d.Articles[i]
		if shared[a.GUID] {
			a.GUID = ""
		}
		position := "#" + strconv.Itoa(i+1)
		for _, id := range []string{a.GUID, a.URL, position} {
			if id != "" && !used[id] {
				a.ID = id
				break
			}
		}
		if a.ID == "" { // a guid that looks like a position
			a.ID = position + "/" + position
		}
		used[a.ID] = true
	}
	if len(shared) > 0 {
		d.warn("%s shared by different items ignored", plural(len(shared), "guid"))
	}
}
