package bot

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"wirewatch/bot/locale"
)

// TestNotesAreTranslated reads where notes are worded: each must be one of ours.
func TestNotesAreTranslated(t *testing.T) {
	sentence := regexp.MustCompile(`(?:d\.warn\(|plural\([a-z]+, "[a-z ]+"\)\+|warning :?= fmt\.Sprintf\(|string\{fmt\.Sprintf\(|Warnings, fmt\.Sprintf\()"([^"]+)"`)
	verbs := strings.NewReplacer("%s before the break", "3 items before the break", "%s before", "3 bytes before", "%s without", "3 items without", "%s could", "3 items could", "%s shared", "3 guids shared",
		"%d", "3", "up to %s,", "up to 2026-01-02T03:04:05Z,", "%s", "utf-8")
	found := 0
	for _, file := range []string{"parse", "gofeed", "jsonfeed", "sitemap", "take", "charset", "detect", "clean", "watch/watch"} {
		code, err := os.ReadFile(filepath.FromSlash("../feeds/" + file + ".go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range sentence.FindAllStringSubmatch(string(code), -1) {
			said := verbs.Replace(m[1])
			if strings.HasPrefix(said, " ") { // behind plural
				said = map[bool]string{true: "3 references", false: "3 illegal control characters"}[strings.Contains(said, "illegal")] + said
				if strings.HasSuffix(said, " replaced") {
					said = "3 invalid bytes replaced"
				}
			}
			found++
			if _, n := firstNote(locale.Get("en"), said); n != len(said) {
				t.Errorf("%s: %q is in English alone: add it to noteKeys and to notes.* of every language", file, said)
			}
		}
	}
	if found < 17 {
		t.Errorf("%d sentences were found; are they worded elsewhere now?", found)
	}
}

func TestNotes(t *testing.T) {
	arabic, english := &turn{l: locale.Get("ar")}, &turn{l: locale.Get("en")}
	for said, want := range map[string]string{
		"broken XML repaired": "أُصلح XML تالف",
		"no usable encoding declared; taken for windows-1256; broken XML repaired": "لم يُعلن ترميز صالح فعُدّ \u2068windows-1256\u2069؛ أُصلح XML تالف",
		"1 illegal control character removed; 2 invalid bytes replaced":            "محارف تحكم ممنوعة حُذفت: 1؛ بايتات تالفة استُبدلت: 2",
		"document ends in the middle: 1 item before the break":                     "ينقطع المستند في وسطه، وعدد الأخبار قبل الانقطاع 1",
		"something new; item 3 is empty":                                           "\u2068something new\u2069؛ الخبر رقم 3 فارغ",
	} {
		if got := string(arabic.notes(said)); strings.NewReplacer("\u2068XML\u2069", "XML", "\u20681\u2069", "1", "\u20682\u2069", "2", "\u20683\u2069", "3").Replace(got) != want {
			t.Errorf("%s: %q, want %q", said, got, want)
		}
		if got := string(english.notes(said)); got != said {
			t.Errorf("in English: %q, want %q", got, said)
		}
	}
}
