package watch

import (
	"bytes"
	"context"
	"log/slog"
	"math"
	"slices"
	"sync"

	"wirewatch/filter"
	"wirewatch/filter/entity"
	"wirewatch/store"
)

// Rules is what the watcher asks of the store about rules. *[store.DB] is one.
type Rules interface {
	RulesAndEntities(ctx context.Context) ([]store.Rule, []store.Entity, error)
	RulesVersion(ctx context.Context) (int64, error)
}

// everything is the query of a followed source.
const everything = "*"

// ruleSet is every chat's rules, ready to match: queries in one [filter.Set],
// followed sources in a map, since they ask nothing of the text. What each chat
// calls things is in one gazetteer, so that one analysis of an article serves all.
type ruleSet struct {
	from  Rules
	base  *entity.Gazetteer // the entities of all
	broad filter.Admission
	log   *slog.Logger

	mu      sync.RWMutex
	version int64                   // of the store's rules, as they are here
	names   *entity.Shared          // the entities of all, and each chat's own
	own     map[int64][]entity.File // the definitions in names, by chat
	set     *filter.Set             // by rule id
	rules   map[int64]store.Rule    // every rule that is in set or follows
	came    broadRules              // since they were last reported
	follows map[int64][]int64       // source -> rules that take all of it
	readers map[int64]int           // source, 0 for any -> how many rules ask something of its text
}

func newRuleSet(from Rules, names *entity.Gazetteer, broad filter.Admission, log *slog.Logger) *ruleSet {
	shared, err := names.Share(nil)
	if err != nil {
		log.Error("entities", "err", err)
	}
	return &ruleSet{from: from, base: names, names: shared, broad: broad, log: log, version: -1,
		set: filter.NewSet(), rules: map[int64]store.Rule{}, follows: map[int64][]int64{}, readers: map[int64]int{}}
}

// refresh makes the set equal to the store's rules, if they changed. It is
// asked before every match: a rule holds from the article after it was written.
func (s *ruleSet) refresh(ctx context.Context) error {
	version, err := s.from.RulesVersion(ctx)
	if err != nil {
		return err
	}
	s.mu.RLock()
	fresh := s.version == version
	s.mu.RUnlock()
	if fresh {
		return nil
	}
	rules, entities, err := s.from.RulesAndEntities(ctx)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.version < version {
		s.update(rules, s.rename(entities))
		s.version = version
	}
	return nil
}

// rename makes the chats' own entities equal to these, and lists the chats whose
// rules may mean something else now.
func (s *ruleSet) rename(entities []store.Entity) (renamed map[int64]bool) {
	own := map[int64][]entity.File{}
	for _, e := range entities {
		own[e.Chat] = append(own[e.Chat], entity.File{Name: "@" + e.Slug, Data: []byte(e.Definition)})
	}
	renamed = map[int64]bool{}
	for chat, files := range own {
		if !slices.EqualFunc(files, s.own[chat], sameFile) {
			renamed[chat] = true
		}
	}
	for chat := range s.own {
		if own[chat] == nil {
			renamed[chat] = true
		}
	}
	if len(renamed) == 0 {
		return nil
	}
	names, err := s.base.Share(own)
	if err != nil {
		s.log.Error("stored entities are not understood any more; their chats must write them anew", "err", err)
	}
	s.names, s.own = names, own
	return renamed
}

func sameFile(a, b entity.File) bool { return a.Name == b.Name && bytes.Equal(a.Data, b.Data) }

// update brings the set from its rules to these, touching only what differs and the
// rules of chats that call things otherwise now.
func (s *ruleSet) update(rules []store.Rule, renamed map[int64]bool) {
	gone := make(map[int64]bool, len(s.rules))
	for id := range s.rules {
		gone[id] = true
	}
	for _, r := range rules {
		if r.Tier == store.TierOff {
			continue
		}
		old, had := s.rules[r.ID]
		if had && old.Query == r.Query && old.Source == r.Source && old.Chat == r.Chat && !renamed[r.Chat] {
			delete(gone, r.ID)
			continue
		}
		if had {
			s.remove(r.ID)
			delete(gone, r.ID)
		}
		s.add(r)
	}
	for id := range gone {
		s.remove(id)
	}
	s.reportBroad()
}

// reportBroad tells the operator of new rules that take a great part of all articles: how many,
// and which the broadest is. They are matched like all others: what a chat was told is a rule stays one.
func (s *ruleSet) reportBroad() {
	if s.came.count == 0 {
		return
	}
	s.log.Warn("some rules take a great part of all articles; rules.broad: refuse refuses such rules when they are written",
		"rules", s.came.count, "broadest", s.came.rule.ID, "chat", s.came.rule.Chat, "query", s.came.rule.Query, "share", math.Round(1000*s.came.share)/1000)
	s.came = broadRules{}
}

// broadRules are the broad ones among rules that came.
type broadRules struct {
	count int
	rule  store.Rule // the broadest
	share float64
}

// weigh remembers a rule if it is broad.
func (s *ruleSet) weigh(r store.Rule, q *filter.Query) {
	if r.Source != 0 {
		return // it takes no more than its source has
	}
	if b := q.Breadth(); s.broad.Broad(b) {
		if s.came.count++; b.Share > s.came.share {
			s.came.rule, s.came.share = r, b.Share
		}
	}
}

// add puts one rule in. A rule was parsed before it was stored; one that this
// version of the program refuses is an error that an operator must see.
func (s *ruleSet) add(r store.Rule) {
	if r.Query == everything && r.Source != 0 {
		s.follows[r.Source] = append(s.follows[r.Source], r.ID)
		s.rules[r.ID] = r
		return
	}
	q, err := filter.Parse(r.Query, s.names.For(r.Chat))
	if err != nil {
		s.log.Error("a stored rule is not understood any more; its chat must write it anew", "rule", r.ID, "chat", r.Chat, "query", r.Query, "err", err)
		return
	}
	s.set.Add(r.ID, q)
	s.weigh(r, q)
	s.readers[r.Source]++
	s.rules[r.ID] = r
}

func (s *ruleSet) remove(id int64) {
	if source := s.rules[id].Source; slices.Contains(s.follows[source], id) {
		s.follows[source] = slices.DeleteFunc(s.follows[source], func(f int64) bool { return f == id })
	} else if r, ok := s.rules[id]; ok {
		s.set.Remove(id)
		if s.readers[r.Source]--; s.readers[r.Source] == 0 {
			delete(s.readers, r.Source)
		}
	}
	delete(s.rules, id)
}

// reads reports whether some rule asks anything of the text of a source's
// articles.
func (s *ruleSet) reads(source int64) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.readers[0]+s.readers[source] > 0
}

// match lists the rules that an article satisfies, by id. Which chat may see its
// source is the store's to say. The article is analysed here, since names and rules
// must be of one moment.
func (s *ruleSet) match(a store.Article) []store.Match {
	s.mu.RLock()
	defer s.mu.RUnlock()
	source, d := a.Source.ID, Analyse(a, s.names.Names())
	if n := d.Unread(); n > 0 {
		s.log.Warn("an article is too long, its end is not searched", "source", source, "page", redact(a.Item.URL), "unread", n)
	}
	var found []store.Match
	for _, id := range s.follows[source] {
		found = append(found, store.Match{Rule: id})
	}
	s.set.Match(d, func(id int64, e filter.Evidence) {
		if only := s.rules[id].Source; only == 0 || only == source {
			found = append(found, store.Match{Rule: id, Hits: hits(e)})
		}
	})
	slices.SortFunc(found, func(a, b store.Match) int { return int(a.Rule - b.Rule) })
	return found
}

// hits copies the evidence into what is stored with a delivery.
func hits(e filter.Evidence) []store.Hit {
	out := make([]store.Hit, len(e))
	for i, h := range e {
		out[i] = store.Hit{Term: h.Term, Text: h.Text, Zone: h.Zone}
	}
	return out
}
