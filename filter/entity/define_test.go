package entity_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"wirewatch/filter/entity"
)

// define reads definitions and writes them again.
func define(src string) (string, error) {
	all, err := entity.Define(src)
	var lines []string
	for _, e := range all {
		lines = append(lines, e.String())
	}
	return strings.Join(lines, " | "), err
}

func TestDefine(t *testing.T) {
	for in, want := range map[string]string{
		"@acme = Acme":                      "@acme org = Acme",
		"@Acme = Acme, Acme  Corporation,,": "@acme org = Acme, Acme Corporation",
		"@acme=Acme; ar: أكمي، شركة أكمي؛ fr: Acmé":                    "@acme org = Acme; ar: أكمي, شركة أكمي; fr: Acmé",
		"@acme = ar: أكمي; Acme":                                       "@acme org = Acme; ar: أكمي",
		"@acme = Acme, -Acme Street; ar: أكمي, – شارع أكمي":            "@acme org = Acme, -Acme Street; ar: أكمي, -شارع أكمي",
		"@roe person = Jane Roe; ru: Джейн Роу":                        "@roe person = Jane Roe; ru: Джейн Роу",
		"@roe (شخص) = جين رو":                                          "@roe person = جين رو",
		"@blockade = naval blockade; ar: حصار بحري":                    "@blockade topic = naval blockade; ar: حصار بحري",
		"@hisar = ar: حصار بحري":                                       "@hisar topic = ar: حصار بحري",
		"@who = =WHO, =iOS, World Health Organization":                 "@who org = =WHO, =iOS, World Health Organization",
		`@iso = "ISO: 9001", "Smith, Jones and Co"`:                    `@iso org = "ISO: 9001", "Smith, Jones and Co"`,
		"@us = he: ארה\"ב; en: United States":                          "@us org = en: United States; he: ארה\"ב",
		"@zh = zh-TW： 習近平、习主席；en_GB: Xi":                               "@zh org = en: Xi; zh: 習近平, 习主席",
		`@x topic = 00"0" thing`:                                       "@x topic = 000 thing",
		"\u200f@acme = \u2068Acme\u2069":                               "@acme org = Acme",
		"@acme = Acme\nar: أكمي\n\n@roe person = Roe":                  "@acme org = Acme; ar: أكمي | @roe person = Roe",
		"@acme = Acme, acme, ACME":                                     "@acme org = Acme",
		"@acme = Acme\n@b = Beta Works\nBeta Two":                      "@acme org = Acme | @b org = Beta Works, Beta Two",
		"id\tlang\tname\nQ71\ten\tGeneva Motor Show\nQ71\tar-SA\tمعرض": "@q71 org = ar: معرض; en: Geneva Motor Show",
		"harbour en Old  Harbour\nharbour ar المرفأ القديم":            "@harbour org = ar: المرفأ القديم; en: Old Harbour",
		"acme\t*\tAcme\t3\n# x\n\nroe\tru\tДжейн Роу":                  "@acme org = Acme | @roe org = ru: Джейн Роу",
	} {
		have, err := define(in)
		if err != nil || have != want {
			t.Errorf("%q\nhave %s, %v\nwant %s", in, have, err, want)
		}
	}
}

func TestDefineRefuses(t *testing.T) {
	for in, want := range map[string]string{
		"":             "empty",
		"\n \n":        "empty",
		"acme = Acme":  "no-at",
		"@ = Acme":     "bad-slug",
		"@أكمي = أكمي": "bad-slug",
		"@a_b = Acme":  "bad-slug",
		"@" + strings.Repeat("a", 41) + " = Acme": "bad-slug",
		"@acme Acme":                          "no-equals",
		"@acme":                               "no-equals",
		"@acme compnay = Acme":                "bad-kind",
		"@acme =":                             "no-names",
		"@acme = -Acme":                       "no-names",
		"@acme = english: Acme":               "bad-language",
		"@acme = Acme; : x":                   "bad-language",
		"@acme = …":                           "no-letters",
		"@acme = " + strings.Repeat("x", 201): "long-name",
		"@acme = x":                           "short-name",
		"@acme = ar: في":                      "everyday",
		"@acme = Acme, the":                   "everyday",
		"@acme = Acme, -acme":                 "never",
		"@acme = \"Acme":                      "open-quote",
		"@acme = Acme\n@acme = Acme two":      "twice",
		"@acme = " + names(51):                "many-names",
		"a\ten\tAcme\nb\tAcme":                "columns",
		"a\tenglish\tAcme\t":                  "bad-language",
		"…\ten\tAcme":                         "bad-slug",
	} {
		all, err := entity.Define(in)
		var e *entity.DefinitionError
		if !errors.As(err, &e) || e.Code != want || all != nil || strings.ContainsAny(e.Error(), "{}") {
			t.Errorf("%.60q: %v, want %s", in, err, want)
		}
	}
	_, err := entity.Define("@a = Aa\n\n@b = Bb\n@c Cc")
	if e := (*entity.DefinitionError)(nil); !errors.As(err, &e) || e.Line != 4 {
		t.Errorf("%v, want line 4", err)
	}
}

// names is n different names.
func names(n int) string {
	var list []string
	for i := range n {
		list = append(list, "Acme "+strings.Repeat("x", i+1))
	}
	return strings.Join(list, ", ")
}

// What was defined is found, by the definition as the store keeps it and by the text that people are shown.
func TestDefinitionsAreFound(t *testing.T) {
	all, err := entity.Define("@acme = Acme, =ACM, -Acme Street; ar: أكمي\n@blockade = naval blockade; ar: حصار بحري")
	if err != nil {
		t.Fatal(err)
	}
	var files []entity.File
	for _, e := range all {
		files = append(files, entity.File{Name: "@" + e.Slug, Data: []byte(e.Definition())})
	}
	g, err := entity.LoadFiles(files...)
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{
		"Acme and the ACM": "acme=Acme|acme=ACM", "The acme, acm": "", "Acme Street": "", "وأكمي": "acme=وأكمي",
		"The Naval Blockades": "blockade=Naval Blockades", "الحصار البحري": "blockade=الحصار البحري",
	} {
		if have := strings.Join(mentions(g, "", in), "|"); have != want {
			t.Errorf("%s: %s, want %s", in, have, want)
		}
	}
}

// Define(e.String()) gives e again, and so does its definition.
func TestDefineRoundTrip(t *testing.T) {
	word := rapid.SampledFrom([]string{"Acme", "Corp", "أكمي", "شركة", "Роу", "会议", "A,B", "x:y", "-dash", "=eq", "ארה\"ב", "two"})
	rapid.Check(t, func(t *rapid.T) {
		e := &entity.Entity{Slug: "acme", Kind: rapid.SampledFrom([]string{entity.Org, entity.Topic}).Draw(t, "kind"), Label: map[string]string{}}
		mode := entity.ModeName
		if e.Kind == entity.Topic {
			mode = entity.ModePhrase
		}
		for _, lang := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{entity.Any, "en", "ar", "zh"}), 1, 3, rapid.ID).Draw(t, "langs") {
			for range rapid.IntRange(1, 3).Draw(t, "n") {
				n := entity.Name{Lang: lang, Text: strings.Join(rapid.SliceOfN(word, 2, 3).Draw(t, "words"), " "), Mode: mode}
				e.Alias = append(e.Alias, n)
			}
		}
		again, err := entity.Define(e.String())
		if err != nil {
			t.Fatalf("%s: %v", e, err)
		}
		if have := again[0].String(); !sameNames(again[0], e) {
			t.Fatalf("%s becomes %s", e, have)
		}
		g, err := entity.Load([]byte(again[0].Definition()))
		if err != nil || g.All()[0].String() != again[0].String() {
			t.Fatalf("%s: %v", again[0].Definition(), err)
		}
	})
}

// sameNames reports whether every name of b is one of a.
func sameNames(a, b *entity.Entity) bool {
	for _, n := range b.Alias {
		if !slices.ContainsFunc(a.Alias, func(o entity.Name) bool { return o.Lang == n.Lang && strings.EqualFold(o.Text, n.Text) }) {
			return false
		}
	}
	return true
}

func FuzzDefine(f *testing.F) {
	f.Add("@acme = Acme, =WHO, \"A, B\"; ar: أكمي؛ zh-TW： 習近平、习 -x")
	f.Add("acme\ten\tAcme\nroe\tar\tجين")
	f.Add("@a = x\x0000, b\rc\u0085d, e\tf")
	f.Add("@a person = he: ארה\"ב\n@b = -x, y")
	f.Fuzz(func(t *testing.T, s string) {
		all, err := entity.Define(s)
		if err != nil {
			if e := (*entity.DefinitionError)(nil); !errors.As(err, &e) || e.Error() == "" {
				t.Fatalf("%T", err)
			}
			return
		}
		for _, e := range all {
			if _, err := entity.Load([]byte(e.Definition())); err != nil {
				t.Fatalf("%q becomes %s: %v", s, e.Definition(), err)
			}
			if _, err := entity.Define(e.String()); err != nil {
				t.Fatalf("%q becomes %s: %v", s, e, err)
			}
		}
	})
}
