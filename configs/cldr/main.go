// Command cldr writes what the Unicode CLDR calls the countries and territories of the world into
// the starter entities, and the licence of that data beside them:
//
//	npm pack cldr-localenames-full@48.2.0
//	go run ./configs/cldr -from cldr-localenames-full-48.2.0.tgz
//
// territories.txt says which code is which entity, left-out.txt which names are not taken, and why. What
// is written depends on these and on the archive alone.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

// The files that are written.
const (
	packFile    = "cldr-territories.yaml"
	licenceFile = "LICENSE-CLDR"
)

func main() {
	from := flag.String("from", "", "archive of the npm package cldr-localenames-full, as npm pack fetches it")
	to := flag.String("to", "configs/entities", "folder of the starter entities")
	flag.Parse()
	if err := run(*from, *to); err != nil {
		fmt.Fprintln(os.Stderr, "cldr:", err)
		os.Exit(1)
	}
}

func run(from, to string) error {
	if from == "" {
		return fmt.Errorf("-from is missing: the archive that “npm pack cldr-localenames-full” fetches")
	}
	f, err := os.Open(from)
	if err != nil {
		return fmt.Errorf("open the archive: %w", err)
	}
	defer f.Close()
	a, err := readArchive(f)
	if err != nil {
		return fmt.Errorf("read %s: %w", from, err)
	}
	pack, err := generate(a)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(to, packFile), pack, 0o644); err != nil {
		return fmt.Errorf("write the pack: %w", err)
	}
	if err := os.WriteFile(filepath.Join(to, licenceFile), a.licence, 0o644); err != nil {
		return fmt.Errorf("write the licence: %w", err)
	}
	return nil
}
