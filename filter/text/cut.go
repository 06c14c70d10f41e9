package text

import (
	"strings"
	"unicode/utf8"
)

// cut is the stem of a folded word by a language's rule: one ending is taken off,
// the same way from the pattern's word and the text's, so that they meet.
func cut(w string, ns NameSpace) string {
	switch ns {
	case cutArabic:
		return arabicStem(w)
	case cutPersian:
		return persianStem(w)
	case cutSlavic:
		return slavicStem(w)
	case cutEnglish:
		return englishStem(w)
	case cutFrench:
		return frenchStem(w)
	case cutSpanish:
		return spanishStem(w)
	case cutPortuguese:
		return portugueseStem(w)
	case cutItalian:
		return italianStem(w)
	case cutGerman:
		return cutLongest(w, 4, germanEnding, 2)
	case cutPolish:
		return cutLongest(w, 3, polishEnding, 4)
	case cutCzech:
		return cutLongest(w, 3, czechEnding, 3)
	case cutSouth:
		return cutLongest(w, 3, southEnding, 3)
	}
	return w
}

// cutLongest takes off the longest ending of at most max ASCII letters that leaves min letters.
func cutLongest(w string, min int, ending func(string) bool, max int) string {
	for n := max; n > 0; n-- {
		if i := len(w) - n; i >= min && w[i] < utf8.RuneSelf && ending(w[i:]) {
			return w[:i]
		}
	}
	return w
}

// Plurals and cases of German; -er is left out, as it makes nouns of agents: Land and Länder stay apart.
func germanEnding(s string) bool {
	switch s {
	case "en", "es", "n", "s", "e":
		return true
	}
	return false
}

// Case endings of Polish without diacritics; an i that only softens goes with them.
func polishEnding(s string) bool {
	switch s {
	case "iego", "iemu", "owie", "iami", "iach",
		"ami", "ach", "ego", "emu", "owi", "iej", "imi", "ymi", "iem", "iom", "ych", "ich",
		"om", "ow", "ej", "ia", "ie", "ii", "iu", "io", "em", "ym", "im",
		"a", "e", "i", "o", "u", "y":
		return true
	}
	return false
}

// Case endings of Czech and Slovak without diacritics; -ove is left out for the names in -ová.
func czechEnding(s string) bool {
	switch s {
	case "emi", "ami", "ech", "ich", "ach", "ych", "och", "ovi", "eho", "emu", "ymi", "imi", "iho", "imu",
		"ou", "um", "em", "im", "ym", "am", "om", "ej", "ho", "uv",
		"a", "e", "i", "o", "u", "y":
		return true
	}
	return false
}

// Case endings of Slovene, Croatian, Bosnian and Serbian without diacritics; -ov and -ev are
// left out for the names that end so.
func southEnding(s string) bool {
	switch s {
	case "ama", "ima", "ami", "imi", "oma", "ema", "ega", "emu", "oga", "omu", "ome",
		"ih", "im", "om", "em", "og", "oj", "ah", "am", "eh",
		"a", "e", "i", "o", "u":
		return true
	}
	return false
}

// slavicStem takes one Russian or Ukrainian case ending off a Cyrillic word.
// The endings in ий and ие are an adjective's after к г х ж ш щ ч or a consonant
// with н (внешний, российские); elsewhere the и belongs to the noun (гарантий,
// заявление) and only the last letter goes.
func slavicStem(w string) string {
	for n := 3; n > 0; n-- {
		i := len(w) - 2*n
		if i < 2*minStem || i < 0 || !utf8.RuneStart(w[i]) || !slavicEnding(w[i:]) {
			continue
		}
		switch w[i:] {
		case "ий", "ій", "ие":
			if !adjectiveStem(w[:i]) {
				continue
			}
		}
		return w[:i]
	}
	return w
}

// adjectiveStem reports whether ий after w is an adjective's ending.
func adjectiveStem(w string) bool {
	last, n := utf8.DecodeLastRuneInString(w)
	if strings.ContainsRune("кгхжшщч", last) {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(w[:len(w)-n])
	return last == 'н' && !strings.ContainsRune("аеиоуыэюяіїєй", before)
}

// Endings of nouns and adjectives, Russian and Ukrainian together: one list serves both, and texts that mix them.
func slavicEnding(s string) bool {
	switch s {
	case "ами", "ями", "ого", "его", "ому", "ему", "ыми", "ими", "ьою",
		"ой", "ей", "ою", "ею", "ом", "ем", "ов", "ев", "ам", "ям", "ах", "ях", "ый", "ий", "ая", "яя", "ую", "юю", "ые", "ие",
		"ых", "их", "ым", "им", "ью", "ої", "ій", "єю", "єм", "ім", "ів", "їв", "ое", "ее",
		"а", "я", "о", "е", "у", "ю", "ы", "и", "ь", "й", "і", "ї", "є":
		return true
	}
	return false
}

// surname reports whether a Slavic word ends as surnames do in the nominative
// (Лавров, Киев): its ending belongs to the name and is not cut.
func surname(w string) bool {
	return strings.HasSuffix(w, "ов") || strings.HasSuffix(w, "ев") || strings.HasSuffix(w, "їв") || strings.HasSuffix(w, "ів")
}

// indeclinable reports whether a Cyrillic name ends in a vowel that no case changes (Мали, Баку, Осло).
func indeclinable(w, lang string) bool {
	last, n := utf8.DecodeLastRuneInString(w)
	before, _ := utf8.DecodeLastRuneInString(w[:len(w)-n])
	long := utf8.RuneCountInString(w) > 4
	switch last {
	case 'у', 'ю', 'э':
		return true
	case 'о': // Пушкино, Дніпро
		return before != 'в' && !strings.HasSuffix(w, "ино") && !(lang == "uk" && long && !strings.ContainsRune(cyrillicVowels, before))
	case 'и': // Сокольники, Суми
		return !(long && strings.ContainsRune("кжщ", before)) && lang != "uk"
	}
	return false
}

// softened lists the stems that a Polish or Czech name has before the endings that
// soften its last consonant: Polska is Polsce, Praha is Praze, Islamabad Islamabadzie.
func softened(stem string, ns NameSpace) []string {
	if len(stem) < minStem {
		return nil
	}
	head, last := stem[:len(stem)-1], stem[len(stem)-1]
	switch {
	case last == 'k':
		return []string{head + "c"}
	case ns == cutCzech && (last == 'g' || (last == 'h' && head[len(head)-1] != 'c')):
		return []string{head + "z"}
	case ns == cutPolish && last == 'g':
		return []string{head + "dz"}
	case ns == cutPolish && last == 'h' && head[len(head)-1] == 'c':
		return []string{head[:len(head)-1] + "sz"}
	case ns == cutPolish && (last == 'd' || last == 'r'):
		return []string{stem + "z"}
	case ns == cutPolish && last == 't':
		return []string{head + "c", head + "ci"}
	}
	return nil
}

// landCases are the cases of a country in -sko or -ska. Its stem will not do: the
// adjective has it too (Irsko, irské; Polska, Polskie Radio). Meško is no country.
func landCases(w, src string, ns NameSpace) (stem, cases string, ok bool) {
	if stem, ok = strings.CutSuffix(w, "sko"); ok && ns == cutCzech && !strings.HasSuffix(src, "ško") {
		return stem, "ska sku skem skom", letters(stem) >= 2
	}
	if stem, ok = strings.CutSuffix(w, "ska"); ok && ns == cutPolish {
		return stem, "ski sce sko ske", letters(stem) >= 2
	}
	return "", "", false
}

// englishStem takes the plural off, as the others do in their languages.
func englishStem(w string) string {
	switch {
	case len(w) < 4 || !strings.HasSuffix(w, "s"), strings.HasSuffix(w, "ss"), strings.HasSuffix(w, "us"), strings.HasSuffix(w, "is"):
		return w
	case strings.HasSuffix(w, "ies") && len(w) > 4:
		return w[:len(w)-3] + "y"
	case strings.HasSuffix(w, "sses"), strings.HasSuffix(w, "xes"), strings.HasSuffix(w, "ches"), strings.HasSuffix(w, "shes"), strings.HasSuffix(w, "zzes"):
		return w[:len(w)-2]
	case strings.HasSuffix(w, "oes") && len(w) > 5 && !strings.HasSuffix(w, "shoes") && w != "canoes": // vetoes, embargoes
		return w[:len(w)-2]
	}
	return w[:len(w)-1]
}

func frenchStem(w string) string {
	switch {
	case len(w) < 4:
		return w
	case strings.HasSuffix(w, "eaux"):
		return w[:len(w)-1]
	case strings.HasSuffix(w, "aux"):
		return w[:len(w)-2] + "l"
	case strings.HasSuffix(w, "s") || strings.HasSuffix(w, "x"):
		return w[:len(w)-1]
	}
	return w
}

func spanishStem(w string) string {
	n := len(w)
	switch {
	case n < 4 || w[n-1] != 's' || strings.HasSuffix(w, "ss"):
		return w
	case strings.HasSuffix(w, "ces"):
		return w[:n-3] + "z"
	case n > 5 && w[n-2] == 'e' && strings.IndexByte("dlnrsyz", w[n-3]) >= 0: // naciones, but also paises
		return w[:n-2]
	}
	return w[:n-1]
}

func portugueseStem(w string) string {
	n := len(w)
	switch {
	case n < 4 || w[n-1] != 's' || strings.HasSuffix(w, "ss"):
		return w
	case strings.HasSuffix(w, "oes"), strings.HasSuffix(w, "aes"):
		return w[:n-3] + "ao"
	case n > 4 && (strings.HasSuffix(w, "ais") || strings.HasSuffix(w, "eis") || strings.HasSuffix(w, "ois")):
		return w[:n-2] + "l"
	case n > 5 && w[n-2] == 'e' && strings.IndexByte("rz", w[n-3]) >= 0:
		return w[:n-2]
	case strings.HasSuffix(w, "ns"):
		return w[:n-2] + "m"
	}
	return w[:n-1]
}

// italianStem takes the last vowel off, in which Italian marks number; città stays.
func italianStem(w string) string {
	if len(w) < 5 || strings.IndexByte("aeio", w[len(w)-1]) < 0 {
		return w
	}
	return w[:len(w)-1]
}

// wideLetters is the length of the shared beginning that ~word compares.
const wideLetters = 6

// wideStem is what ~word compares: the light stem, without an English -ing or -ed,
// cut to its first six letters. Arabic words meet in their light stems instead.
func wideStem(w string, c Class, lang string) string {
	w = cut(w, cutFor(c, lang))
	if c == Latin && (lang == "en" || lang == "") {
		for _, suffix := range []string{"ing", "ed", "er"} {
			if rest, ok := strings.CutSuffix(w, suffix); ok && len(rest) >= 4 {
				w = rest
				break
			}
		}
	}
	if c == Arabic {
		return w
	}
	return beginning(w)
}

// beginning is the first wideLetters letters of a word.
func beginning(w string) string {
	n := 0
	for i := range w {
		if n == wideLetters {
			return w[:i]
		}
		n++
	}
	return w
}
