package configs

import (
	"embed"
	"fmt"
	"path"
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
