package feeds

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// A conformity is one property of the formats: a document, and what must come out
// of it. The keys of want are those of field.
type conformity struct {
	name string
	doc  string
	want map[string]string
}

// field is what Parse made of a document, under a name: "feed.…" of the document,
// else of its first article.
func field(d *Document, key string) string {
	switch key {
	case "feed.title":
		return d.Title
	case "feed.url":
		return d.Site
	case "feed.lang":
		return d.Lang
	case "format":
		return d.Format
	case "encoding":
		return d.Encoding
	case "items":
		return fmt.Sprint(len(d.Articles))
	case "hub":
		return d.Hub
	case "self":
		return d.Self
	case "ttl":
		return d.TTL.String()
	case "warnings":
		return strings.Join(d.Warnings, "; ")
	}
	if len(d.Articles) == 0 {
		return "(no article)"
	}
	a := d.Articles[0]
	switch key {
	case "guid":
		return a.GUID
	case "url":
		return a.URL
	case "title":
		return a.Title
	case "summary":
		return a.Summary
	case "body":
		return a.Body
	case "text": // whichever of both there is
		return strings.TrimSpace(a.Summary + a.Body)
	case "lang":
		return a.Lang
	case "published":
		if a.Published.IsZero() {
			return ""
		}
		return a.Published.Format(time.RFC3339)
	case "authors":
		return strings.Join(a.Authors, "|")
	case "tags":
		return strings.Join(a.Tags, "|")
	case "image":
		return a.Image
	}
	return "(no such field)"
}

func rssItem(inside string) string {
	return `<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/" ` +
		`xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:xhtml="http://www.w3.org/1999/xhtml">` +
		`<channel><title>Wire</title><link>http://wire.example/</link><description>d</description><item>` + inside + `</item></channel></rss>`
}

func rssChannel(inside string) string {
	return `<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:atom="http://www.w3.org/2005/Atom"><channel>` + inside +
		`<item><title>t</title><link>/a</link></item></channel></rss>`
}

func atomEntry(inside string) string {
	return `<feed xmlns="http://www.w3.org/2005/Atom"><title>Wire</title><link href="http://wire.example/"/><entry>` + inside + `</entry></feed>`
}

func atom03Entry(inside string) string {
	return `<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Wire</title><link rel="alternate" type="text/html" href="http://wire.example/"/><entry>` + inside + `</entry></feed>`
}

func rdfItem(inside string) string {
	return `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:foaf="http://xmlns.com/foaf/0.1/">` +
		`<channel rdf:about="http://wire.example/f"><title>Wire</title><link>http://wire.example/</link></channel><item rdf:about="http://wire.example/1">` + inside + `</item></rdf:RDF>`
}

type w = map[string]string

var conformities = []conformity{
	// Titles.
	{"rss title with entity", rssItem(`<title>Bonds &amp; stocks</title>`), w{"title": "Bonds & stocks"}},
	{"rss title in cdata with markup", rssItem(`<title><![CDATA[A <b>bold</b> move]]></title>`), w{"title": "A bold move"}},
	{"rss title escaped twice", rssItem(`<title>Prix &amp;amp; salaires &amp;eacute;lev&amp;eacute;s</title>`), w{"title": "Prix & salaires élevés"}},
	{"rss title escaped thrice", rssItem(`<title>Tom &amp;amp;amp; Ann</title>`), w{"title": "Tom & Ann"}},
	{"rss title over lines", rssItem("<title>\n  One\n  two\t three </title>"), w{"title": "One two three"}},
	{"rss title html entity undefined in xml", rssItem(`<title>Caf&eacute; &ndash; Z&uuml;rich&nbsp;&hellip;</title>`), w{"title": "Café – Zürich …"}},
	{"rss title numeric references", rssItem(`<title>&#1587;&#1608;&#1585;&#x64A;&#x627;</title>`), w{"title": "سوريا"}},
	{"rss title windows-1252 reference", rssItem(`<title>It&#146;s &#147;on&#148;</title>`), w{"title": "It’s “on”"}},
	{"rss title with less-than", rssItem(`<title>Growth &lt; 2 % in Q1</title>`), w{"title": "Growth < 2 % in Q1"}},
	{"rss title with a bare ampersand", rssItem(`<title>AT&T and Q&A</title>`), w{"title": "AT&T and Q&A"}},
	{"rss title with bidi controls", rssItem("<title>\u202bسوريا\u202c و\u202dروسيا\u202e</title>"), w{"title": "سوريا وروسيا"}},
	{"rss title wins over dc and media", rssItem(`<dc:title>dc</dc:title><media:title>media</media:title><title>own</title><itunes:title>it</itunes:title>`), w{"title": "own"}},
	{"rss dc title alone", rssItem(`<dc:title>Only dc</dc:title>`), w{"title": "Only dc"}},
	{"rss media title within a group does not win", rssItem(`<title>own</title><media:group><media:title>m</media:title></media:group>`), w{"title": "own"}},
	{"rss image title is not the channel's", rssChannel(`<title>Wire</title><image><title>Logo</title><url>http://x/l.png</url></image>`), w{"feed.title": "Wire"}},
	{"rss textinput title is not the channel's", rssChannel(`<title>Wire</title><textInput><title>Search</title><name>q</name></textInput>`), w{"feed.title": "Wire"}},
	{"rss item title is not the channel's", rssItem(`<title>item</title>`), w{"feed.title": "Wire", "title": "item"}},
	{"atom title text", atomEntry(`<title type="text">Why &lt;marquee&gt; went</title>`), w{"title": "Why <marquee> went"}},
	{"atom title text with entities", atomEntry(`<title>Q&amp;amp;A</title>`), w{"title": "Q&A"}},
	{"atom title html", atomEntry(`<title type="html">A &lt;em&gt;short&lt;/em&gt; &amp;amp; good</title>`), w{"title": "A short & good"}},
	{"atom title html in cdata", atomEntry(`<title type="html"><![CDATA[A <em>short</em> &amp; good]]></title>`), w{"title": "A short & good"}},
	{"atom title xhtml", atomEntry(`<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <em>short</em> &amp; good</div></title>`), w{"title": "A short & good"}},
	{"atom title xhtml with less-than", atomEntry(`<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">2 &lt; 3 <b>always</b></div></title>`), w{"title": "2 < 3 always"}},
	{"atom title media type", atomEntry(`<title type="text/html">A &lt;em&gt;short&lt;/em&gt; one</title>`), w{"title": "A short one"}},
	{"atom title base64", atom03Entry(`<title type="text/html" mode="base64">Rmxvb2QgPGI+d2FybmluZzwvYj4=</title>`), w{"title": "Flood warning"}},
	{"atom 0.3 title xml mode", atom03Entry(`<title type="application/xhtml+xml" mode="xml"><div xmlns="http://www.w3.org/1999/xhtml">A <b>title</b></div></title>`), w{"title": "A title"}},
	{"atom 0.3 title escaped", atom03Entry(`<title type="text/html" mode="escaped">A &lt;b&gt;title&lt;/b&gt;</title>`), w{"title": "A title"}},
	{"atom feed title html", `<feed xmlns="http://www.w3.org/2005/Atom"><title type="html">W &amp;amp; W &lt;i&gt;wire&lt;/i&gt;</title><entry><title>t</title></entry></feed>`, w{"feed.title": "W & W wire"}},
	{"atom source title is not the entry's", atomEntry(`<source><title>Elsewhere</title><link href="http://else.example/"/></source><title>own</title><link href="/own"/>`), w{"title": "own", "url": "http://wire.example/own"}},
	{"rdf title", rdfItem(`<title>One</title><link>http://wire.example/one</link>`), w{"title": "One", "url": "http://wire.example/one", "format": "rdf", "feed.title": "Wire"}},
	{"namespaces with other prefixes", `<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>Wire</a:title><a:entry><a:title>own</a:title><a:link href="http://wire.example/1"/></a:entry></a:feed>`,
		w{"feed.title": "Wire", "title": "own", "url": "http://wire.example/1", "format": "atom"}},
	{"rss with a default namespace", `<rss version="2.0" xmlns="http://backend.userland.com/rss2"><channel><title>Wire</title><link>http://wire.example/</link><item><title>own</title><link>http://wire.example/1</link></item></channel></rss>`,
		w{"feed.title": "Wire", "title": "own", "url": "http://wire.example/1"}},
	{"rss upper case", `<RSS VERSION="2.0"><CHANNEL><TITLE>Wire</TITLE><LINK>http://wire.example/</LINK><ITEM><TITLE>own</TITLE><LINK>http://wire.example/1</LINK></ITEM></CHANNEL></RSS>`,
		w{"feed.title": "Wire", "title": "own", "url": "http://wire.example/1"}},
	{"undeclared prefixes", `<rss version="2.0"><channel><title>Wire</title><item><title>own</title><dc:creator>Ann</dc:creator><content:encoded>&lt;p&gt;Long&lt;/p&gt;</content:encoded></item></channel></rss>`,
		w{"title": "own", "authors": "Ann", "text": "Long"}},

	// Links.
	{"rss link", rssItem(`<link>http://wire.example/1?a=1&amp;b=2</link>`), w{"url": "http://wire.example/1?a=1&b=2"}},
	{"rss link with spaces around", rssItem("<link>\n http://wire.example/1 \n</link>"), w{"url": "http://wire.example/1"}},
	{"rss link in cdata", rssItem(`<link><![CDATA[http://wire.example/1]]></link>`), w{"url": "http://wire.example/1"}},
	{"rss link relative", rssItem(`<link>/news/1</link>`), w{"url": "http://wire.example/news/1"}},
	{"rss guid is the link", rssItem(`<guid>http://wire.example/g</guid>`), w{"url": "http://wire.example/g", "guid": "http://wire.example/g"}},
	{"rss guid permalink true", rssItem(`<guid isPermaLink="true">http://wire.example/g</guid>`), w{"url": "http://wire.example/g"}},
	{"rss guid no permalink", rssItem(`<guid isPermaLink="false">http://wire.example/g</guid><link>http://wire.example/l</link>`), w{"url": "http://wire.example/l", "guid": "http://wire.example/g"}},
	{"rss link wins over guid", rssItem(`<link>http://wire.example/l</link><guid isPermaLink="true">http://wire.example/g</guid>`), w{"url": "http://wire.example/l"}},
	{"rss guid that is no address", rssItem(`<guid>tag:wire.example,2026:1</guid>`), w{"url": "", "guid": "tag:wire.example,2026:1"}},
	{"rss atom link", rssItem(`<atom:link rel="alternate" href="http://wire.example/a"/>`), w{"url": "http://wire.example/a"}},
	{"rss atom link does not win", rssItem(`<link>http://wire.example/l</link><atom:link rel="self" href="http://wire.example/self"/>`), w{"url": "http://wire.example/l"}},
	{"rss link with href", rssItem(`<link href="http://wire.example/h"/>`), w{"url": "http://wire.example/h"}},
	{"rss comments are not the link", rssItem(`<comments>http://wire.example/c</comments><link>http://wire.example/l</link>`), w{"url": "http://wire.example/l"}},
	{"rss channel atom self is not the site", rssChannel(`<atom:link rel="self" href="http://wire.example/feed"/><title>W</title><link>http://wire.example/</link>`), w{"feed.url": "http://wire.example/", "self": "http://wire.example/feed"}},
	{"rss channel self after the link", rssChannel(`<title>W</title><link>http://wire.example/</link><atom:link rel="self" href="http://wire.example/feed"/>`), w{"feed.url": "http://wire.example/"}},
	{"rss image link is not the site", rssChannel(`<image><link>http://logo.example/</link></image><title>W</title><link>http://wire.example/</link>`), w{"feed.url": "http://wire.example/"}},
	{"rss hub", rssChannel(`<title>W</title><atom:link rel="hub" href="https://hub.example/"/>`), w{"hub": "https://hub.example/"}},
	{"atom link without rel", atomEntry(`<link href="http://wire.example/1"/>`), w{"url": "http://wire.example/1"}},
	{"atom alternate among others", atomEntry(`<link rel="self" href="/s"/><link rel="enclosure" href="/e.mp3"/><link rel="alternate" href="/1"/><link rel="related" href="/r"/>`), w{"url": "http://wire.example/1"}},
	{"atom html alternate wins", atomEntry(`<link rel="alternate" type="application/pdf" href="/p.pdf"/><link rel="alternate" type="text/html" href="/1"/>`), w{"url": "http://wire.example/1"}},
	{"atom alternate as a full relation", atomEntry(`<link rel="http://www.iana.org/assignments/relation/alternate" href="/1"/><link rel="http://www.iana.org/assignments/relation/self" href="/self"/>`), w{"url": "http://wire.example/1"}},
	{"atom rel in another case", atomEntry(`<link rel="SELF" href="/self"/><link rel="Alternate" href="/1"/>`), w{"url": "http://wire.example/1"}},
	{"atom link with spaces in rel", atomEntry(`<link rel=" alternate " href=" /1 "/>`), w{"url": "http://wire.example/1"}},
	{"atom id that is an address", atomEntry(`<id>http://wire.example/id</id><title>t</title>`), w{"url": "http://wire.example/id", "guid": "http://wire.example/id"}},
	{"atom content src", atomEntry(`<content type="text/html" src="/whole"/>`), w{"url": "http://wire.example/whole"}},
	{"atom feed link", `<feed xmlns="http://www.w3.org/2005/Atom"><link rel="self" href="http://wire.example/f"/><link rel="alternate" href="http://wire.example/home"/><entry><title>t</title></entry></feed>`, w{"feed.url": "http://wire.example/home", "self": "http://wire.example/f"}},
	{"atom feed hub", `<feed xmlns="http://www.w3.org/2005/Atom"><link rel="hub" href="https://hub.example/x"/><link rel="self" href="http://wire.example/f"/><entry><title>t</title></entry></feed>`, w{"hub": "https://hub.example/x"}},
	{"rdf link wins over about", rdfItem(`<title>t</title><link>http://wire.example/l</link>`), w{"url": "http://wire.example/l"}},
	{"feedburner original link", `<rss version="2.0" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel><item><title>t</title><link>http://feedproxy.example/~r/1</link><feedburner:origLink>http://wire.example/1</feedburner:origLink></item></channel></rss>`, w{"url": "http://wire.example/1"}},
	{"dangerous scheme", rssItem(`<link>javascript:alert(1)</link><title>t</title>`), w{"url": ""}},
	{"link without a scheme", rssItem(`<link>//cdn.example/1</link>`), w{"url": "http://cdn.example/1"}},
	{"international address", rssItem(`<link>http://أخبار.example/مقال</link>`), w{"url": "http://%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1.example/%D9%85%D9%82%D8%A7%D9%84"}},

	// Bases.
	{"atom base of the feed", `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://base.example/a/"><title>W</title><link href="home"/><entry><link href="1"/></entry></feed>`, w{"url": "http://base.example/a/1", "feed.url": "http://base.example/a/home"}},
	{"atom base of the entry", `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://base.example/"><entry xml:base="a/b/"><link href="1"/></entry></feed>`, w{"url": "http://base.example/a/b/1"}},
	{"atom base of the link", `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://base.example/"><entry><link xml:base="http://link.example/x/" href="1"/></entry></feed>`, w{"url": "http://link.example/x/1"}},
	{"atom base of the first entry is not the second's", `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://base.example/"><entry xml:base="http://one.example/"><link href="1"/></entry><entry><link href="2"/></entry></feed>`, w{"url": "http://one.example/1", "items": "2"}},
	{"rss base of the root", `<rss version="2.0" xml:base="http://base.example/a/"><channel><title>W</title><link>home</link><item><link>1</link></item></channel></rss>`, w{"url": "http://base.example/a/1", "feed.url": "http://base.example/a/home"}},
	{"rss base of the item", `<rss version="2.0"><channel xml:base="http://base.example/"><item xml:base="/deep/"><link>1</link></item></channel></rss>`, w{"url": "http://base.example/deep/1"}},
	{"rss base of the link", `<rss version="2.0"><channel><item><link xml:base="http://link.example/x/">1</link></item></channel></rss>`, w{"url": "http://link.example/x/1"}},
	{"base that is no address", `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="::bad::"><link href="http://wire.example/"/><entry><link href="http://wire.example/1"/></entry></feed>`, w{"url": "http://wire.example/1"}},
	{"picture relative to the base of its text", `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://base.example/"><entry><content type="html" xml:base="http://img.example/d/">&lt;p&gt;t&lt;/p&gt;&lt;img src="p.jpg"&gt;</content></entry></feed>`, w{"image": "http://img.example/d/p.jpg"}},

	// Texts.
	{"rss description plain", rssItem(`<description>Plain text.</description>`), w{"text": "Plain text."}},
	{"rss description escaped", rssItem(`<description>&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two &amp;amp; three.&lt;/p&gt;</description>`), w{"text": "One.\n\nTwo & three."}},
	{"rss description with tags inside", rssItem(`<description><p>One <b>bold</b>.</p></description>`), w{"text": "One bold."}},
	{"rss content encoded", rssItem(`<description>Short.</description><content:encoded><![CDATA[<p>The long text.</p>]]></content:encoded>`), w{"summary": "Short.", "body": "The long text."}},
	{"rss content before description", rssItem(`<content:encoded><![CDATA[<p>The long text.</p>]]></content:encoded><description>Short.</description>`), w{"summary": "Short.", "body": "The long text."}},
	{"rss xhtml body", rssItem(`<description>Short.</description><xhtml:body><xhtml:p>The long text.</xhtml:p></xhtml:body>`), w{"summary": "Short.", "body": "The long text."}},
	{"rss body in its own namespace", rssItem(`<description>Short.</description><body xmlns="http://www.w3.org/1999/xhtml"><p>The long text.</p></body>`), w{"summary": "Short.", "body": "The long text."}},
	{"rss fullitem", rssItem(`<title>t</title><fullitem>&lt;p&gt;The long text.&lt;/p&gt;</fullitem>`), w{"text": "The long text."}},
	{"rss script in the text", rssItem(`<description>&lt;script&gt;alert(1)&lt;/script&gt;Safe&lt;style&gt;p{}&lt;/style&gt; text.</description>`), w{"text": "Safe text."}},
	{"rss dc description", rssItem(`<dc:description>From dc.</dc:description>`), w{"text": "From dc."}},
	{"rss atom summary", rssItem(`<atom:summary>From atom.</atom:summary>`), w{"text": "From atom."}},
	{"rss itunes summary", rssItem(`<itunes:summary>From itunes.</itunes:summary>`), w{"text": "From itunes."}},
	{"rss media description", rssItem(`<media:description>From media.</media:description>`), w{"text": "From media."}},
	{"rdf content", rdfItem(`<title>t</title><description>Short.</description><content:encoded>&lt;p&gt;Long.&lt;/p&gt;</content:encoded>`), w{"summary": "Short.", "body": "Long."}},
	{"atom summary and content", atomEntry(`<summary>Short.</summary><content type="html">&lt;p&gt;Long one.&lt;/p&gt;</content>`), w{"summary": "Short.", "body": "Long one."}},
	{"atom content xhtml", atomEntry(`<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One.</p><p>1 &lt; 2 &amp; 3</p></div></content>`), w{"text": "One.\n\n1 < 2 & 3"}},
	{"atom content xhtml with a prefix", atomEntry(`<content type="xhtml"><x:div xmlns:x="http://www.w3.org/1999/xhtml"><x:p>One.</x:p><x:p>Two.</x:p></x:div></content>`), w{"text": "One.\n\nTwo."}},
	{"atom content text", atomEntry(`<content type="text">Drop every &lt;marquee&gt; now.</content>`), w{"text": "Drop every <marquee> now."}},
	{"atom content media type plain", atomEntry(`<content type="text/plain">5 &lt; 6</content>`), w{"text": "5 < 6"}},
	{"atom content media type html", atomEntry(`<content type="text/html">&lt;p&gt;One.&lt;/p&gt;</content>`), w{"text": "One."}},
	{"atom content media type xhtml inline", atomEntry(`<content type="application/xhtml+xml"><div xmlns="http://www.w3.org/1999/xhtml">One <b>bold</b>.</div></content>`), w{"text": "One bold."}},
	{"atom content base64", atomEntry(`<content type="application/octet-stream">TGV2ZWxzIDxiPnJpc2U8L2I+</content><title>t</title>`), w{"title": "t"}},
	{"atom 0.3 content base64", atom03Entry(`<content type="text/html" mode="base64">TGV2ZWxzIDxiPnJpc2U8L2I+</content>`), w{"text": "Levels rise"}},
	{"atom 0.3 content escaped", atom03Entry(`<content type="text/html" mode="escaped">&lt;p&gt;One.&lt;/p&gt;</content>`), w{"text": "One."}},
	{"atom 0.3 content xml", atom03Entry(`<content type="application/xhtml+xml" mode="xml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One.</p></div></content>`), w{"text": "One."}},
	{"html comment within text", rssItem(`<description>&lt;!-- no --&gt;Seen.</description>`), w{"text": "Seen."}},
	{"line breaks", rssItem(`<description>One&lt;br&gt;two&lt;br/&gt;&lt;br/&gt;three</description>`), w{"text": "One\ntwo\n\nthree"}},
	{"list", rssItem(`<description>&lt;ul&gt;&lt;li&gt;a&lt;/li&gt;&lt;li&gt;b&lt;/li&gt;&lt;/ul&gt;</description>`), w{"text": "a\nb"}},

	// People.
	{"rss author with a name", rssItem(`<author>ann@wire.example (Ann Lee)</author>`), w{"authors": "Ann Lee"}},
	{"rss author name before the address", rssItem(`<author>Ann Lee (ann@wire.example)</author>`), w{"authors": "Ann Lee"}},
	{"rss author angle brackets", rssItem(`<author>Ann Lee &lt;ann@wire.example&gt;</author>`), w{"authors": "Ann Lee"}},
	{"rss author name alone", rssItem(`<author>Ann Lee</author>`), w{"authors": "Ann Lee"}},
	{"rss dc creator", rssItem(`<dc:creator>Ann Lee</dc:creator>`), w{"authors": "Ann Lee"}},
	{"rss dc creators", rssItem(`<dc:creator>Ann</dc:creator><dc:creator>Bob</dc:creator>`), w{"authors": "Ann|Bob"}},
	{"rss dc author", rssItem(`<dc:author>Ann Lee</dc:author>`), w{"authors": "Ann Lee"}},
	{"rss itunes author", rssItem(`<itunes:author>Ann Lee</itunes:author>`), w{"authors": "Ann Lee"}},
	{"rss media credit", rssItem(`<title>t</title><media:credit role="author">Ann Lee</media:credit>`), w{"authors": "Ann Lee"}},
	{"rss atom author", rssItem(`<atom:author><atom:name>Ann Lee</atom:name></atom:author>`), w{"authors": "Ann Lee"}},
	{"rdf creator", rdfItem(`<title>t</title><dc:creator>Ann Lee</dc:creator>`), w{"authors": "Ann Lee"}},
	{"rdf foaf maker", rdfItem(`<title>t</title><foaf:maker><foaf:Person><foaf:name>Ann Lee</foaf:name></foaf:Person></foaf:maker>`), w{"authors": "Ann Lee"}},
	{"atom author", atomEntry(`<author><name>Ann Lee</name><email>ann@wire.example</email><uri>http://ann.example/</uri></author>`), w{"authors": "Ann Lee"}},
	{"atom authors", atomEntry(`<author><name>Ann</name></author><author><name>Bob</name></author>`), w{"authors": "Ann|Bob"}},
	{"atom author without a name", atomEntry(`<author><email>ann@wire.example</email></author>`), w{"authors": "ann@wire.example"}},
	{"atom author of the feed", `<feed xmlns="http://www.w3.org/2005/Atom"><author><name>Ann</name></author><entry><title>t</title></entry></feed>`, w{"authors": "Ann"}},
	{"atom author of the source", atomEntry(`<source><author><name>Ann</name></author></source>`), w{"authors": "Ann"}},
	{"atom contributor is no author", atomEntry(`<author><name>Ann</name></author><contributor><name>Bob</name></contributor>`), w{"authors": "Ann"}},
	{"atom 0.3 author", atom03Entry(`<author><name>Ann</name><url>http://ann.example/</url></author>`), w{"authors": "Ann"}},

	// Subjects.
	{"rss categories", rssItem(`<category>One</category><category domain="http://d.example/">Two</category>`), w{"tags": "One|Two"}},
	{"rss dc subject", rssItem(`<dc:subject>One</dc:subject><dc:subject>Two</dc:subject>`), w{"tags": "One|Two"}},
	{"rss category in cdata with entity", rssItem(`<category><![CDATA[R&amp;D]]></category>`), w{"tags": "R&D"}},
	{"rss itunes keywords", rssItem(`<itunes:keywords>one, two</itunes:keywords>`), w{"tags": "one|two"}},
	{"rss media keywords", rssItem(`<media:keywords>one, two</media:keywords>`), w{"tags": "one|two"}},
	{"rdf subject", rdfItem(`<title>t</title><dc:subject>One</dc:subject>`), w{"tags": "One"}},
	{"atom category term", atomEntry(`<category term="one"/><category term="two" scheme="http://s.example/"/>`), w{"tags": "one|two"}},
	{"atom category label", atomEntry(`<category term="1234" label="World"/>`), w{"tags": "World"}},
	{"rss category with a term", rssItem(`<atom:category term="World"/>`), w{"tags": "World"}},

	// Pictures and enclosures.
	{"rss enclosure picture", rssItem(`<enclosure url="http://wire.example/p.jpg" type="image/jpeg" length="1"/>`), w{"image": "http://wire.example/p.jpg"}},
	{"rss enclosure sound is no picture", rssItem(`<enclosure url="http://wire.example/s.mp3" type="audio/mpeg" length="1"/><title>t</title>`), w{"image": ""}},
	{"rss enclosure without a type", rssItem(`<enclosure url="/p.jpg?w=1"/>`), w{"image": "http://wire.example/p.jpg?w=1"}},
	{"media content", rssItem(`<media:content url="http://wire.example/p.jpg" medium="image"/>`), w{"image": "http://wire.example/p.jpg"}},
	{"media thumbnail", rssItem(`<media:thumbnail url="http://wire.example/t.jpg"/>`), w{"image": "http://wire.example/t.jpg"}},
	{"media group", rssItem(`<media:group><media:content url="http://wire.example/v.mp4" type="video/mp4"/><media:content url="http://wire.example/p.png" type="image/png"/></media:group>`), w{"image": "http://wire.example/p.png"}},
	{"itunes image", rssItem(`<itunes:image href="http://wire.example/i.jpg"/>`), w{"image": "http://wire.example/i.jpg"}},
	{"picture in the text", rssItem(`<description>&lt;img src="/p.jpg"/&gt;Text.</description>`), w{"image": "http://wire.example/p.jpg", "text": "Text."}},
	{"atom enclosure picture", atomEntry(`<link rel="enclosure" type="image/png" href="/p.png"/><link href="/1"/>`), w{"image": "http://wire.example/p.png", "url": "http://wire.example/1"}},
	{"media in atom", `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"><entry><title>t</title><media:group><media:title>m</media:title><media:thumbnail url="https://i.example/hq.jpg"/><media:description>Described.</media:description></media:group></entry></feed>`,
		w{"title": "t", "image": "https://i.example/hq.jpg", "text": "Described."}},

	// Languages.
	{"rss language", rssChannel(`<title>W</title><language>ar-sy</language>`), w{"feed.lang": "ar-SY", "lang": "ar-SY"}},
	{"rss dc language", rssChannel(`<title>W</title><dc:language>fr</dc:language>`), w{"feed.lang": "fr"}},
	{"rss language with underscore", rssChannel(`<title>W</title><language>en_US</language>`), w{"feed.lang": "en-US"}},
	{"rss item language", rssItem(`<title>t</title><dc:language>es</dc:language>`), w{"lang": "es"}},
	{"rss xml:lang", `<rss version="2.0" xml:lang="de"><channel><title>W</title><item><title>t</title></item></channel></rss>`, w{"feed.lang": "de"}},
	{"atom xml:lang", `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ru"><entry><title>t</title></entry></feed>`, w{"feed.lang": "ru", "lang": "ru"}},
	{"atom entry xml:lang", `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><entry xml:lang="fr"><title>t</title></entry></feed>`, w{"feed.lang": "en", "lang": "fr"}},
	{"atom content xml:lang", `<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>t</title><content xml:lang="fr">x</content></entry></feed>`, w{"lang": "fr"}},
	{"rdf language", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>W</title><dc:language>de</dc:language></channel><item><title>t</title></item></rdf:RDF>`, w{"feed.lang": "de"}},

	// Rhythm.
	{"ttl", rssChannel(`<title>W</title><ttl>90</ttl>`), w{"ttl": "1h30m0s"}},
	{"sy", rssChannel(`<title>W</title><sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>`), w{"ttl": "30m0s"}},
	{"sy in rdf", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel><title>W</title><sy:updatePeriod>daily</sy:updatePeriod></channel><item><title>t</title></item></rdf:RDF>`, w{"ttl": "24h0m0s"}},

	// Formats.
	{"rss 0.91 with a doctype", `<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><title>W</title><item><title>t</title></item></channel></rss>`, w{"format": "rss", "title": "t"}},
	{"entity declared in the doctype", `<!DOCTYPE rss [<!ENTITY co "Wire &#38; Co"><!ENTITY evil SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><title>W</title><item><title>By &co;&evil;</title></item></channel></rss>`, w{"items": "1"}},
	{"rss 0.90", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>W</title><link>http://wire.example/</link></channel><item><title>t</title><link>http://wire.example/1</link></item></rdf:RDF>`, w{"format": "rdf", "feed.title": "W", "url": "http://wire.example/1"}},
	{"rss items outside the channel", `<rss version="2.0"><channel><title>W</title></channel><item><title>t</title></item></rss>`, w{"items": "1", "title": "t"}},
	{"rss without a channel", `<rss version="2.0"><item><title>t</title></item></rss>`, w{"items": "1", "title": "t"}},
	{"atom entry alone", `<entry xmlns="http://www.w3.org/2005/Atom"><title>t</title><link href="http://wire.example/1"/></entry>`, w{"items": "1", "url": "http://wire.example/1"}},
	{"stylesheet before the root", `<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="x.xsl"?><!-- c --><rss version="2.0"><channel><title>W</title><item><title>t</title></item></channel></rss>`, w{"title": "t"}},
	{"junk before the root", "Warning: mysql in /var/www\n\n" + `<rss version="2.0"><channel><title>W</title><item><title>t</title></item></channel></rss>`, w{"title": "t"}},
	{"blank lines before the declaration", "\n\n  " + `<?xml version="1.0"?><rss version="2.0"><channel><title>W</title><item><title>t</title></item></channel></rss>`, w{"title": "t"}},
	{"xml 1.1", `<?xml version="1.1"?><rss version="2.0"><channel><title>W</title><item><title>t</title></item></channel></rss>`, w{"title": "t"}},
	{"text behind the root", `<rss version="2.0"><channel><title>W</title><item><title>t</title></item></channel></rss><!-- 0.2 s --> junk`, w{"title": "t"}},
	{"json feed 1", `{"version":"https://jsonfeed.org/version/1","title":"W","home_page_url":"http://wire.example/","feed_url":"http://wire.example/f","items":[{"id":"1","url":"/1","title":"t","content_text":"One.","date_published":"2026-01-02T03:04:05+02:00","author":{"name":"Ann"},"tags":["x","y"],"image":"http://wire.example/p.jpg"}]}`,
		w{"format": "json", "feed.title": "W", "feed.url": "http://wire.example/", "url": "http://wire.example/1", "title": "t", "text": "One.", "published": "2026-01-02T01:04:05Z", "authors": "Ann", "tags": "x|y", "image": "http://wire.example/p.jpg", "guid": "1"}},
	{"json feed 1.1", `{"version":"https://jsonfeed.org/version/1.1","title":"W","language":"ar","authors":[{"name":"Ann"}],"items":[{"id":7,"url":"http://wire.example/1","content_html":"<p>One &amp; two.</p>","language":"fr","summary":"Short."}]}`,
		w{"feed.lang": "ar", "lang": "fr", "authors": "Ann", "body": "One & two.", "summary": "Short.", "guid": "7"}},
	{"json feed hub", `{"version":"https://jsonfeed.org/version/1.1","title":"W","hubs":[{"type":"WebSub","url":"https://hub.example/"}],"items":[]}`, w{"hub": "https://hub.example/", "items": "0"}},
	{"json feed text keeps its signs", `{"version":"https://jsonfeed.org/version/1.1","title":"W","items":[{"id":"1","content_text":"Use <b> & <i>."}]}`, w{"text": "Use <b> & <i>."}},
	{"json feed external url", `{"version":"https://jsonfeed.org/version/1.1","title":"W","items":[{"id":"1","external_url":"http://else.example/1","title":"t"}]}`, w{"url": "http://else.example/1"}},
	{"json feed banner", `{"version":"https://jsonfeed.org/version/1.1","title":"W","items":[{"id":"1","banner_image":"http://wire.example/b.jpg","title":"t"}]}`, w{"image": "http://wire.example/b.jpg"}},
	{"json feed with a wrong type in an item", `{"version":"https://jsonfeed.org/version/1.1","title":"W","items":[{"id":"1","title":5},{"id":"2","title":"t"}]}`, w{"items": "1", "title": "t"}},

	// Repair.
	{"control characters", rssItem("<title>a\x00b\x0bc\x08d</title>"), w{"title": "ab cd"}},
	{"references to control characters", rssItem("<title>a&#0;b&#8;c&#x1F;</title>"), w{"title": "abc"}},
	{"invalid utf-8", `<?xml version="1.0" encoding="utf-8"?>` + rssItem("<title>caf\xc3 ok, Zürich</title>"), w{"title": "caf\ufffd ok, Zürich"}},
	{"unclosed tag in an item", rssItem("<title>t</title><description>One <b>two</description>"), w{"title": "t", "text": "One two"}},
	{"mismatched tags", rssItem("<title>t</titel><link>http://wire.example/1</link>"), w{"items": "1"}},
	{"attribute without quotes", rssItem(`<title>t</title><enclosure url=http://wire.example/p.jpg type=image/jpeg />`), w{"image": "http://wire.example/p.jpg"}},
	{"duplicate attribute", rssItem(`<title>t</title><enclosure url="http://wire.example/p.jpg" url="x" type="image/jpeg"/>`), w{"title": "t"}},
	{"truncated in the second item", `<rss version="2.0"><channel><title>W</title><item><title>t</title></item><item><title>half`, w{"items": "1", "title": "t", "warnings": "document ends in the middle: 1 item before the break"}},
	{"truncated atom", `<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>t</title></entry><entry><tit`, w{"items": "1", "warnings": "document ends in the middle: 1 item before the break"}},
	{"html named entity in an attribute", atomEntry(`<link href="http://wire.example/?a=1&b=2&copy=3"/>`), w{"url": "http://wire.example/?a=1&b=2&copy=3"}},
}

func TestConformance(t *testing.T) {
	base, _ := url.Parse("http://wire.example/feed.xml")
	for _, c := range slices.Concat(conformities, rarities, details) {
		t.Run(c.name, func(t *testing.T) {
			d, err := Parse([]byte(c.doc), base, "")
			if err != nil {
				t.Fatal(err)
			}
			for key, want := range c.want {
				if got := field(d, key); got != want {
					t.Errorf("%s: %q, want %q", key, got, want)
				}
			}
		})
	}
}

// Every way to write one moment that feeds have been seen to use.
func TestDatesOfFeeds(t *testing.T) {
	for want, texts := range map[string][]string{
		"2003-12-31T10:14:55Z": {
			"Wed, 31 Dec 2003 10:14:55 GMT", "Wed, 31 Dec 2003 10:14:55 UT", "Wed, 31 Dec 2003 10:14:55 +0000", "Wed, 31 Dec 2003 10:14:55 -0000", "31 Dec 2003 10:14:55 GMT",
			"Wed,31 Dec 2003 10:14:55 GMT", "Wed 31 Dec 2003 10:14:55 GMT", "Wednesday, 31 December 2003 10:14:55 GMT", "Wed, 31 Dec 03 10:14:55 GMT", "Wed, 31 Dec 2003 05:14:55 EST",
			"Wed, 31 Dec 2003 06:14:55 EDT", "Wed, 31 Dec 2003 04:14:55 CST", "Wed, 31 Dec 2003 02:14:55 PST", "Wed, 31 Dec 2003 12:14:55 +0200", "Wed, 31 Dec 2003 12:14:55 +02:00", "Wed, 31 Dec 2003 12:14:55 GMT+2",
			"Wed, 31 Dec 2003 12:14:55 GMT+0200", "Wed, 31 Dec 2003 12:14:55 UTC+02:00", "Wed, 31 Dec 2003 11:14:55 CET", "Wed, 31 Dec 2003 10:14:55 Etc/GMT", "Wed Dec 31 10:14:55 GMT 2003", "Wed Dec 31 10:14:55 2003",
			"Wed Dec 31 2003 10:14:55 GMT", "Wed, Dec 31 2003 10:14:55 GMT", "Dec 31, 2003 10:14:55", "December 31, 2003 10:14:55 AM", "2003-12-31T10:14:55Z", "2003-12-31t10:14:55z", "2003-12-31T10:14:55+00:00",
			"2003-12-31T12:14:55+0200", "2003-12-31T12:14:55+02", "2003-12-31T10:14:55", "2003-12-31 10:14:55", "2003-12-31 10:14:55.0", "2003-12-31 10:14:55 +0000", "2003-12-31 10:14:55 UTC", "2003-12-31T02:14:55-08:00",
			"20031231T101455Z", "2003-365T10:14:55Z", "31.12.2003 10:14:55", "31/12/2003 10:14:55", "12/31/2003 10:14:55 AM", "31-12-2003 10:14:55", "31-Dec-2003 10:14:55", "2003/12/31 10:14:55", "1072865695", "1072865695000",
			"mer., 31 déc. 2003 10:14:55 GMT", "mié, 31 dic 2003 10:14:55 +0000", "Mi, 31 Dez 2003 10:14:55 GMT", "Ср, 31 дек 2003 13:14:55 +0300", "31 декабря 2003 10:14:55", "الأربعاء 31 ديسمبر 2003 10:14:55", "٣١ ديسمبر ٢٠٠٣ ١٠:١٤:٥٥",
			"الأربعاء, 31 كانون الأول 2003 10:14:55 GMT", "31 Aralık 2003 10:14:55", "Τετ, 31 Δεκ 2003 10:14:55 GMT", "śr, 31 gru 2003 10:14:55 GMT", "st, 31 pro 2003 10:14:55 GMT", "2003년 12월 31일 10:14:55", "2003年12月31日 10:14:55", "2003年12月31日 10时14分55秒",
			"2003년 12월 31일 10시 14분 55초", "31 דצמבר 2003 10:14:55", "31 दिसंबर 2003 10:14:55", "31 грудня 2003 10:14:55", "2003. december 31. 10:14:55", "2003. dec. 31. 10:14:55", "31 december 2003 10:14:55", "31 de diciembre de 2003 10:14:55", "Wed, 31 Dec 2003 10:14:55 +0000 (GMT)", "Wed, 31 Dec 2003 24:14:55 +1400",
			"31 tháng 12 2003 10:14:55", "31 Desember 2003 10:14:55", "31 ธันวาคม 2003 10:14:55",
		},
		"2003-12-31T00:00:00Z": {"2003-12-31", "20031231", "2003-365", "2003365", "31 Dec 2003", "December 31, 2003", "31.12.2003", "2003/12/31", "03-12-31", "031231", "03-365", "03365"},
		"2003-12-01T00:00:00Z": {"2003-12", "Dec 2003", "-0312", "-03-12"},
		"2003-01-01T00:00:00Z": {"2003"},
		"2003-12-31T10:14:00Z": {"2003-12-31T10:14Z", "2003-12-31 10:14", "Wed, 31 Dec 2003 10:14 GMT", "Wed, 31 Dec 2003 10:14", "31.12.2003, 10:14", "31.12.2003 10.14", "12/31/2003 10:14 AM", "Dec 31, 2003 10:14am", "Wed, 31 Dec 2003 10:14 am GMT"},
		"2003-12-31T22:14:00Z": {"12/31/2003 10:14 PM", "December 31, 2003 at 10:14 p.m.", "2003-12-31 오후 10:14:00", "31/12/2003 10:14 م", "2003年12月31日 下午10:14"},
		"2004-01-01T00:00:00Z": {"2003-12-31T24:00:00Z", "2003-12-31T24:00Z"},
		"2004-02-29T23:59:59Z": {"Sun, 29 Feb 2004 23:59:59 GMT"},
		"2026-06-30T23:59:59Z": {"2026-06-30T23:59:59.999Z"},
	} {
		for _, text := range texts {
			got, ok := parseDate(text, false)
			if s := got.Truncate(time.Second).Format(time.RFC3339); !ok || s != want {
				t.Errorf("%q is %s (%v), want %s", text, s, ok, want)
			}
		}
	}
	for _, text := range []string{"", "yesterday", "31 Feb 2026", "2026-13-01", "2026-01-32T00:00:00Z", "99:99", "Mon", "0000-00-00 00:00:00", "never", strings.Repeat("1", 300)} {
		if got, ok := parseDate(text, false); ok {
			t.Errorf("%q is %s", text, got)
		}
	}
}

// Every label by which a document may declare a legacy encoding is obeyed.
func TestEncodingLabels(t *testing.T) {
	for label, sample := range map[string]string{
		"windows-1251": "Москва", "cp1251": "Москва", "win-1251": "Москва", "koi8-r": "Москва", "koi8_r": "Москва", "koi8-u": "Київ", "iso-8859-5": "Москва", "ibm866": "Москва", "cp866": "Москва", "866": "Москва",
		"x-mac-cyrillic": "Москва", "windows-1256": "سوريا", "cp1256": "سوريا", "iso-8859-6": "سوريا", "arabic": "سوريا", "windows-1252": "naïve café", "cp1252": "naïve café", "iso-8859-1": "naïve café", "latin1": "naïve café",
		"l1": "naïve café", "iso_8859-1:1987": "naïve café", "us-ascii": "plain", "iso-8859-2": "Łódź", "latin2": "Łódź", "windows-1250": "Łódź", "iso-8859-3": "Ħal", "iso-8859-4": "Āda", "iso-8859-7": "Αθήνα", "greek": "Αθήνα", "windows-1253": "Αθήνα",
		"iso-8859-8": "ירושלים", "windows-1255": "ירושלים", "iso-8859-9": "İzmir", "windows-1254": "İzmir", "iso-8859-10": "Ísland", "iso-8859-13": "Vilnius š", "windows-1257": "Vilnius š", "iso-8859-14": "Ŵy", "iso-8859-15": "prix €", "iso-8859-16": "București Ș",
		"windows-874": "ไทย", "tis-620": "ไทย", "windows-1258": "Viê", "macintosh": "café", "gbk": "北京", "gb2312": "北京", "gb18030": "北京", "big5": "台北", "big5-hkscs": "台北", "euc-jp": "東京", "shift_jis": "東京", "sjis": "東京", "x-sjis": "東京",
		"iso-2022-jp": "東京", "euc-kr": "서울", "ks_c_5601-1987": "서울", "cp949": "서울",
		"cp437": "café", "ibm850": "café", "cp852": "Łódź", "ibm855": "Москва", "cp860": "café", "cp862": "ירושלים", "cp863": "café", "cp865": "café", "ebcdic-cp-us": "plain",
	} {
		doc := `<?xml version="1.0" encoding="` + label + `"?><rss version="2.0"><channel><title>` + sample + `</title><item><title>` + sample + `</title></item></channel></rss>`
		enc, _ := lookup(label)
		if enc == nil {
			t.Errorf("%s: nobody knows it", label)
			continue
		}
		raw, err := enc.NewEncoder().String(doc)
		if err != nil {
			t.Errorf("%s: %v", label, err)
			continue
		}
		d, err := Parse([]byte(raw), nil, "")
		if err != nil {
			t.Errorf("%s: %v", label, err)
			continue
		}
		if d.Title != sample {
			t.Errorf("%s: %q read as %s, want %q", label, d.Title, d.Encoding, sample)
		}
	}
}
