package text

import (
	"strings"
	"unicode/utf8"
)

// Cyrillic letters of which the cases of a name depend.
const (
	cyrillicVowels = "аеиоуыэюяёіїє"
	russianOnly    = "ыэъё" // letters that Ukrainian has not
)

// ukrainian reports whether a word may be Ukrainian, of a language that is known or "".
func ukrainian(w, lang string) bool {
	return lang == "uk" || (lang == "" && !strings.ContainsAny(w, russianOnly))
}

// serbian reports whether a word may be Serbian, of a language that is known or "".
func serbian(w, lang string) bool {
	return lang == "sr" || (lang == "" && !strings.ContainsAny(w, russianOnly+"йщюяьіїє"))
}

// cyrillic declines a Russian, Ukrainian or Serbian name.
func (c *cases) cyrillic(w, lang string) {
	last, n := utf8.DecodeLastRuneInString(w)
	head := w[:len(w)-n]
	if head == "" {
		return
	}
	uk := ukrainian(w, lang)
	switch {
	case last == 'й':
		c.stem(slavicStem(w))
		c.inShortI(w, head, uk)
	case last == 'ь':
		c.stem(head, fleetingCyrillic(head, "ен"), fleetingCyrillic(head, "ец"), fleetingCyrillic(head, "єц"))
		if uk {
			c.open(head)
			c.with(head, "еві")
			for _, end := range []string{"ец", "єц", "ен"} {
				c.with(fleetingCyrillic(head, end), "еві")
			}
		}
	case strings.ContainsRune(cyrillicVowels, last):
		c.stem(slavicStem(w))
		c.inVowel(w, head, last, uk)
		if last == 'а' && serbian(w, lang) {
			c.softenedCyrillic(w, "ци", "зи", "си")
		}
	default: // an ending that the nominative has (Максим, Цюрих, Лавров) is none
		c.stem(w)
		for _, end := range []string{"ец", "ек", "ок", "ел", "ет"} {
			c.stem(fleetingCyrillic(w, end))
		}
		if serbian(w, lang) {
			c.stem(fleetingCyrillic(w, "ар"), fleetingCyrillic(w, "ац"))
		}
		if strings.HasSuffix(w, "ом") || strings.HasSuffix(w, "ем") { // Вифлеем, Вифлеему: ему is an ending
			c.with(w, "у")
		}
		if uk {
			c.open(w)
			c.with(fleetingCyrillic(w, "ок"), "ові")
			c.with(w, ukrainianDative(last))
		}
	}
}

// ukrainianDative is the ending of a man's dative after a consonant.
func ukrainianDative(last rune) string {
	switch last {
	case 'ж', 'ч', 'ш', 'щ':
		return "еві"
	case 'р': // Петрові, Лимареві
		return "ові еві"
	case 'в', 'н': // Лавров, Пушкін: a woman's dative
		return "ові ій"
	}
	return "ові"
}

// inShortI adds the cases of a soft noun, which looks like an adjective and is cut too far
// (Китая, Корее, Сергия), and of an adjective that looks like a noun (Яловий, Ялового).
func (c *cases) inShortI(w, head string, uk bool) {
	vowel, n := utf8.DecodeLastRuneInString(head)
	switch vowel {
	case 'и', 'і', 'ы':
		c.stem(head)
		if uk && vowel == 'и' {
			c.stem(head[:len(head)-n])
		}
	default:
		c.with(head, "я ю ем е")
		if uk {
			c.with(head, "єм ї")
		}
	}
	if uk {
		c.with(head, "єві")
	}
}

// inVowel adds the cases of a name in a vowel.
func (c *cases) inVowel(w, head string, last rune, uk bool) {
	switch {
	case strings.HasSuffix(w, "ея"):
		c.with(head, "е ю и ей")
	case strings.HasSuffix(w, "ья"): // Наталья, Наталью
		c.with(head, "ю")
	case strings.HasSuffix(w, "ье"):
		c.with(head, "я ю")
	case strings.HasSuffix(w, "ема"), strings.HasSuffix(w, "ома"): // система, систему: ему is an ending
		c.with(head, "у")
	case strings.HasSuffix(w, "ки"): // Химки, Химок
		c.with(strings.TrimSuffix(w, "ки"), "ок ек")
	case utf8.RuneCountInString(w) == minStem && last == 'а': // Уфа, Ева: the endings leave too little
		c.with(head, "ы и е у ой")
	case utf8.RuneCountInString(w) == minStem && last == 'я':
		c.with(head, "и е ю ей")
	}
	if !uk {
		return
	}
	switch {
	case last == 'а':
		c.softenedCyrillic(w, "ці", "зі", "сі")
		if possessive(head) { // Янова, Яновій
			c.with(head, "ій")
		}
		if utf8.RuneCountInString(w) == minStem {
			c.with(head, "і ою")
		}
	case last == 'о':
		c.with(head, "ові")
	}
}

// softenedCyrillic adds the case of a name in -ка, -га or -ха that softens its consonant
// (Рига, Ризі; Америка, Америци).
func (c *cases) softenedCyrillic(w, k, g, h string) {
	for hard, soft := range map[string]string{"ка": k, "га": g, "ха": h} {
		if s, ok := strings.CutSuffix(w, hard); ok {
			c.with(s, soft)
		}
	}
}

// open adds the stems of a Ukrainian name whose і becomes о or е when its syllable
// opens (Харків, Харкова; Тернопіль, Тернополя); its last consonant ends w.
func (c *cases) open(w string) {
	final, n := utf8.DecodeLastRuneInString(w)
	head := w[:len(w)-n]
	if strings.ContainsRune(cyrillicVowels, final) {
		return
	}
	if s, ok := strings.CutSuffix(head, "і"); ok {
		c.stem(s+"о"+string(final), s+"е"+string(final))
	} else if s, ok := strings.CutSuffix(head, "ї"); ok {
		c.stem(s + "є" + string(final))
	}
}

// fleetingCyrillic is w, which ends in a vowel and a consonant, without the vowel
// (Горобец, Горобца; Китаец, Китайца); "" if it does not end so.
func fleetingCyrillic(w, end string) string {
	head, ok := strings.CutSuffix(w, end)
	before, _ := utf8.DecodeLastRuneInString(head)
	_, n := utf8.DecodeRuneInString(end)
	switch {
	case !ok || head == "":
		return ""
	case !strings.ContainsRune(cyrillicVowels, before):
		return head + end[n:]
	case end == "ец" || end == "єц":
		return head + "й" + end[n:]
	}
	return ""
}

// possessive reports whether a stem is of a name in -ов or -ин, which is declined half like
// a noun and half like an adjective.
func possessive(stem string) bool {
	for _, end := range []string{"ов", "ев", "єв", "їв", "ин", "ін", "їн"} {
		if strings.HasSuffix(stem, end) {
			return true
		}
	}
	return false
}
