package bot

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"wirewatch/bot/locale"
	"wirewatch/bot/telegram"
)

// pageRows is how many things one page of a list shows.
const pageRows = 8

// answerMargin is what a press gets for its answer, however its turn went.
const answerMargin = 5 * time.Second

// A screen is a message with buttons, drawn in place of the one whose button
// was pressed. Rows are in reading order: they are turned round for languages
// that run from right to left when they are sent.
type screen struct {
	html string
	rows [][]telegram.Button
}

// data is what a button carries: "v1|screen|id|page|rev". Anybody can forge it
// and old messages keep it for ever, so whoever acts on it looks everything up
// again, with the rights of the person who pressed.
type data struct {
	screen string // which screen, or which act
	id     int64  // of a rule, a source, a chat
	page   int    // of a list, or a choice among few
	rev    string // what the screen looked like: an act on another state is refused
}

func (d data) String() string {
	return fmt.Sprintf("v1|%s|%d|%d|%s", d.screen, d.id, d.page, d.rev)
}

// parseData reads what String wrote; false for anything else.
func parseData(s string) (data, bool) {
	f := strings.Split(s, "|")
	if len(f) != 5 || f[0] != "v1" || len(s) > telegram.MaxCallbackData {
		return data{}, false
	}
	id, err1 := strconv.ParseInt(f[2], 10, 64)
	page, err2 := strconv.Atoi(f[3])
	return data{screen: f[1], id: id, page: page, rev: f[4]}, err1 == nil && err2 == nil
}

// revision is a short fingerprint of what a screen shows.
func revision(state ...any) string {
	h := fnv.New32a()
	fmt.Fprintln(h, state...)
	return strconv.FormatUint(uint64(h.Sum32()), 36)
}

// button is a button of a menu; its label is the sentence of key.
func (t *turn) button(key string, d data) telegram.Button {
	return telegram.Button{Text: t.l.T(key), Data: d.String()}
}

// styled is a coloured button: "danger", "success" or "primary".
func (t *turn) styled(style, key string, d data) telegram.Button {
	b := t.button(key, d)
	b.Style = style
	return b
}

func (t *turn) keyboard(rows [][]telegram.Button) *telegram.Keyboard {
	if len(rows) == 0 {
		return nil
	}
	k := &telegram.Keyboard{}
	for _, row := range rows {
		k.Rows = append(k.Rows, locale.Row(t.l, row...))
	}
	return k
}

// say sends a message to the chat of the turn.
func (t *turn) say(ctx context.Context, html string, rows ...[]telegram.Button) error {
	_, err := t.sayWith(ctx, html, t.keyboard(rows))
	return err
}

func (t *turn) sayWith(ctx context.Context, html string, k *telegram.Keyboard) (int64, error) {
	out := telegram.Outgoing{
		Chat: t.chat.ID, Thread: t.thread, HTML: html, Keyboard: k,
		Preview: &telegram.Preview{Disabled: true}, // lists of links would show the picture of their first
	}
	if t.said != nil && !t.private() {
		out.ReplyTo = t.said.ID
	}
	return t.send(ctx, out)
}

// show draws a screen: over the one that was pressed, else as a new message.
func (t *turn) show(ctx context.Context, s screen) error {
	if t.screen == 0 {
		return t.say(ctx, s.html, s.rows...)
	}
	if hushed(ctx) {
		return nil
	}
	err := t.o.Telegram.Edit(ctx, t.chat.ID, t.screen, telegram.Outgoing{
		Chat: t.chat.ID, HTML: s.html, Keyboard: t.keyboard(s.rows), Preview: &telegram.Preview{Disabled: true},
	})
	if telegram.KindOf(err) == telegram.MessageGone {
		t.screen = 0
		return t.say(ctx, s.html, s.rows...)
	}
	return err
}

func (t *turn) private() bool { return t.chat.Kind == "private" }

// pressed answers a button. Telegram shows it as waiting until it is answered,
// so it is answered whatever happens.
func (b *Bot) pressed(ctx context.Context, c *telegram.Callback) (err error) {
	t := &turn{Bot: b, l: locale.Get(c.From.Lang)}
	defer func() {
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerMargin)
		defer cancel()
		err = errors.Join(err, b.o.Telegram.Answer(late, c.ID, short(t.toast, telegram.MaxAnswer), t.alert))
	}()
	d, ok := parseData(c.Data)
	if !ok || c.Message == nil {
		t.toast = t.l.T("errors.stale")
		return nil
	}
	entered, err := b.enterPressed(ctx, c)
	if err != nil {
		return err
	}
	if entered == nil {
		t.toast = t.l.T("errors.stale")
		return nil
	}
	t = entered
	if !c.Message.Inaccessible {
		t.screen = c.Message.ID
	}
	if ok, err := t.mayPress(ctx, d.screen); !ok || err != nil {
		return err
	}
	return t.open(ctx, d)
}

// enterPressed is enter for a press. Who was made an operator in the configuration is asked to
// let others in before they have written a word themselves.
func (b *Bot) enterPressed(ctx context.Context, c *telegram.Callback) (*turn, error) {
	operator := false
	if c.Message.Chat.Private() {
		var err error
		if operator, err = b.operator(ctx, c.From.ID); err != nil {
			return nil, err
		}
	}
	t, err := b.enter(ctx, c.Message.Chat, c.From, c.Message.Topic(), operator)
	if t == nil || err != nil || !operator {
		return t, err
	}
	_, err = t.admitted(ctx)
	return t, err
}

// mayPress authorises a press again: the chat may have been refused since, the
// person need not be an administrator, except to read on.
func (t *turn) mayPress(ctx context.Context, screen string) (bool, error) {
	if t.chat.State == "pending" {
		return false, nil
	}
	if screen == "fold" {
		return true, nil
	}
	ok, err := t.mayChange(ctx)
	if err == nil && !ok {
		err = t.refuse(ctx)
	}
	return ok, err
}

// open draws a screen or does what a button says.
func (t *turn) open(ctx context.Context, d data) error {
	switch d.screen {
	case "home":
		return t.show(ctx, t.homeScreen())
	case "help":
		return t.show(ctx, t.helpScreen(helpTopic(d.page)))
	case "rules", "rule", "newrule", "tier", "rename", "requery", "try", "delete", "deleted", "undo":
		return t.openRule(ctx, d)
	case "entities", "entity", "newentity", "entityrule", "redefine", "entitydelete", "entitydeleted", "undoentity":
		return t.openEntity(ctx, d)
	case "sources", "source", "addsource", "take", "drop", "dropped", "share", "unshare":
		return t.openSource(ctx, d)
	case "offers", "offered", "lands", "join", "part":
		return t.openOffer(ctx, d)
	case "pick", "picks":
		return t.pickFeed(ctx, d)
	case "latest":
		return t.latest(ctx, "")
	case "settings", "langs", "setlang", "zones", "setzone", "askzone", "digests", "setdigest", "askdigest",
		"quiets", "setquiet", "quietway", "askquiet", "pictures", "pause", "resume",
		"digest", "senddigest", "digestpreview", "digestsince":
		return t.openSetting(ctx, d)
	case "channels", "link", "unlink", "unlinked", "askchannel", "approval", "recheck":
		return t.openChannel(ctx, d)
	case "where", "whereto":
		return t.openRule(ctx, d)
	case "publish", "discard", "headline":
		return t.openRequest(ctx, d)
	case "approve", "refuse":
		return t.decide(ctx, d)
	case "make", "find", "add", "no":
		return t.doWithText(ctx, d)
	case "forgotten":
		return t.forgotten(ctx)
	case "fold":
		return t.openFold(ctx, d)
	case "limits", "cap", "cool", "times", "ruletime", "asktimes":
		return t.openLimits(ctx, d)
	}
	t.toast = t.l.T("errors.stale")
	return t.show(ctx, t.homeScreen())
}

// stale redraws a screen that had changed under the button, and says so.
func (t *turn) stale(ctx context.Context, now screen) error {
	t.toast = t.l.T("errors.stale")
	return t.show(ctx, now)
}

// homeScreen is the menu that everything is reached from.
func (t *turn) homeScreen() screen {
	key := "commands.home"
	if t.chat.State == "paused" {
		key = "commands.home_paused"
	}
	rows := [][]telegram.Button{
		{t.styled("primary", "commands.button.newrule", data{screen: "newrule"})},
		{t.button("commands.button.rules", data{screen: "rules"}), t.button("commands.button.sources", data{screen: "sources"})},
		{t.button("commands.button.latest", data{screen: "latest"}), t.button("commands.button.digest", data{screen: "digest"})},
		{t.button("commands.button.channels", data{screen: "channels"}), t.button("commands.button.settings", data{screen: "settings"})},
		{t.button("commands.button.help", data{screen: "help"})},
	}
	return screen{html: t.l.Paragraph(t.l.H(key)), rows: rows}
}

func (t *turn) back(screen string, page int) telegram.Button {
	return t.button("commands.button.back", data{screen: screen, page: page})
}

// pager is the row under a list of several pages: previous, where one is, next. of is
// the list, whatever its page.
func (t *turn) pager(of data, page, pages int) []telegram.Button {
	if pages < 2 {
		return nil
	}
	of.page = page
	row := []telegram.Button{{Text: t.l.LTR(t.l.Number(page+1) + "/" + t.l.Number(pages)), Data: of.String()}}
	if page > 0 {
		of.page = page - 1
		row = append([]telegram.Button{t.button("commands.button.previous", of)}, row...)
	}
	if page < pages-1 {
		of.page = page + 1
		row = append(row, t.button("commands.button.next", of))
	}
	return row
}

// paged returns the bounds of a page of n things, the page put right where it
// was none, and the number of pages.
func paged(n, page int) (from, to, at, pages int) {
	pages = max(1, (n+pageRows-1)/pageRows)
	at = min(max(page, 0), pages-1)
	from = at * pageRows
	return from, min(n, from+pageRows), at, pages
}
