package page

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"wirewatch/feeds"
)

const signOff = "Ilse Brandt is our correspondent in Geneva and writes about the sea; her book about lighthouses is on sale at our shop."

func zones(lines ...string) feeds.Zones {
	return feeds.Zones{Lead: lines[0], Body: strings.Join(lines[1:], "\n\n")}
}

// ownAll are the suspects of zones, all taken for the site's own.
func ownAll(z feeds.Zones, summary string) func(Line) bool {
	all := Suspects(z, summary)
	return func(l Line) bool { return slices.ContainsFunc(all, func(s Suspect) bool { return s.Line == l }) }
}

func TestSuspects(t *testing.T) {
	for _, c := range []struct {
		name, line string
		at, need   int // place among the lines
		summary    string
	}{
		{"a note at the end", signOff, 6, needEdge, ""},
		{"the same in the middle", signOff, 3, 0, ""},
		{"an invitation in the middle", "Hear the day's news on the way", 3, needShort, ""},
		{"an invitation in front", "Hear the day's news on the way", 0, needShort, ""},
		{"a short sentence in the middle", "Nobody was hurt in the fire.", 3, 0, ""},
		{"a place", "Geneva, Switzerland", 0, 0, ""},
		{"what the summary says too", "Ferries to the islands stopped", 6, 0, "Ferries to the islands stopped"},
		{"a paragraph of the report", strings.Repeat("and so on ", 21) + ".", 6, 0, ""},
		{"Arabic", "تابع أهم الأخبار على مدار الساعة من مراسلينا", 6, needShort, ""},
		{"Chinese", "更多精彩内容请下载本台的新闻客户端观看直播", 6, needShort, ""},
	} {
		text := []string{harbour[0], harbour[1], harbour[2], harbour[3], harbour[1], harbour[2], harbour[3]}
		text[c.at] = c.line
		z := zones(text...)
		got := 0
		each(z, c.summary, func(i int, s Suspect) {
			if i == c.at {
				got = s.Need
			}
		})
		if got != c.need {
			t.Errorf("%s: needs %d, want %d", c.name, got, c.need)
		}
	}
	if got := Suspects(zones("Hear the day's news on the way", harbour[1], signOff), ""); len(got) != 0 {
		t.Errorf("a text of three lines has suspects: %v", got)
	}
}

func TestWithout(t *testing.T) {
	z := zones("Hear the day's news on the way", harbour[1], harbour[2], harbour[3], harbour[1], harbour[3], signOff)
	z.Boilerplate = "Follow us"
	own := Suspects(z, "")
	first, last := own[0].Line, own[len(own)-1].Line
	got := Without(z, "", func(l Line) bool { return l == first || l == last })
	want := zones(harbour[1], harbour[2], harbour[3], harbour[1], harbour[3])
	want.Boilerplate = "Follow us\n\nHear the day's news on the way\n\n" + signOff
	if got != want {
		t.Errorf("%+v", got)
	}
	if got := Without(z, signOff, func(l Line) bool { return l == last }); got != z {
		t.Errorf("what the summary says is gone: %+v", got)
	}
	flash := zones("Trading at the exchange was halted", "Shares of Quillon fell by a third", "The board meets on Monday", "Shares of Tarn Salt rose a little")
	if got := Without(flash, "", ownAll(flash, "")); got != flash {
		t.Errorf("nothing is left of %+v: %+v", flash, got)
	}
}

// Whatever is taken out, nothing is lost and no zone is touched but three.
func TestWithoutLosesNothing(t *testing.T) {
	pool := append([]string{signOff, "Hear the day's news on the way", "Geneva", "A headline of five words", "…", "Shares fell."}, harbour...)
	rapid.Check(t, func(t *rapid.T) {
		z := zones(rapid.SliceOfN(rapid.SampledFrom(pool), 1, 12).Draw(t, "lines")...)
		z.Title, z.Related = "T", "R"
		chosen := map[Line]bool{}
		for _, s := range Suspects(z, "") {
			chosen[s.Line] = rapid.Bool().Draw(t, "own")
		}
		got := Without(z, "", func(l Line) bool { return chosen[l] })
		count := func(z feeds.Zones) []string {
			all := strings.Split(strings.Join([]string{z.Lead, z.Body, z.Boilerplate}, "\n\n"), "\n\n")
			all = slices.DeleteFunc(all, func(s string) bool { return s == "" })
			slices.Sort(all)
			return all
		}
		if !slices.Equal(count(z), count(got)) || got.Title != "T" || got.Related != "R" {
			t.Errorf("%+v became %+v", z, got)
		}
		if got.Lead == "" {
			t.Errorf("no lead is left: %+v", got)
		}
	})
}

func TestAlike(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"Russia and the United States end talks in Geneva", "Geneva talks between Russia and the United States resume", true},
		{"Russia and the United States end talks in Geneva", "Walrus sleeps on a yacht in the harbour of Ollen", false},
		{"انتهاء المحادثات الروسية الأمريكية في جنيف", "استئناف المحادثات الروسية الأمريكية في جنيف", true},
		{"انتهاء المحادثات الروسية الأمريكية في جنيف", "أسعار الخبز ترتفع في ثلاث محافظات", false},
		{"两国代表团在日内瓦结束会谈", "两国代表团在日内瓦恢复会谈", true},
		{"两国代表团在日内瓦结束会谈", "南湾老街改造工程完工", false},
		{"В Женеве завершились переговоры России и США", "Переговоры России и США возобновятся в Женеве", true},
		{"В Женеве завершились переговоры России и США", "Как выбрать теплую шапку", false},
		{"제네바 회담 종료", "날씨 추워진다", false},
		{"", "Walrus sleeps on a yacht", true}, // says nothing: never counts
		{"On it", "Walrus sleeps on a yacht", true},
	} {
		if got := Alike(Topic(c.a), Topic(c.b)); got != c.want {
			t.Errorf("%q and %q: %v", c.a, c.b, got)
		}
		if got := Alike(Topic(c.b), Topic(c.a)); got != c.want {
			t.Errorf("%q and %q the other way round: %v", c.a, c.b, got)
		}
	}
}
