package bot

// What a reader sees, and the rules it keeps:
//
//   - The first line of an alert is its title, linked: nothing else, unless the
//     rule is urgent. Then who says it and when, the summary folded in a quote,
//     and which rule it matched by which words.
//   - A title or summary runs in its own direction whatever the reader's
//     language; everything of ours runs in the reader's. Each paragraph of a
//     right-to-left language starts with one U+200F, foreign spans stand
//     between isolates (package locale does both).
//   - Times are in the chat's zone, with the date when it is not today's.
//   - What a feed wrote is text: it is cleaned, shortened and escaped, never
//     interpreted. An address that Telegram would refuse is not linked, and the
//     alert arrives all the same. Nor is what looks like a command or somebody's
//     name: a tap on it would act in the reader's name, or call that person.
//   - A page keeps to all of Telegram's budgets, and knows the deliveries that
//     it settles.

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"wirewatch/bot/digest"
	"wirewatch/bot/locale"
	"wirewatch/bot/telegram"
	"wirewatch/store"
)

// How much of a foreign text is shown.
const (
	maxTitle       = 300      // characters of an alert's title
	maxTitleUnits  = 600      // the same in UTF-16 units, for characters with a hundred accents
	maxItemTitle   = 160      // characters of a title in a digest
	maxSummary     = 600      // UTF-16 units
	shortLead      = 160      // UTF-16 units; a shorter lead is followed by the text, as far as it fits
	maxName        = 60       // characters of a source's or rule's name
	maxNameUnits   = 120      //
	maxWord        = 40       // characters of a matched word
	maxAlertRules  = 5        // rules named in an alert
	maxWords       = 4        // words shown for a rule
	maxAlso        = 3        // other sources named
	maxLink        = 2000     // bytes of an address
	maxForeignText = 16 << 10 // bytes of a feed's text that are looked at
)

// page is one message of ours and what it settles.
type page struct {
	html       string
	plain      bool // html is plain text
	short      bool // it was cut because Telegram refused it as too long
	thread     int64
	moved      bool // its topic is gone: it and what follows go to the chat itself
	deliveries []int64
	open       string // address of the button under it; "" none
	openLabel  string
	keys       [][]telegram.Button // under that, what they say to us; nil none
	preview    string              // address to preview; "" none
	picture    *telegram.Picture   // then html is its caption, and nothing is previewed
	wasTurned  bool                // an edit found text where it looked for a caption, or the other way round
	silent     bool

	// For the courier's accounts.
	alert     bool
	what      string    // its kind; "" by alert
	attempts  int       // made before
	maybeDup  bool      // an earlier attempt has no known outcome
	created   time.Time // when its oldest delivery was
	published time.Time // its article, as the source has it
}

// of tells a page what is known of the deliveries from which it was laid out
// and of the hour in which it is sent: without a sound in quiet hours, unless
// something in it is urgent, and a notice always.
func (p page) of(list []store.Delivery, chat store.Chat, now time.Time) page {
	p.alert = list[0].Kind == store.KindAlert
	p.silent = quiet(chat, now) || list[0].Kind == store.KindNotice
	for _, d := range list {
		if !slices.Contains(p.deliveries, d.ID) {
			continue
		}
		p.attempts = max(p.attempts, d.Attempts)
		p.maybeDup = p.maybeDup || d.MaybeDup
		if d.Tier == store.TierFlash {
			p.silent = false
		}
		if p.created.IsZero() || d.Created.Before(p.created) {
			p.created = d.Created
		}
		if p.alert && d.Article != nil {
			p.published = d.Article.Item.Published
		}
	}
	return p
}

func (p page) kind() string {
	if p.what != "" {
		return p.what
	}
	if p.alert {
		return store.KindAlert
	}
	return store.KindDigest
}

// outgoing is the message as it is sent to a chat.
func (p page) outgoing(chat int64) telegram.Outgoing {
	m := telegram.Outgoing{Chat: chat, Thread: p.thread, HTML: p.html, Plain: p.plain, Silent: p.silent,
		Picture: p.picture, Preview: &telegram.Preview{Disabled: true}}
	if p.preview != "" {
		m.Preview = &telegram.Preview{URL: p.preview, Above: true, Small: true}
	}
	var rows [][]telegram.Button
	if p.open != "" {
		rows = append(rows, []telegram.Button{{Text: p.openLabel, URL: p.open}})
	}
	if rows = append(rows, p.keys...); len(rows) > 0 {
		m.Keyboard = &telegram.Keyboard{Rows: rows}
	}
	return m
}

// view is for whom a page is laid out.
type view struct {
	*locale.Locale
	now      time.Time // in the reader's zone
	pictures bool      // alerts come with the picture of their article
}

// alert lays out one story. d.Article must not be nil.
func (v view) alert(d store.Delivery) page { return v.alertWith(d, amendment{}) }

// An amendment is what a source has done to an article that was told.
type amendment struct {
	was       string // the headline with which it was told; "" the same
	withdrawn bool
	at        time.Time // when it was noticed, in the reader's zone
}

// alertWith is alert, with what its source has done to the article since.
func (v view) alertWith(d store.Delivery, since amendment) page {
	a := *d.Article
	p := page{thread: d.Thread, deliveries: []int64{d.ID}, openLabel: v.T("alert.open")}
	if !since.withdrawn {
		p.preview = linkable(a.Item.URL)
	}
	if u, ok := telegram.ButtonURL(p.preview); ok && p.preview != "" {
		p.open = u
	}
	var top, end []string
	if d.Tier == store.TierFlash {
		top = append(top, v.Paragraph(v.H("alert.flash")))
	}
	title := v.title(a, maxTitle)
	top = append(top, v.headline(title, p.preview, since)...)
	top = append(top, v.Paragraph(locale.Escape(v.attribution(a))))
	for _, r := range d.Rules[:min(len(d.Rules), maxAlertRules)] {
		end = append(end, v.Paragraph(v.rule(r)))
	}
	if more := len(d.Rules) - maxAlertRules; more > 0 {
		end = append(end, v.Paragraph(v.HN("common.and_more", more)))
	}
	frame := measure(strings.Join(append(slices.Clone(top), end...), "\n"))
	limit := budget
	if p.picture = v.picture(d); p.picture != nil && frame.within(captionBudget) {
		limit = captionBudget
	} else {
		p.picture = nil
	}
	if quote := v.summary(a, title, frame, limit); quote != "" && !since.withdrawn {
		top = append(top, quote)
	}
	p.html = strings.Join(append(top, end...), "\n")
	return p
}

// headline is the title, linked, and where its source has changed or withdrawn it
// a line that says so, with what does not hold any more struck through.
func (v view) headline(title, address string, since amendment) []string {
	bold := "<b>" + locale.Escape(v.Quote(title)) + "</b>"
	at := locale.Text(v.Moment(since.at, v.now))
	was := cut(locale.Clean(head(since.was, maxForeignText)), maxTitle, maxTitleUnits)
	switch {
	case since.withdrawn:
		return []string{v.Paragraph(v.H("correction.withdrawn", "time", at)), "<s>" + bold + "</s>"}
	case was == "" || was == title:
		return []string{link(address, bold)}
	}
	return []string{v.Paragraph(v.H("correction.headline", "time", at)), link(address, bold), "<s>" + locale.Escape(v.Quote(was)) + "</s>"}
}

// title is an article's headline, or what can stand for it.
func (v view) title(a store.Article, characters int) string {
	for _, s := range []string{a.Item.Title, a.Item.Summary, a.Item.Body} {
		if s = locale.Clean(head(s, maxForeignText)); legible(s) {
			return inert(cut(s, characters, maxTitleUnits))
		}
	}
	return v.T("alert.untitled")
}

// attribution says who reported, when, and who else did. It is not escaped.
func (v view) attribution(a store.Article) string {
	line := v.T("alert.source", "source", v.source(a), "time", locale.Text(v.Moment(digest.When(a), v.now)))
	if names := v.names(a.Also, maxAlso); names != "" {
		line += " · " + v.T("alert.also", "sources", locale.Text(names))
	}
	return line
}

func (v view) source(a store.Article) string {
	return cmp.Or(inert(name(a.Source.Title)), inert(name(a.Item.Source)), v.T("alert.no_source"))
}

// names lists names as foreign text, "and 3 more" after the first few.
func (v view) names(list []string, most int) string {
	var shown []string
	for _, s := range list {
		if s = name(s); s != "" {
			shown = append(shown, v.Span(inert(s)))
		}
	}
	more := len(shown) - most
	if more > 0 {
		shown = append(shown[:most], v.N("common.and_more", more))
	}
	return strings.Join(shown, v.T("common.list_separator"))
}

// name shortens the name of a source or a rule; "" is one that nobody can read.
func name(s string) string {
	if s = locale.Clean(head(s, maxForeignText)); !legible(s) {
		return ""
	}
	return cut(s, maxName, maxNameUnits)
}

// summary is the folded quote of what an article says, as much as frame leaves
// room for within most; "" when it says nothing beyond its title.
func (v view) summary(a store.Article, title string, frame, most cost) string {
	text := lead(a, title)
	if !legible(text) {
		return ""
	}
	for limit := maxSummary; limit > 0; limit /= 2 {
		quote := quoteStart + locale.Escape(v.Quote(inert(cut(text, limit, limit)))) + quoteEnd
		if frame.plus(measure(quote)).plus(cost{units: 1, raw: 1}).within(most) {
			return quote
		}
	}
	return ""
}

// lead is what an article says first: its lead, without the dateline, and its
// text where both are short or the lead is but a line. Lines that repeat the
// title are left out.
func lead(a store.Article, title string) string {
	first, rest := a.Zones.Lead, a.Zones.Body
	if first == "" {
		first, rest = rest, ""
	}
	if first == "" { // not separated into zones
		first, rest = cmp.Or(a.Item.Summary, a.Item.Body), ""
	}
	first, rest = beyond(first, title), beyond(rest, title)
	if first == "" {
		return rest
	}
	whole := first + "\n" + rest
	if rest != "" && (telegram.UTF16Len(first) <= shortLead || telegram.UTF16Len(whole) <= maxSummary) {
		return whole
	}
	return first
}

// beyond cleans a text of several paragraphs and drops those that say no more
// than the title.
func beyond(text, title string) string {
	const stops = ".… "
	title = strings.Trim(title, stops)
	lines := strings.Split(locale.CleanText(head(text, maxForeignText)), "\n")
	lines = slices.DeleteFunc(lines, func(s string) bool { return strings.EqualFold(strings.Trim(s, stops), title) })
	return strings.Join(lines, "\n")
}

// rule says by which words an article matched a rule.
func (v view) rule(r store.RuleMatch) string {
	if r.Query == everything { // a source that is followed
		return v.H("alert.rule_all", "rule", v.ruleName(r.Name, "i"))
	}
	words := v.evidence(r.Hits)
	if words == "" {
		return v.H("alert.rule", "rule", v.ruleName(r.Name, "i"))
	}
	return v.H("alert.rule_words", "rule", v.ruleName(r.Name, "i"), "words", locale.Text(words))
}

// ruleName is the name of a rule, in an element.
func (v view) ruleName(raw, element string) locale.HTML {
	s := name(raw)
	if inert(s) != s {
		return unlinked(v.Locale, s)
	}
	return locale.HTML("<" + element + ">" + locale.Escape(v.Span(s)) + "</" + element + ">")
}

// unlinked is a text in a line of ours. One with entities is shown as code, to be
// copied as it is: elsewhere Telegram takes "@geneva" for a user, links and perhaps
// notifies him.
func unlinked(l *locale.Locale, s string) locale.HTML {
	s = locale.Clean(s)
	if inert(s) == s {
		return locale.HTML(locale.Escape(l.Span(s)))
	}
	code := "<code>" + locale.Escape(s) + "</code>"
	if locale.DirectionOf(s) == l.Direction() {
		return locale.HTML(code)
	}
	before, after, _ := strings.Cut(locale.Isolate(s), s) // the marks stand outside: what is in the code is copied
	return locale.HTML(before + code + after)
}

// evidence lists the words that matched, each term of the rule once, where it
// counts most: «x», «y» in the headline; «z» in the text.
func (v view) evidence(hits []store.Hit) string {
	words := map[string][]string{} // by zone
	shown := map[string]bool{}     // folded words
	for _, h := range v.bestHits(hits) {
		word := cut(locale.Clean(head(h.Text, maxForeignText)), maxWord, maxNameUnits)
		if folded := strings.ToLower(word); word != "" && !shown[folded] && len(shown) < maxWords {
			shown[folded] = true
			words[h.Zone] = append(words[h.Zone], v.T("alert.word", "word", inert(word)))
		}
	}
	var parts []string
	for _, zone := range evidenceZones {
		if len(words[zone]) == 0 {
			continue
		}
		parts = append(parts, v.T("alert.words_in",
			"words", locale.Text(strings.Join(words[zone], v.T("common.list_separator"))),
			"zone", locale.Text(v.T("alert.zone."+zone))))
	}
	return strings.Join(parts, v.T("alert.zone_separator"))
}

// evidenceZones are the zones that are named as the place of a word, the one
// that says most about an article first.
var evidenceZones = []string{"title", "lead", "body", "dateline", "source", "author", "category", "url"}

// bestHits keeps one hit of each term: the first in the best of its zones. The
// order of the terms stays.
func (v view) bestHits(hits []store.Hit) []store.Hit {
	var best []store.Hit
	for _, h := range hits {
		rank := slices.Index(evidenceZones, h.Zone)
		if rank < 0 {
			continue // a language or a country is no word of the article
		}
		switch i := slices.IndexFunc(best, func(b store.Hit) bool { return b.Term == h.Term }); {
		case i < 0:
			best = append(best, h)
		case rank < slices.Index(evidenceZones, best[i].Zone):
			best[i] = h
		}
	}
	return best
}
