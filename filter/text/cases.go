package text

import (
	"strings"
	"sync"
)

// caseEndings are the endings of nouns and names by language, folded, where taking one off
// leaves the nominative; behind a colon stands what the nominative has instead of it. Languages
// whose names are cut on both sides are not here, see [latinCuts].
var caseEndings = map[string]string{
	"hu": "t at et ot nak nek ban ben bol ba be ra re rol tol hoz hez val vel al el ig ert on en nal nel kent",
	"fi": "n a ta tta ssa sta lla lta lle ksi na an en in on un seen in ia issa ista illa ilta ille iksi iin",
	"et": "s st sse l lt le ga ks ni na ta a i u e as ast al alt ale aga asse is ist il ilt ile iga isse us ust ul ult ule uga es est el elt ele ega",
	"lv": "as:a ai:a u:a am:a es:e ei:e i:e em:e a:s am:s u:s i:s a:is am:is i:is im:is u:us um:us us:us",
	"lt": "os:a ai:a oje:a es:e ei:e eje:e aus:us ui:us u:us uje:us umi:us o:as ui:as a:as u:as e:as io:is iui:is iu:is yje:is",
	"ro": "ei:a iei:ia ei:e a:e ul ului lui iul iului le lor",
	"el": "η:ησ α:ασ ασ:α ησ:η ου:οσ ο:οσ ε:οσ ου:ο ων:α ουσ:οι ων:οι",
}

// barelyCased reports whether names of a language take their endings without an apostrophe.
func barelyCased(lang string) bool { return lang == "az" || caseEndings[lang] != "" }

// caseEnding is what a word of a language may end in, and what its nominative does.
type caseEnding struct{ end, base string }

// nominatives are the endings of a language by their last letter.
var nominatives = sync.OnceValue(func() map[string]map[byte][]caseEnding {
	all := map[string]map[byte][]caseEnding{}
	for lang, list := range caseEndings {
		all[lang] = map[byte][]caseEnding{}
		for e := range strings.FieldsSeq(list) {
			end, base, _ := strings.Cut(e, ":")
			last := end[len(end)-1]
			all[lang][last] = append(all[lang][last], caseEnding{end, base})
		}
	}
	return all
})

// nominative adds what a word may be in the nominative; four letters stay of it.
func (f *former) nominative(endings map[byte][]caseEnding) {
	key := f.key(f.w.from, f.w.to)
	for _, e := range endings[key[len(key)-1]] {
		stem, ok := strings.CutSuffix(key, e.end)
		if !ok || letters(stem)+letters(e.base) < minStem+1 {
			continue
		}
		if e.base == "" {
			f.add(f.w.from, f.w.from+int32(len(stem)), Suffix, Exact)
		} else {
			from, to := f.spell(stem, e.base)
			f.add(from, to, Suffix, Exact)
		}
		if head := strings.TrimRight(stem, "aeiou"); e.base == "" && len(head) < len(stem) && strings.HasSuffix(head, "ng") {
			from, to := f.spell(strings.TrimSuffix(head, "g"), "k", stem[len(head):]) // Finnish: Helsingissä, Helsinki
			f.add(from, to, Suffix, Exact)
		}
	}
}
