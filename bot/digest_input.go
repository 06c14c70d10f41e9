package bot

import (
	"context"
	"slices"
	"time"

	"wirewatch/bot/digest"
	"wirewatch/store"
)

// sameSlot is how far from its time of day a digest may have been started and
// still be compared with those of that time: the clocks may have been changed.
const sameSlot = 15 * time.Minute

// A briefer is what a digest needs of the store besides its deliveries; a *store.DB is one.
type briefer interface {
	Briefing(ctx context.Context, chat, thread, digest int64) (store.Briefing, error)
	ToldSince(ctx context.Context, chat, thread int64, since time.Time) (int, error)
}

// buildDigest lays out a digest of these deliveries, which are of one topic of the chat and
// not none. id is the digest's, 0 of one that has not begun; now is in the chat's zone.
func buildDigest(ctx context.Context, s briefer, chat store.Chat, topic []store.Delivery, id int64, now time.Time) (digest.Digest, error) {
	b, err := s.Briefing(ctx, chat.ID, topic[0].Thread, id)
	if err != nil {
		return digest.Digest{}, err
	}
	in := digestOf(chat, topic, b, now)
	if !slices.ContainsFunc(topic, func(d store.Delivery) bool { return d.Article != nil }) {
		if in.Told, err = s.ToldSince(ctx, chat.ID, topic[0].Thread, in.Since); err != nil {
			return digest.Digest{}, err
		}
	}
	return digest.Build(in), nil
}

// digestOf is what a digest of these deliveries is made of. now is in the chat's
// zone; deliveries are of one topic.
func digestOf(chat store.Chat, deliveries []store.Delivery, b store.Briefing, now time.Time) digest.Input {
	in := digest.Input{Deliveries: deliveries, Sources: b.Sources, Silent: b.Silent, NoRules: b.Rules == 0, Now: now}
	if chat.Kind == "channel" { // its readers cannot mend a source; its owner is told elsewhere
		in.Sources, in.Silent = nil, nil
	}
	in.Since = since(chat, deliveries, b, now)
	for _, e := range b.Earlier {
		if apart(e.Slot.In(now.Location()), now) <= sameSlot {
			in.Usual = append(in.Usual, e.Stories)
		}
	}
	return in
}

// since is when the period of a digest began: with the digest before it, or with
// its oldest delivery if that is older. Of the first digest of a chat the schedule
// says when the one before would have been.
func since(chat store.Chat, deliveries []store.Delivery, b store.Briefing, now time.Time) time.Time {
	since := scheduledBefore(chat, now)
	if len(b.Earlier) > 0 {
		since = b.Earlier[0].Slot
	}
	for _, d := range deliveries {
		if d.Article != nil && !since.IsZero() && d.Created.Before(since) {
			since = d.Created
		}
	}
	return since
}

// scheduledBefore is the time of the digest before the one that is sent at now,
// by the chat's schedule; zero where there is none.
func scheduledBefore(chat store.Chat, now time.Time) time.Time {
	zone := now.Location().String()
	since := previous(chat.Digest, zone, now)
	const late = time.Hour // a digest that is sent this soon after a slot is that slot's
	if !since.IsZero() && now.Sub(since) < late {
		since = previous(chat.Digest, zone, since)
	}
	return since
}

// apart is the time between two times of day, whatever their dates.
func apart(a, b time.Time) time.Duration {
	const day = 24 * time.Hour
	d := (clockOf(a) - clockOf(b)).Abs()
	return min(d, day-d)
}

func clockOf(t time.Time) time.Duration {
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
}
