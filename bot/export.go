package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"wirewatch/bot/locale"
	"wirewatch/bot/telegram"
	"wirewatch/store"
)

// exportPage is how much of an export one message holds, in UTF-16 units.
const exportPage = 3500

// An exported chat is what /export writes. Times of the day are HH:MM.
type exported struct {
	Version int `json:"version"`
	exportedSettings
	Entities []string          `json:"entities"` // as /entity takes them
	Rules    []exportedRule    `json:"rules"`
	Sources  []exportedSource  `json:"sources"`  // that only this chat sees
	Channels []exportedChannel `json:"channels"` // where its rules are published beside here
}

// exportedSettings are what /settings sets of a chat, and /channels of a channel.
type exportedSettings struct {
	Lang      string   `json:"lang"`
	Zone      string   `json:"zone"`
	Digest    []string `json:"digest"`               // cron specs
	Quiet     []string `json:"quiet"`                // from, to; empty: off
	QuietHold bool     `json:"quiet_hold,omitempty"` // alerts wait for their end
	Pictures  bool     `json:"pictures,omitempty"`
}

type exportedRule struct {
	Name   string     `json:"name"`
	Query  string     `json:"query"`
	Tier   store.Tier `json:"tier"`
	Source string     `json:"source,omitempty"` // address; "" every source

	Digest   []string `json:"digest,omitempty"`   // its own times, cron specs
	Cap      int      `json:"cap,omitempty"`      // alerts within Per
	Per      string   `json:"per,omitempty"`      // a Go duration, like Cooldown
	Cooldown string   `json:"cooldown,omitempty"` //

	To []exportedPlace `json:"to,omitempty"` // where it goes instead of where all rules go
}

// exportedPlace is a chat or a topic of it; Here is this chat, wherever it is bound.
type exportedPlace struct {
	Here    bool   `json:"here,omitempty"`
	Chat    int64  `json:"chat,omitempty"`
	Title   string `json:"title,omitempty"`
	Topic   int64  `json:"topic,omitempty"`
	Approve bool   `json:"approve,omitempty"` // somebody here is asked first
}

type exportedChannel struct {
	exportedPlace
	exportedSettings
}

type exportedSource struct {
	URL   string `json:"url"`
	Title string `json:"title"`
}

// export is /export: all that is known of the chat, as JSON.
func (t *turn) export(ctx context.Context, _ string) error {
	e := exported{Version: 1, exportedSettings: settingsOf(t.chat)}
	if err := cmp.Or(t.exportNames(ctx, &e), t.exportRules(ctx, &e), t.exportChannels(ctx, &e)); err != nil {
		return err
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // people read it
	enc.SetIndent("", " ")
	if err := enc.Encode(e); err != nil {
		return fmt.Errorf("write an export: %w", err)
	}
	for _, page := range pages(b.String(), exportPage) {
		if err := t.say(ctx, "<pre>"+locale.Escape(page)+"</pre>"); err != nil {
			return err
		}
	}
	return nil
}

func settingsOf(c store.Chat) exportedSettings {
	s := exportedSettings{
		Lang: locale.Get(c.Lang).Lang(), Zone: c.Zone, Digest: specs(c.Digest), Quiet: []string{}, QuietHold: c.QuietHold, Pictures: c.Pictures,
	}
	if c.QuietFrom != c.QuietTo {
		s.Quiet = []string{clock(c.QuietFrom), clock(c.QuietTo)}
	}
	return s
}

// specs are the lines of a digest schedule, never nil.
func specs(schedule string) []string {
	list := []string{}
	for spec := range strings.Lines(schedule) {
		list = append(list, strings.TrimSpace(spec))
	}
	return list
}

func (t *turn) exportNames(ctx context.Context, e *exported) error {
	own, err := t.o.Store.Entities(ctx, t.chat.ID)
	if err != nil {
		return fmt.Errorf("list entities: %w", err)
	}
	e.Entities = []string{}
	names := t.with(own)
	for _, stored := range own {
		if known, ok := names.Lookup(stored.Slug); ok {
			e.Entities = append(e.Entities, known.String())
		}
	}
	return nil
}

// exportRules adds the rules, and the sources that they may look at alone.
func (t *turn) exportRules(ctx context.Context, e *exported) error {
	rules, err := t.o.Store.Rules(ctx, t.chat.ID)
	if err != nil {
		return fmt.Errorf("list rules: %w", err)
	}
	sources, err := t.o.Store.Sources(ctx, t.chat.ID)
	if err != nil {
		return fmt.Errorf("list sources: %w", err)
	}
	e.Rules, e.Sources = []exportedRule{}, []exportedSource{}
	address := map[int64]string{}
	for _, s := range sources {
		address[s.ID] = s.URL
		if !s.Shared {
			e.Sources = append(e.Sources, exportedSource{s.URL, s.Title})
		}
	}
	for _, r := range rules {
		x := exportedRule{Name: r.Name, Query: r.Query, Tier: r.Tier, Source: address[r.Source], Cap: r.Limits.Cap}
		if r.Digest != "" {
			x.Digest = specs(r.Digest)
		}
		if r.Limits.Per > 0 {
			x.Per = r.Limits.Per.String()
		}
		if r.Limits.Cooldown > 0 {
			x.Cooldown = r.Limits.Cooldown.String()
		}
		own, err := t.o.Store.RuleRoutes(ctx, r.ID)
		if err != nil {
			return fmt.Errorf("list routes of rule %d: %w", r.ID, err)
		}
		for _, w := range own {
			if w.To == t.chat.ID && w.Thread == store.OwnPlace {
				x.To = append(x.To, exportedPlace{Here: true})
				continue
			}
			x.To = append(x.To, exportedPlace{Chat: w.To, Title: t.placeTitle(ctx, w.To), Topic: w.Thread})
		}
		e.Rules = append(e.Rules, x)
	}
	return nil
}

func (t *turn) exportChannels(ctx context.Context, e *exported) error {
	routes, err := t.o.Store.Routes(ctx, t.chat.ID)
	if err != nil {
		return fmt.Errorf("list routes: %w", err)
	}
	linked, err := t.linked(ctx)
	if err != nil {
		return err
	}
	e.Channels = []exportedChannel{}
	for _, r := range routes {
		at := slices.IndexFunc(linked, func(c store.Chat) bool { return c.ID == r.To })
		if at < 0 { // this chat itself
			continue
		}
		place := exportedPlace{Chat: r.To, Title: short(linked[at].Title, 80), Topic: r.Thread, Approve: r.Approve}
		e.Channels = append(e.Channels, exportedChannel{place, settingsOf(linked[at])})
	}
	return nil
}

// pages cuts a text at its lines into pieces of at most limit UTF-16 units; a
// line that is longer is cut where it must be.
func pages(s string, limit int) []string {
	var all []string
	var page strings.Builder
	size := 0
	flush := func() {
		if size > 0 {
			all = append(all, page.String())
			page.Reset()
			size = 0
		}
	}
	for line := range strings.Lines(s) {
		if size+telegram.UTF16Len(line) > limit {
			flush()
		}
		for _, r := range line {
			if size >= limit-1 {
				flush()
			}
			page.WriteRune(r)
			size += telegram.UTF16Len(string(r))
		}
	}
	flush()
	return all
}
