package text

import (
	"strings"
	"unicode/utf8"
)

// Declension of names: given in the nominative, what do their cases look like where a
// text's word, cut by its rule, does not meet the name cut by the same rule?

// cases are the ways to meet a name beyond its own spelling.
type cases struct {
	stems []string // cut by the rule of its language, texts show one of these
	forms []string // single cases, whole
}

// with adds the cases that stem has with each of the endings; "" is none.
func (c *cases) with(stem, endings string) {
	if stem == "" {
		return
	}
	for end := range strings.FieldsSeq(endings) {
		c.forms = append(c.forms, stem+end)
	}
}

// stem adds stems that have three letters; "" is none.
func (c *cases) stem(stems ...string) {
	for _, s := range stems {
		if utf8.RuneCountInString(s) >= minStem {
			c.stems = append(c.stems, s)
		}
	}
}

// declension is how a name in the nominative, folded, is declined by a language's rule;
// src is its spelling, which has the diacritics.
func declension(w, src string, ns NameSpace) cases {
	var c cases
	if len(w) < 2 {
		return c
	}
	switch ns {
	case cutPolish:
		c.polish(w, src)
	case cutCzech:
		c.czech(w, src)
	case cutSouth:
		c.south(w)
	}
	return c
}

// isVowel reports whether a folded Latin letter is a vowel.
func isVowel(b byte) bool { return strings.IndexByte("aeiouy", b) >= 0 }

// fleeting is a word without the vowel before its last consonant, which leaves it when an ending
// follows (Marek, Marka); of ie both go. "": it has none.
func fleeting(w, vowels, finals string) string {
	n := len(w)
	if n < 4 || strings.IndexByte(finals, w[n-1]) < 0 || strings.IndexByte(vowels, w[n-2]) < 0 {
		return ""
	}
	head := w[:n-2]
	if w[n-2] == 'e' && head[len(head)-1] == 'i' {
		head = head[:len(head)-1]
	}
	if head == "" || (isVowel(head[len(head)-1]) && head[len(head)-1] != 'y') {
		return ""
	}
	return head + w[n-1:]
}

// polish declines a Polish name.
func (c *cases) polish(w, src string) {
	last, head := w[len(w)-1], w[:len(w)-1]
	switch {
	case last == 'u':
	case last == 'i':
		c.polishInI(w, head)
	case isVowel(last):
		stem := cut(w, cutPolish)
		c.stem(stem)
		c.stem(softened(stem, cutPolish)...)
		c.polishPlural(w)
		switch {
		case last == 'a' && len(w) == minStem: // Ewa: the endings leave too little
			c.with(head, "y ie e o")
		case strings.HasSuffix(w, "owo"), strings.HasSuffix(w, "owa"): // Janikowo, Janikowie: owie is an ending
			c.with(head, "ie")
		case last == 'y' && len(w) > 3 && isVowel(w[len(w)-2]): // Macaulay, Macaulaya
			c.stem(w)
		}
	default:
		// an ending that the nominative has (Radom, Jędrzej, Zurych) is none
		short := fleeting(w, "e", "bcdfklmnprtwz")
		c.stem(w, short)
		c.stem(softened(w, cutPolish)...)
		switch last {
		case 'c', 'n', 's', 'z': // Luboń, Boguś: the i that softens stays before owi
			if r, _ := utf8.DecodeLastRuneInString(src); r >= utf8.RuneSelf {
				c.stem(w+"i", short+"i")
			}
		case 'w':
			c.with(w, "ie")
		case 'x':
			c.stem(head + "ks")
		case 'r': // Aleksander, Aleksandrze
			c.stem(softened(short, cutPolish)...)
		}
		if strings.HasSuffix(w, "rzec") { // Turzec, Turca
			c.stem(strings.TrimSuffix(w, "zec") + "c")
		}
	}
}

// polishInI declines what ends like an adjective (Morawiecki, Bellini) or like the plural of
// people (Francuzi, Szwedzi). The cases of a woman's name and the adjective's other endings
// are left out: Morawiecka is somebody else.
func (c *cases) polishInI(w, head string) {
	c.with(w, "ego emu m ch mi")
	if strings.HasSuffix(w, "ki") {
		c.with(head[:len(head)-1], "cy")
	}
	if len(w) < 6 {
		return
	}
	if strings.HasSuffix(w, "li") { // Corelli, Corellego
		c.with(head, "ego emu")
	}
	people := head
	if s, ok := strings.CutSuffix(w, "dzi"); ok {
		people = s + "d"
	} else if s, ok := strings.CutSuffix(w, "ci"); ok {
		people = s + "t"
	}
	c.with(people, "ow om ami ach")
}

// polishPlural declines names in -cy, -chy and -gry: peoples (Polacy, Polaków) and lands
// (Niemcy, Niemczech).
func (c *cases) polishPlural(w string) {
	if s, ok := strings.CutSuffix(w, "cy"); ok {
		c.stem(s + "k")
		c.with(s, "iec czech")
	} else if s, ok := strings.CutSuffix(w, "chy"); ok {
		c.with(s, "szech")
	} else if s, ok := strings.CutSuffix(w, "gry"); ok {
		c.with(s, "gier grzech")
	}
}

// czech declines a Czech or Slovak name.
func (c *cases) czech(w, src string) {
	last, head := w[len(w)-1], w[:len(w)-1]
	switch {
	case last == 'u':
		c.stem(w)
	case strings.HasSuffix(w, "ski"), strings.HasSuffix(w, "cki"): // Kurowski, Kurowského
		c.with(head, "eho emu em ym")
	case last == 'i': // Rizví, Rizvího; Joni, Joniho
		c.with(w, "ho mu m ch mi")
	case isVowel(last):
		c.stem(head)
		c.stem(softened(head, cutCzech)...)
		switch {
		case last == 'y':
			c.stem(w)
			c.with(w, "m mu")
		case last == 'e': // Košice, Košiciach
			c.with(head, "iam iach iami")
		case last == 'a' && len(w) == minStem: // Eva: the endings leave too little
			c.with(head, "y e u ou")
		case strings.HasSuffix(w, "cha"):
			c.with(w[:len(w)-len("cha")], "se")
		case strings.HasSuffix(w, "ia"): // Asia, Asiin
			c.with(head, "in")
		case strings.HasSuffix(w, "ea"): // Korea, Koreje
			c.with(head, "je ji")
		}
	default:
		if at := len(w) - 2; w[at] == 'u' && strings.ContainsAny(src, "ůŮ") { // dům, domu
			c.stem(w[:at] + "o" + w[at+1:])
		}
		short := fleeting(w, "e", "cklnr")
		c.stem(w, short)
		c.stem(softened(w, cutCzech)...)
		c.stem(softened(short, cutCzech)...)
	}
}

// south declines a Slovene, Croatian, Bosnian or Serbian name in Latin letters.
func (c *cases) south(w string) {
	last, head := w[len(w)-1], w[:len(w)-1]
	switch {
	case strings.HasSuffix(w, "ski"), strings.HasSuffix(w, "cki"):
		c.stem(head)
	case last == 'i', last == 'u', last == 'y': // Vivaldi, Vivaldija; Vinkovci, Vinkovcima
		c.stem(w, w+"j")
		if last == 'i' && len(w) > 5 {
			c.stem(head)
			if s, ok := strings.CutSuffix(w, "ci"); ok {
				c.with(s, "aca")
			}
		}
	case isVowel(last):
		c.stem(head)
		c.southInVowel(w, head, last)
	default:
		c.stem(w, fleeting(w, "ea", "cklrt"), fleeting(w, "e", "n"))
		switch last {
		case 'r': // Igor, Igorja
			c.stem(w + "j")
		case 'm', 'g': // Maksim, Maksima: ima is an ending
			c.with(w, "a u")
		}
	}
}

// southInVowel adds the cases of a name in a, e or o.
func (c *cases) southInVowel(w, head string, last byte) {
	if last != 'a' {
		return
	}
	if len(w) == minStem { // Ana: the endings leave too little
		c.with(head, "e i u o om")
	}
	if strings.HasSuffix(head, "m") { // Panama, Panami: ami is an ending
		c.with(head, "i")
	}
	for hard, soft := range map[string]string{"ka": "ci", "ga": "zi", "ha": "si"} { // Amerika, Americi
		if s, ok := strings.CutSuffix(w, hard); ok {
			c.with(s, soft)
		}
	}
}
