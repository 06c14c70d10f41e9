package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"wirewatch/bot/locale"
	"wirewatch/store"
)

// Limits of /why.
const (
	whyTold   = 5   // stories of a message that are explained; each has its rules under it
	whyMost   = 200 // stories of a message that are counted
	whyUntold = 8   // newest stories listed that no message has told
)

// why explains the alert that it answers; by itself, what has not come.
func (t *turn) why(ctx context.Context, _ string) error {
	if t.said == nil || t.said.ReplyTo == 0 {
		return t.whyNot(ctx)
	}
	deliveries, err := t.o.Store.Told(ctx, t.chat.ID, t.said.ReplyTo, whyMost)
	if err != nil {
		return fmt.Errorf("read what a message told: %w", err)
	}
	deliveries = slices.DeleteFunc(deliveries, func(d store.Delivery) bool { return d.Article == nil })
	if len(deliveries) == 0 {
		return t.say(ctx, t.l.Paragraph(t.l.H("commands.why.unknown")))
	}
	var lines []string
	list := listing{t: t}
	for i, d := range deliveries {
		if i == whyTold {
			lines = append(lines, t.l.HN("common.and_more", len(deliveries)-whyTold))
			break
		}
		if i > 0 {
			lines = append(lines, "")
		}
		number := i + 1
		if len(deliveries) == 1 {
			number = 0
		}
		lines = append(lines, list.line(number, *d.Article))
		lines = append(lines, t.reasons(d)...)
	}
	return t.say(ctx, t.l.Page(lines...))
}

// whyNot says how to ask, and what is on its way, put off or given up.
func (t *turn) whyNot(ctx context.Context) error {
	deliveries, err := t.o.Store.Untold(ctx, t.chat.ID, whyUntold)
	if err != nil {
		return fmt.Errorf("read what is not told: %w", err)
	}
	lines := []string{t.l.H("commands.why.how")}
	if len(deliveries) > 0 {
		lines = append(lines, "", t.l.H("ledger.untold"))
	}
	list := listing{t: t}
	for i, d := range deliveries {
		if d.Article == nil {
			lines = append(lines, t.l.H("ledger.gone", "n", t.l.Digits(fmt.Sprint(i+1))))
		} else {
			lines = append(lines, list.line(i+1, *d.Article))
		}
		lines = append(lines, t.fateLines(d)...)
	}
	return t.say(ctx, t.l.Page(lines...))
}

// reasons are the lines under an article: rules, words, other sources, what became
// of it.
func (t *turn) reasons(d store.Delivery) []string {
	var lines []string
	for _, r := range d.Rules {
		if r.Name == short(r.Query, ruleName) {
			lines = append(lines, t.l.H("commands.why.unnamed", "query", short(r.Query, 200)))
		} else {
			lines = append(lines, t.l.H("commands.why.rule", "rule", unlinked(t.l, short(r.Name, 80)), "query", short(r.Query, 200)))
		}
		lines = append(lines, t.hits(r.Hits)...)
	}
	if also := d.Article.Also; len(also) > 0 {
		names := make([]string, len(also))
		for i, title := range also {
			names[i] = t.l.Span(short(title, 40))
		}
		lines = append(lines, t.l.H("commands.why.also", "sources", locale.Text(short(strings.Join(names, t.l.T("common.list_separator")), 300))))
	}
	lines = append(lines, t.l.H("commands.why.seen", "time", locale.Text(t.moment(d.Article.SeenAt))))
	return append(lines, t.fateLines(d)...)
}

// fateLines say in words what has become of a delivery: its state, its attempts where
// one was not enough, and whether it may have come twice.
func (t *turn) fateLines(d store.Delivery) []string {
	lines := []string{t.stateWords(d)}
	if d.Attempts > 1 {
		lines[0] += t.l.T("common.list_separator") + t.l.HN("ledger.attempts", d.Attempts)
	}
	if d.MaybeDup && d.State == store.StateSent {
		lines = append(lines, t.l.H("commands.why.twice"))
	}
	return lines
}

// stateWords is the state of a delivery in words.
func (t *turn) stateWords(d store.Delivery) string {
	at := func(key string, when time.Time, more ...any) string {
		return t.l.H(key, append([]any{"time", locale.Text(t.moment(when))}, more...)...)
	}
	again := d.NotBefore.After(t.o.Now())
	switch {
	case d.State == store.StateWaiting:
		return t.waitingWords(d)
	case d.State == store.StateDue && again && d.Reason != "":
		return at("ledger.again", d.NotBefore, "reason", t.reasonWords(d.Reason))
	case d.State == store.StateDue:
		return t.l.H("ledger.due")
	case d.State == store.StateSending:
		return at("ledger.sending", d.Started)
	case d.State == store.StateUncertain:
		return at("ledger.uncertain", d.Started)
	case d.State == store.StateSent && d.MessageID != 0:
		return at("ledger.sent_as", d.SentAt, "message", t.l.Digits(fmt.Sprint(d.MessageID)))
	case d.State == store.StateSent:
		return at("commands.why.sent", d.SentAt)
	case d.State == store.StateFolded:
		return t.l.H("ledger.folded")
	case d.State == store.StateHeld && d.Asked:
		return t.l.H("ledger.asked")
	case d.State == store.StateHeld:
		return t.l.H("ledger.held")
	}
	return t.l.H("ledger.dropped", "reason", t.reasonWords(d.Reason))
}

// waitingWords says what a delivery waits for, and until when if that is known.
func (t *turn) waitingWords(d store.Delivery) string {
	key, until := "ledger.waiting", d.NotBefore
	switch {
	case d.Reason == store.QuietHours:
		key = "ledger.quiet"
	case d.Kind == store.KindBacklog:
		key = "ledger.late"
	case until.IsZero():
		until = t.chat.DigestAt
	}
	if until.IsZero() {
		return t.l.H("ledger.waiting_long")
	}
	return t.l.H(key, "time", locale.Text(t.moment(until)))
}

// reasonWords says why a delivery was given up: in our words where they are ours,
// else in those of Telegram.
func (t *turn) reasonWords(reason string) string {
	if strings.HasPrefix(reason, store.PerhapsTold) { // with details for the operator
		return t.l.T("ledger.reason.perhaps")
	}
	for text, key := range map[string]string{
		store.ArticleGone: "gone", store.HeldTooLong: "held", store.NotApproved: "unapproved", store.Withdrawn: "withdrawn",
	} {
		if reason == text {
			return t.l.T("ledger.reason." + key)
		}
	}
	return t.l.Span(short(reason, 200))
}

// hits are a line for each term of a rule: its words, and where each stands.
func (t *turn) hits(hits []store.Hit) []string {
	const mostTerms, mostWords = 6, 4
	var terms []string
	words := map[string][]string{}    // by term, in order
	zones := map[[2]string][]string{} // by term and word
	for _, h := range hits {
		if !slices.Contains(terms, h.Term) && len(terms) < mostTerms {
			terms = append(terms, h.Term)
		}
		at := [2]string{h.Term, h.Text}
		if zones[at] == nil {
			words[h.Term] = append(words[h.Term], h.Text)
		}
		if zone := t.zoneName(h.Zone); !slices.Contains(zones[at], zone) {
			zones[at] = append(zones[at], zone)
		}
	}
	var lines []string
	for _, term := range terms {
		var list []string
		for _, word := range words[term][:min(len(words[term]), mostWords)] {
			list = append(list, t.l.T("commands.why.word", "text", short(word, 60),
				"zones", locale.Text(strings.Join(zones[[2]string{term, word}], t.l.T("common.list_separator")))))
		}
		lines = append(lines, t.l.H("commands.why.hit", "term", unlinked(t.l, short(term, 60)), "words", locale.Text(strings.Join(list, t.l.T("common.list_separator")))))
	}
	return lines
}

// zoneName says where in an article something was found.
func (t *turn) zoneName(zone string) string {
	if key := "commands.zone." + zone; t.l.Has(key) {
		return t.l.T(key)
	}
	return t.l.Span(zone)
}
