package bot

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"wirewatch/bot/locale"
	"wirewatch/feeds"
	"wirewatch/filter/entity"
	"wirewatch/store"
)

// own lists the own entities of a chat, as people write them.
func (w *world) own(chat int64) string {
	w.Helper()
	all, err := w.db.Entities(w.ctx, chat)
	if err != nil {
		w.Fatal(err)
	}
	var lines []string
	for _, e := range all {
		g, err := entity.Load([]byte(e.Definition))
		if err != nil {
			w.Fatal(err)
		}
		lines = append(lines, g.All()[0].String())
	}
	return strings.Join(lines, " | ")
}

// Own names as they read.
func TestOwnNamesRead(t *testing.T) {
	for name, user := range map[string]int64{"names_en": omar, "names_ar": layla} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.wire("Morning Wire", append(geneva(), feeds.Article{ID: "a1", URL: "https://wire.example/a/1", Lang: "ar", Title: "أكمي تفتتح مصنعًا في جنيف", Published: noon})...)
			for _, said := range []string{
				"/entities", "/entity", "@acme = Acme, Acme Corporation; ar: أكمي", "/entity @acme + fr: Acmé; -Acme Street", "/rule @acme", "/entities",
				"/entity @geneva = Quai Wilson; ar: الرصيف", "/entity @acme delete", "/rule 1 delete", "/entity @acme delete", "/entity 1", "/entity @nato", "/entity @nothing",
				"/entity a = b", "/entity @a = x", "/entity @a = the\n@b = Bb", "/entity @one topic = first thing\n@two = Second Thing", "/entity harbour\ten\tOld Harbour\nharbour\tar\tالمرفأ القديم", "/help entities", "/export",
			} {
				w.say(user, user, said)
			}
			w.golden(user, name)
		})
	}
}

func TestEntityCommands(t *testing.T) {
	w := newWorld(t)
	for _, step := range []struct{ said, want string }{
		{"/entity @acme = Acme; ar: أكمي", "@acme org = Acme; ar: أكمي"},
		{"/entity @ACME = Acme Works", "@acme org = Acme Works"},
		{"/entity @acme + fr: Acmé", "@acme org = Acme Works; fr: Acmé"},
		{"/entity ١ + Works of Acme", "@acme org = Acme Works, Works of Acme; fr: Acmé"},
		{"/entity @roe person = Jane Roe", "@acme org = Acme Works, Works of Acme; fr: Acmé | @roe person = Jane Roe"},
		{"/entity 1 delete", "@roe person = Jane Roe"},
		{"/entity 9 delete", "@roe person = Jane Roe"},
		{"/entity @roe", "@roe person = Jane Roe"},
		{"/entity @roe حذف", "@roe person = Jane Roe"}, // a word of another language: not understood, and nothing happens
		{"/entity @roe DELETE", ""},
		{"/entity @a = Aa\n@b = Bb\nfr: Béta", "@a org = Aa | @b org = Bb; fr: Béta"},
		{"/entity @a=Aaa", "@a org = Aaa | @b org = Bb; fr: Béta"},
	} {
		w.say(omar, omar, step.said)
		if have := w.own(omar); have != step.want {
			t.Errorf("%s: %s, want %s", step.said, have, step.want)
		}
	}
}

func TestEntityMenu(t *testing.T) {
	w := newWorld(t)
	w.say(omar, omar, "/rules")
	w.press(omar, omar, "Names")
	w.press(omar, omar, "New name")
	w.say(omar, omar, "Acme")
	w.says(omar, "begins with @", "/cancel")
	w.say(omar, omar, "@acme = Acme")
	w.press(omar, omar, "Change")
	w.say(omar, omar, "Acme, Acme Works")
	if have := w.own(omar); have != "@acme org = Acme, Acme Works" {
		t.Errorf("%s", have)
	}
	w.press(omar, omar, "Make a rule")
	if r := w.rules(omar); len(r) != 1 || r[0].Query != "@acme" {
		t.Errorf("%+v", r)
	}
	w.say(omar, omar, "/entity @acme")
	w.press(omar, omar, "Delete")
	w.press(omar, omar, "Delete")
	w.says(omar, "rules need it: 1")
	w.say(omar, omar, "/rule 1 delete")
	w.say(omar, omar, "/entity 1")
	w.press(omar, omar, "Delete")
	w.press(omar, omar, "Delete")
	if have := w.own(omar); have != "" {
		t.Errorf("%s", have)
	}
	w.press(omar, omar, "Undo")
	if have := w.own(omar); have != "@acme org = Acme, Acme Works" {
		t.Errorf("%s", have)
	}
	w.press(omar, omar, "Undo")
	if have := w.own(omar); !strings.Contains(have, "Acme Works") {
		t.Errorf("%s", have)
	}
}

// A chat's rules, its search and what its screens find go by its own names, and no other chat's do.
func TestOwnNamesHoldInTheirChat(t *testing.T) {
	w := newWorld(t)
	w.wire("Morning Wire", geneva()...)
	w.say(omar, omar, "/entity @geneva = Harvest Festival; de: Genf\n@fest = harvest festival")
	w.say(omar, omar, "/search @geneva")
	w.says(omar, "1 article", "Harvest")
	w.say(omar, omar, "/rule @fest OR @geneva")
	w.says(omar, "1 article", "@fest", "harvest festival")
	w.say(layla, layla, "/lang en")
	w.say(layla, layla, "/search @geneva")
	w.says(layla, "2 articles")
	w.say(layla, layla, "/rule @fest")
	w.says(layla, "@fest")
	if r := w.rules(layla); len(r) != 0 {
		t.Errorf("another chat's name is known: %+v", r)
	}
	w.say(omar, omar, "/entity @geneva delete") // the rule goes by the shared one now
	w.says(omar, "counts again")
	w.say(omar, omar, "/rule 1")
	w.says(omar, "3 articles")
}

func TestOwnNamesAreBounded(t *testing.T) {
	w := newWorld(t)
	var list []store.Entity
	for i := range store.MaxEntities - 1 {
		list = append(list, store.Entity{Slug: fmt.Sprint("e", i), Definition: fmt.Sprintf(`[{"slug":"e%d","kind":"topic","names":{"en":[{"text":"thing number %d","mode":"phrase"}]}}]`, i, i)})
	}
	w.say(omar, omar, "/start")
	if err := w.db.SaveEntities(w.ctx, omar, list); err != nil {
		t.Fatal(err)
	}
	w.say(omar, omar, "/entity @a = Aa\n@b = Bb")
	w.says(omar, "100 names")
	w.say(omar, omar, "/entity @a = Aa")
	w.say(omar, omar, "/entities")
	w.says(omar, "100 names of this chat")
	w.press(omar, omar, "Next")
	w.says(omar, "9. @e8")
}

func TestOnlyAdministratorsDefine(t *testing.T) {
	w := newWorld(t)
	group := w.fake.Supergroup("Newsroom", omar, layla).ID // omar made it
	w.say(group, layla, "/entity @acme = Acme")
	if have := w.own(group); have != "" {
		t.Errorf("anybody defines: %s", have)
	}
	w.say(group, omar, "/entity @acme = Acme")
	w.say(group, layla, "/entity @acme delete")
	w.say(group, layla, "/entity @acme")
	w.says(group, "@acme")
	if have := w.own(group); have != "@acme org = Acme" {
		t.Errorf("%s", have)
	}
}

// Every fault of a definition has a sentence in every language, with all that it needs.
func TestEveryFaultOfADefinitionHasASentence(t *testing.T) {
	source, err := os.ReadFile("../filter/entity/define.go")
	if err != nil {
		t.Fatal(err)
	}
	faults := regexp.MustCompile(`(?m)^\t"([a-z-]+)":\s+"((?:[^"\\]|\\.)*)",$`).FindAllStringSubmatch(string(source), -1)
	if len(faults) < 15 {
		t.Fatalf("only %d faults found", len(faults))
	}
	places := regexp.MustCompile(`\{[a-z]+\}`)
	for _, lang := range locale.Languages() {
		l := locale.Get(lang)
		for _, f := range faults {
			if !l.Has("errors.entity." + f[1]) {
				t.Errorf("%s: no sentence for %s: %s", lang, f[1], f[2])
			}
			for _, p := range places.FindAllString(l.T("errors.entity."+f[1]), -1) {
				if !strings.Contains(f[2], p) {
					t.Errorf("%s: %s needs %s", lang, f[1], p)
				}
			}
		}
	}
}
