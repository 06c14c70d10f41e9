package feeds

import (
	"strings"
	"time"
	"unicode"
)

// maxDate bounds a date's text in bytes; longer ones are no dates.
const maxDate = 200

// parseDate reads a date in any layout that feeds use: RFC 822 and 3339 with
// their usual slips, W3C-DTF, asctime, local orders, numeric dates, month names
// in the languages of monthNames, any script's digits, Unix seconds. A time
// without a zone counts as UTC. Numeric dates with a slash are read day first,
// unless only month first makes sense or monthFirst is set.
func parseDate(s string, monthFirst bool) (time.Time, bool) {
	if len(s) > maxDate {
		return time.Time{}, false
	}
	s = foldDate(s)
	if t, ok := unixTime(s); ok {
		return t, true
	}
	if t, ok := shortISO(s); ok {
		return t, true
	}
	d := dateReader{monthFirst: monthFirst, zone: noZone, half: -1}
	if rest, ok := d.iso(s); ok {
		d.words(rest)
	} else {
		d.words(s)
	}
	return d.time()
}

// foldDate makes a date's text lower case, its digits ASCII, its letters plain.
func foldDate(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r < 0x80:
			b.WriteRune(unicode.ToLower(r))
		case r >= '٠' && r <= '٩':
			b.WriteRune('0' + r - '٠')
		case r >= '۰' && r <= '۹':
			b.WriteRune('0' + r - '۰')
		case r >= '０' && r <= '９':
			b.WriteRune('0' + r - '０')
		case r >= '०' && r <= '९':
			b.WriteRune('0' + r - '०')
		case isDropped(r) || r >= 0x200B && r <= 0x200F || unicode.Is(unicode.Mn, r) && !unicode.Is(unicode.Devanagari, r):
		case isBlank(r):
			b.WriteByte(' ')
		case strings.ContainsRune("年년月월", r):
			b.WriteByte('-')
		case strings.ContainsRune("日일", r):
			b.WriteByte(' ')
		case strings.ContainsRune("時时点시", r):
			b.WriteByte(':')
		case strings.ContainsRune("分분", r):
			b.WriteByte(':')
		case strings.ContainsRune("秒초", r):
			b.WriteByte(' ')
		case r == '−' || r == '–' || r == '—':
			b.WriteByte('-')
		default:
			b.WriteRune(plainLetter(unicode.ToLower(r)))
		}
	}
	out := strings.TrimSpace(b.String())
	out = strings.ReplaceAll(out, "- ", "-") // "2024년 1월 10일 10시 14분" has spaces
	out = strings.ReplaceAll(out, ": ", ":")
	return twoWordMonths.Replace(out)
}

var plainLetters = strings.NewReplacer(
	"à", "a", "á", "a", "â", "a", "ã", "a", "ä", "a", "å", "a", "ą", "a", "ă", "a", "ç", "c", "ć", "c", "č", "c", "è", "e", "é", "e", "ê", "e", "ë", "e", "ę", "e", "ě", "e", "ė", "e",
	"ì", "i", "í", "i", "î", "i", "ï", "i", "ı", "i", "ł", "l", "ń", "n", "ñ", "n", "ň", "n", "ò", "o", "ó", "o", "ô", "o", "õ", "o", "ö", "o", "ő", "o", "ř", "r", "ś", "s", "š", "s", "ş", "s", "ș", "s",
	"ù", "u", "ú", "u", "û", "u", "ü", "u", "ů", "u", "ű", "u", "ý", "y", "ź", "z", "ż", "z", "ž", "z", "ğ", "g", "ą", "a",
	"ά", "α", "έ", "ε", "ή", "η", "ί", "ι", "ό", "ο", "ύ", "υ", "ώ", "ω", "ё", "е",
	"أ", "ا", "إ", "ا", "آ", "ا", "ٱ", "ا", "ى", "ي", "ی", "ي", "ة", "ه", "ک", "ك",
)

func plainLetter(r rune) rune {
	for _, p := range plainLetters.Replace(string(r)) {
		return p
	}
	return r
}

// unixTime reads a bare number of seconds or milliseconds.
func unixTime(s string) (time.Time, bool) {
	if len(s) != 10 && len(s) != 13 {
		return time.Time{}, false
	}
	n := int64(0)
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return time.Time{}, false
		}
		n = n*10 + int64(s[i]-'0')
	}
	if len(s) == 13 {
		return time.UnixMilli(n).UTC(), true
	}
	return time.Unix(n, 0).UTC(), true
}

// shortISO reads the dates of ISO 8601 that leave the century out: 031231,
// 03-12-31, 03365, 03-365, -0312, -03-12. With dashes they could be days first;
// they are when that is no date of the far future.
func shortISO(s string) (time.Time, bool) {
	if len(s) < 5 || len(s) > 8 || strings.Trim(s, "-0123456789") != "" {
		return time.Time{}, false
	}
	layouts := []string{"060102", "06002", "06-002"}
	if s[0] == '-' {
		layouts = []string{"-0601", "-06-01"}
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	t, err := time.Parse("06-01-02", s)
	if other, err2 := time.Parse("02-01-06", s); err2 == nil && other.Year() <= farFuture {
		return time.Time{}, false // as the other readers of dates have it
	}
	return t, err == nil
}

// farFuture is a year that no article has, in dates of two digits a number.
const farFuture = 2030

// buddhist years, which Thailand counts, are this many ahead.
const buddhist = 543

const noZone = 1 << 20

// A dateReader collects what a date's text says, word by word.
type dateReader struct {
	monthFirst bool
	year       int
	month, day int
	named      bool // the month was given by name
	ordinal    int  // day of the year; 0 none
	numbers    []int
	wide       []bool // the number was written with three or more digits
	clock      bool
	h, m, s    int
	ns         int
	half       int // 0 first, 1 second half of the day; -1 not said
	zone       int // minutes; noZone none
	offset     bool
}

// iso reads the dates that begin with a year: 2024-01-10, 2024/1/10, 20240110,
// 2024-010 (day of the year), 2024-01, 2024. It returns the text behind it.
func (d *dateReader) iso(s string) (rest string, ok bool) {
	year, n := digits(s)
	if n == 8 && (len(s) == 8 || s[8] == 't' || s[8] == ' ' || s[8] == 'z') {
		d.year, d.month, d.day = year/10000, year/100%100, year%100
		return afterDate(s[8:]), true
	}
	if n == 7 && len(s) == 7 {
		d.year, d.ordinal = year/1000, year%1000
		return "", true
	}
	if n != 4 {
		return s, false
	}
	d.year = year
	if len(s) == 4 {
		d.month, d.day = 1, 1
		return "", true
	}
	sep := s[4]
	if sep != '-' && sep != '/' && sep != '.' {
		d.year = 0
		return s, false
	}
	month, n := digits(s[5:])
	at := 5 + n
	switch {
	case n == 3 && sep == '-':
		d.ordinal = month
		return afterDate(s[at:]), true
	case n == 4 && sep == '-' && month/100 <= 12: // 2024-0110
		d.month, d.day = month/100, month%100
		return afterDate(s[at:]), true
	case n != 1 && n != 2:
		d.year = 0
		return s, false
	}
	d.month, d.day = month, 1
	if at < len(s) && s[at] == sep {
		if day, n := digits(s[at+1:]); n == 1 || n == 2 {
			d.day = day
			at += 1 + n
		}
	}
	return afterDate(s[at:]), true
}

// afterDate is the text behind a date and its "T".
func afterDate(s string) string {
	s = strings.TrimLeft(s, " ,")
	if len(s) > 1 && s[0] == 't' && s[1] >= '0' && s[1] <= '9' {
		s = s[1:]
		// Compact times have no colons: 123000, 1230.
		if v, n := digits(s); n == 6 || n == 4 {
			if n == 4 {
				v *= 100
			}
			return pad(v/10000) + ":" + pad(v/100%100) + ":" + pad(v%100) + s[n:]
		}
	}
	return s
}

func pad(n int) string { return string([]byte{byte('0' + n/10%10), byte('0' + n%10)}) }

// digits reads the number that s begins with, and how many digits it has.
func digits(s string) (value, n int) {
	for n < len(s) && n < 9 && s[n] >= '0' && s[n] <= '9' {
		value = value*10 + int(s[n]-'0')
		n++
	}
	return value, n
}

// words reads the rest: numbers, times, zones and names in any order. What it
// does not know (weekdays, "at", "de", "г.") it passes over.
func (d *dateReader) words(s string) {
	for len(s) > 0 {
		c := s[0]
		switch {
		case c >= '0' && c <= '9':
			s = d.number(s)
		case (c == '+' || c == '-') && len(s) > 1 && s[1] >= '0' && s[1] <= '9' && d.clock && !d.offset:
			s = d.signed(s)
		case c < 0x80 && (c < 'a' || c > 'z'):
			s = s[1:]
		default:
			end := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '.' })
			if end < 0 {
				end = len(s)
			}
			if end == 0 { // a character that is neither letter nor ASCII
				end = len(string([]rune(s)[:1]))
			}
			d.word(strings.TrimRight(s[:end], "."))
			s = s[end:]
		}
	}
}

// number reads a time of day or a number of a date.
func (d *dateReader) number(s string) string {
	value, n := digits(s)
	rest := s[n:]
	if !d.clock && n <= 2 && len(rest) > 1 && (rest[0] == ':' || rest[0] == 'h' || rest[0] == '.' && d.complete()) && rest[1] >= '0' && rest[1] <= '9' {
		return d.timeOfDay(value, rest)
	}
	d.numbers = append(d.numbers, value)
	d.wide = append(d.wide, n > 2)
	if n >= 9 { // no part of a date is that long
		return strings.TrimLeft(rest, "0123456789")
	}
	return rest
}

// complete reports whether the date is known, so that "14.30" is a time.
func (d *dateReader) complete() bool {
	return d.year != 0 && d.month != 0 || d.named && len(d.numbers) >= 2 || len(d.numbers) >= 3
}

// timeOfDay reads ":mm", ":ss" and a fraction behind the hour.
func (d *dateReader) timeOfDay(hour int, s string) string {
	d.clock, d.h = true, hour
	sep := s[0]
	var n int
	d.m, n = digits(s[1:])
	s = s[1+n:]
	if len(s) > 1 && (s[0] == sep || s[0] == ':') && s[1] >= '0' && s[1] <= '9' {
		d.s, n = digits(s[1:])
		s = s[1+n:]
		if len(s) > 1 && (s[0] == '.' || s[0] == ',') && s[1] >= '0' && s[1] <= '9' {
			frac := s[1:]
			scale := 100_000_000
			for len(frac) > 0 && frac[0] >= '0' && frac[0] <= '9' {
				d.ns += int(frac[0]-'0') * scale
				scale /= 10
				frac = frac[1:]
			}
			s = frac
		}
	}
	return s
}

// signed reads an offset: +0300, +03:00, +3, and slips such as "+00:0".
func (d *dateReader) signed(s string) string {
	sign := 1
	if s[0] == '-' {
		sign = -1
	}
	v, n := digits(s[1:])
	s = s[1+n:]
	h, m := v, 0
	if n > 2 {
		h, m = v/100, v%100
	} else if len(s) > 1 && s[0] == ':' {
		m, n = digits(s[1:])
		s = s[1+n:]
	}
	d.offset = true
	if h <= 14 && m < 60 {
		d.zone = sign * (h*60 + m)
	}
	return s
}

// word reads a name: of a month, a half of the day, a zone.
func (d *dateReader) word(w string) {
	if half, ok := halves[w]; ok && (d.clock || w[0] >= 0xE3 && w[0] < 0xEE) { // East Asia says it first
		d.half = 0
		if half {
			d.half = 1
		}
		return
	}
	if zone, ok := zones[w]; ok && d.zone == noZone && d.clock {
		d.zone = zone
		return
	}
	// Weekdays can look like months ("mar." is Tuesday too) and come first, so
	// the last one counts.
	if m, ok := months[w]; ok {
		d.month, d.named = m, true
		return
	}
	// "الثلاثاء", "de", "в": nothing. A clitic or an article may hide a month.
	for _, prefix := range []string{"ال", "و", "ل"} {
		if m, ok := months[strings.TrimPrefix(w, prefix)]; ok && strings.HasPrefix(w, prefix) {
			d.month, d.named = m, true
		}
	}
}

// time puts the parts together; false when they are no date.
func (d *dateReader) time() (time.Time, bool) {
	if !d.assign() {
		return time.Time{}, false
	}
	if d.half >= 0 && d.h <= 12 {
		d.h = d.h%12 + 12*d.half
	}
	if d.ordinal > 0 {
		d.month, d.day = 1, 1
	}
	if d.year > 1970+buddhist && d.year <= 2100+buddhist {
		d.year -= buddhist
	}
	if d.year < 1970 || d.year > 2200 || d.month < 1 || d.month > 12 || d.day < 1 || d.day > 31 ||
		d.h > 24 || d.m > 59 || d.s > 60 || d.ordinal > 366 {
		return time.Time{}, false
	}
	day := time.Date(d.year, time.Month(d.month), d.day, 0, 0, 0, 0, time.UTC)
	if day.Day() != d.day {
		return time.Time{}, false // 31 February
	}
	if d.ordinal > 0 {
		day = day.AddDate(0, 0, d.ordinal-1)
	}
	t := day.Add(time.Duration(d.h)*time.Hour + time.Duration(d.m)*time.Minute + time.Duration(d.s)*time.Second + time.Duration(d.ns))
	if d.zone != noZone {
		t = t.Add(-time.Duration(d.zone) * time.Minute)
	}
	return t, true
}

// assign gives the numbers that stood alone their meaning.
func (d *dateReader) assign() bool {
	if d.year != 0 && d.month != 0 || d.ordinal != 0 {
		return true
	}
	n := d.numbers
	if d.named {
		switch {
		case len(n) == 1 && d.wide[0]:
			d.year, d.day = n[0], 1
		case len(n) < 2:
			return false
		case d.wide[0]:
			d.year, d.day = n[0], n[1]
		default:
			d.day, d.year = n[0], longYear(n[1], d.wide[1])
		}
		return true
	}
	if len(n) < 3 {
		return false
	}
	if d.wide[0] {
		d.year, d.month, d.day = n[0], n[1], n[2]
		return true
	}
	d.day, d.month, d.year = n[0], n[1], longYear(n[2], d.wide[2])
	if d.month > 12 || (d.monthFirst || d.half >= 0) && d.day <= 12 {
		d.day, d.month = d.month, d.day
	}
	return true
}

// longYear completes a year of two digits.
func longYear(y int, wide bool) int {
	switch {
	case wide || y > 99:
		return y
	case y < 70:
		return 2000 + y
	}
	return 1900 + y
}
