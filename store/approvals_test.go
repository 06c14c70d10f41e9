package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wirewatch/store"
	"wirewatch/store/storetest"
)

const channel = -100

// approving is a store in which chat 1 publishes its rule in a channel, after approval.
func approving(t *testing.T, db *store.DB, tier store.Tier) (world, store.Source, store.Rule) {
	t.Helper()
	w := world{db, t}
	w.chat(1)
	w.must(db.SaveChat(ctx, store.Chat{ID: channel, Kind: "channel", Title: "Press office", Owner: 1}))
	w.must(db.AddRoute(ctx, store.Route{Chat: 1, To: channel, Approve: true}))
	return w, w.source("https://a.example/feed", 0), w.rule(1, "geneva", 0, tier)
}

// asked is the one request that must be due to chat 1, sent.
func (w world) asked() store.Delivery {
	w.t.Helper()
	p := w.parcel(1)
	var request store.Delivery
	for _, d := range p.Deliveries {
		if d.Subject != 0 {
			request = d
		}
		w.must(w.Sending(ctx, p, []int64{d.ID}))
		w.must(w.Sent(ctx, p, []int64{d.ID}, 70+d.ID, 0))
	}
	w.must(w.Release(ctx, p))
	if request.ID == 0 {
		w.t.Fatalf("no request among %+v", p.Deliveries)
	}
	return request
}

func TestApproval(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, src, r := approving(t, db, store.TierInstant)
		if got := w.publish(src, item("talks", r)); got.Deliveries != 2 {
			t.Errorf("published %+v", got)
		}
		q := w.asked()
		if q.Kind != store.KindAlert || q.Place == nil || q.Place.Title != "Press office" || q.Article.Item.Title != "Title of talks" || len(q.Rules) != 1 {
			t.Fatalf("request is %+v", q)
		}
		w.idle() // the channel gets nothing yet
		w.must(db.Resume(ctx, channel))
		w.idle() // nor when it is woken
		if r, err := db.Requested(ctx, 1, q.Subject); err != nil || !r.Subject.Asked || r.Subject.State != store.StateHeld || r.Ask.Article == nil {
			t.Errorf("request is %+v, %v", r, err)
		}
		if _, err := db.Requested(ctx, 2, q.Subject); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("another chat reads it: %v", err)
		}
		if err := db.Decide(ctx, 2, q.Subject, true, ""); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("another chat decides: %v", err)
		}
		w.must(db.Reword(ctx, 1, q.Subject, "Talks begin"))
		if err := db.Decide(ctx, 1, q.Subject, true, ""); err != nil {
			t.Fatal(err)
		}
		p := w.parcel(channel)
		if d := p.Deliveries[0]; len(p.Deliveries) != 1 || d.ID != q.Subject || d.Headline != "Talks begin" || d.Kind != store.KindAlert {
			t.Errorf("the channel is owed %+v", p.Deliveries)
		}
		if err := db.Decide(ctx, 1, q.Subject, false, "x"); !errors.Is(err, store.ErrDecided) {
			t.Errorf("decided twice: %v", err)
		}
		if err := db.Reword(ctx, 1, q.Subject, "late"); !errors.Is(err, store.ErrDecided) {
			t.Errorf("reworded after it: %v", err)
		}
		if got := w.publish(src, item("talks", r)); got.Deliveries != 0 {
			t.Errorf("asked again: %+v", got)
		}
	})
}

func TestApprovalRefusedOrLate(t *testing.T) {
	now := time.Now()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, src, r := approving(t, db, store.TierDigest)
		w.publish(src, item("a", r), item("b", r))
		ps, err := db.Claim(ctx, now.Add(time.Second), 5)
		if err != nil || len(ps) != 1 || len(ps[0].Deliveries) != 2 {
			t.Fatalf("claimed %+v, %v", ps, err)
		}
		p := ps[0]
		w.must(db.Sending(ctx, p, ids(p.Deliveries)))
		w.must(db.Sent(ctx, p, ids(p.Deliveries), 7, 0))
		w.must(db.Release(ctx, p))
		a, b := p.Deliveries[0], p.Deliveries[1]
		if err := db.Decide(ctx, 1, a.Subject, true, ""); err != nil {
			t.Fatal(err)
		}
		if r, _ := db.Requested(ctx, 1, a.Subject); r.Subject.State != store.StateWaiting || r.Subject.Asked {
			t.Errorf("approved for a digest: %+v", r.Subject)
		}
		if list, err := db.ExpireRequests(ctx, now.Add(store.ApprovalFor-time.Minute), 10); err != nil || len(list) != 0 {
			t.Errorf("expired early: %+v, %v", list, err)
		}
		list, err := db.ExpireRequests(ctx, now.Add(store.ApprovalFor+time.Minute), 10)
		if err != nil || len(list) != 1 || list[0].ID != b.ID || list[0].MessageID != 7 || list[0].Chat != 1 {
			t.Errorf("expired %+v, %v", list, err)
		}
		if err := db.Decide(ctx, 1, b.Subject, true, ""); !errors.Is(err, store.ErrDecided) {
			t.Errorf("decided too late: %v", err)
		}
		if r, _ := db.Requested(ctx, 1, b.Subject); r.Subject.Reason != store.NotApproved {
			t.Errorf("too late: %+v", r.Subject)
		}
		w.publish(src, item("c", r))
		now = now.Add(time.Minute)
		ps, err = db.Claim(ctx, now, 5)
		w.must(err)
		c := ps[0].Deliveries[0]
		if err := db.Decide(ctx, 1, c.Subject, false, "not ours"); err != nil {
			t.Fatal(err)
		}
		if r, _ := db.Requested(ctx, 1, c.Subject); r.Subject.State != store.StateDropped || r.Subject.Reason != "not ours" {
			t.Errorf("refused: %+v", r.Subject)
		}
	}, store.Options{Now: func() time.Time { return now }})
}

// What would come to an editor with a digest asks instead, at once, and is told with no
// digest any more; what is for another topic than questions come to stays.
func TestAskedIsNotToldWithADigest(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, src, r := approving(t, db, store.TierDigest)
		w.must(db.SaveChat(ctx, store.Chat{ID: channel - 1, Kind: "channel", Title: "Desk"}))
		w.must(db.AddRoute(ctx, store.Route{Chat: 1, To: channel - 1, Approve: true}))
		w.must(db.SetRuleRoutes(ctx, 1, r.ID, []store.RuleRoute{{To: 1, Thread: store.OwnPlace}, {To: 1, Thread: 9}, {To: channel}, {To: channel - 1}}))
		own := w.rule(1, "own", 0, store.TierDigest)
		w.must(db.SetRuleRoutes(ctx, 1, own.ID, []store.RuleRoute{{To: 1, Thread: store.OwnPlace}}))
		if got := w.publish(src, item("talks", r), item("harvest", own)); got.Deliveries != 6 {
			t.Errorf("published %+v", got) // twice to publish, in two topics, a second question, and the harvest
		}
		p := w.parcel(1)
		if len(p.Deliveries) != 2 {
			t.Fatalf("chat 1 is owed %+v", p.Deliveries)
		}
		kinds := map[string]string{}
		for _, d := range p.Deliveries {
			if d.Place == nil || d.Thread != 0 || d.Article.Item.ID != "talks" {
				t.Errorf("it is not asked by %+v", d)
				continue
			}
			kinds[d.Kind] = d.Place.Title
			w.must(db.Sending(ctx, p, []int64{d.ID}))
			w.must(db.Sent(ctx, p, []int64{d.ID}, 70+d.ID, 0))
		}
		w.must(db.Release(ctx, p))
		if len(kinds) != 2 || kinds[store.KindAlert] == "" || kinds[store.KindRequest] == "" || kinds[store.KindAlert] == kinds[store.KindRequest] {
			t.Errorf("asked by kind: %v", kinds)
		}
		waiting, err := db.Waiting(ctx, 1, time.Time{}, 10)
		w.must(err)
		var left []string
		for _, d := range waiting {
			left = append(left, fmt.Sprint(d.Article.Item.ID, d.Thread))
		}
		slices.Sort(left)
		if diff := cmp.Diff([]string{"harvest0", "talks9"}, left); diff != "" {
			t.Errorf("the digest holds (-want +got):\n%s", diff)
		}
	})
}

// A paused editor is asked when he goes on.
func TestAskedForADigestWhilePaused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, src, r := approving(t, db, store.TierDigest)
		_, err := db.UpdateChat(ctx, 1, func(c *store.Chat) error { c.State = store.ChatPaused; return nil })
		w.must(err)
		w.publish(src, item("talks", r))
		w.idle()
		w.must(db.Resume(ctx, 1))
		if q := w.asked(); q.Kind != store.KindAlert || q.Place == nil {
			t.Errorf("asked by %+v", q)
		}
		if list, err := db.Waiting(ctx, 1, time.Time{}, 10); err != nil || len(list) != 0 {
			t.Errorf("its digest holds %+v, %v", list, err)
		}
	})
}

// A request that nobody has read yet is not sent when it has become pointless.
func TestRequestOvertaken(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, src, r := approving(t, db, store.TierInstant)
		w.chat(2)
		w.must(db.AddRoute(ctx, store.Route{Chat: 2, To: channel, Approve: true}))
		other := w.rule(2, "talks", 0, store.TierInstant)
		w.must(db.SetRuleRoutes(ctx, 2, other.ID, []store.RuleRoute{{To: channel}})) // one editor is told only by the request
		w.publish(src, item("talks", r, other))
		ps, err := db.Claim(ctx, someday(), 1) // of two editors' chats one is quick
		w.must(err)
		first := ps[0]
		var q store.Delivery
		for _, d := range first.Deliveries {
			if d.Subject != 0 {
				q = d
			}
		}
		if len(q.Rules) != 1 {
			t.Errorf("a chat is shown %+v: rules of others", q.Rules)
		}
		if err := db.Decide(ctx, first.Chat.ID, q.Subject, true, ""); err != nil {
			t.Fatal(err)
		}
		for range 5 {
			ps, err = db.Claim(ctx, someday(), 5)
			w.must(err)
			for _, p := range ps {
				for _, d := range p.Deliveries {
					if d.Place != nil || d.Kind == store.KindRequest {
						t.Errorf("chat %d is still asked", p.Chat.ID)
					}
				}
			}
		}
	})
}

// Rules of somebody who needs no approval publish at once, and nobody is asked.
func TestApprovalNotNeeded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, src, r := approving(t, db, store.TierInstant)
		w.chat(2)
		w.must(db.AddRoute(ctx, store.Route{Chat: 2, To: channel}))
		free := w.rule(2, "talks", 0, store.TierInstant)
		w.publish(src, item("talks", r, free))
		for _, d := range w.latest(1) {
			if d.Subject != 0 {
				t.Errorf("asked: %+v", d)
			}
		}
		w.must(db.SetApproval(ctx, 1, channel, false))
		w.publish(src, item("more", r))
		if diff := cmp.Diff([]string{"talks", "more"}, w.deliver(channel)); diff != "" {
			t.Error(diff)
		}
		if err := db.SetApproval(ctx, 1, 1, true); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("approval of what comes to the chat itself: %v", err)
		}
	})
}

func TestRuleRoutes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, src, r := approving(t, db, store.TierInstant)
		w.must(db.SetApproval(ctx, 1, channel, false))
		plain := w.rule(1, "un", 0, store.TierInstant)
		only := []store.RuleRoute{{Rule: r.ID, To: channel}}
		w.must(db.SetRuleRoutes(ctx, 1, r.ID, only))
		if got, err := db.RuleRoutes(ctx, r.ID); err != nil || cmp.Diff(only, got) != "" {
			t.Errorf("routes %+v, %v", got, err)
		}
		w.publish(src, item("one", r), item("two", plain))
		if diff := cmp.Diff([]string{"one", "two"}, w.deliver(channel)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"two"}, w.deliver(1)); diff != "" {
			t.Error(diff)
		}
		if err := db.SetRuleRoutes(ctx, 1, r.ID, []store.RuleRoute{{To: 4711}}); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a place that is not linked: %v", err)
		}
		if err := db.SetRuleRoutes(ctx, 2, r.ID, nil); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("another chat's rule: %v", err)
		}
		// Its own place follows the topic to which the chat is bound.
		_, err := db.UpdateChat(ctx, 1, func(c *store.Chat) error { c.Thread = 5; return nil })
		w.must(err)
		w.must(db.SetRuleRoutes(ctx, 1, r.ID, []store.RuleRoute{{To: 1, Thread: store.OwnPlace}, {To: 1, Thread: 9}}))
		w.publish(src, item("three", r))
		var threads []int64
		for _, d := range w.parcel(1).Deliveries {
			threads = append(threads, d.Thread)
		}
		if diff := cmp.Diff([]int64{5, 9}, threads); diff != "" {
			t.Error(diff)
		}
	})
}

// A rule that is made anew goes where it went, but not where the chat publishes nothing
// any more; and never to more places than it did.
func TestAddRuleWithPlaces(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		approving(t, db, store.TierInstant)
		for i, c := range []struct{ to, want []store.RuleRoute }{
			{nil, nil},
			{[]store.RuleRoute{{To: channel}, {To: 4711}}, []store.RuleRoute{{To: channel}}},
			{[]store.RuleRoute{{Rule: 99, To: 1, Thread: 9}}, []store.RuleRoute{{To: 1, Thread: 9}}},
			{[]store.RuleRoute{{To: 4711}}, []store.RuleRoute{{To: 1, Thread: store.OwnPlace}}},
		} {
			r, err := db.AddRule(ctx, store.Rule{Chat: 1, Query: fmt.Sprint("rule ", i)}, c.to...)
			if err != nil {
				t.Fatal(err)
			}
			got, err := db.RuleRoutes(ctx, r.ID)
			for i := range got {
				got[i].Rule = 0
			}
			if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
				t.Errorf("%+v: %v %s", c.to, err, diff)
			}
		}
	})
}

// What went only to a channel that is unlinked comes to the rule's own chat, not to
// the other channels.
func TestRuleRouteEnds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, _, r := approving(t, db, store.TierInstant)
		w.must(db.SaveChat(ctx, store.Chat{ID: -200, Kind: "channel", Title: "Another", Owner: 1}))
		w.must(db.AddRoute(ctx, store.Route{Chat: 1, To: -200}))
		own := []store.RuleRoute{{Rule: r.ID, To: 1, Thread: store.OwnPlace}}
		for what, end := range map[string]func() error{
			"unlinked":  func() error { return db.RemoveRoute(ctx, store.Route{Chat: 1, To: channel}) },
			"forgotten": func() error { return db.ForgetChat(ctx, -200) },
		} {
			to := int64(channel)
			if what == "forgotten" {
				to = -200
			}
			w.must(db.SetRuleRoutes(ctx, 1, r.ID, []store.RuleRoute{{To: to}}))
			w.must(end())
			if got, err := db.RuleRoutes(ctx, r.ID); err != nil || cmp.Diff(own, got) != "" {
				t.Errorf("%s: %+v, %v", what, got, err)
			}
		}
	})
}

func TestLeaveTopic(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := world{db, t}
		w.must(db.SaveChat(ctx, store.Chat{ID: 1, Kind: "supergroup", Title: "Newsroom", Forum: true, Thread: 5}))
		src := w.source("https://a.example/feed", 0)
		r := w.rule(1, "geneva", 0, store.TierInstant)
		both := w.rule(1, "talks", 0, store.TierInstant)
		w.must(db.SetRuleRoutes(ctx, 1, both.ID, []store.RuleRoute{{To: 1, Thread: 5}, {To: 1, Thread: 0}}))
		w.publish(src, item("a", r), item("b", both), item("c", r))
		p := w.parcel(1)
		w.must(db.Sending(ctx, p, ids(p.Deliveries[:1])))
		w.must(db.LeaveTopic(ctx, p, 5))
		w.must(db.Sent(ctx, p, ids(p.Deliveries[:1]), 9, 0)) // it was sent to the chat itself
		w.must(db.Release(ctx, p))
		if c, err := db.Chat(ctx, 1); err != nil || c.Thread != 0 {
			t.Errorf("chat is %+v, %v", c, err)
		}
		w.publish(src, item("d", r))
		rest := w.parcel(1)
		for _, d := range rest.Deliveries {
			if d.Thread != 0 {
				t.Errorf("%s goes to topic %d", d.Article.Item.Title, d.Thread)
			}
		}
		if diff := cmp.Diff([]string{"b", "c", "d"}, titles(rest.Deliveries)); diff != "" {
			t.Error(diff)
		}
		if got, err := db.RuleRoutes(ctx, both.ID); err != nil || len(got) != 1 || got[0].Thread != 0 {
			t.Errorf("routes of the rule are %+v, %v", got, err)
		}
	})
}
