package main

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"wirewatch/store"
)

// crashWindow is how many messages a second may see over all chats: Telegram's 30,
// and a fifth for requests of several processes that a busy machine lets arrive
// late and together. What Telegram itself would refuse, the fake refuses.
const crashWindow = 36

// verify holds what the chats show and what the store says against what was
// published: the invariants of delivery.
func (c *crash) verify() {
	c.Helper()
	c.must(c.db.Check(c.Context()))
	entries := map[tale]store.LedgerEntry{}
	stranger := 0
	for e, err := range c.db.Ledger(c.Context(), store.LedgerFilter{}) {
		c.must(err)
		if e.ArticleID == 0 {
			continue // a digest that had nothing to tell
		}
		n := numbers(e.Title)
		if len(n) != 1 {
			c.Fatalf("delivery %d is about %q", e.ID, e.Title)
		}
		k := tale{e.Chat, n[0]}
		if _, twice := entries[k]; twice {
			c.Errorf("chat %d is owed article %d twice", k.chat, k.number)
		}
		entries[k] = e
		stranger++
	}
	told := c.told(entries)
	lost, owed := 0, 0
	for n, item := range c.desk.items {
		for _, r := range item.to {
			owed++
			k := tale{r.ID, n}
			stranger--
			if told.count[k] == 0 {
				lost++
				e := entries[k]
				c.Errorf("chat %d was never told of article %d: delivery %d is %q %s", r.ID, n, e.ID, e.State, e.Reason)
			}
		}
	}
	if stranger != 0 {
		c.Errorf("%d deliveries more than there should be", stranger)
	}
	inversions := c.order(told, entries)
	twice := c.repeated(told, entries)
	worst := c.rate()
	c.noise()
	c.Logf("%d kills, %d stops, %d freezes, %d cuts: %d owed, %d lost, %d inversions, %d told twice (%d answers lost), at most %d in a second",
		len(c.died), c.stops, len(c.frozen), c.cuts, owed, lost, inversions, twice, c.lostAnswers(), worst)
}

// record is what the chats show.
type record struct {
	count map[tale]int // messages that tell of an article
	first map[int64][]tale
}

// told reads the chats, and checks that what the store calls sent stands there.
func (c *crash) told(entries map[tale]store.LedgerEntry) record {
	rec := record{map[tale]int{}, map[int64][]tale{}}
	for _, r := range c.readers {
		standing := map[int64][]int{}
		for _, m := range c.fake.Sent(r.ID) {
			standing[m.ID] = numbers(m.Text)
			for _, k := range tales(r.ID, m.Text) {
				if rec.count[k]++; rec.count[k] == 1 {
					rec.first[r.ID] = append(rec.first[r.ID], k)
				}
				if _, owed := entries[k]; !owed {
					c.Errorf("chat %d was told of article %d, which nobody owed it", r.ID, k.number)
				}
			}
		}
		for k, e := range entries {
			if k.chat != r.ID {
				continue
			}
			if e.State != store.StateSent {
				c.Errorf("delivery %d of article %d to chat %d is %s in the end: %s", e.ID, k.number, k.chat, e.State, e.Reason)
			} else if !slices.Contains(standing[e.MessageID], k.number) {
				c.Errorf("delivery %d of article %d: message %d of chat %d says nothing of it", e.ID, k.number, e.MessageID, k.chat)
			}
		}
	}
	return rec
}

// order checks that every chat was told in the order of its turns; the stories
// of one digest have an order of their own.
func (c *crash) order(told record, entries map[tale]store.LedgerEntry) (inversions int) {
	for _, r := range c.readers {
		last := int64(0)
		for _, k := range told.first[r.ID] {
			turn := entries[k].Seq
			if r.digest {
				turn = entries[k].Digest
			}
			if turn < last {
				inversions++
				c.Errorf("chat %d: article %d came after what was behind it", r.ID, k.number)
			}
			last = turn
		}
	}
	return inversions
}

// repeated checks that whatever was told more than once was told again for a
// cause, an answer that was lost or a death while it was on its way, and says so.
func (c *crash) repeated(told record, entries map[tale]store.LedgerEntry) (more int) {
	causes := c.causes()
	for k, n := range told.count {
		e := entries[k]
		if n > e.Attempts {
			c.Errorf("chat %d was told %d times of article %d in %d attempts", k.chat, n, k.number, e.Attempts)
		}
		if n == 1 {
			continue
		}
		if !slices.ContainsFunc(c.readers, func(r *reader) bool { return r.digest && r.ID == k.chat }) {
			more += n - 1
		}
		if n-1 > causes[k] {
			c.Errorf("chat %d was told %d times of article %d, with cause for %d", k.chat, n, k.number, causes[k]+1)
		}
		if !e.MaybeDup {
			c.Errorf("chat %d was told %d times of article %d, and the ledger does not say so", k.chat, n, k.number)
		}
	}
	if most := (len(c.died)+len(c.frozen))*crashPages + c.lostAnswers(); more > most {
		c.Errorf("%d messages were told again, at most %d can be", more, most)
	}
	return more
}

// causes counts why an article may have been told once more: answers that were
// lost, and requests whose process died before their outcome was written down, or
// stood still for too long.
func (c *crash) causes() map[tale]int {
	causes := maps.Clone(c.tap.lost)
	counted := map[int]map[tale]bool{}
	for _, s := range c.tap.journal {
		if counted[s.process] == nil {
			counted[s.process] = map[tale]bool{}
		}
		for _, k := range s.tales {
			if c.died[s.process][k] && !counted[s.process][k] || c.froze(s) {
				causes[k]++
				counted[s.process][k] = true
			}
		}
	}
	return causes
}

// froze says that a process stood still around a request of its.
func (c *crash) froze(s *shipment) bool {
	const around = time.Second
	return slices.ContainsFunc(c.frozen[s.process], func(t time.Time) bool {
		return s.began.Before(t.Add(crashFreeze+around)) && (s.ended.IsZero() || t.Before(s.ended.Add(around)))
	})
}

func (c *crash) lostAnswers() (n int) {
	for _, times := range c.tap.lost {
		n += times
	}
	return n
}

// rate checks that no second had more messages than Telegram allows, and that
// Telegram itself never had to say so.
func (c *crash) rate() (worst int) {
	j := c.tap.journal
	for first, last := 0, 0; last < len(j); last++ {
		for j[last].began.Sub(j[first].began) > time.Second {
			first++
		}
		worst = max(worst, last-first+1)
	}
	if worst > crashWindow {
		c.Errorf("%d messages in one second", worst)
	}
	refused := -c.tap.refused
	for _, r := range c.fake.Requests() {
		if r.Code == 429 {
			refused++
		}
	}
	c.Logf("%d answers 429 that were not injected", refused)
	for _, problem := range c.fake.Problems() {
		c.Errorf("schema: %s", problem)
	}
	return worst
}

// noise checks the program's log: no panic, no token, and what it calls an error
// is shown.
func (c *crash) noise() {
	text, err := os.ReadFile(c.log.Name())
	c.must(err)
	if strings.Contains(string(text), c.fake.Token()) {
		c.Error("the token was logged")
	}
	errs := map[string]int{}
	for line := range strings.Lines(string(text)) {
		var entry struct{ Level, Msg, Err string }
		if json.Unmarshal([]byte(line), &entry) != nil {
			c.Errorf("log: %s", line)
			continue
		}
		if entry.Level == "ERROR" {
			errs[entry.Msg+": "+entry.Err]++
		}
	}
	for what, n := range errs {
		c.Logf("log: %d× %s", n, what)
	}
}
