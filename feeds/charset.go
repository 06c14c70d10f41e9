package feeds

import (
	"bytes"
	"fmt"
	"mime"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gogs/chardet"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode/utf32"
)

const (
	declarationWindow = 1 << 10 // bytes in which an XML declaration is looked for
	detectionWindow   = 64 << 10
	// utf8Majority is how many valid multi-byte sequences outweigh one invalid
	// byte in a document that does not claim to be UTF-8; in one that does, as many
	// as there are invalid ones are enough. Legacy encodings seldom form valid
	// sequences by chance.
	utf8Majority = 4
)

// decode turns a document into UTF-8 and names the encoding that it really
// had. What the bytes prove comes before what anybody claims: a BOM, NUL bytes
// around the first "<", valid UTF-8 with a non-ASCII byte. Then the labels of
// HTTP and of the XML declaration count, where the bytes do not refute them,
// and detection last.
func decode(doc []byte, contentType string) (text []byte, name string, warnings []string) {
	if text, name, ok := decodeMarked(doc); ok {
		return text, name, nil
	}
	labels := declared(doc, contentType)
	if utf8.Valid(doc) {
		return decodeUnmarked(doc, labels)
	}
	if mostlyUTF8(doc, labels) {
		return doc, "utf-8", nil // the bad bytes are replaced and counted later
	}
	for _, label := range labels {
		enc, name := lookup(label)
		if enc == nil || name == "utf-8" || strings.HasPrefix(name, "utf-16") || implausible(doc, name) {
			continue
		}
		if out, err := enc.NewDecoder().Bytes(doc); err == nil {
			return out, name, nil
		}
	}
	return detect(doc, labels)
}

// decodeMarked reads a document that shows its encoding by a BOM or, for
// UTF-16 without one, by the NUL beside its first character.
func decodeMarked(doc []byte) ([]byte, string, bool) {
	switch {
	case bytes.HasPrefix(doc, []byte("\xEF\xBB\xBF")):
		return doc[3:], "utf-8", true
	case bytes.HasPrefix(doc, ebcdicMagic):
		text, name := decodeEBCDIC(doc)
		return text, name, true
	case bytes.HasPrefix(doc, []byte{0xFF, 0xFE, 0, 0}):
		return decodeUTF32(doc, utf32.LittleEndian), "utf-32le", true
	case bytes.HasPrefix(doc, []byte{0, 0, 0xFE, 0xFF}):
		return decodeUTF32(doc, utf32.BigEndian), "utf-32be", true
	case bytes.HasPrefix(doc, []byte{0xFF, 0xFE}):
		return decodeLabel(doc[2:], "utf-16le"), "utf-16le", true
	case bytes.HasPrefix(doc, []byte{0xFE, 0xFF}):
		return decodeLabel(doc[2:], "utf-16be"), "utf-16be", true
	case len(doc) >= 4 && doc[0] != 0 && doc[1] == 0 && doc[2] != 0 && doc[3] == 0:
		return decodeLabel(doc, "utf-16le"), "utf-16le", true
	case len(doc) >= 4 && doc[0] == 0 && doc[1] != 0 && doc[2] == 0 && doc[3] != 0:
		return decodeLabel(doc, "utf-16be"), "utf-16be", true
	}
	return nil, "", false
}

func decodeUTF32(doc []byte, order utf32.Endianness) []byte {
	out, err := utf32.UTF32(order, utf32.UseBOM).NewDecoder().Bytes(doc)
	if err != nil {
		return nil
	}
	return out
}

func decodeLabel(doc []byte, label string) []byte {
	enc, _ := charset.Lookup(label)
	out, err := enc.NewDecoder().Bytes(doc)
	if err != nil {
		return nil
	}
	return out
}

// decodeUnmarked reads valid UTF-8. With a non-ASCII byte it is UTF-8
// whatever is declared; pure ASCII is what it declares to be, which matters
// to the escape sequences of ISO-2022-JP alone.
func decodeUnmarked(doc []byte, labels []string) ([]byte, string, []string) {
	if !isASCII(doc) {
		for _, label := range labels {
			if _, name := lookup(label); name != "" && name != "utf-8" {
				return doc, "utf-8", []string{fmt.Sprintf("declared as %s, but it is utf-8", name)}
			}
		}
		return doc, "utf-8", nil
	}
	for _, label := range labels {
		enc, name := lookup(label)
		if enc == nil || strings.HasPrefix(name, "utf-16") {
			continue
		}
		if name == "iso-2022-jp" {
			if out, err := enc.NewDecoder().Bytes(doc); err == nil {
				return out, name, nil
			}
		}
		return doc, name, nil
	}
	return doc, "utf-8", nil
}

// declared lists the document's labels, the most trusted first. HTTP's comes
// first, unless it is one that servers add to everything.
func declared(doc []byte, contentType string) []string {
	var http, xml string
	if _, params, err := mime.ParseMediaType(contentType); err == nil {
		http = params["charset"]
	}
	xml = declaredInXML(doc)
	_, name := lookup(http)
	byDefault := name == "utf-8" || name == "windows-1252"
	switch {
	case http == "" && xml == "":
		return nil
	case http == "":
		return []string{xml}
	case xml == "":
		return []string{http}
	case byDefault:
		return []string{xml, http}
	}
	return []string{http, xml}
}

// declaredInXML returns the encoding pseudo-attribute of the XML declaration,
// however badly quoted.
func declaredInXML(doc []byte) string {
	head := doc[:min(len(doc), declarationWindow)]
	start := bytes.Index(head, []byte("<?xml"))
	if start < 0 {
		return ""
	}
	head = head[start:]
	end := bytes.IndexByte(head, '>')
	if end < 0 {
		return ""
	}
	_, value, ok := strings.Cut(string(head[:end]), "encoding")
	if !ok {
		return ""
	}
	value = strings.TrimLeft(value, " \t\r\n=")
	value = strings.TrimLeft(value, "\"'\u201c\u201d\u2018\u2019")
	stop := strings.IndexFunc(value, func(r rune) bool {
		return r >= utf8.RuneSelf || !(isNameByte(byte(r)) || r == '+')
	})
	if stop >= 0 {
		value = value[:stop]
	}
	return value
}

// lookup finds the encoding of a label: every label of the WHATWG standard,
// and the slips that feeds make ("win-1251", "windows1256"). It returns nil for
// what is unknown or would hide all the text.
func lookup(label string) (encoding.Encoding, string) {
	label = strings.ToLower(strings.Trim(label, " \t\r\n\"'`;,"))
	if label == "" {
		return nil, ""
	}
	enc, name := charset.Lookup(label)
	if enc == nil {
		label = strings.NewReplacer("_", "-", " ", "").Replace(label)
		for _, slip := range []string{"windows-", "windows", "win-", "win", "cp-", "cp", "ansi-"} {
			if rest, ok := strings.CutPrefix(label, slip); ok {
				if enc, name = charset.Lookup("windows-" + rest); enc != nil {
					break
				}
			}
		}
	}
	if enc == nil {
		switch label {
		case "utf8mb4", "utf-8-bom", "unicode", "unicode-utf-8":
			enc, name = charset.Lookup("utf-8")
		case "gb-18030":
			enc, name = charset.Lookup("gb18030")
		}
	}
	if enc == nil {
		enc, name = lookupIANA(label)
	}
	if enc == nil || name == "replacement" || name == "x-user-defined" {
		return nil, ""
	}
	return enc, name
}

// lookupIANA finds an encoding that browsers do not know and old feeds use: the
// code pages of DOS and EBCDIC.
func lookupIANA(label string) (encoding.Encoding, string) {
	enc, err := ianaindex.IANA.Encoding(label)
	if rest, ok := strings.CutPrefix(label, "cp"); ok && (err != nil || enc == nil) {
		enc, err = ianaindex.IANA.Encoding("ibm" + rest)
	}
	if err != nil || enc == nil {
		return nil, ""
	}
	name, err := ianaindex.IANA.Name(enc)
	if err != nil || strings.HasPrefix(name, "UTF-") || strings.HasPrefix(name, "ISO-10646") {
		return nil, ""
	}
	return enc, strings.ToLower(name)
}

// ebcdicMagic is "<?xml" in EBCDIC, whichever of its code pages.
var ebcdicMagic = []byte{0x4C, 0x6F, 0xA7, 0x94, 0x93}

// decodeEBCDIC reads a document of a mainframe by the code page that it declares.
func decodeEBCDIC(doc []byte) ([]byte, string) {
	enc, name := lookupIANA("ibm037")
	if head, err := enc.NewDecoder().Bytes(doc[:min(len(doc), declarationWindow)]); err == nil {
		if e, n := lookup(declaredInXML(head)); e != nil && strings.HasPrefix(n, "ibm") {
			enc, name = e, n
		}
	}
	out, err := enc.NewDecoder().Bytes(doc)
	if err != nil {
		return nil, name
	}
	return out, name
}

// mostlyUTF8 reports whether a document is UTF-8 but for a few damaged bytes.
func mostlyUTF8(doc []byte, labels []string) bool {
	majority := utf8Majority
	for _, label := range labels {
		if _, name := lookup(label); name == "utf-8" {
			majority = 1
		}
	}
	good, bad := 0, 0
	for i := 0; i < len(doc); {
		if doc[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(doc[i:])
		if r == utf8.RuneError && size == 1 {
			bad++
		} else {
			good++
		}
		i += size
	}
	return good >= majority*bad
}

// implausible reports whether a Western label is refuted by the bytes: in
// Western languages a letter over 0x7F stands alone among ASCII letters, in
// Arabic or Cyrillic read as Western they stand in rows.
func implausible(doc []byte, name string) bool {
	if name != "windows-1252" && name != "iso-8859-15" {
		return false
	}
	high, rows := 0, 0
	for i := 1; i < len(doc); i++ {
		if doc[i] >= 0xC0 {
			high++
			if doc[i-1] >= 0xC0 {
				rows++
			}
		}
	}
	return high >= 20 && rows*2 > high
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
	label := "windows-1252"
	if r, err := chardet.NewTextDetector().DetectBest(sample); err == nil {
		label = r.Charset
	}
	enc, name := lookup(label)
	if enc == nil || strings.HasPrefix(name, "utf-") {
		enc, name = lookup("windows-1252")
	}
	if name == "iso-8859-6" && hasByte(doc, 0x80, 0x9F) {
		enc, name = lookup("windows-1256") // the detector knows one Arabic table; only this one has letters there
	}
	out, err := enc.NewDecoder().Bytes(doc)
	if s, ok := scripts[primary(languageIn(doc))]; ok && (err != nil || !writtenIn(out, s.letter)) {
		if e, n := lookup(s.label); e != nil {
			if alt, err2 := e.NewDecoder().Bytes(doc); err2 == nil && writtenIn(alt, s.letter) {
				out, name, err = alt, n, nil
			}
		}
	}
	if err != nil {
		out, name = doc, "utf-8"
	}
	warning := fmt.Sprintf("no usable encoding declared; taken for %s", name)
	if len(labels) > 0 {
		warning = fmt.Sprintf("declared as %s, but it is %s", strings.ToLower(labels[0]), name)
	}
	return out, name, []string{warning}
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

func isASCII(b []byte) bool { return !hasByte(b, utf8.RuneSelf, 0xFF) }

func hasByte(b []byte, low, high byte) bool {
	for _, c := range b {
		if c >= low && c <= high {
			return true
		}
	}
	return false
}
