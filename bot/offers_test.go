package bot

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"wirewatch/bot/locale"
	"wirewatch/bot/telegram"
	"wirewatch/configs"
	"wirewatch/feeds"
	"wirewatch/filter/text"
	"wirewatch/store"
)

// shelf is a starter list for tests: three languages, one of them of three pages.
func shelf(o *Options) {
	offer := func(lang, country, kind, name, english string) {
		slug := strings.ReplaceAll(strings.ToLower(english), " ", "-")
		o.Offers = append(o.Offers, feeds.Offer{English: english, Kind: kind, Source: feeds.Source{
			URL: "https://example.org/" + slug + "/rss", Title: name, Site: "https://" + slug + ".example/", Lang: lang, Country: country, Tags: []string{kind, "national"},
		}})
	}
	offer("ar", "SY", feeds.KindAgency, "المدار", "Al Madar")
	offer("ar", "LB", feeds.KindNewspaper, "الميناء", "Al Mina")
	offer("fr", "FR", feeds.KindNewspaper, "La Dépêche du Nord", "La Dépêche du Nord")
	offer("ar", "", feeds.KindOrganisation, "منظمة الجسور", "Bridges Organisation")
	for i := range 17 {
		offer("en", "GB", feeds.KindNewspaper, fmt.Sprintf("Northgate Post %d", i+1), fmt.Sprintf("Northgate Post %d", i+1))
	}
}

// From the greeting to the first news in three presses, in Arabic.
func TestFirstNewsInThreePresses(t *testing.T) {
	w := newWorld(t, shelf)
	w.say(layla, layla, "/start")
	w.press(layla, layla, "اختر مصادر")
	w.says(layla, "21 مصدرًا للاختيار")
	w.press(layla, layla, "العربية")
	w.says(layla, "المدار — Al Madar · سوريا · وكالة أنباء", "منظمة الجسور — Bridges Organisation · دولية · منظمة")
	answer := w.press(layla, layla, "المدار")
	if unmarked(answer.Text) != "تتابع الآن المدار" {
		t.Errorf("the press is answered %q", answer.Text)
	}
	w.says(layla, "مفاوضات في جنيف") // the newest of its feed, as an alert
	rules := w.rules(layla)
	if len(rules) != 1 || rules[0].Query != everything || rules[0].Name != "المدار" {
		t.Fatalf("rules %+v", rules)
	}
	s, err := w.db.Source(w.ctx, rules[0].Source)
	if err != nil || !s.Shared || s.Lang != "ar" || s.Country != "SY" || s.Tags[0] != feeds.KindAgency {
		t.Errorf("source %+v, %v", s, err)
	}
	w.golden(layla, "offers-ar")

	sent := len(w.fake.Sent(layla))
	w.press(layla, layla, "الميناء")
	w.silent(layla, sent) // the second source is followed without a sample
	w.press(layla, layla, "✓ المدار")
	if got := w.rules(layla); len(got) != 1 || got[0].Name != "الميناء" {
		t.Errorf("rules %+v", got)
	}
	w.press(layla, layla, "حسب البلد")
	w.press(layla, layla, "لبنان")
	w.says(layla, "مفاوضات") // nothing new was said: the list is edited in place
	if got := screenOf(w, layla, "الميناء"); !strings.Contains(unmarked(got), "العربية، لبنان: مصدر واحد") || !strings.Contains(got, "✅") {
		t.Errorf("the screen says\n%s", got)
	}
}

// screenOf is the text of the newest message with a button of that label.
func screenOf(w *world, chat int64, label string) string {
	for _, m := range slices.Backward(w.fake.Sent(chat)) {
		for _, row := range m.Keyboard {
			for _, b := range row {
				if strings.Contains(unmarked(b.Text), label) {
					return m.Text
				}
			}
		}
	}
	return ""
}

// Rows run from right to left for who reads so.
func TestOfferRowsAreMirrored(t *testing.T) {
	w := newWorld(t, shelf)
	for chat, first := range map[int64]string{layla: "العربية", omar: "French"} { // the last of three for a reader of English: few sources
		w.say(chat, chat, "/sources")
		w.press(chat, chat, map[int64]string{layla: "اختر مصادر", omar: "Choose sources"}[chat])
		row := w.last(chat).Keyboard[0]
		if len(row) != 3 || !strings.Contains(unmarked(row[2].Text), first) {
			t.Errorf("the first row is %v", row)
		}
	}
}

func TestOffersAreFoundByName(t *testing.T) {
	w := newWorld(t, shelf)
	w.say(omar, omar, "/sources madar")
	w.says(omar, "1 source", "المدار — Al Madar · Syria · agency")
	w.say(omar, omar, "/sources مدار")
	w.says(omar, "المدار — ")
	w.say(omar, omar, "/sources la depeche")
	w.says(omar, "La Dépêche du Nord — France · newspaper")
	w.say(omar, omar, "/sources Post")
	w.says(omar, "17 sources", "Northgate Post 8")
	w.press(omar, omar, "Next")
	w.press(omar, omar, "Next")
	w.says(omar, "Northgate Post 17")
	w.press(omar, omar, "Northgate Post 17")
	if got := w.rules(omar); len(got) != 1 || got[0].Name != "Northgate Post 17" {
		t.Errorf("rules %+v", got)
	}
	w.say(omar, omar, "/sources <b>|nothing & nobody|"+strings.Repeat(" x", 200))
	w.says(omar, "No source is called “<b> nothing & nobody")
	w.press(omar, omar, "Choose sources")
	w.says(omar, "Which language?")
}

// Pressing twice does once what the button said; buttons of old messages say so.
func TestOffersPressedAgain(t *testing.T) {
	w := newWorld(t, shelf)
	w.say(omar, omar, "/sources madar")
	m := w.last(omar)
	join := m.Keyboard[0][0].Data
	w.forge(omar, omar, m.ID, join)
	w.forge(omar, omar, m.ID, join)
	if got := len(w.rules(omar)); got != 1 {
		t.Errorf("%d rules", got)
	}
	part := strings.Replace(join, "|join|", "|part|", 1)
	w.forge(omar, omar, m.ID, part)
	w.forge(omar, omar, m.ID, part)
	if got := len(w.rules(omar)); got != 0 {
		t.Errorf("%d rules", got)
	}
	answer := w.forge(omar, omar, m.ID, data{screen: "join", id: 12, rev: "q:madar"}.String())
	if !strings.Contains(answer.Text, locale.Get("en").T("errors.stale")) {
		t.Errorf("an offer that there is not is answered %q", answer.Text)
	}
}

// A source that its operator took out of the catalogue is not shared again by who
// follows it, and one that moved is still known as followed.
func TestOffersOfKnownSources(t *testing.T) {
	w := newWorld(t, shelf)
	o := w.bot.o.Offers[0]
	s, _, err := w.db.AddSource(w.ctx, feeds.Source{URL: o.URL, Title: "Madar of our own"}, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.db.RemoveSource(w.ctx, s.ID, 0); err != nil {
		t.Fatal(err)
	}
	w.say(omar, omar, "/sources madar")
	w.press(omar, omar, "المدار")
	if s, err = w.db.Source(w.ctx, s.ID); err != nil || s.Shared || s.State != store.SourceActive || s.Title != "Madar of our own" {
		t.Errorf("source %+v, %v", s, err)
	}
	w.say(layla, layla, "/sources mina")
	w.press(layla, layla, "الميناء")
	claimed, err := w.db.ClaimSources(w.ctx, 10, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(claimed, func(s store.Source) bool { return s.Title == "الميناء" })
	if _, err := w.db.Publish(w.ctx, store.Visit{Source: claimed[i], Moved: "https://elsewhere.example/feed", NextAt: w.now()}); err != nil {
		t.Fatal(err)
	}
	w.say(layla, layla, "/sources mina")
	w.says(layla, "✅ الميناء")
	w.press(layla, layla, "✓ الميناء")
	if got := w.rules(layla); len(got) != 0 {
		t.Errorf("rules %+v", got)
	}
}

// A dead address says so at once to whom it would leave waiting.
func TestFirstOfferThatCannotBeRead(t *testing.T) {
	w := newWorld(t, shelf, func(o *Options) { o.Offers[0].URL = "https://dead.example/rss" })
	w.say(omar, omar, "/sources madar")
	w.press(omar, omar, "المدار")
	w.says(omar, "I cannot read https://dead.example/rss", "this is an HTML page, not a feed")
	if len(w.rules(omar)) != 1 {
		t.Error("the source is not followed: its server may come back")
	}
}

// In the real list every offer has a name of its own in buttons, and every
// screen fits.
func TestScreensOfTheStarterList(t *testing.T) {
	offers, err := configs.Offers()
	if err != nil {
		t.Fatal(err)
	}
	w := still(t, func(o *Options) { o.Offers = offers })
	ids := map[int64]string{}
	for _, o := range offers {
		if first, ok := ids[offerID(o)]; ok {
			t.Errorf("%s and %s have one id", first, o.URL)
		}
		ids[offerID(o)] = o.URL
	}
	for _, lang := range locale.Languages() {
		tn := &turn{Bot: w.bot, l: locale.Get(lang), chat: store.Chat{ID: 1}}
		screens := []screen{tn.offersScreen()}
		for of := range selections(offers) {
			for page := range (len(of.of(offers)) + pageRows - 1) / pageRows {
				s, err := tn.offeredScreen(w.ctx, of, page)
				if err != nil {
					t.Fatal(err)
				}
				screens = append(screens, s)
			}
			screens = append(screens, tn.landScreen(of))
		}
		for _, s := range screens {
			checkScreen(t, s)
		}
	}
}

// selections are those that buttons lead to, and a long search.
func selections(offers []feeds.Offer) map[selection]bool {
	all := map[selection]bool{named(strings.Repeat("пресс ", 20)): true, named("أخبار"): true, named(strings.Repeat("x", 300)): true}
	for _, o := range offers {
		all[selection{lang: o.Lang}] = true
		if o.Country != "" {
			all[selection{lang: o.Lang, country: o.Country}] = true
		}
	}
	return all
}

func checkScreen(t *testing.T, s screen) {
	t.Helper()
	if n := telegram.UTF16Len(s.html); n > telegram.MaxText || strings.Contains(s.html, "{") || strings.Contains(s.html, "offers.") {
		t.Errorf("%d units: %s", n, s.html)
	}
	for _, row := range s.rows {
		for _, b := range row {
			if _, ok := parseData(b.Data); !ok || b.Text == "" || strings.Contains(b.Text, "offers.") {
				t.Errorf("button %+v", b)
			}
		}
	}
}

func FuzzSelection(f *testing.F) {
	f.Add("sana|x")
	f.Add("  سانا\u200f \xff")
	f.Add(strings.Repeat("日本", 40))
	f.Fuzz(func(t *testing.T, words string) {
		of := named(words)
		d := data{screen: "offered", id: 1<<32 - 1, page: 99, rev: of.String()}
		back, ok := parseData(d.String())
		if !ok {
			t.Fatalf("%q does not fit a button", d)
		}
		if got := parseSelection(back.rev); of.words != "" && got != of {
			t.Errorf("%+v came back as %+v", of, got)
		}
		if text.Fold(words) != "" && len(of.words) > len(words) {
			t.Errorf("%q became %q", words, of.words)
		}
	})
}
