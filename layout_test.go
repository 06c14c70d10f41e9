// Package wirewatch_test holds what must be true of the repository as a whole:
// which package may import which, one charter a package, and what the README
// promises. There is no code at the root.
package wirewatch_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mayImport is the architecture: what of ours each package may import. A name
// that ends in /... is the package and everything below it. Test files may
// import more; what ships may not. A package that is not here needs a line
// here and a reason in docs/decisions.
var mayImport = map[string][]string{
	".":                         {},
	"cmd/wirewatch":             {"./..."},
	"configs":                   {"feeds/...", "filter/...", "store", "bot/..."},
	"configs/cldr":              {},
	"feeds":                     {},
	"feeds/fetch":               {"feeds"},
	"feeds/page":                {"feeds", "filter/text"},
	"feeds/story":               {"feeds", "filter/text", "filter/entity"},
	"feeds/watch":               {"feeds/...", "filter/...", "store"},
	"filter":                    {"filter/text", "filter/entity"},
	"filter/text":               {},
	"filter/entity":             {"filter/text"},
	"store":                     {"feeds"},
	"store/storetest":           {"store"},
	"bot":                       {"bot/...", "feeds", "filter/...", "store"},
	"bot/digest":                {"store", "feeds"},
	"bot/locale":                {},
	"bot/telegram":              {},
	"bot/telegram/telegramtest": {},
}

// onlyForTests are packages that no shipped code may import, but for those named.
var onlyForTests = map[string][]string{
	"store/storetest":           {},
	"bot/telegram/telegramtest": {"cmd/wirewatch"}, // the demo
}

// grabBags are names that say what kind of thing is inside, not what for.
var grabBags = []string{"models", "types", "common", "util", "utils", "helpers", "mocks", "internal", "pkg"}

func TestImportsGoOneWay(t *testing.T) {
	for dir, pkg := range packages(t) {
		allowed, known := mayImport[dir]
		if !known {
			t.Errorf("package %s is not in the table; say in docs/decisions why it is needed", dir)
			continue
		}
		for _, imp := range pkg.imports {
			if !covered(imp, allowed) {
				t.Errorf("%s may not import %s", dir, imp)
			}
			if users, restricted := onlyForTests[imp]; restricted && !slices.Contains(users, dir) {
				t.Errorf("%s imports %s, which is for tests", dir, imp)
			}
		}
	}
}

func TestEveryPackageHasOneCharter(t *testing.T) {
	for dir, pkg := range packages(t) {
		if n := len(pkg.comments); n != 1 {
			t.Errorf("%s has %d package comments %v; exactly one is its charter", dir, n, pkg.comments)
		}
	}
}

func TestNoGrabBags(t *testing.T) {
	for dir := range packages(t) {
		for part := range strings.SplitSeq(dir, "/") {
			if slices.Contains(grabBags, part) {
				t.Errorf("%s: a package is named after what it is for, not %q", dir, part)
			}
		}
	}
}

func TestEveryPackageOfTheTableExists(t *testing.T) {
	have := packages(t)
	for dir := range maps.Keys(mayImport) {
		if _, ok := have[dir]; !ok {
			t.Errorf("the table names %s, which does not exist", dir)
		}
	}
}

// pkg is what the tests above need to know of a folder of Go files.
type pkg struct {
	imports  []string // of ours, by files that ship
	comments []string // files that carry a package comment
}

// packages reads every Go folder of the module, without testdata.
func packages(t *testing.T) map[string]*pkg {
	t.Helper()
	found := map[string]*pkg{}
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && file != "." && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".")) {
			return filepath.SkipDir
		}
		if strings.HasSuffix(file, ".go") {
			return read(found, filepath.ToSlash(file))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// read adds one Go file to its package.
func read(found map[string]*pkg, file string) error {
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly|parser.ParseComments)
	if err != nil {
		return err
	}
	dir := path.Dir(file)
	p := found[dir]
	if p == nil {
		p = &pkg{}
		found[dir] = p
	}
	if f.Doc != nil {
		p.comments = append(p.comments, path.Base(file))
	}
	if strings.HasSuffix(file, "_test.go") {
		return nil
	}
	for _, imp := range f.Imports {
		name, err := strconv.Unquote(imp.Path.Value)
		if err != nil {
			return err
		}
		if ours, ok := strings.CutPrefix(name, "wirewatch/"); ok && !slices.Contains(p.imports, ours) {
			p.imports = append(p.imports, ours)
		}
	}
	return nil
}

// covered tells whether imp is in the list, directly or below a /... entry.
func covered(imp string, allowed []string) bool {
	for _, a := range allowed {
		below, tree := strings.CutSuffix(a, "/...")
		if imp == a || tree && (below == "." || imp == below || strings.HasPrefix(imp, below+"/")) {
			return true
		}
	}
	return false
}
