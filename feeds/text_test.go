package feeds

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPlainText(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"paragraphs":            {"<p>One.</p><p>Two.</p>", "One.\n\nTwo."},
		"breaks":                {"One<br>Two<br/><br/>Three", "One\nTwo\n\nThree"},
		"lists":                 {"<ul><li>a</li><li>b</li></ul>c", "a\nb\n\nc"},
		"inline":                {"G<b>ene</b>va", "Geneva"},
		"space":                 {" a \n\t b&nbsp;c\u00a0 <i> d </i> ", "a b c d"},
		"table":                 {"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"},
		"scripts":               {"a<script>if (x<y) { document.write('<p>no</p>') }</script><style>p{}</style>b", "ab"},
		"open script":           {"a <script>b", "a"},
		"comments":              {"a<!-- no --><!DOCTYPE html>b", "ab"},
		"hidden in itself":      {"a<svg><svg>x</svg>y</svg>b", "ab"},
		"entities":              {"&laquo;a&raquo; &#8212; &#x41; &amp; &unknown; &", "«a» — A & &unknown; &"},
		"twice":                 {"<p>Tom &amp;amp; Jerry</p>", "Tom & Jerry"},
		"escaped markup":        {"&lt;p&gt;a&lt;/p&gt;&lt;p&gt;b&lt;/p&gt;", "a\n\nb"},
		"less than":             {"1 < 2 and 3 > 2", "1 < 2 and 3 > 2"},
		"no tag":                {"a List<String> here", "a List<String> here"},
		"unknown but closed":    {"a <foo>b</foo>", "a b"},
		"custom":                {"<o:p>a</o:p> <x-y>b</x-y>", "a b"},
		"tag at the end":        {"a <b", "a <b"},
		"image at the end":      {`a <img src="x`, "a"},
		"lines without markup":  {"One.\nTwo.\n\n\nThree.", "One.\n\nTwo.\n\nThree."},
		"lines in inline":       {"One\nstill <b>one</b>.\n\nTwo.", "One still one.\n\nTwo."},
		"lines between blocks":  {"<p>One\n\nstill one.</p>", "One still one."},
		"pre":                   {"<pre>a\n  b\n\nc</pre>d", "a\nb\n\nc\n\nd"},
		"carriage returns":      {"One.\r\nTwo.\rThree.", "One.\n\nTwo.\n\nThree."},
		"bidi":                  {"\u202bنص\u202c \u200f\u2068a\u2069\ufeff", "نص \u200f\u2068a\u2069"},
		"joiner":                {"می\u200cخواهم", "می\u200cخواهم"},
		"nested CDATA":          {"a <![CDATA[b]]> c", "a b c"},
		"ideographic space":     {"一\u3000二", "一 二"},
		"upper case":            {"<P>A</P><BR><SCRIPT>x</SCRIPT>b", "A\n\nb"},
		"attribute with a sign": {`<a title="a > b" href='x'>link</a>`, "link"},
		"empty":                 {"", ""},
		"only tags":             {"<p><br></p>", ""},
	} {
		if got := PlainText(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestUnclosedHiddenElementsAreQuick(t *testing.T) {
	// Each would be searched for to the end, were the first failure not kept.
	if got := PlainText(strings.Repeat("<svg>a", 200_000)); len(got) != 200_000 {
		t.Errorf("%d bytes", len(got))
	}
	PlainText(strings.Repeat("<q1>", 100_000) + strings.Repeat("<", 100_000))
}

func FuzzPlainText(f *testing.F) {
	for _, s := range []string{"<p>a</p>", "a &lt;b&gt; c", "x\n\ny", "<script>", "<![CDATA[", "<img src='a'>", "\u202e<", "0 \x1e 0<A\"0", "<p>a &amp;#x1e; &amp;#10;&amp;#10; b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "\uFFFD")
		got := PlainText(s)
		if !utf8.ValidString(got) || strings.IndexFunc(got, isDropped) >= 0 || got != strings.TrimSpace(got) {
			t.Errorf("%q -> %q", s, got)
		}
		if strings.Contains(got, "\n\n\n") || strings.Contains(got, "  ") {
			t.Errorf("%q -> %q: breaks or spaces in a row", s, got)
		}
	})
}
