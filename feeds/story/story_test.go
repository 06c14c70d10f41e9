package story

import (
	"testing"
	"time"

	"wirewatch/feeds"
	"wirewatch/feeds/page"
)

var zero [16]byte

func identify(a feeds.Article) Identity { return Identify(a, page.Split(a)) }

const wire = "أنهى الوفدان في المدينة جولة من المحادثات حول ملف الضمانات واتفقا على مواصلة العمل في الأسابيع المقبلة."

func TestCopiesOfAWireAreKnownByTheirText(t *testing.T) {
	first := identify(feeds.Article{GUID: "1", URL: "https://a.example/1", Title: "ختام المحادثات", Body: "جنيف-سانا\n\n" + wire + "\n\nانظر ايضاً\n\nعنوان آخر"})
	// Other spelling of alef, vowel signs, another dateline, no related block.
	second := identify(feeds.Article{GUID: "9", URL: "https://b.example/9", Title: "ختام المُحادثات", Body: "دمشق – وكالات: " + wire})
	if first.Text == zero || first.Text != second.Text {
		t.Errorf("texts %x and %x", first.Text, second.Text)
	}
	if first.URL == second.URL || first.GUID == second.GUID {
		t.Error("address or guid are the same")
	}
	other := identify(feeds.Article{GUID: "1", Title: "ختام المحادثات", Body: wire + " وأضاف المتحدث أن الخلاف باق."})
	if other.Text == first.Text {
		t.Error("a longer text is the same")
	}
}

func TestAddressesAreCompared(t *testing.T) {
	a := identify(feeds.Article{GUID: "1", URL: "http://www.news.example/talks/?utm_source=rss"})
	b := identify(feeds.Article{GUID: "2", URL: "https://m.news.example/talks#top"})
	if a.URL == zero || a.URL != b.URL {
		t.Errorf("addresses %x and %x", a.URL, b.URL)
	}
	for _, none := range []string{"", "https://news.example/", "mailto:desk@news.example"} {
		if identify(feeds.Article{URL: none}).URL != zero {
			t.Errorf("%q is an identity", none)
		}
	}
	if identify(feeds.Article{URL: "https://news.example/?p=7"}).URL == zero {
		t.Error("?p= is no identity")
	}
}

func TestShortTextsAreNoIdentity(t *testing.T) {
	if id := identify(feeds.Article{Title: "Weather", Summary: "Sunny with some clouds."}); id.Text != zero {
		t.Error("a weather line is an identity")
	}
}

func TestGUIDIsNeverEmptyAndTellsItemsApart(t *testing.T) {
	seen := map[[16]byte]string{}
	for name, a := range map[string]feeds.Article{
		"guid":      {GUID: "x"},
		"url":       {URL: "x"},
		"title":     {Title: "x"},
		"summary":   {Summary: "x"},
		"nothing":   {},
		"published": {Published: time.Date(2022, 1, 10, 0, 0, 0, 0, time.UTC)},
		"both":      {Title: "x", Summary: "x"},
	} {
		g := identify(a).GUID
		if g == zero {
			t.Errorf("%s: empty", name)
		}
		if other, ok := seen[g]; ok {
			t.Errorf("%s and %s have one guid", name, other)
		}
		seen[g] = name
	}
}

// TestTrapNoFingerprintLosesAnUpdate: a report with one figure changed is news, though hardly a word
// of it differs. Fingerprints that forgive a few words would drop it.
func TestTrapNoFingerprintLosesAnUpdate(t *testing.T) {
	report := func(dead string) Identity {
		return identify(feeds.Article{Title: "Quake toll rises to " + dead, Body: "The number of people killed by the earthquake in the north has risen to " + dead +
			", the ministry of health said on Monday, while rescue teams from six countries went on searching the rubble of two villages."})
	}
	if report("210").Text == report("340").Text {
		t.Error("a new toll is taken for a copy of the old one")
	}
	if copied := report("210"); report("210").Text != copied.Text {
		t.Error("a copy is not known again")
	}
}

// TestTrapRewritesAreNotCopies: two agencies tell one event in their own words; one is no copy of the
// other, and neither may be dropped for it.
func TestTrapRewritesAreNotCopies(t *testing.T) {
	a := identify(feeds.Article{Title: "Talks end in Geneva", Body: "Delegations of both countries ended seven hours of talks in Geneva on Monday without a breakthrough, and agreed to meet again in Brussels within the month."})
	b := identify(feeds.Article{Title: "No breakthrough in Geneva", Body: "Seven hours of negotiations in the Swiss city brought the two sides no closer on Monday; another round is planned for Brussels before the month is out, diplomats said."})
	if a.Text == zero || b.Text == zero || a.Text == b.Text {
		t.Errorf("texts %x and %x", a.Text, b.Text)
	}
}
