package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wirewatch/store"
	"wirewatch/store/storetest"
)

// TestEmptyDigest: whom a scheduled digest that tells no story is worth a message.
func TestEmptyDigest(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, _, r := approving(t, db, store.TierInstant) // chat 1 publishes it in the channel, too
		w.chat(2)
		slot := time.Now().Truncate(time.Millisecond)
		check := func(what string, chat int64, asked, says bool) {
			t.Helper()
			slot = slot.Add(time.Minute)
			_, err := db.UpdateChat(ctx, chat, func(c *store.Chat) error { c.DigestAt = slot; return nil })
			w.must(err)
			at := slot
			if asked {
				at = slot.Add(time.Second)
			}
			id, err := db.StartDigest(ctx, chat, at, time.Time{})
			if err != nil || id == 0 {
				t.Fatalf("%s: digest %d, %v", what, id, err)
			}
			t.Log(what)
			if !says {
				w.idle()
			} else if diff := cmp.Diff([]string{"(none)"}, w.deliver(chat)); diff != "" {
				t.Errorf("%s: %s", what, diff)
			}
		}
		check("nothing is looked for", 2, false, false)
		check("asked for", 2, true, true)
		check("alerts of its own", 1, false, true)
		check("a channel of single alerts", channel, false, false)
		r.Tier, r.Digest = store.TierDigest, "0 18 * * *"
		w.must(db.UpdateRule(ctx, r))
		check("a channel whose rule has times of its own", channel, false, false)
		r.Digest = ""
		w.must(db.UpdateRule(ctx, r))
		check("a channel with digests", channel, false, true)
		w.must(db.SetRuleRoutes(ctx, 1, r.ID, []store.RuleRoute{{To: 1}}))
		check("a channel to which the rule does not go", channel, false, false)
		r.Tier = store.TierOff
		w.must(db.UpdateRule(ctx, r))
		check("all rules are off", 1, false, false)
	})
}

func TestToldSince(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		w.chat(1)
		w.chat(2)
		src := w.source("https://a.example", 0)
		now, daily := w.rule(1, "now", 0, store.TierInstant), w.rule(1, "daily", 0, store.TierDigest)
		begin := time.Now().Add(-time.Minute)
		w.publish(src, item("a", now), item("b", now, daily), item("c", daily))
		told := func(chat, thread int64, since time.Time, want int) {
			t.Helper()
			if n, err := db.ToldSince(ctx, chat, thread, since); err != nil || n != want {
				t.Errorf("chat %d, topic %d since %v: told %d, %v, want %d", chat, thread, since, n, err, want)
			}
		}
		told(1, 0, begin, 0)
		w.deliver(1)
		told(1, 0, begin, 2)
		told(1, 0, time.Time{}, 2)
		told(1, 7, begin, 0)
		told(2, 0, begin, 0)
		told(1, 0, time.Now().Add(time.Hour), 0)
		_, err := db.StartDigest(ctx, 1, time.Now(), time.Time{})
		w.must(err)
		w.deliver(1)
		told(1, 0, begin, 2) // what a digest told was not told one by one
	})
}
