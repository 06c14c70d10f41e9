package filter

import "testing"

// TestThirtyRules: one rule of each kind that analysts write, with a text that it
// must match and one that it must not.
func TestThirtyRules(t *testing.T) {
	names := pack(t)
	en := func(s string) Input { return Input{Title: s, Lang: "en", Source: []string{"The Wire", "wire.example"}} }
	ar := func(s string) Input { return Input{Title: s, Lang: "ar"} }
	from := func(source string, in Input) Input { in.Source = []string{source}; return in }
	for _, c := range []struct {
		rule    string
		yes, no Input
	}{
		{`@geneva AND @"security guarantees"`, ar("بحث الضمانات الأمنية في جنيف"), ar("بحث الضمانات في جنيف")},
		{`@geneva @"security guarantees" -source:reuters`, en("Geneva: security guarantees"), from("Reuters", en("Geneva: security guarantees"))},
		{`title:(@geneva OR @vienna) AND (مفاوضات OR محادثات)`, Input{Title: "اختتام لقاء فيينا", Body: "انتهت المحادثات أمس"}, Input{Title: "اختتام اللقاء", Body: "انتهت المحادثات في فيينا"}},
		{`"الضمانات الأمنية" OR "ضمانات حقوقية"`, ar("رد بالضمانات الأمنية"), ar("ضمانات للمشترين")},
		{`ضمانات NEAR/5 (أمنية OR حقوقية OR قانونية)`, ar("ضمانات مكتوبة ومفصلة وقانونية"), ar("ضمانات لم يطلبها أحد من الحاضرين في القاعة الأمنية")},
		{`(روسيا OR @russia) NEAR/10 (ضمانات | تعهدات) lang:ar`, ar("طلبت روسيا ضمانات مكتوبة"), en("Russia wants ضمانات and more of the same things from them")},
		{`@nato -title:football`, en("NATO meets"), en("NATO football cup")},
		{`=NATO OR "حلف الناتو"`, ar("قرار بحلف الناتو"), en("Nato meets")},
		{`=WHO NEAR/15 (Tedros OR pandemic)`, en("The WHO sees an end of the pandemic"), en("Tedros asked who caused the pandemic")},
		{`nuclear* AND (Iran OR @iran) NOT "nuclear medicine"`, en("Iran's nuclear talks resume"), en("Iran opens nuclear medicine centre")},
		{`MIN/3 @ukraine AND lang:(en OR fa OR tr)`, Input{Title: "Ukraine asks for help", Body: "Ukraine said so. The allies of Ukraine agreed with it.", Lang: "en"}, en("Ukraine and Ukraine")},
		{`ANY/2 (@russia, @usa, @nato, @ukraine) AND summit`, en("Russia and the United States plan a summit"), en("Russia plans a summit with Russia")},
		{`Ryabkov OR Riabkov OR Рябков OR ريابكوف`, Input{Title: "Слова Рябкова", Lang: "ru"}, en("Ryabov speaks")},
		{`@georgia NOT @georgia-us`, en("Tbilisi: Georgia votes"), en("Kemp of Atlanta: Georgia votes")},
		{`title:"security guarantees" OR lead:"security guarantees"`, Input{Title: "x", Lead: "New security guarantees."}, body("New security guarantees.")},
		{`sanctions PRE/3 (relief OR lifting)`, en("sanctions may bring relief"), en("relief from sanctions")},
		{`«гарантии безопасности» AND Женева`, Input{Title: "В Женеве говорили о гарантиях безопасности"}, Input{Title: "В Женеве говорили о безопасности гарантий"}},
		{`Женева -чемпионат`, Input{Title: "Переговоры под Женевой"}, Input{Title: "Женева примет чемпионаты"}},
		{`日内瓦 AND (安全保障 OR 北约)`, Input{Title: "北約在日內瓦"}, Input{Title: "北约在维也纳"}},
		{`source:(sana OR tass OR rt) AND @geneva`, from("SANA English", en("Geneva waits")), from("Sanaa Post", en("Geneva waits"))},
		{`lang:ar,fa category:politics @syria`, Input{Title: "سوريا تجيب", Tags: []string{"Politics"}, Lang: "ar"}, Input{Title: "سوريا تجيب", Tags: []string{"Sport"}, Lang: "ar"}},
		{`author:"Reuters Staff" AND oil`, Input{Title: "Oil rises", Authors: []string{"By Reuters Staff"}}, Input{Title: "Oil rises", Authors: []string{"Staff, Reuters"}}},
		{`dateline:@geneva AND NOT title:@geneva`, Input{Title: "Gas talks", Dateline: "Geneva —"}, Input{Title: "Geneva talks", Dateline: "Geneva —"}},
		{`(Putin NEAR/s Biden) AND @geneva`, body("Putin met Biden. It was in Geneva."), body("Putin left. Biden stayed in Geneva.")},
		{`country:SY AND (انفجار OR قصف)`, Input{Title: "قصف على المدينة", Country: "sy"}, Input{Title: "قصف على المدينة", Country: "LB"}},
		{`"minister of * affairs" AND @russia`, en("Russia's minister of foreign affairs"), en("Russia's minister of affairs")},
		{`ceasefire AND (Gaza OR @gaza) AND NOT (opinion OR editorial)`, en("Gaza ceasefire holds"), en("Opinion: a ceasefire for Gaza")},
		{`“security guarantees” AND Genève`, en("Geneve: security guarantees"), en("Geneva: securities are guaranteed")},
		{`url:/world/ AND @un`, Input{Title: "The UN meets", URL: "https://x.example/world/1"}, Input{Title: "The UN meets", URL: "https://x.example/sport/1"}},
		{`=“Blue House” AND Seoul`, en("Seoul: the Blue House speaks"), en("Seoul: blue houses are in fashion")},
	} {
		check(t, names, []says{{c.rule, c.yes, true}, {c.rule, c.no, false}})
	}
}

// TestDocExamples: every example of the package comment is a rule.
func TestDocExamples(t *testing.T) {
	names := pack(t)
	n := 0
	for _, line := range docExamples(t) {
		n++
		if _, err := Parse(line, names); err != nil && err.(*SyntaxError).Code != "wildcard-alone" {
			t.Errorf("doc.go: %s: %v", line, err)
		}
	}
	if n < 25 {
		t.Errorf("only %d examples found", n)
	}
}
