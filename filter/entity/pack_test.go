package entity_test

import (
	"os"
	"path/filepath"
	"testing"

	"wirewatch/filter/entity"
)

// starter loads the packs that ship with the program, or skips.
func starter(t testing.TB) *entity.Gazetteer {
	t.Helper()
	paths, _ := filepath.Glob("../../configs/entities/*.yaml")
	if len(paths) == 0 {
		t.Skip("no starter entities yet")
	}
	var files []entity.File
	for _, p := range paths {
		data, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, entity.File{Name: filepath.Base(p), Data: data})
	}
	g, err := entity.LoadFiles(files...)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestStarterPack(t *testing.T) {
	g := starter(t)
	for _, slug := range []string{"geneva", "security-guarantees", "nato", "un", "russia", "usa", "syria", "ukraine"} {
		if _, ok := g.Lookup(slug); !ok {
			t.Errorf("the starter pack has no @%s", slug)
		}
	}
	if e, ok := g.Lookup("security guarantees"); !ok || e.Slug != "security-guarantees" {
		t.Errorf("Lookup(security guarantees) = %v, %v", e, ok)
	}
}

func BenchmarkLoad(b *testing.B) {
	paths, _ := filepath.Glob("../../configs/entities/*.yaml")
	var files [][]byte
	for _, p := range paths {
		data, _ := os.ReadFile(p)
		files = append(files, data)
	}
	for b.Loop() {
		if _, err := entity.Load(files...); err != nil {
			b.Fatal(err)
		}
	}
}
