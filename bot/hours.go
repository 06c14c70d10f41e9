package bot

import (
	"context"
	"fmt"
	"time"

	"wirewatch/bot/locale"
	"wirewatch/store"
)

// heldGrace is how long after quiet hours a chat's digest may come that takes what
// they have put off; else that comes by itself when they end.
const heldGrace = 2 * time.Hour

// holdBack lets wait what is due to a chat and may not come in its quiet hours, and
// gives the parcel without it. Chats that have not chosen so get it without a sound.
func (c *Courier) holdBack(ctx context.Context, p store.Parcel) (store.Parcel, error) {
	now := c.o.Now().In(locale.Zone(zoneOf(p.Chat, c.o.Zone)))
	if !p.Chat.QuietHold || !quiet(p.Chat, now) {
		return p, nil
	}
	var wait []int64
	kept := []store.Delivery{}
	for _, d := range p.Deliveries {
		// What asks an editor must be there to be answered; it comes without a sound.
		if d.Tier == store.TierFlash || d.Kind == store.KindDigest || d.Place != nil {
			kept = append(kept, d)
		} else {
			wait = append(wait, d.ID)
		}
	}
	p.Deliveries = kept
	if len(wait) == 0 {
		return p, nil
	}
	until := heldUntil(p.Chat, now)
	ctx, cancel := lasting(ctx)
	defer cancel()
	if err := c.o.Store.Defer(ctx, p, wait, until); err != nil {
		p.Deliveries = nil // nobody knows whether they wait now
		return p, c.lease(ctx, fmt.Errorf("put off: %w", err))
	}
	c.o.Log.Info("put off", "chat", p.Chat.ID, "deliveries", len(wait), "until", until)
	return p, nil
}

// heldUntil is when a chat is told what is due to it in quiet hours: with its next
// digest if that comes not long after them, else when they end. now is in the chat's
// zone and in its quiet hours.
func heldUntil(chat store.Chat, now time.Time) time.Time {
	end := quietEnd(chat, now)
	if next := chat.DigestAt; next.After(now) && !next.After(end.Add(heldGrace)) {
		return next
	}
	return end
}

// quietEnd is when the quiet hours end in which now is, in the chat's zone. An end
// that a change of the clocks leaves out is as much later; of one that comes twice
// the first counts that is not over.
func quietEnd(chat store.Chat, now time.Time) time.Time {
	zone := now.Location()
	for day := 0; ; day++ {
		wall := time.Date(now.Year(), now.Month(), now.Day()+day, 0, chat.QuietTo, 0, 0, time.UTC)
		if end := onWall(wall, zone); end.After(now) {
			return end
		}
	}
}
