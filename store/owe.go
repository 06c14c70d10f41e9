package store

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// destination is a chat and a topic in it.
type destination struct{ chat, thread int64 }

// way is a destination, and whether what goes there must be approved.
type way struct {
	destination
	approve bool
}

// reader is a rule that may see the source, and where its matches go.
type reader struct {
	rule Rule  // without its times
	to   []way // never empty
}

// debt is what one article comes to for one destination: all its rules there, and
// the most urgent tier among them.
type debt struct {
	destination
	telling
	tier  Tier        // never off
	rules []RuleMatch // never empty
	by    []*reader   // whose they are, in the same order
	free  bool        // one of them needs nobody's approval
}

// owe stores the deliveries of a visit. Rules of one destination make one
// delivery; a story that a destination was told stays told.
func (p *publication) owe() error {
	if len(p.told) == 0 {
		return nil
	}
	readers, err := p.readers()
	if err != nil {
		return err
	}
	debts := p.debts(readers)
	chats := slices.Sorted(maps.Keys(debts))
	if err := chunks(chats, func(part []int64) error { return p.enqueueDebts(part, debts) }); err != nil {
		return err
	}
	return p.askEditors(debts)
}

// readers loads the rules that matched, without those that are off or may not see
// the source, and finds where their matches go.
func (p *publication) readers() (map[int64]*reader, error) {
	ids, found := map[int64]bool{}, map[int64]*reader{}
	for _, t := range p.told {
		for _, m := range t.matches {
			ids[m.Rule] = true
		}
	}
	home := map[int64]destination{} // of the chats whose rules they are
	var own []int64                 // those with routes of their own
	err := chunks(slices.Sorted(maps.Keys(ids)), func(part []int64) error {
		return p.each(func(s scanner) error {
			r, d, apart := Rule{}, destination{}, false
			err := s.Scan(&r.ID, &r.Chat, &r.Name, &r.Query, &r.Tier, &r.Digest, toTime{&r.DigestAt},
				toCount{&r.Limits.Cap}, toDuration{&r.Limits.Per}, toDuration{&r.Limits.Cooldown}, &d.thread, &apart)
			d.chat = r.Chat
			if apart {
				own = append(own, r.ID)
			}
			found[r.ID], home[r.Chat] = &reader{rule: r}, d
			return err
		}, `SELECT r.id, r.chat_id, r.name, r.query, r.tier, r.digest, r.digest_at, r.cap, r.cap_ms, r.cooldown_ms, c.thread_id,
			EXISTS (SELECT 1 FROM rule_routes w WHERE w.rule_id = r.id)
			FROM rules r JOIN chats c ON c.id = r.chat_id JOIN sources s ON s.id = $1
			WHERE r.id IN (`+places(2, len(part))+`) AND r.tier <> 'off' AND c.state <> 'pending'
			AND r.source_id IN (0, s.id)
			AND (s.shared OR EXISTS (SELECT 1 FROM views v WHERE v.chat_id = r.chat_id AND v.source_id = s.id))`,
			anys([]any{p.source}, part)...)
	})
	if err != nil {
		return nil, err
	}
	return found, p.findWays(found, home, own)
}

// findWays finds where the matches of rules go: where the rule itself says, else where
// its chat does, else home.
func (p *publication) findWays(rules map[int64]*reader, home map[int64]destination, own []int64) error {
	routes, err := p.routesOf(slices.Sorted(maps.Keys(home)))
	if err != nil {
		return err
	}
	apart, err := p.ruleRoutes(own)
	if err != nil {
		return err
	}
	for _, w := range apart {
		r := rules[w.Rule]
		to := way{destination: destination{w.To, w.Thread}}
		if w.Thread == OwnPlace {
			to.destination = home[r.rule.Chat]
		}
		to.approve = slices.ContainsFunc(routes[r.rule.Chat], func(c way) bool { return c.chat == to.chat && c.approve })
		r.to = append(r.to, to)
	}
	for _, r := range rules {
		if r.to == nil {
			r.to = routes[r.rule.Chat]
		}
		if r.to == nil {
			r.to = []way{{destination: home[r.rule.Chat]}}
		}
	}
	return nil
}

// routesOf reads the stored routes of some chats.
func (p *publication) routesOf(chats []int64) (map[int64][]way, error) {
	routes := map[int64][]way{}
	err := chunks(chats, func(part []int64) error {
		return p.each(func(s scanner) error {
			r, err := scanRoute(s)
			routes[r.Chat] = append(routes[r.Chat], way{destination{r.To, r.Thread}, r.Approve})
			return err
		}, `SELECT `+routeColumns+` FROM routes WHERE chat_id IN (`+places(1, len(part))+`)`, anys(nil, part)...)
	})
	return routes, err
}

// debts works out, by chat, what is owed: articles in the visit's order, topics of
// an article in ascending order, rules in the matches' order.
func (p *publication) debts(readers map[int64]*reader) map[int64][]*debt {
	byChat := map[int64][]*debt{}
	for _, t := range p.told {
		here := map[destination]*debt{}
		for _, m := range t.matches {
			r := readers[m.Rule]
			if r == nil {
				continue
			}
			told := RuleMatch{ID: r.rule.ID, Name: r.rule.Name, Query: r.rule.Query, Hits: m.Hits}
			for _, to := range r.to {
				d := here[to.destination]
				if d == nil {
					d = &debt{destination: to.destination, telling: t}
					here[to.destination] = d
				}
				d.free = d.free || !to.approve
				d.rules, d.by = append(d.rules, told), append(d.by, r)
				if r.rule.Tier.rank() > d.tier.rank() {
					d.tier = r.rule.Tier
				}
			}
		}
		order := slices.SortedFunc(maps.Values(here), func(a, b *debt) int { return cmp.Compare(a.thread, b.thread) })
		for _, d := range order {
			byChat[d.chat] = append(byChat[d.chat], d)
			for _, editor := range d.editors() {
				p.editors[editor] = true
				if _, ok := byChat[editor]; !ok {
					byChat[editor] = nil // so that its row is locked with the others
				}
			}
		}
	}
	return byChat
}

// line is the state of a chat's queue.
type line struct {
	state  ChatState
	seq    int64     // last turn given
	digest time.Time // when the chat's next digest is due; zero: never
}

// enqueueDebts stores the debts to some chats. Their rows are locked in ascending
// order first: that gives turns in the order of commits, and no wake-up is lost to
// a courier that is about to find nothing. Turns may have gaps.
func (p *publication) enqueueDebts(chats []int64, debts map[int64][]*debt) error {
	lines, err := p.lockLines(chats)
	if err != nil {
		return err
	}
	quotas, err := p.quotas(chats, debts)
	if err != nil {
		return err
	}
	var rows []any
	most := 0 // turns taken by one chat
	due := map[int64]bool{}
	flush := func() error {
		err := p.insertDeliveries(rows, due)
		rows = rows[:0]
		return err
	}
	for _, chat := range chats {
		l, ok := lines[chat]
		if !ok || l.state == ChatGone || l.state == ChatPending {
			continue
		}
		most = max(most, len(debts[chat]))
		for i, d := range debts[chat] {
			at, err := p.place(d, l, quotas)
			if err != nil {
				return err
			}
			rows = append(rows, p.asRow(d, at, l.seq+int64(i+1))...)
			if len(rows) >= listSize*deliveryWidth {
				if err := flush(); err != nil {
					return err
				}
			}
		}
	}
	if err := cmp.Or(flush(), p.saveQuotas(quotas)); err != nil || len(due) == 0 {
		return err
	}
	p.due = true
	ids := slices.Sorted(maps.Keys(due))
	// due_at is written even where it has a value: the row lock is what makes a courier
	// that is just clearing it see the new rows.
	_, err = p.exec(`UPDATE chats SET seq = seq + CAST($1 AS BIGINT), due_at = coalesce(due_at, {max}(free_at, CAST($2 AS BIGINT)))
		WHERE id IN (`+places(3, len(ids))+`)`, anys([]any{most, p.now}, ids)...)
	return err
}

// lockLines locks the rows of chats, ascending, and reads their queues' state.
func (t *tx) lockLines(chats []int64) (map[int64]line, error) {
	lines := map[int64]line{}
	err := t.each(func(s scanner) error {
		var id int64
		var l line
		err := s.Scan(&id, &l.state, &l.seq, toTime{&l.digest})
		lines[id] = l
		return err
	}, `SELECT id, state, seq, digest_at FROM chats WHERE id IN (`+places(1, len(chats))+`) ORDER BY id {lock}`, anys(nil, chats)...)
	return lines, err
}

// place is where a debt stands in the life of a delivery when it is stored.
type place struct {
	kind, state string
	notBefore   time.Time
	fold        int64
	asked       bool
}

// place decides it: held for a chat that is not written to and for what is to be
// approved, waiting in the digest
// tier, folded where it exceeds the limits of its rules, else due. What is folded
// waits for a digest where one of its rules asks for that anyway. What an outage has
// kept back waits to be told with others, unless it is urgent.
func (p *publication) place(d *debt, l line, quotas *quotas) (place, error) {
	at := place{kind: KindAlert, state: StateDue}
	switch {
	case d.tier == TierDigest:
		at = place{kind: KindDigest, state: StateWaiting, notBefore: d.digestAt(l)}
	case !d.free: // its editors are limit enough
	case d.late && d.tier != TierFlash:
		until, err := p.gather(d.chat)
		if err != nil {
			return at, err
		}
		at = place{kind: KindBacklog, state: StateWaiting, notBefore: until}
	case quotas != nil && len(d.limited()) > 0:
		known, err := p.known(d, quotas)
		if err != nil || known {
			return at, err // of no effect: the row is there
		}
		switch {
		case quotas.admits(d, p.now):
		case d.forDigest():
			at = place{kind: KindDigest, state: StateWaiting, notBefore: d.digestAt(l)}
		default:
			at.state = StateFolded
			if at.fold, err = p.fold(d, quotas, l); err != nil {
				return at, err
			}
		}
	}
	if at.asked = !d.free; at.asked || l.state != ChatActive && at.state != StateFolded {
		at.state = StateHeld
	}
	return at, nil
}

// forDigest says whether one of a debt's rules is told with a digest.
func (d *debt) forDigest() bool {
	return slices.ContainsFunc(d.by, func(r *reader) bool { return r.rule.Tier == TierDigest })
}

// digestAt is when a debt is told that waits for a digest: zero for the next of the
// chat that is told, else at the time of one of its rules that has times of its own,
// where that comes first.
func (d *debt) digestAt(l line) time.Time {
	var own time.Time
	follows := false // the chat's own digest
	for _, r := range d.by {
		switch {
		case r.rule.Tier != TierDigest:
		case r.rule.Digest == "" || r.rule.DigestAt.IsZero():
			follows = true
		case own.IsZero() || r.rule.DigestAt.Before(own):
			own = r.rule.DigestAt
		}
	}
	if follows && !l.digest.IsZero() && !own.Before(l.digest) {
		return time.Time{}
	}
	return own
}

// deliveryWidth is the number of values that asRow gives.
const deliveryWidth = 15

// asRow is a debt as a row of deliveries; only what is due takes its turn.
func (p *publication) asRow(d *debt, at place, turn int64) []any {
	if at.state != StateDue {
		turn = 0
	}
	reason := ""
	if at.asked {
		reason = awaitsApproval
	}
	return []any{d.chat, d.thread, d.story, d.article, p.source, turn, at.kind, d.tier, jsonText{d.rules}, at.state, p.now,
		at.notBefore, at.fold, at.asked, reason}
}

// insertDeliveries stores rows, but not those of a story that the destination was
// told, and notes the chats that have something due now.
func (p *publication) insertDeliveries(rows []any, due map[int64]bool) error {
	if len(rows) == 0 {
		return nil
	}
	return p.each(func(s scanner) error {
		var id int64
		var k storyKey
		var kind, state string
		var asked bool
		if err := s.Scan(&id, &k.chat, &k.thread, &k.story, &kind, &state, &asked); err != nil {
			return err
		}
		p.out.Deliveries++
		p.noteStored(id, k, kind, state, asked)
		if state == StateDue {
			due[k.chat] = true
		}
		return nil
	}, `INSERT INTO deliveries (chat_id, thread_id, story_id, article_id, source_id, seq, kind, tier, rules, state, created,
		not_before, fold_id, asked, reason) VALUES `+tuples(len(rows)/deliveryWidth, deliveryWidth)+`
		ON CONFLICT (chat_id, thread_id, story_id) DO NOTHING RETURNING id, chat_id, thread_id, story_id, kind, state, asked`, slices.Clone(rows)...)
}
