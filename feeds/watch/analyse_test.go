package watch

import (
	"testing"

	"wirewatch/configs"
	"wirewatch/feeds"
	"wirewatch/feeds/page"
	"wirewatch/filter"
	"wirewatch/store"
)

// Of a dateline the place is text, the agency a source.
func TestDatelineInRules(t *testing.T) {
	names, err := configs.Entities()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		body, query string
		want        bool
	}{
		{"GENEVA (Reuters) — Envoys of the two countries left on Tuesday.", "@geneva", true},
		{"GENEVA (Reuters) — Envoys of the two countries left on Tuesday.", "dateline:@geneva", true},
		{"GENEVA (Reuters) — Envoys of the two countries left on Tuesday.", "reuters", false},
		{"GENEVA (Reuters) — Envoys of the two countries left on Tuesday.", "source:reuters", true},
		{"GENEVA (AP) — Envoys told Reuters that they would leave on Tuesday.", "reuters", true},
		{"GENEVA (AP) — Envoys told Reuters that they would leave on Tuesday.", "source:reuters", false},
		{"جنيف-سانا غادر الوفدان المدينة مساء الثلاثاء.", "dateline:@geneva AND source:سانا", true},
		{"新华社日内瓦1月10日电 两国代表团星期二离开。", "dateline:@geneva", true},
		{"ז'נבה (רויטרס) - המשלחות עזבו ביום שלישי.", "dateline:@geneva", true},
		{"ژنو - ایرنا - هیئت های دو کشور سه شنبه شهر را ترک کردند.", "dateline:@geneva", true},
		{"CENEVRE (AA) - Heyetler salı günü kentten ayrıldı.", "dateline:@geneva", true},
		{"ЖЕНЕВА, 10 янв — РИА Новости. Делегации покинули город во вторник.", "dateline:@geneva", true},
	} {
		a := feeds.Article{Title: "T", Body: c.body}
		q, err := filter.Parse(c.query, names)
		if err != nil {
			t.Fatal(err)
		}
		if _, got := q.Match(Analyse(store.Article{Item: a, Zones: page.Split(a)}, names)); got != c.want {
			t.Errorf("%s in %q: %v", c.query, c.body, got)
		}
	}
}
