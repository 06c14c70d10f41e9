package text

import "strings"

// Script is the class of the first letter of s; Break when it has none.
func Script(s string) Class {
	t := classes()
	for _, r := range s {
		if e, _ := t.row(r); e.class > Digit && e.class != trailing && e.class != stacker {
			return e.class
		}
	}
	return Break
}

// ScriptOf is the script that a language of news is mostly written in; Latin where nothing else is known.
func ScriptOf(lang string) Class {
	switch lang {
	case "ar", "fa", "ur", "ckb", "ps", "sd", "ug":
		return Arabic
	case "he", "yi":
		return Hebrew
	case "zh", "ja":
		return Han
	case "ko":
		return Hangul
	case "el":
		return Greek
	case "th", "lo", "km", "my":
		return Cluster
	case "hy", "ka", "am":
		return Alphabet
	}
	if isCyrillic(lang) {
		return Cyrillic
	}
	for _, c := range singleScripts {
		if c.lang == lang {
			return Indic
		}
	}
	return Latin
}

// SameLetters reports whether two texts are the same but for what is neither letter nor digit.
func SameLetters(a, b string) bool { return bare(a) == bare(b) }

// bare is s without anything that belongs to no word.
func bare(s string) string {
	t := classes()
	return strings.Map(func(r rune) rune {
		if e, _ := t.row(r); e.class <= compose {
			return -1
		}
		return r
	}, s)
}
