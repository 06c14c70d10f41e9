package locale

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// languages are the languages we speak; the first is spoken to a reader whose
// language is none of them.
var languages = []string{"en", "ar"}

// rightToLeft are those of the languages that run from right to left.
var rightToLeft = map[string]bool{"ar": true}

//go:embed messages
var files embed.FS

// A catalog is every sentence in every language, ready to be said.
type catalog struct {
	locales map[string]*Locale
	keys    map[string]map[string]*i18n.Message // language -> key -> message
}

// catalogue returns the one catalog. The files are part of the program, so a
// fault in them is a fault of the program, and the tests load them all.
var catalogue = sync.OnceValue(func() *catalog {
	c, err := load(files)
	if err != nil {
		panic("locale: " + err.Error())
	}
	return c
})

// load reads messages/<language>/<area>.yaml for every language.
func load(fsys fs.FS) (*catalog, error) {
	bundle := i18n.NewBundle(language.MustParse(languages[0]))
	c := &catalog{locales: map[string]*Locale{}, keys: map[string]map[string]*i18n.Message{}}
	for _, lang := range languages {
		tag := language.MustParse(lang)
		messages, err := readLanguage(fsys, lang)
		if err != nil {
			return nil, err
		}
		c.keys[lang] = messages
		dir := LTR
		if rightToLeft[lang] {
			dir = RTL
		}
		for _, m := range messages {
			if err := bundle.AddMessages(tag, prepared(m, dir)); err != nil {
				return nil, fmt.Errorf("add %s: %w", m.ID, err)
			}
		}
		c.locales[lang] = &Locale{lang: lang, dir: dir}
	}
	for lang, l := range c.locales {
		l.localizer = i18n.NewLocalizer(bundle, lang)
	}
	return c, nil
}

// readLanguage reads the files of one language. A key belongs to the area that
// its file is named after, and to one file only.
func readLanguage(fsys fs.FS, lang string) (map[string]*i18n.Message, error) {
	names, err := fs.Glob(fsys, path.Join("messages", lang, "*.yaml"))
	if err != nil {
		return nil, fmt.Errorf("list messages of %s: %w", lang, err)
	}
	all := map[string]*i18n.Message{}
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		messages, err := i18n.ParseMessageBytes(data, func(b []byte, v any) error { return yaml.Unmarshal(b, v) })
		if err != nil {
			return nil, fmt.Errorf("parse %s: %w", name, err)
		}
		area := strings.TrimSuffix(path.Base(name), ".yaml")
		for _, m := range messages {
			if !strings.HasPrefix(m.ID, area+".") {
				return nil, fmt.Errorf("%s: key %q does not start with %q", name, m.ID, area+".")
			}
			if all[m.ID] != nil {
				return nil, fmt.Errorf("%s: key %q is there twice", name, m.ID)
			}
			all[m.ID] = m
		}
	}
	return all, nil
}

// prepared returns m with the foreign spans of its sentences isolated.
func prepared(m *i18n.Message, dir Direction) *i18n.Message {
	if dir != RTL {
		return m
	}
	p := *m
	for _, form := range []*string{&p.Zero, &p.One, &p.Two, &p.Few, &p.Many, &p.Other} {
		*form = isolateSpans(*form, dir, true)
	}
	return &p
}

func (c *catalog) has(lang, key string) bool { return c.keys[lang][key] != nil }

// get matches strictly: the same language in the same script. The matcher of
// x/text would offer English to an Urdu reader, and Arabic to a Kurdish one,
// with high confidence.
func (c *catalog) get(lang string) *Locale {
	fallback := c.locales[languages[0]]
	want, err := language.Parse(lang)
	if err != nil {
		return fallback
	}
	base, _ := want.Base()
	l := c.locales[base.String()]
	if l == nil {
		return fallback
	}
	wanted, _ := want.Script()
	if spoken, _ := language.Make(l.lang).Script(); spoken != wanted {
		return fallback
	}
	return l
}
