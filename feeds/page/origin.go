package page

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Origin tells the place and the agency of a dateline as Split finds it: "GENEVA,
// Jan 10 (Reuters)" is Geneva's, by Reuters. Either is "" where the dateline does
// not have it. The agency is as the dateline writes it; of several, the first.
func Origin(dateline string) (place, agency string) {
	if r, _ := utf8.DecodeRuneInString(strings.TrimLeft(dateline, "（(【[［0123456789 ")); r >= 0x3040 && r != utf8.RuneError {
		return eastOrigin(dateline)
	}
	toks := tokens(dateline)
	// Words that can be of the place: the first run of those that are no agency, number or month.
	from, to := -1, -1
	for i := 0; i < len(toks); {
		n := agencies.at(toks[i:])
		switch {
		case n > 0 && !isPlaceToo(dateline, toks, i, n):
			if agency == "" {
				agency = dateline[toks[i].start:toks[i+n-1].end]
			}
			i += n
			if from >= 0 && to < 0 {
				to = toks[i-n].start
			}
			continue
		case isNumber(toks[i].fold()) || monthNames[toks[i].fold()] || datelineFiller[toks[i].fold()]:
			if from >= 0 && to < 0 {
				to = toks[i].start
			}
		case from < 0:
			from = toks[i].start
		}
		i++
	}
	if from < 0 {
		return "", agency
	}
	if to < 0 {
		to = len(dateline)
	}
	return strings.TrimFunc(dateline[from:to], func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }), agency
}

// isPlaceToo reports whether what may be an agency's name begins a dateline that
// has another agency behind it: "OSLO, NTB", "Ana Beach (AP)".
func isPlaceToo(s string, toks []tok, i, n int) bool {
	if i > 0 || n > 1 || i+n >= len(toks) {
		return false
	}
	for j := i + n; j < len(toks); j++ {
		if agencies.at(toks[j:]) > 0 {
			return !strings.ContainsAny(s[toks[i].end:toks[j].start], "/(")
		}
	}
	return false
}

// datelineFiller are words of datelines that are neither place nor agency.
var datelineFiller = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range []string{"في", "الموافق", "هـ", "م", "le", "el", "il", "am", "den", "by", "року", "г", "года", "به", "گزارش", "خبرگزاری", "خبرنگار", "از", "mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
		m[w] = true
	}
	return m
}()

// eastAgencies are agencies' names in front of a place, or behind it.
var eastAgencies = []string{
	"新华社", "新華社", "中新社", "中新网", "中新網", "中央社", "共同社", "法新社", "路透社", "美联社", "美聯社", "俄新社", "塔斯社", "韩联社", "央视新闻客户端", "央视新闻", "人民网", "本报", "本報",
	"ロイター", "共同", "時事", "ＡＦＰ", "AFP", "AP", "연합뉴스", "뉴시스", "뉴스1",
}

// eastOrigin is Origin for Chinese, Japanese and Korean.
func eastOrigin(dateline string) (place, agency string) {
	s := strings.Trim(dateline, "（(【[［)）】]］ ")
	for _, name := range eastAgencies {
		if rest, ok := strings.CutPrefix(s, name); ok {
			s, agency = rest, name
			break
		}
		if rest, ok := strings.CutSuffix(s, name); ok {
			s, agency = rest, name
			break
		}
	}
	for _, sign := range []string{"=", "＝"} {
		s, _, _ = strings.Cut(s, sign)
	}
	if i := strings.IndexFunc(s, unicode.IsDigit); i >= 0 { // the day, and what is said of the message
		s = s[:i]
	}
	for _, name := range eastAgencies {
		s = strings.TrimSuffix(s, name)
	}
	// A reporter's name stands between agency and place without a sign: unknown.
	if _, name, ok := strings.Cut(s, "記者"); ok && name != "" {
		return "", agency
	}
	return strings.TrimSpace(s), agency
}
