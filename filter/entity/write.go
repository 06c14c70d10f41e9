package entity

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode"
)

// written is an entity in the form of a pack.
type written struct {
	Slug   string                `json:"slug"`
	Kind   Kind                  `json:"kind"`
	Parent string                `json:"parent,omitempty"`
	Names  map[string][]packName `json:"names"`
	Not    map[string][]packName `json:"not,omitempty"`
	Need   map[string][]packName `json:"need,omitempty"`
	Veto   map[string][]packName `json:"veto,omitempty"`
}

// packName is a name in the form of a pack.
type packName struct {
	Text    string `json:"text"`
	Mode    Mode   `json:"mode"`
	Weak    bool   `json:"weak,omitempty"`
	Article string `json:"article,omitempty"`
	Min     int    `json:"min,omitempty"`
}

// Definition writes the entity as a pack of one, on one line, which [LoadFiles], [Gazetteer.With] and
// [Gazetteer.Share] read.
func (e *Entity) Definition() string {
	w := []written{{e.Slug, e.Kind, e.Parent, byLanguage(e.Alias), byLanguage(e.Neg), byLanguage(e.Need), byLanguage(e.Veto)}}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(w) // strings can always be encoded
	return strings.TrimSuffix(b.String(), "\n")
}

func byLanguage(names []Name) map[string][]packName {
	m := map[string][]packName{}
	for _, n := range names {
		w := packName{Text: n.Text, Mode: n.Mode, Weak: n.Weak, Min: n.Min}
		if n.Optional {
			w.Article = "optional"
		}
		m[n.Lang] = append(m[n.Lang], w)
	}
	return m
}

// String writes the entity as [Define] reads it: the names that are looked for, and what does not
// count. What Define cannot say (weak names, context, parents) is left out.
func (e *Entity) String() string {
	var b strings.Builder
	b.WriteString("@" + e.Slug + " " + e.Kind + " = ")
	wrote := false
	for _, lang := range e.langs() {
		var names []string
		for _, n := range e.Alias {
			if n.Lang == lang && n.Mode != ModeDemonym {
				names = append(names, sign(n)+quote(n.Text))
			}
		}
		for _, n := range e.Neg {
			if n.Lang == lang {
				names = append(names, "-"+quote(n.Text))
			}
		}
		if wrote {
			b.WriteString("; ")
		}
		wrote = true
		if lang != Any {
			b.WriteString(lang + ": ")
		}
		b.WriteString(strings.Join(names, ", "))
	}
	return b.String()
}

// langs lists the languages of names and of what does not count, by code; any language first.
func (e *Entity) langs() []string {
	var langs []string
	for _, n := range slices.Concat(e.Alias, e.Neg) {
		if n.Mode != ModeDemonym && !slices.Contains(langs, n.Lang) {
			langs = append(langs, n.Lang)
		}
	}
	slices.Sort(langs) // * comes before all letters
	return langs
}

// sign is what stands before a name that is taken as written.
func sign(n Name) string {
	if n.Mode == ModeExact || n.Mode == ModeCaps {
		return "="
	}
	return ""
}

// quote puts a name in quotation marks where it has a sign of its own.
func quote(s string) string {
	if strings.ContainsAny(s, groupSigns+nameSigns+colonSigns+"=＝") || strings.IndexFunc(s, isDash) == 0 {
		return `"` + s + `"`
	}
	return s
}

func isDash(r rune) bool { return unicode.Is(unicode.Pd, r) || r == '−' }
