package bot

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"wirewatch/bot/locale"
	"wirewatch/bot/telegram"
	"wirewatch/store"
)

// Why a chat is pending; for people who look at the database, and for us.
const (
	reasonStranger = "a stranger to a private bot"
	reasonAsked    = "waits for an operator's approval"
	reasonRefused  = "refused by an operator"
)

// Limits of access.
const (
	adminFor    = time.Minute // how long an answer about an administrator is believed
	maxAdmins   = 10_000      // answers remembered
	maxClaims   = 5           // codes that a user may try
	maxClaimers = 1000        // users who may try, until the program is started again
)

// enter loads the chat of an update, or makes it when create is set, and keeps
// its title current. The turn is nil for a chat that is unknown and stays so.
func (b *Bot) enter(ctx context.Context, in telegram.Chat, user telegram.User, thread int64, create bool) (*turn, error) {
	chat, err := b.o.Store.Chat(ctx, in.ID)
	switch {
	case errors.Is(err, store.ErrNotFound) && !create:
		return nil, nil
	case errors.Is(err, store.ErrNotFound):
		chat = b.newChat(in, user)
	case err != nil:
		return nil, fmt.Errorf("load chat %d: %w", in.ID, err)
	default:
		if chat, err = b.refresh(ctx, chat, in); err != nil {
			return nil, err
		}
	}
	return &turn{Bot: b, l: locale.Get(chat.Lang), chat: chat, user: user, thread: thread}, nil
}

// newChat is a chat as it begins; it is not stored, and not admitted yet.
func (b *Bot) newChat(in telegram.Chat, user telegram.User) store.Chat {
	c := store.Chat{
		ID: in.ID, Kind: in.Kind, Title: in.Title, Username: in.Username, Forum: in.Forum,
		Lang: locale.Get(user.Lang).Lang(), Zone: b.o.Zone, Digest: b.o.Digest,
		Created: b.o.Now(), Owner: user.ID,
	}
	c.DigestAt = nextDigest(c, b.o.Now())
	return c
}

// refresh stores what Telegram says of a chat where it has changed, and wakes a
// chat that we thought we could not write to: it has just written to us.
func (b *Bot) refresh(ctx context.Context, chat store.Chat, in telegram.Chat) (store.Chat, error) {
	if chat.State == store.ChatBlocked || chat.State == store.ChatGone {
		if err := b.o.Store.Resume(ctx, chat.ID); err != nil {
			return chat, fmt.Errorf("resume chat %d: %w", chat.ID, err)
		}
		chat.State = store.ChatActive
	}
	if in.Kind == "" || chat.Kind == in.Kind && chat.Title == in.Title && chat.Username == in.Username && chat.Forum == in.Forum {
		return chat, nil
	}
	return b.update(ctx, chat.ID, func(c *store.Chat) {
		c.Kind, c.Title, c.Username, c.Forum = in.Kind, in.Title, in.Username, in.Forum
	})
}

// update changes a chat in the store.
func (b *Bot) update(ctx context.Context, id int64, change func(*store.Chat)) (store.Chat, error) {
	chat, err := b.o.Store.UpdateChat(ctx, id, func(c *store.Chat) error { change(c); return nil })
	if err != nil {
		return chat, fmt.Errorf("change chat %d: %w", id, err)
	}
	return chat, nil
}

// admitted says whether the chat may use the bot. One that may not is told so
// once, and after that met with silence.
func (t *turn) admitted(ctx context.Context) (bool, error) {
	if t.chat.State != "" && t.chat.State != store.ChatPending {
		return true, nil
	}
	known, err := t.known(ctx, t.user.ID)
	if err != nil {
		return false, err
	}
	first := t.chat.State == ""
	if known {
		t.chat.State, t.chat.Reason = store.ChatActive, ""
		return true, t.saveChat(ctx)
	}
	// Who came while the bot was private could not ask; nobody would ever hear of them.
	askNow := t.o.Access == AccessApproval && t.chat.Reason == reasonStranger
	if !first && !askNow {
		return false, nil
	}
	t.chat.State, t.chat.Reason = store.ChatPending, reasonStranger
	if t.o.Access == AccessApproval {
		t.chat.Reason = reasonAsked
	}
	if err := t.saveChat(ctx); err != nil {
		return false, err
	}
	if t.o.Access == AccessApproval {
		return false, errors.Join(t.askOperators(ctx, t.chat), t.say(ctx, t.l.Paragraph(t.l.H("commands.access.asked"))))
	}
	return false, t.sayPrivate(ctx)
}

// sayPrivate turns a stranger away: to the log while the bot has no operator, else to
// whoever runs it, with the number that telegram.operators wants.
func (t *turn) sayPrivate(ctx context.Context) error {
	all, err := t.operators(ctx)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return t.say(ctx, t.l.Paragraph(t.l.H("commands.access.private")))
	}
	return t.say(ctx, t.l.Paragraph(t.l.H("commands.access.private_taken", "id", fmt.Sprint(t.user.ID))))
}

func (t *turn) saveChat(ctx context.Context) error {
	if err := t.o.Store.SaveChat(ctx, t.chat); err != nil {
		return fmt.Errorf("save chat %d: %w", t.chat.ID, err)
	}
	return nil
}

// known says whether a user may bring chats to the bot: everybody where access
// is open, else operators and those who have an admitted chat of their own.
func (b *Bot) known(ctx context.Context, user int64) (bool, error) {
	if b.o.Access == AccessOpen {
		return true, nil
	}
	if ok, err := b.operator(ctx, user); ok || err != nil {
		return ok, err
	}
	own, err := b.o.Store.Chat(ctx, user) // a private chat has its user's id
	switch {
	case errors.Is(err, store.ErrNotFound):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("load chat %d: %w", user, err)
	}
	return own.State != store.ChatPending, nil
}

// operator says whether a user runs this installation.
func (b *Bot) operator(ctx context.Context, user int64) (bool, error) {
	all, err := b.operators(ctx)
	return slices.Contains(all, user), err
}

func (b *Bot) operators(ctx context.Context) ([]int64, error) {
	stored, err := b.o.Store.Operators(ctx)
	if err != nil {
		return nil, fmt.Errorf("list operators: %w", err)
	}
	all := append(slices.Clone(b.o.Operators), stored...)
	slices.Sort(all)
	return slices.Compact(all), nil
}

// askOperators shows every operator who is waiting. An operator who cannot be
// reached is not an error: another may be.
func (b *Bot) askOperators(ctx context.Context, waiting store.Chat) error {
	all, err := b.operators(ctx)
	if err != nil {
		return err
	}
	for _, op := range all {
		lang := ""
		if own, err := b.o.Store.Chat(ctx, op); err == nil {
			lang = own.Lang
		}
		t := &turn{Bot: b, l: locale.Get(lang), chat: store.Chat{ID: op, Kind: "private"}}
		s := t.requestScreen(waiting)
		if err := t.say(ctx, s.html, s.rows...); err != nil {
			b.o.Log.Warn("operator is not reached", "operator", op, "err", err)
		}
	}
	return nil
}

func (t *turn) requestScreen(waiting store.Chat) screen {
	name := waiting.Title
	if waiting.Username != "" {
		name += " @" + waiting.Username
	}
	return screen{
		html: t.l.Paragraph(t.l.H("commands.access.request", "name", short(name, 100), "kind", locale.Text(t.kindName(waiting.Kind)))),
		rows: [][]telegram.Button{{
			t.styled("success", "commands.access.approve", data{screen: "approve", id: waiting.ID}),
			t.styled("danger", "commands.access.refuse", data{screen: "refuse", id: waiting.ID}),
		}},
	}
}

func (t *turn) kindName(kind string) string {
	switch kind {
	case "private":
		return t.l.T("commands.kind.private")
	case "channel":
		return t.l.T("commands.kind.channel")
	}
	return t.l.T("commands.kind.group")
}

// decide lets a waiting chat in, or does not. Any operator may, once.
func (t *turn) decide(ctx context.Context, d data) error {
	if ok, err := t.operator(ctx, t.user.ID); !ok || err != nil {
		t.toast, t.alert = t.l.T("errors.operators_only"), true
		return err
	}
	waiting, err := t.o.Store.Chat(ctx, d.id)
	if errors.Is(err, store.ErrNotFound) {
		t.toast = t.l.T("errors.stale")
		return nil
	} else if err != nil {
		return fmt.Errorf("load chat %d: %w", d.id, err)
	}
	decided := waiting.State != store.ChatPending || waiting.Reason == reasonRefused && d.screen == "refuse"
	approve := d.screen == "approve"
	if !decided {
		waiting, err = t.update(ctx, d.id, func(c *store.Chat) {
			c.State, c.Reason = store.ChatPending, reasonRefused
			if approve {
				c.State, c.Reason = store.ChatActive, ""
			}
		})
		if err != nil {
			return err
		}
	}
	if approve && !decided {
		if err := t.welcome(ctx, waiting); err != nil {
			t.o.Log.Warn("approved chat is not reached", "chat", waiting.ID, "err", err)
		}
	}
	key := "commands.access.refused"
	if waiting.State != store.ChatPending {
		key = "commands.access.approved"
	}
	return t.show(ctx, screen{html: t.l.Paragraph(t.l.H(key, "name", short(waiting.Title, 100)))})
}

// welcome greets a chat in its own language, outside a turn of its own.
func (b *Bot) welcome(ctx context.Context, chat store.Chat) error {
	t := &turn{Bot: b, l: locale.Get(chat.Lang), chat: chat, user: telegram.User{ID: chat.Owner}, thread: chat.Thread}
	return t.start(ctx, "")
}

// claim makes the first operator of who knows the code in the program's log.
func (t *turn) claim(ctx context.Context, code string) error {
	if !t.private() {
		return nil // a group would read the code along
	}
	if ok, err := t.operator(ctx, t.user.ID); ok || err != nil {
		if err != nil {
			return err
		}
		return t.say(ctx, t.l.Paragraph(t.l.H("commands.claim.already")))
	}
	all, err := t.operators(ctx)
	if err != nil {
		return err
	}
	switch {
	case !t.claims.left(t.user.ID, maxClaims):
		return nil
	case t.o.Claim == "" || len(all) > 0:
		return t.say(ctx, t.l.Paragraph(t.l.H("commands.claim.closed")))
	case !sameCode(code, t.o.Claim):
		return t.say(ctx, t.l.Paragraph(t.l.H("commands.claim.wrong")))
	}
	if err := t.o.Store.AddOperator(ctx, t.user.ID); err != nil {
		return fmt.Errorf("add operator: %w", err)
	}
	t.o.Log.Info("operator set", "user", t.user.ID)
	t.chat.State, t.chat.Reason = store.ChatActive, ""
	if err := t.saveChat(ctx); err != nil {
		return err
	}
	if err := t.say(ctx, t.l.Paragraph(t.l.H("commands.claim.done"))); err != nil {
		return err
	}
	return t.showWaiting(ctx)
}

// showWaiting shows the first operator who asked before there was one.
func (t *turn) showWaiting(ctx context.Context) error {
	chats, err := t.o.Store.Chats(ctx)
	if err != nil {
		return fmt.Errorf("list chats: %w", err)
	}
	for _, c := range chats {
		if c.State == store.ChatPending && c.Reason == reasonAsked {
			s := t.requestScreen(c)
			if err := t.say(ctx, s.html, s.rows...); err != nil {
				return err
			}
		}
	}
	return nil
}

// sameCode compares codes as people type them: case, dashes and spaces do not
// count.
func sameCode(a, b string) bool {
	plain := strings.NewReplacer("-", "", " ", "", "–", "", "—", "")
	a, b = strings.ToUpper(plain.Replace(a)), strings.ToUpper(plain.Replace(b))
	return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}

// mayChange says whether the person may change things in this chat: in a group
// only its administrators may.
func (t *turn) mayChange(ctx context.Context) (bool, error) {
	if t.private() || t.isAdmin {
		return true, nil
	}
	return t.admin(ctx, t.chat.ID, t.user.ID)
}

// admin asks Telegram, and believes its answer for adminFor.
func (b *Bot) admin(ctx context.Context, chat, user int64) (bool, error) {
	if yes, ok := b.admins.get(chat, user); ok {
		return yes, nil
	}
	m, err := b.o.Telegram.Member(ctx, chat, user)
	if err != nil {
		return false, err
	}
	b.admins.put(chat, user, m.Admin())
	return m.Admin(), nil
}

// refuse answers who may not do that.
func (t *turn) refuse(ctx context.Context) error {
	if t.said == nil {
		t.toast, t.alert = t.l.T("errors.admins_only"), true
		return nil
	}
	return t.say(ctx, t.l.Paragraph(t.l.H("errors.admins_only")))
}

// adminCache remembers who administers which group.
type adminCache struct {
	now func() time.Time
	mu  sync.Mutex
	all map[[2]int64]adminAnswer
}

type adminAnswer struct {
	yes   bool
	until time.Time
}

func (c *adminCache) get(chat, user int64) (yes, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a, ok := c.all[[2]int64{chat, user}]
	return a.yes, ok && c.now().Before(a.until)
}

func (c *adminCache) put(chat, user int64, yes bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all == nil || len(c.all) >= maxAdmins {
		c.all = map[[2]int64]adminAnswer{}
	}
	c.all[[2]int64{chat, user}] = adminAnswer{yes, c.now().Add(adminFor)}
}
