/*
Package filter is the rule language: reading rules, matching articles against one
of them ([Query]) or against many at once ([Set]), and saying why.

# The language

	rule   = or | "*"
	or     = and { ("OR" | "|") and }
	and    = near { ["AND" | "&"] near }
	near   = unary { ("NEAR/" d | "PRE/" d) unary }
	unary  = ("NOT" | "-" | "!") unary
	       | "MIN/" n unary
	       | "ANY/" n "(" near { ("," | "OR") near } ")"
	       | field ":" unary | "(" or ")" | term
	term   = ["=" | "~"] ( word ["*"] | quoted ) | quoted "~" n
	       | "@" ( slug | quoted ) [">"] | value { "," value }
	field  = title lead body dateline any | source lang country category author url

From tight to loose: field = ~ @, NOT, MIN ANY, NEAR PRE, AND, OR. Words side by
side are joined by AND. Operators are written in capitals; those in lower case are
words, and a warning says so. "*" alone is every article.

# Words

	Geneva               any case, diacritics, clitics, article, case and plural endings
	=Geneva              the word as written; =WHO in capitals only
	~negotiate           any word of the same stem: negotiation, negotiators
	nuclea*              every word that begins so; three letters at least, and not alone
	"security guarantees"    a phrase; its words inflected lightly
	="Blue House"        a phrase as written
	"minister of * affairs"  * inside a phrase is any one word
	"talks Geneva"~5     these words in any order, at most five others between them

In Arabic the article is free on every word of a phrase and clitics on its first:
"ضمانات أمنية" finds بالضمانات الأمنية. A word that is cut by a sign is a phrase:
COVID-19, AT&T.

# Entities

	@geneva              any of its names, in whatever language the article is
	@"security guarantees"   by a name
	@switzerland>        with everything that is part of it

# Joining

	@geneva @nato                    both
	@geneva AND (talks OR مفاوضات)
	@geneva -sport                   not sport
	geneva NOT football              the same in a word
	ضمانات NEAR/5 (أمنية | حقوقية)     within five words, in any order; NEAR is NEAR/5
	sanctions PRE/3 relief           in this order
	Putin NEAR/s Biden               in one sentence; /p in one paragraph
	MIN/3 @ukraine                   three times at least
	ANY/2 (@russia, @usa, @nato)     two of them at least

MIN counts places that do not overlap, and a sentence of five words or more that stands
there again word for word only once; so it counts a paragraph of its own that is a part of
another sentence, as pull quotes are. ANY counts different items,
however often each is there.

W/n is read as NEAR/n and ONEAR/n as PRE/n. NEAR joins words, phrases, entities
and OR groups of them.

# Fields

	title:@geneva  lead:talks  body:talks  dateline:@geneva
	title:(@geneva OR @vienna)
	lang:ar,fa  country:SY  source:sana  category:politics  author:"Reuters Staff"  url:/world/

A term without a field is looked for in title, lead, body and dateline; neither
it nor NEAR ever reaches across from one to the next. A comma between values is OR. Fields have
Arabic names too: عنوان مقدمة متن مكان نص مصدر لغة بلد تصنيف كاتب رابط.

# Signs

All quotation marks are the same: " “ ” „ « » 「 」 《 》, and so are - – — − before a word,
the commas , ، ， 、, the brackets ( [ { （ 【, operators in wide letters (ＡＮＤ), and the digits of any
script. Invisible direction marks count as space.

# What is refused

A rule is refused when it is written, never skipped when it is read: see
[SyntaxError] for what an error says and the constants for the limits. A rule must
name something to look for: one that only excludes, or only has words with *, would
have to be tried on every article.

# Matching

[Analyse] reads an article once: words, forms, language, entities. A [Query]
is the tree of its text, and matches by walking it. A [Set] keeps each query under a
few words of which every match has one, so that an article is tried only
against the queries that it leads to.
*/
package filter
