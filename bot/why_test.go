package bot

import (
	"strings"
	"testing"
	"time"

	"wirewatch/bot/locale"
	"wirewatch/bot/telegram/telegramtest"
	"wirewatch/store"
)

// owed lets a rule find one more article, and claims what is due to its chat.
func (d *desk) owed(rule store.Rule) store.Parcel {
	d.Helper()
	d.carry(1, rule)
	parcels, err := d.db.Claim(d.ctx, d.now().Add(4*time.Hour), 1)
	if err != nil || len(parcels) != 1 {
		d.Fatalf("claimed %+v, %v", parcels, err)
	}
	return parcels[0]
}

// What has become of every story is said in words, whatever its state; by /why under
// the message that told it, by /why alone of those that none has told.
func TestWhySaysEveryState(t *testing.T) {
	for name, user := range map[string]int64{"why_en": omar, "why_ar": layla} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			for _, said := range []string{"/rule instant", "/rule digest", "/rule 2 digest", "/rule limited", "/rule 3 cap 1/h", "/quiet 23:00-06:00 hold"} {
				d.say(user, user, said)
			}
			rules := d.rules(user)
			must := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			last := func(p store.Parcel) []int64 { return []int64{p.Deliveries[len(p.Deliveries)-1].ID} }
			d.news(1, rules[0]) // sent
			sent := d.last(user).ID
			d.news(3, rules[2]) // one sent, two folded
			d.later(time.Hour)
			d.bring()
			fold := d.last(user).ID
			d.news(2, rules[2]) // one folded again
			d.carry(1, rules[1])
			p := d.owed(rules[0]) // put off
			must(d.db.Defer(d.ctx, p, last(p), time.Date(2026, 11, 25, 6, 0, 0, 0, time.UTC)))
			must(d.db.Release(d.ctx, p))
			p = d.owed(rules[0]) // dropped
			must(d.db.Drop(d.ctx, p, last(p), store.PerhapsTold+": 2 requests, the last: EOF"))
			must(d.db.Release(d.ctx, p))
			p = d.owed(rules[0]) // refused for now
			must(d.db.Sending(d.ctx, p, last(p)))
			must(d.db.Retry(d.ctx, p, last(p), d.now().Add(3*time.Hour), "Too Many Requests: retry after 60", false))
			must(d.db.Release(d.ctx, p))
			p = d.owed(rules[0]) // in doubt
			must(d.db.Sending(d.ctx, p, last(p)))
			must(d.db.Retry(d.ctx, p, last(p), d.now().Add(time.Minute), "no answer", true))
			must(d.db.Release(d.ctx, p))
			p = d.owed(rules[0]) // on its way
			must(d.db.Sending(d.ctx, p, last(p)))
			d.carry(1, rules[0]) // due

			d.say(user, user, "/why", telegramtest.With{ReplyTo: sent})
			d.say(user, user, "/why", telegramtest.With{ReplyTo: fold})
			d.say(user, user, "/why")
			must(d.db.Release(d.ctx, p))
			d.say(user, user, "/pause")
			d.say(user, user, "/why")
			d.goldenFrom(user, name, "/why")
		})
	}
}

// goldenFrom compares a chat from the first message on that says so.
func (d *desk) goldenFrom(chat int64, name, from string) {
	d.Helper()
	all := d.fake.Transcript(chat)
	_, rest, ok := strings.Cut(all, "\n  "+from+"\n")
	if !ok {
		d.Fatalf("nobody says %s:\n%s", from, all)
	}
	d.goldenText(rest, name)
}

// Each state has words of its own, in every language; none is forgotten.
func TestStateWords(t *testing.T) {
	w := still(t)
	soon, now := noon.Add(time.Hour), noon.Add(-time.Minute)
	states := map[string]bool{}
	for _, lang := range []string{"en", "ar"} {
		said := map[string]string{}
		tr := &turn{Bot: w.bot, l: locale.Get(lang), chat: store.Chat{ID: omar, Kind: "private", Lang: lang, DigestAt: soon}}
		for _, d := range []store.Delivery{
			{State: store.StateWaiting, Kind: store.KindDigest}, {State: store.StateWaiting, Kind: store.KindDigest, Reason: store.QuietHours, NotBefore: soon},
			{State: store.StateWaiting, Kind: store.KindBacklog, NotBefore: soon}, {State: store.StateDue}, {State: store.StateDue, NotBefore: soon, Reason: "Too Many Requests"},
			{State: store.StateSending, Started: now}, {State: store.StateUncertain, Started: now, NotBefore: soon}, {State: store.StateSent, SentAt: now, MessageID: 7},
			{State: store.StateSent, SentAt: now}, {State: store.StateFolded}, {State: store.StateHeld}, {State: store.StateHeld, Asked: true},
			{State: store.StateDropped, Reason: store.ArticleGone}, {State: store.StateDropped, Reason: store.HeldTooLong}, {State: store.StateDropped, Reason: store.NotApproved},
			{State: store.StateDropped, Reason: store.Withdrawn}, {State: store.StateDropped, Reason: store.PerhapsTold + ": EOF"},
			{State: store.StateDropped, Reason: "Bad Request: not enough rights to send text messages to the chat"},
		} {
			words := unmarked(tr.stateWords(d))
			if before, ok := said[words]; ok || words == "" || strings.Contains(words, "ledger.") {
				t.Errorf("%s: %s %s says %q, as %s", lang, d.State, d.Reason, words, before)
			}
			said[words] = d.State
			states[d.State] = true
			if lang == "ar" && strings.Contains(words, d.Reason) && d.Reason != "" && d.Reason != "Too Many Requests" && !strings.HasPrefix(d.Reason, "Bad Request") {
				t.Errorf("a reason of ours is not translated: %q", words)
			}
		}
		tr.chat.DigestAt = time.Time{}
		if words := tr.stateWords(store.Delivery{State: store.StateWaiting, Kind: store.KindDigest}); said[words] != "" || !strings.Contains(words, "/digest") {
			t.Errorf("%s: without a digest it says %q", lang, words)
		}
	}
	for _, s := range store.States {
		if !states[s] {
			t.Errorf("the state %s was not tried", s)
		}
	}
}
