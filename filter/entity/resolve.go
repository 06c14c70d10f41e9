package entity

import (
	"slices"

	"wirewatch/filter/text"
)

// Weights of the evidence that a name means this entity and no namesake.
const (
	prior      = 1 // a name that is not weak
	perStrong  = 2 // another name of it, one that is not weak, in the article
	perParent  = 2 // what it is part of, in the article
	perNeed    = 1 // a word of its context, three at most
	perVeto    = 3 // a word that speaks for a namesake, two at most
	maxNeed    = 3
	maxVeto    = 2
	vetoWithin = 2 // words after a name in which a veto decides alone: "Geneva, Illinois"
)

// resolver decides for one article which hits count.
type resolver struct {
	*finder
	names *names
	s     *text.Stream
	hits  []hit // of all entities, by entity
}

// resolve appends the mentions of the one entity of hits, which are ordered by place.
func (r *resolver) resolve(mentions []Mention, hits []hit) []Mention {
	e, number := hits[0].alias.entity, hits[0].alias.number
	hits = r.shouted(hits)
	ctx := r.names.context[number]
	strong, weak := 0, 0
	spelling, several := int32(-1), false
	for _, h := range hits {
		if h.alias.name.Weak {
			weak++
			continue
		}
		strong++
		several = several || (spelling >= 0 && spelling != h.alias.folded)
		spelling = h.alias.folded
	}
	context := 0
	if weak > 0 || ctx != nil && len(ctx.veto) > 0 {
		context = r.context(number, ctx)
	}
	strongScore := prior + context
	if several {
		strongScore += perStrong
	}
	weakScore := context
	if strong > 0 && strongScore >= 0 {
		weakScore += perStrong
	}
	end := -1
	for _, h := range hits {
		keep := strongScore >= 0 // on a tie the entity wins: it is the default sense
		if h.alias.name.Weak {
			keep = weakScore >= 1
		}
		if !keep || h.first <= end || (ctx != nil && r.vetoed(ctx, h)) {
			continue
		}
		end = h.last
		mentions = append(mentions, Mention{e, h.first, h.last})
	}
	return mentions
}

// shouted drops names in capitals from a headline in capitals, where WHO is a
// pronoun and US too, unless the article has another name of the entity.
func (r *resolver) shouted(hits []hit) []hit {
	other := false
	for _, h := range hits {
		other = other || h.alias.name.Mode != ModeCaps || !r.s.Shouted(h.first)
	}
	if other {
		return hits
	}
	var kept []hit
	for _, h := range hits {
		if r.s.Tokens[h.first].Flags&text.Acronym != 0 {
			kept = append(kept, h)
		}
	}
	return kept
}

// context weighs the words of the article around the entity.
func (r *resolver) context(number int32, ctx *patterns) int {
	score := 0
	if parent := r.names.parents[number]; parent >= 0 && slices.ContainsFunc(r.hits, func(h hit) bool { return h.alias.number == parent }) {
		score += perParent
	}
	if ctx == nil {
		return score
	}
	score += perNeed * r.count(ctx.need, maxNeed)
	return score - perVeto*r.count(ctx.veto, maxVeto)
}

// count is how many of the words the article contains, limit at most.
func (r *resolver) count(words []contextWord, limit int) int {
	n := 0
	for i := range words {
		if n == limit {
			break
		}
		if r.has(&words[i]) && r.stands(&words[i]) {
			n++
		}
	}
	return n
}

// has reports whether the text may hold a word of a context at all.
func (r *resolver) has(w *contextWord) bool {
	return w.found && r.finder.has(w.anchor)
}

// stands reports whether a word of a context is in the text.
func (r *resolver) stands(w *contextWord) bool {
	for _, x := range r.found {
		if x.ID != w.anchor {
			continue
		}
		for tok := r.s.NextFound(x, -1); tok >= 0; tok = r.s.NextFound(x, tok) {
			if _, _, ok := r.s.MatchFrom(&w.pattern, tok); ok {
				return true
			}
		}
	}
	return false
}

// vetoed reports whether a veto stands right after the hit.
func (r *resolver) vetoed(ctx *patterns, h hit) bool {
	for i := range ctx.veto {
		if !r.has(&ctx.veto[i]) {
			continue
		}
		for first := h.last + 1; first <= h.last+vetoWithin; first++ {
			if first < len(r.s.Tokens) && r.s.Tokens[first].Pos-r.s.Tokens[h.last].Pos > vetoWithin {
				break
			}
			if _, ok := r.s.MatchAt(&ctx.veto[i].pattern, first); ok {
				return true
			}
		}
	}
	return false
}
