package page

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"wirewatch/filter/text"
)

// Limits of a dateline.
const (
	datelineBytes  = 240 // how far into a line it is looked for
	datelineTokens = 16
	ownLine        = 8  // words of one on a line of its own
	ownLineAgency  = 14 // the same, when an agency ends it
	ownLineUnknown = 5  // the same, with neither a known agency nor a date
	placeTokens    = 7  // words before the agency
)

// dateline splits a line into the dateline in front and the rest: place, date
// and agency, as in "GENEVA (Reuters) —", "جنيف-سانا", "ЖЕНЕВА, 10 янв — РИА
// Новости.". When the whole line is one, rest is "". place is "" when the line has
// none. Separators at the seam belong to neither.
func dateline(s string) (place, rest string) {
	if at := eastern(s); at > 0 {
		return seam(s, at)
	}
	toks := tokens(s)
	if at := persian(s, toks); at > 0 {
		return seam(s, at)
	}
	if at := withAgency(s, toks); at > 0 {
		return seam(s, at)
	}
	if at := withoutAgency(s, toks); at > 0 {
		return seam(s, at)
	}
	if isOwnLine(s, toks) {
		return s, ""
	}
	return "", ""
}

// seam cuts at an offset and trims separators on both sides.
func seam(s string, at int) (place, rest string) {
	place = strings.TrimRight(s[:at], " -–—:،,|\t")
	rest = strings.TrimLeft(s[at:], " -–—−:.،,|/»)\t\u00a0")
	return place, rest
}

// eastDatelines are the forms of Chinese, Japanese and Korean agencies.
var eastDatelines = regexp.MustCompile(`^(?:` +
	`[（(【\[]?(?:新华社|新華社|中新社|中新网|中新網|中央社|共同社|法新社|路透社|美联社|美聯社|俄新社|塔斯社|韩联社|央视新闻|人民网)?[\p{Han}·、]{0,12}?[0-9０-９]{1,2}月?[0-9０-９]{0,2}日?(?:电|電|讯|訊|综合电|专电|消息)[）)】\]]?(?: ?[（(](?:记者|記者)[^）)]{1,40}[）)])?` +
	`|[（(][\p{Han}·／/ 0-9]{2,24}(?:電|电|讯|訊|报道|報導)[）)]` +
	`|【[\p{Han}\p{Katakana}A-Zー・＝= 0-9]{2,24}】` +
	`|[\[［][\p{Han}\p{Katakana}ー・/／ 0-9]{2,24}(?:ロイター|共同|時事|AFP|AP|ＡＦＰ)[\]］]` +
	`|[（(\[][\p{Hangul} .·]{1,24}=[\p{Hangul} ]{2,16}[）)\]]` +
	`)`)

func eastern(s string) int {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, "（(【[ 0123456789"))
	if r < 0x3040 {
		return 0
	}
	if m := eastDatelines.FindStringIndex(s[:min(len(s), datelineBytes)]); m != nil {
		return m[1]
	}
	return 0
}

// A tok is a word of the line's beginning.
type tok struct {
	start, end int
	word       string
	folded     string // once fold was called
}

// fold is the word folded. Of most lines few words are ever looked at.
func (t *tok) fold() string {
	if t.folded == "" {
		t.folded = text.Fold(t.word)
	}
	return t.folded
}

func isWordRune(r rune) bool {
	switch { // what most texts consist of
	case r < utf8.RuneSelf:
		return r|0x20 >= 'a' && r|0x20 <= 'z' || r >= '0' && r <= '9'
	case r >= 'ء' && r <= 'غ', r >= 'ف' && r <= 'ي', r >= 'А' && r <= 'я':
		return true
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// tokens are the words that a dateline could consist of.
func tokens(s string) []tok {
	out := make([]tok, 0, datelineTokens)
	start := -1
	flush := func(end int) {
		if start >= 0 {
			out = append(out, tok{start: start, end: end, word: s[start:end]})
			start = -1
		}
	}
	for i, r := range s {
		if i > datelineBytes || len(out) == datelineTokens {
			start = -1
			break
		}
		if isWordRune(r) && r != 'ـ' {
			if start < 0 {
				start = i
			}
			continue
		}
		flush(i)
	}
	if len(out) < datelineTokens {
		flush(len(s))
	}
	return out
}

// withAgency finds a dateline by its agency and returns where it ends.
func withAgency(s string, toks []tok) int {
	for i := 0; i < len(toks) && i <= placeTokens; i++ {
		before, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s[:toks[i].start], " \u00a0"))
		if i > 0 && !strings.ContainsRune("([/（【«|-–—−,،.:", before) && !isNumber(toks[i-1].fold()) {
			continue // in the middle of a sentence
		}
		n := agencies.at(toks[i:])
		if n == 0 {
			continue
		}
		n += more(s, toks[i:], n)
		end := domain(s, toks, i+n-1)
		after := strings.TrimLeft(s[end:], " \u00a0")
		next, size := utf8.DecodeRuneInString(after)
		opened := strings.ContainsRune("([/（【«|", before) && before != utf8.RuneError
		switch {
		case opened && strings.ContainsRune(")]/）】»|", next):
			end = len(s) - len(after) + size
			tail, _ := utf8.DecodeRuneInString(strings.TrimLeft(s[end:], " .\u00a0"))
			if i <= 2 || isSeparator(tail) || tail == utf8.RuneError || hasDate(toks[:i]) || isUpper(s, toks[0]) {
				return end
			}
		case i > 0 && i <= 3 && before == '/' && isSeparator(next), // "Cenevre/AA -"
			i > 1 && before != utf8.RuneError && isNumber(toks[i-1].fold()) && isSeparator(next): // "رام الله 10-1-2022 وفا-"
			return end
		case i > 0 && strings.ContainsRune("-–—−", before):
			// In scripts with capitals "ex-AP" is a word of the sentence.
			if !isCased(s, toks[0]) || isUpper(s, toks[0]) || isSeparator(next) || next == '.' || after == "" {
				return end
			}
		case i > 0 && i <= 4 && strings.ContainsRune(",،.:|", before) && (isSeparator(next) || after == "" || next == '.'):
			return end
		case i == 0 && after != "" && isSeparator(next):
			return placeBehind(s, toks[n:], end)
		}
	}
	return 0
}

// domain is where a word of a line ends, with the ".RU" of "INTERFAX.RU".
func domain(s string, toks []tok, i int) int {
	end := toks[i].end
	if i+1 < len(toks) && s[end:toks[i+1].start] == "." {
		if after := strings.TrimLeft(s[toks[i+1].end:], " "); after != "" {
			if next, _ := utf8.DecodeRuneInString(after); isSeparator(next) {
				return toks[i+1].end
			}
		}
	}
	return end
}

// persian finds the opening of Persian agencies, "به گزارش ایرنا از ژنو،".
func persian(s string, toks []tok) int {
	const agencyWithin, commaWithin = 5, 12
	if len(toks) < 4 || toks[0].fold() != reported[0] || toks[1].fold() != reported[1] {
		return 0
	}
	for i := 2; i < min(len(toks), agencyWithin); i++ {
		n := agencies.at(toks[i:])
		if n == 0 {
			continue
		}
		for j := i + n - 1; j+1 < min(len(toks), commaWithin); j++ {
			if strings.ContainsAny(s[toks[j].end:toks[j+1].start], "،,:؛") {
				return toks[j].end
			}
		}
	}
	return 0
}

// reported is "according to the report of", folded.
var reported = strings.Fields(text.Fold("به گزارش"))

// more counts the words of further agencies behind a stroke: "(awp/ats)".
func more(s string, toks []tok, n int) int {
	extra := 0
	for n+extra < len(toks) {
		between := s[toks[n+extra-1].end:toks[n+extra].start]
		size := agencies.at(toks[n+extra:])
		if size == 0 || strings.Trim(between, " /,،") != "" || strings.TrimSpace(between) == "" {
			break
		}
		extra += size
	}
	return extra
}

// placeBehind extends a dateline that begins with its agency to the place that
// follows: "سانا – دمشق: …".
func placeBehind(s string, toks []tok, end int) int {
	for i := 0; i < len(toks) && i < 4; i++ {
		next, _ := utf8.DecodeRuneInString(strings.TrimLeft(s[toks[i].end:], " "))
		spaced := toks[i].end < len(s) && s[toks[i].end] == ' '
		if next == ':' || strings.ContainsRune("–—", next) || next == '-' && spaced {
			return toks[i].end
		}
	}
	return end
}

func isSeparator(r rune) bool {
	return strings.ContainsRune("-–—−:|/،", r) && r != utf8.RuneError
}

// noPlace are capitals before a dash that are no place.
var noPlace = newPhraseBook("breaking|update|updated|urgent|exclusive|watch|live|video|photos|opinion|analysis|explainer|factbox|nato|covid|question|answer|summary|background|context|wrapup|highlights|editorial|interview|report|срочно|видео|фото|обзор|мнение|выделено|note|correction|alert|flash")

// withoutAgency finds "GENEVA — …" and "ЖЕНЕВА, 10 янв — …": capitals or a date
// before the first dash.
func withoutAgency(s string, toks []tok) int {
	if len(toks) < 2 {
		return 0
	}
	window := s[:min(len(s), 120)]
	at := -1
	for _, dash := range []string{" — ", " – ", " - ", " -- ", "— ", ".— ", ".- ", "- ", "– ", ": "} {
		if i := strings.Index(window, dash); i > 0 && (at < 0 || i < at) {
			at = i
		}
	}
	if at < 0 {
		return 0
	}
	n := 0
	for n < len(toks) && toks[n].end <= at {
		n++
	}
	if n == 0 || n > 6 || n == len(toks) || noPlace.match(toks[0].fold()) > 0 {
		return 0
	}
	colon := s[at] == ':'
	// With a date the capitals need not be the first word's; without one the whole
	// must be short, and the text behind must not be a headline in capitals.
	switch {
	case hasDate(toks[:n]) && (isUpper(s, toks[0]) || !isCased(s, toks[0])):
	case n <= 4 && isUpper(s, toks[0]) && !isUpper(s, toks[n]) && (!colon || isUpper(s, toks[n-1]) && toks[n-1].end-toks[0].start > 3): // "RIYADH: …", not "WHO: …"
	case !colon && spaced(s, at) && isBare(s, toks, n):
	default:
		return 0
	}
	if size := agencies.at(toks[n:]); size > 0 { // "— РИА Новости."
		next, _ := utf8.DecodeRuneInString(strings.TrimLeft(s[toks[n+size-1].end:], " "))
		if isSeparator(next) || next == '.' {
			return toks[n+size-1].end
		}
	}
	return at
}

// spaced reports whether the dash at an offset has a space on both sides.
func spaced(s string, at int) bool {
	_, size := utf8.DecodeRuneInString(s[at+1:])
	return s[at] == ' ' && at+1+size < len(s) && s[at+1+size] == ' '
}

// bareRest is how many words must follow a place that stands alone before a dash.
const bareRest = 5

// isBare reports whether the n words before a spaced dash can only be a place,
// though there is neither an agency nor a date nor capitals: "ז'נבה - …", or
// "Geneva, Switzerland – …". A second dash makes it a parenthesis.
func isBare(s string, toks []tok, n int) bool {
	before, after := s[:toks[n-1].end], s[toks[n].start:]
	after = after[:min(len(after), datelineBytes)]
	if words(after) < bareRest || strings.Contains(after, " - ") || strings.Contains(after, " – ") || strings.Contains(after, " — ") || strings.ContainsAny(before, "\"«»:؛“”") {
		return false
	}
	if !isCased(s, toks[0]) {
		return n <= 3 && toks[0].fold()[0] < 0xE3 // Han and Kana have forms of their own
	}
	if n < 2 || n > 4 || !strings.Contains(before, ", ") {
		return false
	}
	for _, t := range toks[:n] {
		if r, _ := utf8.DecodeRuneInString(s[t.start:]); !unicode.IsUpper(r) {
			return false
		}
	}
	return true
}

// isNumber reports whether a folded word is digits.
func isNumber(folded string) bool {
	return folded != "" && strings.Trim(folded, "0123456789") == ""
}

// isOwnLine reports whether a short line is nothing but a dateline.
func isOwnLine(s string, toks []tok) bool {
	if len(s) > datelineBytes || len(toks) == 0 {
		return false
	}
	n := words(s)
	if n > ownLineAgency {
		return false
	}
	at, size := -1, 0
	for i := range toks {
		if size = agencies.at(toks[i:]); size > 0 {
			at = i
			break
		}
	}
	switch {
	case at >= 0 && at+size == len(toks) && hasDate(toks):
		return true
	case at >= 0 && n <= ownLine && len(toks)-size <= 4 && (!endsSentence(s) || at+size == len(toks)):
		return strings.ContainsAny(s, "-–—:/()،,|") || len(toks) == size
	case at < 0 && n <= ownLine && hasDate(toks) && !endsSentence(s):
		return len(toks) <= 6
	case at < 0 && n <= ownLineUnknown && !endsSentence(s):
		return isPair(s, toks)
	}
	return false
}

// isPair reports whether a line is two names with a dash between, such as the
// place and an agency that the list does not have: "جنيف - المدار".
func isPair(s string, toks []tok) bool {
	dashes := 0
	for i := 1; i < len(toks); i++ {
		if strings.ContainsAny(s[toks[i-1].end:toks[i].start], "-–—/") {
			dashes++
		}
	}
	return dashes == 1 && !strings.ContainsAny(s, ":؛;،,?؟!")
}

// hasDate reports whether words name a day of a month.
func hasDate(toks []tok) bool {
	number, month := false, false
	for i := range toks {
		folded := toks[i].fold()
		if folded == "" {
			continue
		}
		number = number || folded[0] >= '0' && folded[0] <= '9'
		month = month || monthNames[folded]
	}
	return number && month
}

// isUpper reports whether a word of at least three letters is all capitals.
func isUpper(s string, t tok) bool {
	n := 0
	for _, r := range s[t.start:t.end] {
		if unicode.IsLower(r) || unicode.IsLetter(r) && !unicode.IsUpper(r) {
			return false
		}
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n >= 3
}

// isCased reports whether a word's script has capitals.
func isCased(s string, t tok) bool {
	r, _ := utf8.DecodeRuneInString(s[t.start:t.end])
	return unicode.IsUpper(r) || unicode.IsLower(r)
}
