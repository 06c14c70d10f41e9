package feeds

import (
	"strings"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/json"
)

// authors are the people an item names; where Atom and JSON Feed say that an
// item inherits its feed's authors, it does. Contributors stand for authors where
// there are none.
func (t *taker) authors(i int, it *gofeed.Item) []string {
	if all := names(t.declaredAuthors(i, it)); len(all) > 0 {
		return all
	}
	all := extValues(it.Extensions, "dc", "contributor")
	if t.parsed.atom != nil {
		all = append(atomNames(t.parsed.atom.Entries[i].Contributors), all...)
	}
	return names(all)
}

func (t *taker) declaredAuthors(i int, it *gofeed.Item) []string {
	var all []string
	switch {
	case t.parsed.atom != nil:
		e := t.parsed.atom.Entries[i]
		all = atomNames(e.Authors)
		if len(all) == 0 && e.Source != nil {
			all = atomNames(e.Source.Authors)
		}
		if len(all) == 0 {
			all = creators(it)
		}
		if len(all) == 0 {
			all = atomNames(t.parsed.atom.Authors)
		}
	case t.parsed.json != nil:
		item, feed := t.parsed.json.Items[i], t.parsed.json
		if all = jsonNames(item.Authors, item.Author); len(all) == 0 {
			all = jsonNames(feed.Authors, feed.Author)
		}
	default:
		all = append(all, person(t.parsed.rss.Items[i].Author))
		all = append(all, creators(it)...)
		if it.ITunesExt != nil && len(names(all)) == 0 {
			all = append(all, person(it.ITunesExt.Author))
		}
		if len(names(all)) == 0 {
			all = append(all, credits(it)...)
		}
		if len(names(all)) == 0 {
			for _, a := range it.Authors {
				all = append(all, nameOr(a.Name, a.Email))
			}
		}
	}
	return all
}

func creators(it *gofeed.Item) (all []string) {
	for _, name := range []string{"creator", "author"} {
		for _, c := range extValues(it.Extensions, "dc", name) {
			all = append(all, person(c))
		}
	}
	return all
}

// credits are the authors that Media RSS and FOAF name.
func credits(it *gofeed.Item) (all []string) {
	for _, x := range it.Extensions["media"]["credit"] {
		if role := x.Attrs["role"]; role == "" || strings.EqualFold(role, "author") {
			all = append(all, x.Value)
		}
	}
	for _, maker := range it.Extensions["foaf"]["maker"] {
		for _, who := range maker.Children["Person"] {
			for _, name := range who.Children["name"] {
				all = append(all, name.Value)
			}
		}
	}
	return all
}

func atomNames(people []*atom.Person) (all []string) {
	for _, p := range people {
		all = append(all, person(nameOr(p.Name, p.Email)))
	}
	return all
}

func jsonNames(people []*json.Author, one *json.Author) (all []string) {
	if one != nil {
		people = append([]*json.Author{one}, people...)
	}
	for _, p := range people {
		if p != nil {
			all = append(all, person(p.Name))
		}
	}
	return all
}

func nameOr(name, email string) string {
	if strings.TrimSpace(name) != "" {
		return name
	}
	return email
}

// person is the name in "jane@example.org (Jane Doe)", "Jane Doe
// (jane@example.org)", "Jane Doe <jane@example.org>"; the text itself when it
// has another form.
func person(s string) string {
	s = strings.TrimSpace(s)
	for _, pair := range []string{"()", "<>"} {
		open := strings.IndexByte(s, pair[0])
		if open < 0 || !strings.HasSuffix(s, pair[1:]) {
			continue
		}
		before, inside := strings.TrimSpace(s[:open]), strings.TrimSpace(s[open+1:len(s)-1])
		switch {
		case isEmail(before) && inside != "":
			return inside
		case isEmail(inside) && before != "":
			return strings.Trim(before, `"`)
		}
	}
	return s
}

func isEmail(s string) bool {
	at := strings.IndexByte(s, '@')
	return at > 0 && at < len(s)-1 && !strings.ContainsAny(s, " \t\n")
}

// categories are the item's subjects; Media RSS and keyword lists count too.
func categories(it *gofeed.Item) []string {
	all := it.Categories
	if k := mediaValue(it, "keywords"); k != "" {
		all = append(all, strings.Split(k, ",")...)
	}
	if len(all) == 0 {
		all = extValues(it.Extensions, "dc", "subject")
	}
	if v := mediaValue(it, "category"); v != "" && len(all) == 0 {
		all = append(all, v)
	}
	if len(all) == 0 {
		all = podcastCategories(it.Extensions["itunes"]["category"])
	}
	return all
}

// podcastCategories are those of a podcast and what they hold.
func podcastCategories(categories []ext.Extension) (all []string) {
	for _, c := range categories {
		all = append(all, c.Attrs["text"])
		for _, inner := range c.Children["category"] {
			all = append(all, inner.Attrs["text"])
		}
	}
	return all
}

// names cleans a list for people: plain, one line each, none twice, bounded.
func names(list []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, s := range list {
		s = bound(oneLine(PlainText(s)), MaxName)
		if s == "" || seen[s] {
			continue
		}
		seen[s] = true
		if out = append(out, s); len(out) == MaxNames {
			break
		}
	}
	return out
}
