package filter

import (
	"os"
	"strings"
	"testing"

	"wirewatch/filter/entity"
)

// TestArabicClitics: every name that a proclitic was written to is found when its
// bare form is the alias.
func TestArabicClitics(t *testing.T) {
	data, err := os.ReadFile("../../shared/corpus/entities/ar_pud_clitic_propn.tsv")
	if err != nil {
		t.Skip("the corpus of names with clitics is not here")
	}
	rows := 0
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n")[1:] {
		f := strings.Split(line, "\t")
		surface, host, sentence := f[1], f[3], f[5]
		rows++
		names, err := entity.Load([]byte("- slug: x\n  kind: place\n  names: {ar: [\"" + host + "\"]}\n"))
		if err != nil {
			t.Fatal(err)
		}
		e, ok := mustParse(t, "@x", names).Match(Analyse(Input{Body: sentence, Lang: "ar"}, names))
		if !ok || !shows(e, "@x", surface) {
			t.Errorf("%s in %s: %v %v", host, surface, ok, e)
		}
	}
	if rows != 143 {
		t.Errorf("%d rows, want 143", rows)
	}
}
