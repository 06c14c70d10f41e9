package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"wirewatch/bot/locale"
	"wirewatch/bot/telegram"
	"wirewatch/feeds"
	"wirewatch/filter"
	"wirewatch/filter/text"
	"wirewatch/store"
)

// The screens of the starter list: offers (its languages), offered (the sources
// of one of them, or found by name), lands (the countries of a language's
// sources), join and part (follow, and follow no more).

// maxFind is how much of a search is kept in a button, in bytes.
const maxFind = 30

// A selection is the part of the starter list that a screen shows. It travels
// in the buttons' data.
type selection struct {
	lang    string // of the sources; "" any
	country string // "" any; noCountry for those of no one country
	words   string // of their names; "" any
}

// noCountry stands in a selection for organisations of no one country. It is
// none of ISO's codes.
const noCountry = "ZZ"

func (s selection) String() string {
	if s.words != "" {
		return "q:" + s.words
	}
	if s.country != "" {
		return "l:" + s.lang + "-" + s.country
	}
	return "l:" + s.lang
}

// parseSelection reads what String wrote; anything else is the whole list.
func parseSelection(rev string) selection {
	if words, ok := strings.CutPrefix(rev, "q:"); ok {
		return selection{words: words}
	}
	lang, country, _ := strings.Cut(strings.TrimPrefix(rev, "l:"), "-")
	return selection{lang: lang, country: country}
}

// named is the selection of a search by name. What does not fit into a button is
// cut off: the words are looked for as beginnings.
func named(words string) selection {
	words = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '|' || r == utf8.RuneError {
			return ' '
		}
		return r
	}, words)), " ")
	for len(words) > maxFind {
		_, size := utf8.DecodeLastRuneInString(words)
		words = strings.TrimSpace(words[:len(words)-size])
	}
	return selection{words: words}
}

// of are the offers in a selection.
func (s selection) of(all []feeds.Offer) []feeds.Offer {
	if s.words != "" {
		return FindOffers(all, s.words)
	}
	var some []feeds.Offer
	for _, o := range all {
		if (s.lang == "" || o.Lang == s.lang) && (s.country == "" || cmp.Or(o.Country, noCountry) == s.country) {
			some = append(some, o)
		}
	}
	return some
}

// FindOffers are the offers to which all words belong, each as the beginning of a
// word of their name in either language, of their site, country, language or
// tags. Letters are folded as rules fold them.
func FindOffers(all []feeds.Offer, words string) []feeds.Offer {
	asked := strings.Fields(text.Fold(words))
	var found []feeds.Offer
	for _, o := range all {
		known := offerWords(o)
		if len(asked) > 0 && !slices.ContainsFunc(asked, func(w string) bool {
			return !slices.ContainsFunc(known, func(k string) bool { return strings.HasPrefix(k, w) })
		}) {
			found = append(found, o)
		}
	}
	return found
}

// offerWords are the folded words by which an offer is found, Arabic ones also
// without their article.
func offerWords(o feeds.Offer) []string {
	said := []string{o.Title, o.English, o.Site, strings.Join(o.Tags, " "), o.Lang, o.Country}
	for _, lang := range locale.Languages() {
		l := locale.Get(lang)
		said = append(said, l.LanguageName(o.Lang), l.CountryName(o.Country))
	}
	words := strings.Fields(text.Fold(strings.Join(said, " ")))
	for _, w := range words {
		if rest, ok := strings.CutPrefix(w, "ال"); ok {
			words = append(words, rest)
		}
	}
	return words
}

// offerID names an offer in buttons: old messages keep it, so it is made of the
// address and not of a place in the list. A test holds it to be unique.
func offerID(o feeds.Offer) int64 {
	h := fnv.New32a()
	h.Write([]byte(feeds.CanonicalURL(o.URL)))
	return int64(h.Sum32())
}

// takenOffers finds the sources that offers have become: by their address, or,
// where a feed has moved since, by what we called it.
type takenOffers map[string]*store.Source

func takenAmong(sources []store.Source) takenOffers {
	found := takenOffers{}
	for i := range sources {
		s := &sources[i]
		found[feeds.CanonicalURL(s.URL)] = s
		found[s.Lang+" "+s.Site+" "+s.Title] = s
	}
	return found
}

// of is the source that an offer has become; nil where none has.
func (t takenOffers) of(o feeds.Offer) *store.Source {
	if s := t[feeds.CanonicalURL(o.URL)]; s != nil {
		return s
	}
	return t[o.Lang+" "+o.Site+" "+o.Title]
}

// openOffer is what the buttons of the starter list do.
func (t *turn) openOffer(ctx context.Context, d data) error {
	switch d.screen {
	case "offered":
		return t.showOffered(ctx, parseSelection(d.rev), d.page)
	case "lands":
		return t.show(ctx, t.landScreen(parseSelection(d.rev)))
	case "join", "part":
		return t.pressOffer(ctx, d)
	}
	return t.show(ctx, t.offersScreen())
}

// offersScreen lists the languages of the starter list, the chat's first and
// then those with most sources.
func (t *turn) offersScreen() screen {
	count := map[string]int{}
	var langs []string
	for _, o := range t.o.Offers {
		if count[o.Lang]++; count[o.Lang] == 1 {
			langs = append(langs, o.Lang)
		}
	}
	slices.SortStableFunc(langs, func(a, b string) int {
		return cmp.Or(-cmp.Compare(ours(a, t.l), ours(b, t.l)), cmp.Compare(count[b], count[a]), cmp.Compare(a, b))
	})
	s := screen{html: t.l.Page(t.l.HN("offers.head", len(t.o.Offers)), "", t.l.H("offers.how"))}
	s.rows = inRows(langs, 3, func(lang string) telegram.Button {
		return telegram.Button{Text: t.l.T("offers.count", "name", t.l.LanguageName(lang), "count", count[lang]), Data: data{screen: "offered", rev: selection{lang: lang}.String()}.String()}
	})
	s.rows = append(s.rows, []telegram.Button{t.back("sources", 0)})
	return s
}

// ours is 1 for the language of a locale.
func ours(lang string, l *locale.Locale) int {
	if lang == l.Lang() {
		return 1
	}
	return 0
}

// inRows lays buttons out, so many a row.
func inRows[T any](things []T, n int, button func(T) telegram.Button) [][]telegram.Button {
	var rows [][]telegram.Button
	for part := range slices.Chunk(things, n) {
		var row []telegram.Button
		for _, x := range part {
			row = append(row, button(x))
		}
		rows = append(rows, row)
	}
	return rows
}

// landScreen lists the countries of a language's sources.
func (t *turn) landScreen(of selection) screen {
	count := map[string]int{}
	var lands []string
	for _, o := range (selection{lang: of.lang}).of(t.o.Offers) {
		code := cmp.Or(o.Country, noCountry)
		if count[code]++; count[code] == 1 {
			lands = append(lands, code)
		}
	}
	slices.SortStableFunc(lands, func(a, b string) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) })
	s := screen{html: t.l.Paragraph(t.l.H("offers.lands", "language", t.l.LanguageName(of.lang)))}
	s.rows = inRows(lands, 3, func(code string) telegram.Button {
		return telegram.Button{Text: t.l.T("offers.count", "name", t.land(code), "count", count[code]),
			Data: data{screen: "offered", rev: selection{lang: of.lang, country: code}.String()}.String()}
	})
	all := t.button("offers.button.all_lands", data{screen: "offered", rev: selection{lang: of.lang}.String()})
	s.rows = append(s.rows, []telegram.Button{all}, []telegram.Button{t.back("offers", 0)})
	return s
}

// land names a country of the starter list.
func (t *turn) land(code string) string {
	if code == noCountry || code == "" {
		return t.l.T("offers.international")
	}
	return t.l.CountryName(code)
}

func (t *turn) showOffered(ctx context.Context, of selection, page int) error {
	s, err := t.offeredScreen(ctx, of, page)
	if err != nil {
		return err
	}
	return t.show(ctx, s)
}

// offeredScreen lists the sources of a selection; a button each follows it, or
// ends that.
func (t *turn) offeredScreen(ctx context.Context, of selection, page int) (screen, error) {
	list := of.of(t.o.Offers)
	if len(list) == 0 {
		return screen{html: t.l.Page(t.l.H("offers.none", "words", of.words), t.l.H("offers.none_hint")),
			rows: [][]telegram.Button{{t.button("offers.button.open", data{screen: "offers"})}, {t.back("sources", 0)}}}, nil
	}
	sources, err := t.o.Store.Sources(ctx, t.chat.ID)
	if err != nil {
		return screen{}, fmt.Errorf("list sources: %w", err)
	}
	followed, err := t.followedSources(ctx)
	if err != nil {
		return screen{}, err
	}
	taken := takenAmong(sources)
	from, to, at, all := paged(len(list), page)
	lines := []string{t.offeredHead(of, len(list)), ""}
	var s screen
	for _, o := range list[from:to] {
		src := taken.of(o)
		b := telegram.Button{Text: o.Title, Data: data{screen: "join", id: offerID(o), page: at, rev: of.String()}.String()}
		mark := "▫️"
		if src != nil && followed[src.ID] {
			mark = "✅"
			b.Text, b.Data = "✓ "+o.Title, data{screen: "part", id: offerID(o), page: at, rev: of.String()}.String()
		}
		lines = append(lines, t.l.H("offers.line", "icon", locale.Text(mark), "title", o.Title, "about", locale.Text(t.about(o))))
		s.rows = append(s.rows, []telegram.Button{b})
	}
	s.html = t.l.Page(append(lines, "", t.l.H("offers.legend"))...)
	s.rows = append(s.rows, t.pager(data{screen: "offered", rev: of.String()}, at, all))
	if of.words == "" {
		s.rows = append(s.rows, []telegram.Button{t.button("offers.button.lands", data{screen: "lands", rev: of.String()})})
	}
	s.rows = append(s.rows, []telegram.Button{t.back("offers", 0)})
	return s, nil
}

// offeredHead says what a list of offers is of.
func (t *turn) offeredHead(of selection, n int) string {
	switch {
	case of.words != "":
		return t.l.HN("offers.found", n, "words", of.words)
	case of.country != "":
		return t.l.HN("offers.of_land", n, "language", t.l.LanguageName(of.lang), "country", t.land(of.country))
	}
	return t.l.HN("offers.of", n, "language", t.l.LanguageName(of.lang))
}

// about says in the chat's language what an offer is: its English name where the
// own one is in another script or another word, its country and kind.
func (t *turn) about(o feeds.Offer) string {
	var parts []string
	if text.Fold(o.English) != text.Fold(o.Title) {
		parts = append(parts, t.l.Span(o.English))
	}
	parts = append(parts, t.land(o.Country), t.l.T("offers.kind."+o.Kind))
	return strings.Join(parts, " · ")
}

// pressOffer follows an offer or ends that, as the button said: a button that is
// pressed twice does it once.
func (t *turn) pressOffer(ctx context.Context, d data) error {
	i := slices.IndexFunc(t.o.Offers, func(o feeds.Offer) bool { return offerID(o) == d.id })
	if i < 0 {
		t.toast = t.l.T("errors.stale")
		return t.show(ctx, t.offersScreen())
	}
	o := t.o.Offers[i]
	if d.screen == "part" {
		if err := t.partOffer(ctx, o); err != nil {
			return err
		}
		t.toast = t.l.T("offers.parted", "title", o.Title)
		return t.showOffered(ctx, parseSelection(d.rev), d.page)
	}
	first, source, err := t.joinOffer(ctx, o)
	if errors.Is(err, store.ErrLimit) {
		t.toast, t.alert = feeds.PlainText(t.l.H("rules.limit", "max", store.MaxRules)), true
		return nil
	}
	if err != nil {
		return err
	}
	t.toast = t.l.T("offers.joined", "title", o.Title)
	if err := t.showOffered(ctx, parseSelection(d.rev), d.page); err != nil || !first {
		return err
	}
	return t.firstNews(ctx, source)
}

// joinOffer makes the rule that takes everything of an offer. first says that it
// is the first rule of the chat.
func (t *turn) joinOffer(ctx context.Context, o feeds.Offer) (first bool, s store.Source, err error) {
	rules, err := t.o.Store.Rules(ctx, t.chat.ID)
	if err != nil {
		return false, s, fmt.Errorf("list rules: %w", err)
	}
	want := o.Source
	all, err := t.o.Store.Sources(ctx, 0)
	if err != nil {
		return false, s, fmt.Errorf("list sources: %w", err)
	}
	if known := takenAmong(all).of(o); known != nil { // under another spelling of its address
		want = known.Source
	}
	if s, err = t.o.Store.TakeOffer(ctx, want, t.chat.ID); err != nil {
		return false, s, err
	}
	_, err = t.o.Store.AddRule(ctx, store.Rule{
		Chat: t.chat.ID, Name: short(oneLine(o.Title), ruleName), Query: filter.Everything().String(), Source: s.ID, Tier: store.TierInstant,
	})
	switch {
	case errors.Is(err, store.ErrExists):
		return false, s, nil
	case err != nil:
		return false, s, fmt.Errorf("add rule: %w", err)
	}
	t.o.Log.Info("source followed", "chat", t.chat.ID, "source", s.ID, "offer", redacted(s.URL))
	return len(rules) == 0, s, nil
}

// redacted is an address without what may be secret in it.
func redacted(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host + u.Path
}

// partOffer ends the following of an offer; the rules that somebody wrote for
// the source stay.
func (t *turn) partOffer(ctx context.Context, o feeds.Offer) error {
	sources, err := t.o.Store.Sources(ctx, t.chat.ID)
	if err != nil {
		return fmt.Errorf("list sources: %w", err)
	}
	s := takenAmong(sources).of(o)
	if s == nil {
		return nil
	}
	rules, err := t.o.Store.Rules(ctx, t.chat.ID)
	if err != nil {
		return fmt.Errorf("list rules: %w", err)
	}
	kept := false
	for _, r := range rules {
		switch {
		case r.Source != s.ID:
		case r.Query != everything:
			kept = true
		default:
			if err := t.o.Store.DeleteRule(ctx, t.chat.ID, r.ID); err != nil && !errors.Is(err, store.ErrNotFound) {
				return fmt.Errorf("delete rule %d: %w", r.ID, err)
			}
		}
	}
	if kept {
		return nil
	}
	if err := t.o.Store.RemoveSource(ctx, s.ID, t.chat.ID); err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("remove source %d: %w", s.ID, err)
	}
	return nil
}

// firstNews shows who follows a first source what its news look like: the newest
// of it, laid out as an alert. Where it cannot be read, it says why.
func (t *turn) firstNews(ctx context.Context, s store.Source) error {
	if t.o.Discover == nil {
		return nil
	}
	_ = t.o.Telegram.Typing(ctx, t.chat.ID, t.thread)
	t.screen = 0
	_, articles, err := t.o.Discover(ctx, s.URL)
	if err != nil {
		return t.say(ctx, t.unreadable(s.URL, err.Error()))
	}
	latest := newest(articles, 1)
	if len(latest) == 0 {
		return t.say(ctx, t.l.Paragraph(t.l.H("offers.first_empty", "title", s.Title)))
	}
	if err := t.say(ctx, t.l.Paragraph(t.l.H("offers.first", "title", s.Title))); err != nil {
		return err
	}
	a := store.Article{Source: s, Item: latest[0], SeenAt: t.o.Now()}
	p := view{Locale: t.l, now: t.now(locale.Zone(t.chat.Zone))}.alert(store.Delivery{Tier: store.TierInstant, Thread: t.thread, Article: &a})
	_, err = t.send(ctx, p.outgoing(t.chat.ID))
	return err
}
