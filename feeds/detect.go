package feeds

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gogs/chardet"
)

// implausible reports whether a Western label is refuted by the bytes: in
// Western languages a letter over 0x7F stands alone among ASCII letters, in
// Arabic, Cyrillic or Chinese read as Western they stand in rows.
func implausible(doc []byte, name string) bool {
	return (name == "windows-1252" || name == "iso-8859-15") && standsInRows(doc, 20)
}

// standsInRows reports whether of at least so many bytes over 0x7F most follow
// another one. The no-break space, which French puts beside a guillemet, is none.
func standsInRows(doc []byte, least int) bool {
	high, rows := 0, 0
	for i, c := range doc {
		if c < utf8.RuneSelf || c == 0xA0 {
			continue
		}
		high++
		if i > 0 && doc[i-1] >= utf8.RuneSelf && doc[i-1] != 0xA0 {
			rows++
		}
	}
	return high >= least && rows*2 > high
}

// scripts says, for a feed's declared language, which legacy encoding it would
// have and which script its letters must be in. It serves where detection is
// known to fail (Thai) or to mix up relatives.
var scripts = map[string]struct {
	label  string
	letter *unicode.RangeTable
}{
	"ar": {"windows-1256", unicode.Arabic}, "fa": {"windows-1256", unicode.Arabic}, "ur": {"windows-1256", unicode.Arabic},
	"th": {"windows-874", unicode.Thai}, "el": {"windows-1253", unicode.Greek}, "he": {"windows-1255", unicode.Hebrew},
	"ru": {"windows-1251", unicode.Cyrillic}, "uk": {"windows-1251", unicode.Cyrillic}, "bg": {"windows-1251", unicode.Cyrillic},
	"be": {"windows-1251", unicode.Cyrillic}, "mk": {"windows-1251", unicode.Cyrillic},
}

// detect decodes by the statistics of the bytes.
func detect(doc []byte, labels []string) ([]byte, string, []string) {
	sample := detectionSample(doc)
	enc, name := lookup(firstOpinion(sample))
	if enc == nil || strings.HasPrefix(name, "utf-") {
		enc, name = lookup("windows-1252")
	}
	if better := secondOpinion(sample, name, primary(languageIn(doc))); better != name {
		enc, name = lookup(better)
	}
	out, err := enc.NewDecoder().Bytes(doc)
	if err != nil {
		out, name = doc, "utf-8"
	}
	warning := fmt.Sprintf("no usable encoding declared; taken for %s", name)
	if len(labels) > 0 {
		warning = fmt.Sprintf("declared as %s, but it is %s", strings.ToLower(labels[0]), name)
	}
	return out, name, []string{warning}
}

// firstOpinion is the charset that the detector is surest of. Of several it takes the
// first by name: the detector asks its recognisers all at once, and the order in which
// they answer is chance.
func firstOpinion(sample []byte) string {
	results, err := chardet.NewTextDetector().DetectAll(sample)
	if err != nil || len(results) == 0 {
		return "windows-1252"
	}
	best := slices.MinFunc(results, func(a, b chardet.Result) int {
		return cmp.Or(b.Confidence-a.Confidence, strings.Compare(a.Charset, b.Charset))
	})
	return best.Charset
}

// secondOpinion corrects what the detector is known to mix up: relatives of one
// script, Thai, and whatever is short.
func secondOpinion(sample []byte, name, lang string) string {
	text := decodedAs(sample, name)
	s, known := scripts[lang]
	switch {
	case known && !writtenIn(text, s.letter) && writtenIn(decodedAs(sample, s.label), s.letter):
		name = s.label
	case !known && looksThai(sample):
		name = "windows-874"
	case name == "windows-1252" && standsInRows(sample, 4), strings.HasSuffix(name, "1251"), name == "iso-8859-5":
		name = bestCyrillic(sample, name)
	case name == "iso-8859-6" && hasByte(sample, 0x80, 0x9F):
		name = "windows-1256" // the detector knows one Arabic table; only this one has letters there
	}
	if name == "koi8-r" && bytes.ContainsAny(decodedAs(sample, name), "╓╕╖╜╢╤╥╫") {
		name = "koi8-u" // where the Russian table has frames, the Ukrainian one has letters
	}
	return ofLanguage(sample, name, lang)
}

// decodedAs is a text read by a label; nil when it has bytes that the encoding lacks.
func decodedAs(sample []byte, label string) []byte {
	enc, _ := lookup(label)
	if enc == nil {
		return nil
	}
	out, err := enc.NewDecoder().Bytes(sample)
	if err != nil {
		return nil
	}
	return out
}

// leastThai is how many Thai letters tell Thai from Chinese, whose bytes have
// the same range but break the rules of Thai spelling within a sentence.
const leastThai = 40

// looksThai reports whether bytes are well-spelt Thai: all of them in the table,
// every sign that is written above or below a consonant behind one, and as many
// vowels and tones as Thai has and the second bytes of Korean have not.
func looksThai(sample []byte) bool {
	letters, vowels, marks := 0, 0, 2 // marks in a row; two are the most a consonant bears
	for _, c := range sample {
		switch {
		case c < 0xA1:
			if c >= utf8.RuneSelf && c != 0xA0 && c != 0x85 && (c < 0x91 || c > 0x97) {
				return false
			}
			marks = 2
			continue
		case c >= 0xDB && c <= 0xDE || c >= 0xFC:
			return false
		case c == 0xD1 || c >= 0xD4 && c <= 0xDA || c >= 0xE7 && c <= 0xEE:
			if marks++; marks > 2 {
				return false
			}
			vowels++
		case c <= 0xCE:
			marks = 0
		default:
			marks = 2
			if c >= 0xD0 && c <= 0xE4 {
				vowels++
			}
		}
		letters++
	}
	return letters >= leastThai && vowels*4 >= letters
}

// bestCyrillic is the Cyrillic table in which a text reads best, or the name
// given when it reads well in none. The tables differ in which bytes are capitals,
// so the wrong one has them inside words.
func bestCyrillic(sample []byte, name string) string {
	const least = 0.9
	best := least
	for _, label := range []string{"windows-1251", "koi8-u", "iso-8859-5", "ibm866", "x-mac-cyrillic"} {
		if score := cyrillic(string(decodedAs(sample, label))); score > best {
			best, name = score, label
		}
	}
	if name == "koi8-u" && !strings.ContainsAny(string(decodedAs(sample, name)), "іїєґІЇЄҐ") {
		name = "koi8-r"
	}
	return name
}

// rareCyrillic are letters of languages of which feeds are rarely made, and the
// rarest of the others: a wrong table is full of them.
const rareCyrillic = "ЂЃђѓЉЊЌЋЏљњќћџЎўЅѕЪъЁё"

// cyrillic is the part of a text's characters over 0x7F that are Cyrillic letters
// where one expects them: capitals at the beginning of a word, or all through it.
func cyrillic(s string) float64 {
	good, all := 0, 0
	var before rune
	for _, r := range s {
		if r >= utf8.RuneSelf && r != '\u00A0' {
			all++
			misplaced := unicode.IsUpper(r) && unicode.IsLower(before)
			if unicode.Is(unicode.Cyrillic, r) && !misplaced && !strings.ContainsRune(rareCyrillic, r) {
				good++
			}
		}
		before = r
	}
	if all == 0 {
		return 0
	}
	return float64(good) / float64(all)
}

// alphabets are the letters over 0x7F of languages in Latin letters whose
// encodings the Western one is a near relative of, and that encoding.
var alphabets = map[string]struct{ label, letters string }{
	"tr": {"windows-1254", "çğıöşüâîûÇĞİÖŞÜÂÎÛ"}, "az": {"windows-1254", "çğıöşüəÇĞİÖŞÜ"},
	"pl": {"windows-1250", "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"}, "cs": {"windows-1250", "áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ"},
	"sk": {"windows-1250", "áäčďéíĺľňóôŕšťúýžÁÄČĎÉÍĹĽŇÓÔŔŠŤÚÝŽ"}, "hu": {"windows-1250", "áéíóöőúüűÁÉÍÓÖŐÚÜŰ"},
	"hr": {"windows-1250", "čćđšžČĆĐŠŽ"}, "sl": {"windows-1250", "čšžČŠŽ"}, "ro": {"windows-1250", "ăâîşţĂÂÎŞŢ"},
	"lt": {"windows-1257", "ąčęėįšųūžĄČĘĖĮŠŲŪŽ"}, "lv": {"windows-1257", "āčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽ"},
	"et": {"windows-1257", "äöõüšžÄÖÕÜŠŽ"},
}

// ofLanguage is the encoding of a text that was taken for Western, by the
// alphabet of its language: "þ" is no letter of Turkish, "ş" is.
func ofLanguage(sample []byte, name, lang string) string {
	a, ok := alphabets[lang]
	if !ok || name != "windows-1252" {
		return name
	}
	if lettersOf(decodedAs(sample, a.label), a.letters) > lettersOf(decodedAs(sample, name), a.letters) {
		return a.label
	}
	return name
}

func lettersOf(text []byte, alphabet string) (n int) {
	for _, r := range string(text) {
		if r >= utf8.RuneSelf && strings.ContainsRune(alphabet, r) {
			n++
		}
	}
	return n
}

// detectionSample keeps the text around bytes over 0x7F and leaves the markup
// out: tags would make every document look Western.
func detectionSample(doc []byte) []byte {
	out := make([]byte, 0, min(len(doc), detectionWindow))
	inTag := false
	for _, b := range doc {
		switch {
		case b == '<':
			inTag = true
			out = append(out, ' ')
		case b == '>':
			inTag = false
		case !inTag:
			out = append(out, b)
		}
		if len(out) >= detectionWindow {
			break
		}
	}
	if isASCII(out) {
		return doc[:min(len(doc), detectionWindow)] // all of it sat inside "tags"
	}
	return out
}

// writtenIn reports whether most non-ASCII letters of a text are of a script.
func writtenIn(text []byte, script *unicode.RangeTable) bool {
	in, out := 0, 0
	for i := 0; i < len(text) && in+out < 4096; {
		r, size := utf8.DecodeRune(text[i:])
		i += size
		switch {
		case r < utf8.RuneSelf:
		case unicode.Is(script, r):
			in++
		default:
			out++
		}
	}
	return in > 3*out
}

// languageIn finds a declared language before the document is decoded.
func languageIn(doc []byte) string {
	head := doc[:min(len(doc), 8<<10)]
	for _, mark := range []string{"<language>", "<dc:language>", "xml:lang=\"", "xml:lang='"} {
		_, rest, ok := bytes.Cut(head, []byte(mark))
		if !ok {
			continue
		}
		rest = bytes.TrimLeft(bytes.TrimPrefix(rest, []byte("<![CDATA[")), " \t\r\n")
		end := bytes.IndexAny(rest, "<\"'] \r\n")
		if end > 0 && end <= 20 && isASCII(rest[:end]) {
			return languageTag(string(rest[:end]))
		}
	}
	return ""
}
