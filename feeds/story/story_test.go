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
