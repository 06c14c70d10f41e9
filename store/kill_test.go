package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"wirewatch/store"
	"wirewatch/store/storetest"
)

// The kill test: a child process publishes two feeds, of which a third of the
// items are the same, and sends what is owed to three chats, appending a line for
// each message to a file that stands for Telegram. It is killed at random; at the
// end the file and the ledger must agree.

const (
	killItems   = 120 // of each feed
	killSenders = 2
	killPage    = 2 // deliveries in one message
	killTimes   = 10
)

func killItem(source string, i int, rules ...store.Rule) store.NewArticle {
	name := fmt.Sprint(source, i)
	n := item(name, rules...)
	n.Text = hash("text of " + name)
	if i%3 == 0 {
		n.URL = hash(fmt.Sprint("shared ", i))
	}
	return n
}

// killHelper is the child. It ends when everything was told.
func killHelper(t *testing.T) {
	jump, _ := time.ParseDuration(os.Getenv("STORE_JUMP"))
	now := func() time.Time { return time.Now().Add(jump) } // past the leases of the one before
	db, err := store.Open(ctx, os.Getenv("STORE_DSN"), store.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	w := world{db, t}
	rules := killSetup(w)
	file, err := os.OpenFile(os.Getenv("STORE_LEDGER"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	w.must(err)
	defer file.Close()
	published := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(published)
		for !killPublish(w, rules) {
			killDigest(w, now())
		}
		killDigest(w, now())
	})
	for range killSenders {
		wg.Go(func() {
			for {
				ended := false
				select {
				case <-published:
					ended = true
				default:
				}
				if killSend(w, file, now()) > 0 {
					continue
				}
				if ended && killOpen(w) == 0 {
					return
				}
				time.Sleep(time.Millisecond) // idle senders leave the processor to the publisher
			}
		})
	}
	wg.Wait()
}

// killSetup is idempotent. Chat 1 reads everything at once, chat 2 source a only,
// chat 3 everything in digests.
func killSetup(w world) []store.Rule {
	for id := range int64(3) {
		if _, err := w.Chat(ctx, id+1); errors.Is(err, store.ErrNotFound) {
			w.chat(id + 1)
		}
	}
	a := w.source("https://a.example", 0)
	w.source("https://b.example", 0)
	for _, r := range []store.Rule{
		{Chat: 1, Query: "*"}, {Chat: 2, Query: "*", Source: a.ID}, {Chat: 3, Query: "*", Tier: store.TierDigest},
	} {
		if _, err := w.AddRule(ctx, r); err != nil && !errors.Is(err, store.ErrExists) {
			w.t.Fatal(err)
		}
	}
	rules, err := w.AllRules(ctx)
	w.must(err)
	return rules
}

// killPublish visits the sources once; each visit shows three items more. It says
// whether all are published.
func killPublish(w world, rules []store.Rule) bool {
	list, err := w.ClaimSources(ctx, 1, time.Second)
	w.must(err)
	for _, s := range list {
		name := map[string]string{"https://a.example": "a", "https://b.example": "b"}[s.URL]
		shown := min(int(s.Items)+3, killItems)
		v := store.Visit{Source: s, NextAt: s.NextAt.Add(time.Millisecond)}
		for i := range shown {
			v.Seen = append(v.Seen, killItem(name, i).GUID)
		}
		known, _, err := w.Known(ctx, s.ID, v.Seen)
		w.must(err)
		for i := range shown {
			if n := killItem(name, i, rules...); !known[n.GUID] {
				v.Articles = append(v.Articles, n)
			}
		}
		_, err = w.Publish(ctx, v)
		w.must(err)
	}
	all, err := w.Sources(ctx, 0)
	w.must(err)
	return all[0].Items == killItems && all[1].Items == killItems
}

func killDigest(w world, slot time.Time) {
	n, err := w.Count(ctx, `SELECT count(*) FROM deliveries WHERE state = 'waiting'`)
	w.must(err)
	if n > 0 {
		_, err = w.StartDigest(ctx, 3, slot, time.Time{})
		w.must(err)
	}
}

func killOpen(w world) int64 {
	n, err := w.Count(ctx, `SELECT count(*) FROM deliveries WHERE state NOT IN ('sent', 'dropped')`)
	w.must(err)
	return n
}

// killSend sends what is due, a page at a time.
func killSend(w world, telegram *os.File, now time.Time) int {
	ps, err := w.Claim(ctx, now.Add(time.Minute), 1)
	w.must(err)
	for _, p := range ps {
		for list := p.Deliveries; len(list) > 0; {
			page := list[:min(killPage, len(list))]
			list = list[len(page):]
			w.must(w.Sending(ctx, p, ids(page)))
			var text strings.Builder
			for _, d := range page {
				fmt.Fprintln(&text, d.Chat, d.ID, d.Article.Item.ID)
			}
			time.Sleep(rand.N(3 * time.Millisecond)) // the network, so that kills find requests on their way
			if _, err := telegram.WriteString(text.String()); err != nil {
				w.t.Error(err)
			}
			time.Sleep(rand.N(3 * time.Millisecond))
			w.must(w.Sent(ctx, p, ids(page), 1, 0))
		}
		w.must(w.Release(ctx, p))
	}
	return len(ps)
}

func TestKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes for some seconds")
	}
	storetest.EachDSN(t, func(t *testing.T, dsn string) {
		ledger := filepath.Join(t.TempDir(), "telegram")
		kills := 0
		for run := range killTimes + 1 {
			cmd := helper(t, "kill", dsn, "STORE_LEDGER="+ledger, fmt.Sprintf("STORE_JUMP=%ds", 40*run))
			var out strings.Builder
			cmd.Stdout, cmd.Stderr = &out, &out
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			life := 30*time.Millisecond + rand.N(160*time.Millisecond)
			if run == killTimes {
				life = 5 * time.Minute // the last one may finish, however busy the machine
			}
			timer := time.AfterFunc(life, func() { cmd.Process.Kill() })
			err := cmd.Wait()
			timer.Stop()
			switch {
			case err == nil:
			case cmd.ProcessState.ExitCode() == -1 && run < killTimes:
				kills++
			default:
				t.Fatalf("run %d: %v\n%s", run, err, out.String())
			}
		}
		killVerify(t, dsn, ledger, kills)
	})
}

// killVerify checks what was promised: nothing lost, duplicates
// only where a kill left an outcome unknown, order kept, nothing left over.
func killVerify(t *testing.T, dsn, ledger string, kills int) {
	w := reopen(t, dsn, store.Options{})
	w.must(w.Check(ctx))
	text, err := os.ReadFile(ledger)
	w.must(err)
	records := map[int64]int{}
	order := map[int64][]int64{} // by chat, deliveries as they were first told
	told := map[int64]int{}
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line)
		chat, _ := strconv.ParseInt(f[0], 10, 64)
		id, _ := strconv.ParseInt(f[1], 10, 64)
		if records[id]++; records[id] == 1 {
			order[chat] = append(order[chat], id)
			told[chat]++
		}
	}
	same := killItems / 3
	for chat, want := range map[int64]int{1: 2*killItems - same, 2: killItems, 3: 2*killItems - same} {
		if told[chat] != want {
			t.Errorf("chat %d was told %d stories, want %d", chat, told[chat], want)
		}
	}
	dups := 0
	for chat, first := range order {
		byID := map[int64]store.Delivery{}
		for _, d := range w.latest(chat) {
			byID[d.ID] = d
			if d.State != store.StateSent || records[d.ID] == 0 {
				t.Errorf("delivery %d is %s and was told %d times", d.ID, d.State, records[d.ID])
			}
		}
		last := int64(0)
		for _, id := range first {
			d := byID[id]
			if d.Seq < last {
				t.Errorf("chat %d: turn %d came after %d", chat, d.Seq, last)
			}
			last = d.Seq
			if records[id] > d.Attempts {
				t.Errorf("delivery %d was told %d times in %d attempts", id, records[id], d.Attempts)
			}
			if records[id] > 1 && !d.MaybeDup {
				t.Errorf("delivery %d was told twice and does not say so", id)
			}
			dups += records[id] - 1
		}
	}
	if most := kills * killSenders * killPage; dups > most {
		t.Errorf("%d duplicates after %d kills, at most %d can be", dups, kills, most)
	}
	if open := killOpen(w); open != 0 {
		t.Errorf("%d deliveries are left over", open)
	}
	t.Logf("%d kills, %d messages, %d told twice", kills, len(records), dups)
}
