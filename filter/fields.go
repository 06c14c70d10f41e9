package filter

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"wirewatch/filter/entity"
	"wirewatch/filter/text"
)

// zoneMask is a set of zones of an article.
type zoneMask uint8

const (
	inTitle zoneMask = 1 << iota
	inDateline
	inLead
	inBody
	inText = inTitle | inDateline | inLead | inBody // a term without a field
)

var zoneNames = map[zoneMask]string{inTitle: "title", inDateline: "dateline", inLead: "lead", inBody: "body"}

// name is the first zone of the set, in the order in which evidence is shown.
func (z zoneMask) name() string {
	for _, bit := range []zoneMask{inTitle, inDateline, inLead, inBody} {
		if z&bit != 0 {
			return zoneNames[bit]
		}
	}
	return "body"
}

// field is what stands before a colon: a zone in which terms are looked for, or a
// property of the article that has values.
type field struct {
	name string
	zone zoneMask // 0: values
}

var fieldList = []struct {
	field
	aliases string
}{
	{field{"title", inTitle}, "title headline intitle عنوان العنوان"},
	{field{"lead", inLead}, "lead summary ingress مقدمة المقدمة ملخص الملخص"},
	{field{"body", inBody}, "body متن المتن"},
	{field{"dateline", inDateline}, "dateline مكان المكان"},
	{field{"any", inText}, "any text نص النص"},
	{field{"source", 0}, "source site مصدر المصدر"},
	{field{"lang", 0}, "lang language لغة اللغة"},
	{field{"country", 0}, "country بلد البلد دولة الدولة"},
	{field{"category", 0}, "category tag تصنيف التصنيف فئة وسم الوسم"},
	{field{"author", 0}, "author byline كاتب الكاتب"},
	{field{"url", 0}, "url link inurl رابط الرابط"},
}

var fields = func() map[string]*field {
	m := map[string]*field{}
	for i := range fieldList {
		for alias := range strings.FieldsSeq(fieldList[i].aliases) {
			m[text.Fold(alias)] = &fieldList[i].field
		}
	}
	return m
}()

// nearField is the field that a misspelt name most likely means, as a suggestion; "" none.
func nearField(name string) string {
	near := entity.Nearest(text.Fold(name), slices.Collect(maps.Keys(fields)), 1)
	if len(near) == 0 {
		return ""
	}
	return "did you mean " + fields[near[0]].name + ":? "
}

// languageNames are words that people write for a language code, folded.
var languageNames = func() map[string]string {
	m := map[string]string{}
	for code, names := range map[string]string{
		"ar": "arabic عربي عربية العربية", "en": "english انجليزي انجليزية الانجليزية", "fr": "french francais فرنسي فرنسية الفرنسية",
		"ru": "russian русский روسي روسية الروسية", "es": "spanish espanol اسباني اسبانية الاسبانية", "de": "german deutsch الماني المانية الالمانية",
		"tr": "turkish turkce تركي تركية التركية", "fa": "persian farsi فارسی فارسية الفارسية", "he": "hebrew iw עברית عبري عبرية العبرية",
		"zh": "chinese 中文 صيني صينية الصينية", "uk": "ukrainian українська", "pt": "portuguese", "it": "italian", "pl": "polish",
	} {
		for name := range strings.FieldsSeq(names) {
			m[text.Fold(name)] = code
		}
	}
	return m
}()

// sameLanguage are codes of a language that articles have under another: of older standards, of its
// written forms, and the bibliographic ones.
var sameLanguage = map[string]string{
	"iw": "he", "in": "id", "ji": "yi", "nb": "no", "nn": "no", "mo": "ro", "cmn": "zh", "arb": "ar",
	"per": "fa", "chi": "zh", "ger": "de", "fre": "fr", "dut": "nl", "gre": "el", "rum": "ro", "cze": "cs", "slo": "sk",
	"ice": "is", "alb": "sq", "arm": "hy", "geo": "ka", "mac": "mk", "may": "ms", "bur": "my", "baq": "eu", "wel": "cy",
}

// countryForLanguage are codes of countries that people write for the language.
var countryForLanguage = map[string]string{
	"cn": "zh", "jp": "ja", "gr": "el", "ua": "uk", "cz": "cs", "dk": "da", "gb": "en", "us": "en", "ir": "fa", "il": "he", "sy": "ar", "eg": "ar",
	"rs": "sr", "vn": "vi", "kr": "ko", "at": "de", "pk": "ur", "sp": "es",
}

// languageCode reads a language; false when it is none.
func languageCode(s string) (string, bool) {
	if code, ok := languageNames[text.Fold(s)]; ok {
		return code, true
	}
	base, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(s, "_", "-")), "-")
	if code, ok := sameLanguage[base]; ok {
		return code, true
	}
	lang, err := language.ParseBase(base)
	if err != nil || lang.String() == "und" || base == "mul" || base == "zxx" {
		return "", false
	}
	code := lang.String()
	return cmp.Or(sameLanguage[code], code), true // heb is iw there
}

// nearLanguage is the code that was probably meant, as the beginning of a hint; "" none.
func nearLanguage(s string) string {
	folded := text.Fold(s)
	code := countryForLanguage[folded]
	if code == "" {
		if near := entity.Nearest(folded, slices.Collect(maps.Keys(languageNames)), 1); len(near) > 0 {
			code = languageNames[near[0]]
		}
	}
	if code == "" {
		return ""
	}
	return "did you mean lang:" + code + "? "
}

// countryCode reads an ISO 3166 alpha-2 code; false when it is none.
func countryCode(s string) (string, bool) {
	s = strings.ToUpper(s)
	if s == "UK" {
		return "GB", true
	}
	region, err := language.ParseRegion(s)
	if len(s) != 2 || err != nil || !region.IsCountry() {
		return "", false
	}
	return s, true
}
