package feeds

import (
	"bytes"
	"fmt"
	"mime"
	"strings"
	"unicode/utf8"

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
	return decodeKnown(doc, contentType, utf8.Valid(doc))
}

// decodeKnown is decode of a document of which is known whether it is valid UTF-8.
// Of one that is, so is the text.
func decodeKnown(doc []byte, contentType string, valid bool) (text []byte, name string, warnings []string) {
	if text, name, ok := decodeMarked(doc); ok {
		return text, name, nil
	}
	labels := declared(doc, contentType)
	if valid {
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
		if better := ofLanguage(doc, name, primary(languageIn(doc))); better != name {
			enc, name = lookup(better)
			warnings = []string{fmt.Sprintf("declared as %s, but it is %s", label, name)}
		}
		if out, err := enc.NewDecoder().Bytes(doc); err == nil {
			return out, name, warnings
		}
	}
	return detect(doc, labels)
}

// decodeMarked reads a document that shows its encoding by a BOM or, for
// UTF-16 and UTF-32 without one, by the NULs beside its first character.
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
	case bytes.HasPrefix(doc, []byte{'<', 0, 0, 0}):
		return decodeUTF32(doc, utf32.LittleEndian), "utf-32le", true
	case bytes.HasPrefix(doc, []byte{0, 0, 0, '<'}):
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
// whatever is declared; pure ASCII is what it declares to be, unless it has the
// escape sequences of ISO-2022-JP.
func decodeUnmarked(doc []byte, labels []string) ([]byte, string, []string) {
	if !isASCII(doc) {
		for _, label := range labels {
			if _, name := lookup(label); name != "" && name != "utf-8" {
				return doc, "utf-8", []string{fmt.Sprintf("declared as %s, but it is utf-8", name)}
			}
		}
		return doc, "utf-8", nil
	}
	if bytes.Contains(doc, []byte("\x1b$B")) || bytes.Contains(doc, []byte("\x1b$@")) {
		if out := decodedAs(doc, "iso-2022-jp"); out != nil {
			return out, "iso-2022-jp", nil
		}
	}
	for _, label := range labels {
		if enc, name := lookup(label); enc != nil && !strings.HasPrefix(name, "utf-16") {
			return doc, name, nil
		}
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

func isASCII(b []byte) bool { return !hasByte(b, utf8.RuneSelf, 0xFF) }

func hasByte(b []byte, low, high byte) bool {
	for _, c := range b {
		if c >= low && c <= high {
			return true
		}
	}
	return false
}
