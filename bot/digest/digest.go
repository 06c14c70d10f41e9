// Package digest decides what a digest contains: which stories stand at the
// top, under which rule each of the others stands, what is counted, and which
// sources are in trouble. It is pure, and knows no language and no markup:
// package bot lays a Digest out.
package digest

import (
	"cmp"
	"slices"
	"time"

	"wirewatch/store"
)

const (
	topStories = 3  // stories at the top, at most
	topFrom    = 8  // a digest of fewer stories has no top: it is short enough
	usualOf    = 14 // earlier digests that say what is usual, at most
	usualFrom  = 3  // and at least
)

// Input is what a digest is made of.
type Input struct {
	Deliveries []store.Delivery // of one destination; those without an article are settled and tell nothing

	// Sources are those that the destination's rules look at; nil: nothing is
	// said about sources. Silent are those among them that publish nothing
	// although they usually do, by id, with the time of their last article.
	Sources []store.Source
	Silent  map[int64]time.Time

	Told    int       // stories that the destination was told one by one in this period; used when there are none else
	NoRules bool      // no rule that is on ends in the destination: nothing could have been found
	Usual   []int     // stories of its earlier digests of this time of day, the newest first
	Since   time.Time // when the period began; zero: unknown
	Now     time.Time
}

// Emptiness is why a digest tells no story.
type Emptiness string

// The reasons, of which the first is none.
const (
	NotEmpty  Emptiness = ""
	Quiet     Emptiness = "quiet"   // nothing happened that the rules look for
	NoRules   Emptiness = "rules"   // there is nothing that is looked for
	NoSources Emptiness = "sources" // there is nothing to look at
	Blind     Emptiness = "blind"   // no source answered: nobody knows
	AllTold   Emptiness = "told"    // what there was has been told one by one
)

// Digest is a laid-out digest. Every delivery of the input is in it exactly
// once: with a story, or in Bare.
type Digest struct {
	Since, Now time.Time
	Top        []Story   // the most important, not repeated below; often none
	Sections   []Section // by rule, in the order of the rules' ids; what no rule names comes last
	Counts     Counts
	Trouble    []Trouble // what began in this period first, then by name
	Empty      Emptiness // why there is no story at all
	Bare       []int64   // deliveries without an article, settled with the first page
}

// Section is the stories of one rule.
type Section struct {
	Rule    int64  // 0: stories that came without a rule
	Name    string // as the chat named the rule
	Stories []Story
}

// Story is one story and the deliveries that are settled when it is told.
type Story struct {
	Deliveries []int64
	Article    store.Article // the first of its articles that was owed
	Also       []string      // titles of the other sources that carried it, each once
	Others     []string      // names of the rules that it matches, but for its section's
	Tier       store.Tier    // the most urgent of its deliveries'
	rules      []store.RuleMatch
}

// Counts are over the whole digest.
type Counts struct {
	Stories int
	Outlets int // sources that carried any of them
	Working int // sources that answer
	Usual   int // stories of such a digest as a rule; -1: not known
	Told    int // stories that were told one by one instead
}

// Build lays a digest out. The input is not changed; equal inputs give equal
// digests.
func Build(in Input) Digest {
	d := Digest{Since: in.Since, Now: in.Now}
	stories, bare := gather(in.Deliveries)
	d.Bare = bare
	d.Counts.Stories = len(stories)
	d.Counts.Outlets = outlets(stories)
	d.Counts.Usual = usual(in.Usual)
	d.Counts.Told = in.Told
	d.Trouble, d.Counts.Working = trouble(in)
	if len(stories) == 0 {
		d.Empty = emptiness(in, d)
	}
	d.Top, stories = takeTop(stories)
	d.Sections = sections(stories)
	return d
}

// usual is the mean of what came before; a few digests say nothing.
func usual(counts []int) int {
	if len(counts) < usualFrom {
		return -1
	}
	counts = counts[:min(len(counts), usualOf)]
	sum := 0
	for _, n := range counts {
		sum += n
	}
	return (sum + len(counts)/2) / len(counts)
}

// emptiness tells silence from deafness.
func emptiness(in Input, d Digest) Emptiness {
	switch {
	case in.Told > 0:
		return AllTold
	case in.NoRules:
		return NoRules
	case in.Sources != nil && len(in.Sources) == 0:
		return NoSources
	case d.Counts.Working == 0 && len(d.Trouble) > 0:
		return Blind
	}
	return Quiet
}

// gather makes stories of deliveries: usually one each, but two deliveries of
// one story are told together.
func gather(deliveries []store.Delivery) (stories []Story, bare []int64) {
	index := map[int64]int{} // story id -> position
	for _, d := range deliveries {
		if d.Article == nil {
			bare = append(bare, d.ID)
			continue
		}
		i, known := index[d.Article.Story]
		if !known || d.Article.Story == 0 {
			index[d.Article.Story] = len(stories)
			stories = append(stories, newStory(d))
			continue
		}
		stories[i].add(d)
	}
	return stories, bare
}

func newStory(d store.Delivery) Story {
	s := Story{Article: *d.Article}
	s.add(d)
	return s
}

// add tells a delivery with the story.
func (s *Story) add(d store.Delivery) {
	s.Deliveries = append(s.Deliveries, d.ID)
	names := append(s.Also, d.Article.Source.Title)
	s.Also = others(s.Article.Source.Title, append(names, d.Article.Also...))
	if rank(d.Tier) > rank(s.Tier) {
		s.Tier = d.Tier
	}
	for _, r := range d.Rules {
		if !slices.ContainsFunc(s.rules, func(known store.RuleMatch) bool { return known.ID == r.ID }) {
			s.rules = append(s.rules, r)
		}
	}
	slices.SortStableFunc(s.rules, func(a, b store.RuleMatch) int { return cmp.Compare(a.ID, b.ID) })
	s.Others = nil
	for _, r := range s.rules[min(1, len(s.rules)):] {
		s.Others = append(s.Others, r.Name)
	}
}

// rule is the rule under which the story stands, the zero value for none.
func (s *Story) rule() store.RuleMatch {
	if len(s.rules) == 0 {
		return store.RuleMatch{}
	}
	return s.rules[0]
}

// rank orders tiers by urgency.
func rank(t store.Tier) int {
	return slices.Index([]store.Tier{store.TierDigest, store.TierInstant, store.TierFlash}, t)
}

// others lists names but for own, each once, in order.
func others(own string, names []string) []string {
	var list []string
	for _, name := range names {
		if name != "" && name != own && !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}

func outlets(stories []Story) int {
	seen := map[string]bool{}
	for _, s := range stories {
		for _, name := range append([]string{s.Article.Source.Title}, s.Also...) {
			if name != "" {
				seen[name] = true
			}
		}
	}
	return len(seen)
}

// takeTop takes out the most important stories, if the digest is long and some
// are more than others.
func takeTop(stories []Story) (top, rest []Story) {
	if len(stories) < topFrom {
		return nil, stories
	}
	sorted := slices.Clone(stories)
	slices.SortStableFunc(sorted, moreImportant)
	taken := map[int64]bool{}
	for _, s := range sorted {
		if len(top) == topStories || !s.stands() {
			break
		}
		if r := s.rule(); r.ID != 0 { // there is no section to say it
			s.Others = append([]string{r.Name}, s.Others...)
		}
		top = append(top, s)
		taken[s.Deliveries[0]] = true
	}
	for _, s := range stories {
		if !taken[s.Deliveries[0]] {
			rest = append(rest, s)
		}
	}
	return top, rest
}

// moreImportant orders stories by how many sources carry them, then by how
// urgent they are to the reader, then by how many rules look for them.
func moreImportant(a, b Story) int {
	return cmp.Or(cmp.Compare(len(b.Also), len(a.Also)), cmp.Compare(rank(b.Tier), rank(a.Tier)),
		cmp.Compare(len(b.rules), len(a.rules)), newestFirst(a, b))
}

// stands reports whether a story has anything that makes it important.
func (s *Story) stands() bool {
	return len(s.Also) > 0 || rank(s.Tier) > rank(store.TierDigest) || len(s.rules) > 1
}

// sections puts each story under the first rule that it matches.
func sections(stories []Story) []Section {
	var list []Section
	index := map[int64]int{}
	for _, s := range stories {
		r := s.rule()
		i, ok := index[r.ID]
		if !ok {
			i = len(list)
			index[r.ID] = i
			list = append(list, Section{Rule: r.ID, Name: r.Name})
		}
		list[i].Stories = append(list[i].Stories, s)
	}
	for _, s := range list {
		slices.SortStableFunc(s.Stories, newestFirst)
	}
	slices.SortFunc(list, func(a, b Section) int {
		if (a.Rule == 0) != (b.Rule == 0) { // without a rule: last
			return cmp.Compare(b.Rule, a.Rule)
		}
		return cmp.Compare(a.Rule, b.Rule)
	})
	return list
}

func newestFirst(a, b Story) int { return When(b.Article).Compare(When(a.Article)) }

// When is the time that a reader is told for an article: its publication, or
// when it was first seen if it does not say or claims to be of the future.
func When(a store.Article) time.Time {
	if p := a.Item.Published; !p.IsZero() && (a.SeenAt.IsZero() || !p.After(a.SeenAt)) {
		return p
	}
	return a.SeenAt
}
