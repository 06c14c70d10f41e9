package main

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
)

// maxFile bounds one file of the archive; the largest that is read has some 20 kB.
const maxFile = 1 << 20

// archive is what is taken from the package.
type archive struct {
	version string // of the CLDR
	sum     string // SHA-256 of the archive
	licence []byte
	names   map[string]map[string]string // locale -> code, or code with -alt-…, -> name
}

// readArchive reads the licence, the version and the names of territories in our locales.
func readArchive(r io.Reader) (*archive, error) {
	sum := sha256.New()
	tee := io.TeeReader(r, sum)
	zip, err := gzip.NewReader(tee)
	if err != nil {
		return nil, fmt.Errorf("not a package of npm: %w", err)
	}
	a := &archive{names: map[string]map[string]string{}}
	for files := tar.NewReader(zip); ; {
		h, err := files.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if err := a.file(h.Name, io.LimitReader(files, maxFile)); err != nil {
			return nil, fmt.Errorf("%s: %w", h.Name, err)
		}
	}
	if _, err := io.Copy(io.Discard, tee); err != nil {
		return nil, err
	}
	a.sum = fmt.Sprintf("%x", sum.Sum(nil))
	if a.version == "" || len(a.licence) == 0 {
		return nil, errors.New("it has no package.json or no LICENSE")
	}
	return a, nil
}

// file takes one file of the archive, if it is wanted.
func (a *archive) file(name string, r io.Reader) (err error) {
	switch dir, base := path.Split(name); {
	case name == "package/LICENSE":
		a.licence, err = io.ReadAll(r)
	case name == "package/package.json":
		var p struct {
			Name, Version string
		}
		err = json.NewDecoder(r).Decode(&p)
		if err == nil && p.Name != "cldr-localenames-full" {
			err = fmt.Errorf("this is the package %q; cldr-localenames-full is wanted", p.Name)
		}
		a.version = p.Version
	case base == "territories.json" && wanted(path.Base(dir)):
		err = a.territories(path.Base(dir), r)
	}
	return err
}

// territories takes the names of one locale.
func (a *archive) territories(locale string, r io.Reader) error {
	var doc struct {
		Main map[string]struct {
			LocaleDisplayNames struct{ Territories map[string]string }
		}
	}
	if err := json.NewDecoder(r).Decode(&doc); err != nil {
		return err
	}
	a.names[locale] = doc.Main[locale].LocaleDisplayNames.Territories
	return nil
}
