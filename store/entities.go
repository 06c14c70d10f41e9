package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// MaxEntities is how many entities of its own one chat may have.
const MaxEntities = 100

// Entity is something that a chat has a name for.
type Entity struct {
	ID, Chat         int64
	Slug             string // unique in the chat
	Definition       string // as the gazetteer writes it; never read here
	Created, Changed time.Time
}

const entityColumns = `id, chat_id, slug, definition, created, changed`

func scanEntity(s scanner) (e Entity, err error) {
	err = s.Scan(&e.ID, &e.Chat, &e.Slug, &e.Definition, toTime{&e.Created}, toTime{&e.Changed})
	return e, err
}

// Entities lists a chat's own entities by id.
func (db *DB) Entities(ctx context.Context, chat int64) ([]Entity, error) {
	t, cancel := db.one(ctx)
	defer cancel()
	return collect(t, scanEntity, `SELECT `+entityColumns+` FROM entities WHERE chat_id = $1 ORDER BY id`, chat)
}

// RulesAndEntities lists the rules and the own entities of every chat, by id, as they
// are at one moment: every entity that a rule names is there.
func (db *DB) RulesAndEntities(ctx context.Context) (rules []Rule, entities []Entity, err error) {
	err = db.read(ctx, func(t *tx) error {
		if rules, err = collect(t, scanRule, `SELECT `+ruleColumns+` FROM rules ORDER BY id`); err != nil {
			return err
		}
		entities, err = collect(t, scanEntity, `SELECT `+entityColumns+` FROM entities ORDER BY id`)
		return err
	})
	return rules, entities, err
}

// SaveEntities stores definitions of a chat, each in place of the one with its slug,
// all or none; only Slug and Definition are read. It moves RulesVersion on: rules mean
// something else now. ErrLimit beyond MaxEntities, ErrNotFound when the chat is unknown.
func (db *DB) SaveEntities(ctx context.Context, chat int64, list []Entity) error {
	err := db.write(ctx, func(t *tx) error {
		if err := t.mustChat(chat); err != nil {
			return err
		}
		for _, e := range list {
			_, err := t.exec(`INSERT INTO entities (chat_id, slug, definition, created, changed) VALUES ($1, $2, $3, $4, $4)
				ON CONFLICT (chat_id, slug) DO UPDATE SET definition = excluded.definition, changed = excluded.changed`,
				chat, e.Slug, e.Definition, t.now)
			if err != nil {
				return err
			}
		}
		var n int
		if err := t.row(`SELECT count(*) FROM entities WHERE chat_id = $1`, chat).Scan(&n); err != nil {
			return err
		}
		if n > MaxEntities {
			return fmt.Errorf("%w: a chat may have %d entities", ErrLimit, MaxEntities)
		}
		return t.rulesChanged()
	})
	if err != nil {
		return fmt.Errorf("save entities: %w", err)
	}
	return nil
}

// DeleteEntity removes an entity, or says ErrNotFound. Whether a rule needs it is the
// caller's to find out.
func (db *DB) DeleteEntity(ctx context.Context, chat, id int64) error {
	return db.write(ctx, func(t *tx) error {
		n, err := t.exec(`DELETE FROM entities WHERE chat_id = $1 AND id = $2`, chat, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return found(sql.ErrNoRows, "entity", id)
		}
		return t.rulesChanged()
	})
}
