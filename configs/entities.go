package configs

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"wirewatch/filter/entity"
)

//go:embed entities
var entityFiles embed.FS

// Entities is the starter gazetteer. It is read once; callers share it.
var Entities = sync.OnceValues(func() (*entity.Gazetteer, error) {
	packs, err := entityFiles.ReadDir("entities")
	if err != nil {
		return nil, fmt.Errorf("read starter entities: %w", err)
	}
	var files []entity.File
	for _, f := range packs {
		if path.Ext(f.Name()) != ".yaml" {
			continue
		}
		doc, err := entityFiles.ReadFile(path.Join("entities", f.Name()))
		if err != nil {
			return nil, fmt.Errorf("read starter entities: %w", err)
		}
		files = append(files, entity.File{Name: f.Name(), Data: doc})
	}
	names, err := entity.LoadFiles(files...)
	if err != nil {
		return nil, fmt.Errorf("starter entities: %w", err)
	}
	return names, nil
})

// Gazetteer holds the entities that every chat may name: the starter ones and those of the
// operator's file. Its errors are those of [EntitiesWith].
func (c *Config) Gazetteer() (*entity.Gazetteer, error) {
	if c.Entities == "" {
		return Entities()
	}
	return EntitiesWith(c.Entities)
}

// EntitiesWith is the starter gazetteer with packs from files over it: YAML, or a table
// of names where a file is called .tsv or .txt. Their entities take the place of the starter ones with
// their slugs. The error is an *[Error] that carries file and line where a pack is wrong.
func EntitiesWith(files ...string) (*entity.Gazetteer, error) {
	names, err := Entities()
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return names, nil
	}
	var packs []entity.File
	for _, name := range files {
		pack, err := readPack(name)
		if err != nil {
			return nil, err
		}
		packs = append(packs, pack)
	}
	if names, err = names.With(packs...); err != nil {
		return nil, &Error{Text: err.Error()}
	}
	return names, nil
}

// readPack reads one pack.
func readPack(name string) (entity.File, error) {
	f, err := os.Open(name)
	if pe := (*os.PathError)(nil); errors.As(err, &pe) {
		return entity.File{}, &Error{Text: fmt.Sprintf("%s: %v; a file of entities is wanted", name, pe.Err)}
	}
	if err != nil {
		return entity.File{}, fmt.Errorf("read entities: %w", err)
	}
	defer f.Close()
	doc, err := io.ReadAll(io.LimitReader(f, entity.MaxFile+1)) // what is larger is refused by its reader
	if err != nil {
		return entity.File{}, fmt.Errorf("read entities: %w", err)
	}
	doc = bytes.TrimPrefix(doc, []byte("\ufeff"))
	if ext := strings.ToLower(filepath.Ext(name)); ext == ".tsv" || ext == ".txt" {
		if doc, err = entity.FromTSV(bytes.NewReader(doc), ""); err != nil {
			return entity.File{}, &Error{Text: name + ": " + strings.ReplaceAll(err.Error(), "\n", "\n"+name+": ")}
		}
	}
	return entity.File{Name: name, Data: doc}, nil
}
