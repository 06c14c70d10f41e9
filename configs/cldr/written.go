package main

import (
	"regexp"
	"strings"
)

// forMenus are names that are made for menus and stand in no sentence: "Myanmar (Burma)",
// "Congo - Kinshasa".
var forMenus = regexp.MustCompile(`[(（،,]| [-–] `)

// abbreviated is what CLDR shortens, and how it is written out.
var abbreviated = map[string]*strings.Replacer{
	"ru": strings.NewReplacer("о-ва", "острова", "о-в", "остров", "Св.", "Святой"),
	"en": strings.NewReplacer("St.", "Saint", " & ", " and "),
	"de": strings.NewReplacer("St.", "Saint"),
	"no": strings.NewReplacer("St.", "Saint"),
	"id": strings.NewReplacer("Kep.", "Kepulauan", " & ", " dan "),
}

// written lists how a text may write a name of CLDR: as it stands, and with what it shortens
// written out. Names for menus have none, and neither have abbreviations in capitals, which need
// a mode and are of the other files.
func written(locale, name string) []string {
	name = strings.Join(strings.Fields(name), " ") // CLDR has spaces that do not break
	if name == "" || forMenus.MatchString(name) || (name == strings.ToUpper(name) && name != strings.ToLower(name)) {
		return nil
	}
	r := abbreviated[locale]
	if r == nil {
		return []string{name}
	}
	switch long := r.Replace(name); {
	case long == name:
		return []string{name}
	case locale == "ru": // nobody writes о-в in a text
		return []string{long}
	default:
		return []string{name, long}
	}
}
