// Package digest decides what a digest contains: which stories stand at the
// top, under which rule each of the others stands, what is counted, and which
// sources are in trouble. It is pure, and knows no language and no markup:
// package bot lays a Digest out.
package digest

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"wirewatch/store"
)

const (
	topStories   = 3 // stories at the top, at most
	topFrom      = 8 // a digest of fewer stories has no top: it is short enough
	troubleFails = 3 // visits in a row that must fail before a source is called in trouble
)

// Input is what a digest is made of.
type Input struct {
	Deliveries []store.Delivery // of one destination; those without an article are settled and tell nothing
	Sources    []store.Source   // what the chat sees; nil: nothing is said about sources
	Since      time.Time        // when the period began; zero: unknown
	Now        time.Time
}

// Digest is a laid-out digest. Every delivery of the input is in it exactly
// once: with a story, or in Bare.
type Digest struct {
	Since, Now time.Time
	Top        []Story   // the most widely carried, not repeated below; often none
	Sections   []Section // by rule, in the order of the rules' ids; what no rule names comes last
	Counts     Counts
	Trouble    []Trouble // by name
	Empty      bool      // no story at all
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
	rule       store.RuleMatch
}

// Counts are over the whole digest.
type Counts struct {
	Stories int
	Outlets int // sources that carried any of them
	Working int // sources that answer
}

// Trouble is a source that has not answered for a while.
type Trouble struct {
	Source string
	Since  time.Time // its last good visit; zero: there was none
	Reason string
}

// Build lays a digest out. The input is not changed; equal inputs give equal
// digests.
func Build(in Input) Digest {
	d := Digest{Since: in.Since, Now: in.Now}
	stories, bare := gather(in.Deliveries)
	d.Bare = bare
	d.Counts.Stories = len(stories)
	d.Counts.Outlets = outlets(stories)
	d.Empty = len(stories) == 0
	d.Top, stories = takeTop(stories)
	d.Sections = sections(stories)
	d.Trouble, d.Counts.Working = trouble(in.Sources)
	return d
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
		s := &stories[i]
		s.Deliveries = append(s.Deliveries, d.ID)
		s.Also = others(s.Article.Source.Title, append(append(s.Also, d.Article.Source.Title), d.Article.Also...))
	}
	return stories, bare
}

func newStory(d store.Delivery) Story {
	s := Story{Deliveries: []int64{d.ID}, Article: *d.Article, Also: others(d.Article.Source.Title, d.Article.Also)}
	rules := slices.Clone(d.Rules)
	slices.SortStableFunc(rules, func(a, b store.RuleMatch) int { return cmp.Compare(a.ID, b.ID) })
	for i, r := range rules {
		if i == 0 {
			s.rule = r
			continue
		}
		s.Others = append(s.Others, r.Name)
	}
	return s
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

// takeTop takes out the stories that most sources carried, if the digest is
// long and there are such.
func takeTop(stories []Story) (top, rest []Story) {
	if len(stories) < topFrom {
		return nil, stories
	}
	byOutlets := slices.Clone(stories)
	slices.SortStableFunc(byOutlets, func(a, b Story) int {
		return cmp.Or(cmp.Compare(len(b.Also), len(a.Also)), newestFirst(a, b))
	})
	taken := map[int64]bool{}
	for _, s := range byOutlets {
		if len(top) == topStories || len(s.Also) == 0 {
			break
		}
		if s.rule.ID != 0 { // there is no section to say it
			s.Others = append([]string{s.rule.Name}, s.Others...)
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

// sections puts each story under the first rule that it matches.
func sections(stories []Story) []Section {
	var list []Section
	index := map[int64]int{}
	for _, s := range stories {
		i, ok := index[s.rule.ID]
		if !ok {
			i = len(list)
			index[s.rule.ID] = i
			list = append(list, Section{Rule: s.rule.ID, Name: s.rule.Name})
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

// name is what a source is called: its title, else its host. A whole address
// may hold a secret and is never shown.
func name(s store.Source) string {
	if s.Title != "" {
		return s.Title
	}
	if u, err := url.Parse(s.URL); err == nil {
		return u.Hostname()
	}
	return ""
}

// trouble lists the sources that do not answer and counts those that do; one
// that was paused or is gone is neither.
func trouble(sources []store.Source) (list []Trouble, working int) {
	for _, s := range sources {
		switch {
		case s.State != store.SourceActive:
		case s.Fails < troubleFails:
			working++
		default:
			list = append(list, Trouble{Source: name(s), Since: s.LastOK, Reason: s.LastError})
		}
	}
	slices.SortStableFunc(list, func(a, b Trouble) int { return strings.Compare(a.Source, b.Source) })
	return list, working
}
