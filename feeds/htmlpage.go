package feeds

import (
	"bytes"
	"mime"
	"strings"
)

// metaWindow is how much of a page is searched for its charset; the standard's
// 1024 bytes are too few for pages that begin with comments.
const metaWindow = 4 << 10

// DecodePage turns an HTML page into UTF-8, by the rules that hold for feeds:
// what the bytes prove counts before what HTTP or the page's own meta element
// declare, and detection counts last.
func DecodePage(page []byte, contentType string) []byte {
	label := ""
	if _, params, err := mime.ParseMediaType(contentType); err == nil {
		label = params["charset"]
	}
	_, name := lookup(label)
	if name == "" || name == "utf-8" || name == "windows-1252" { // nothing, or what servers add to everything
		if meta := metaCharset(page); meta != "" {
			contentType = mime.FormatMediaType("text/html", map[string]string{"charset": meta})
		}
	}
	text, _, _ := decode(page, contentType)
	return text
}

// metaCharset is the label in a page's <meta charset=…> or <meta
// http-equiv="content-type" content="…; charset=…">; "" when there is none.
func metaCharset(page []byte) string {
	head := bytes.ToLower(page[:min(len(page), metaWindow)])
	for {
		_, rest, ok := bytes.Cut(head, []byte("<meta"))
		if !ok {
			return ""
		}
		tag, after, _ := bytes.Cut(rest, []byte(">"))
		if _, value, ok := bytes.Cut(tag, []byte("charset")); ok {
			label := strings.TrimLeft(string(value), " \t\r\n=\"'")
			if end := strings.IndexFunc(label, func(r rune) bool { return r > 0x7E || !isNameByte(byte(r)) && r != '+' }); end >= 0 {
				label = label[:end]
			}
			if enc, _ := lookup(label); enc != nil {
				return label
			}
		}
		head = after
	}
}
