package bot

import (
	"testing"
	"time"

	"wirewatch/bot/telegram/telegramtest"
	"wirewatch/store"
)

func access(how string, operators ...int64) func(*Options) {
	return func(o *Options) { o.Access, o.Operators = how, operators }
}

func TestPrivateAnswersAStrangerOnce(t *testing.T) {
	w := newWorld(t, access(AccessPrivate, operator))
	w.say(omar, omar, "/start")
	w.says(omar, "private", "your Telegram number is 1003")
	for _, said := range []string{"/rule vienna", "hello", "/help", "/start"} {
		w.say(omar, omar, said)
	}
	w.silent(omar, 1)
	if got := w.rules(omar); len(got) != 0 {
		t.Errorf("a stranger has rules: %+v", got)
	}
	w.forge(omar, omar, 1, "v1|settings|0|0|")
	w.silent(omar, 1)
	w.say(operator, operator, "/start")
	w.says(operator, "Hello")
}

// Who was turned away by a private bot may ask once strangers may.
func TestStrangerAsksLater(t *testing.T) {
	w := newWorld(t, access(AccessPrivate, operator))
	w.say(omar, omar, "/start")
	w.bot.o.Access = AccessApproval
	w.say(omar, omar, "/start")
	w.says(omar, "asked the operator")
	w.says(operator, "would like to use the bot")
	w.say(omar, omar, "/start")
	w.silent(omar, 2)
	w.silent(operator, 1)
	w.press(operator, operator, "Approve") // who has not written a word
	w.says(omar, "Hello")
}

func TestPrivateGroups(t *testing.T) {
	w := newWorld(t, access(AccessPrivate, operator))
	theirs := w.fake.Supergroup("Strangers", omar)
	w.say(theirs.ID, omar, "/help")
	w.say(theirs.ID, omar, "/help")
	w.silent(theirs.ID, 1)
	ours := w.fake.Supergroup("Newsroom", operator, omar)
	w.say(ours.ID, operator, "/rule vienna")
	w.say(ours.ID, omar, "/latest") // its members may look
	if len(w.rules(ours.ID)) != 1 || len(w.fake.Sent(ours.ID)) != 2 {
		t.Errorf("the operator's group:\n%s", w.fake.Transcript(ours.ID))
	}
}

func TestClaim(t *testing.T) {
	w := newWorld(t, access(AccessPrivate), func(o *Options) { o.Claim = "7F4K-92QD" })
	w.say(omar, omar, "/start")
	w.say(omar, omar, "/claim 1234")
	w.says(omar, "not the code")
	w.say(omar, omar, "/claim 7f4k 92qd")
	w.says(omar, "operator of this bot now")
	w.say(omar, omar, "/claim 7F4K-92QD")
	w.says(omar, "already")
	w.say(layla, layla, "/claim 7F4K-92QD") // the code is spent
	w.says(layla, "مشغّل")
	w.say(omar, omar, "/start")
	w.says(omar, "Hello")
	if ops, err := w.db.Operators(w.ctx); err != nil || len(ops) != 1 || ops[0] != omar {
		t.Errorf("operators %v, %v", ops, err)
	}
}

func TestClaimCannotBeGuessed(t *testing.T) {
	w := newWorld(t, access(AccessPrivate), func(o *Options) { o.Claim = "7F4K-92QD" })
	for range maxClaims + 3 {
		w.say(omar, omar, "/claim 0000")
	}
	w.silent(omar, maxClaims)
	w.say(omar, omar, "/claim 7F4K-92QD")
	w.silent(omar, maxClaims)
}

func TestApproval(t *testing.T) {
	w := newWorld(t, access(AccessApproval, operator))
	w.say(operator, operator, "/start")
	w.say(omar, omar, "/start")
	w.says(omar, "asked the operator")
	w.says(operator, "Omar", "would like")
	w.say(omar, omar, "/rule vienna")
	w.silent(omar, 1)
	w.say(layla, layla, "/start")
	w.golden(operator, "approval_operator")

	requests := w.fake.Sent(operator)[1:]
	if a := w.forge(layla, layla, 1, "v1|approve|1002|0|"); a.Text != "" || w.chat(layla).State != store.ChatPending {
		t.Error("a stranger approved herself")
	}
	w.pressOn(requests[0], operator, "Approve")
	w.says(omar, "Hello")
	w.say(omar, omar, "/rule vienna")
	if len(w.rules(omar)) != 1 {
		t.Error("an approved chat cannot make rules")
	}
	w.forge(operator, operator, requests[0].ID, "v1|refuse|1003|0|") // too late, the client sends an old press
	if w.chat(omar).State != store.ChatActive {
		t.Error("an approval was turned round")
	}
	w.pressOn(requests[1], operator, "Refuse")
	before := len(w.fake.Sent(layla))
	w.say(layla, layla, "/start")
	w.silent(layla, before)
	if a := w.forge(omar, omar, 1, "v1|approve|1002|0|"); a.Text == "" || w.chat(layla).State != store.ChatPending {
		t.Error("somebody who is no operator approved")
	}
}

func TestOperatorWhoClaimsSeesWhoWaits(t *testing.T) {
	w := newWorld(t, access(AccessApproval), func(o *Options) { o.Claim = "X1" })
	w.say(omar, omar, "/start")
	w.say(operator, operator, "/claim x1")
	w.says(operator, "Omar")
	w.press(operator, operator, "Approve")
	w.says(omar, "Hello")
}

func TestOnlyAdministratorsChangeAGroup(t *testing.T) {
	w := newWorld(t)
	g := w.fake.Supergroup("Newsroom", layla, omar) // layla made it
	w.say(g.ID, layla, "/rule vienna")
	w.say(g.ID, omar, "/rule prague")
	w.says(g.ID, "مشرفو هذه المجموعة") // the group speaks the language of who brought the bot
	for _, said := range []string{"/rule 1 delete", "/follow https://example.org/feed", "/lang en", "/zone UTC", "/quiet off", "/pause", "/forget", "/digest", "/channel @newsroom", "/here", "/export"} {
		n := len(w.fake.Sent(g.ID))
		w.say(g.ID, omar, said)
		w.says(g.ID, "مشرفو هذه المجموعة")
		w.silent(g.ID, n+1)
	}
	if got := w.rules(g.ID); len(got) != 1 {
		t.Errorf("rules %+v", got)
	}
	n := len(w.fake.Sent(g.ID))
	w.say(g.ID, omar, "vienna is lovely") // people talk
	w.say(g.ID, omar, "/rules@some_other_bot")
	w.say(g.ID, omar, "/weather") // another bot's
	w.silent(g.ID, n)
	w.say(g.ID, omar, "/rules")
	if a := w.press(g.ID, omar, "قاعدة جديدة"); !a.Alert {
		t.Errorf("a member's press: %+v", a)
	}
	w.say(g.ID, omar, "/rule 1")
	if a := w.press(g.ID, omar, "عاجل"); !a.Alert || w.rules(g.ID)[0].Tier != store.TierInstant {
		t.Errorf("a member changed the tier: %+v", a)
	}
	w.press(g.ID, layla, "عاجل")
	if w.rules(g.ID)[0].Tier != store.TierFlash {
		t.Error("an administrator could not change the tier")
	}
}

func TestAdministratorsAreAskedForOnceAMinute(t *testing.T) {
	w := newWorld(t)
	g := w.fake.Supergroup("Newsroom", layla, omar)
	asked := func() (n int) {
		for _, r := range w.fake.Requests() {
			if r.Method == "getChatMember" {
				n++
			}
		}
		return n
	}
	w.say(g.ID, omar, "/pause")
	w.say(g.ID, omar, "/pause")
	if n := asked(); n != 1 {
		t.Errorf("asked %d times", n)
	}
	w.fake.SetAdmin(g.ID, omar)
	w.later(adminFor + time.Second)
	w.say(g.ID, omar, "/pause")
	if n := asked(); n != 2 || w.chat(g.ID).State != store.ChatPaused {
		t.Errorf("asked %d times, the chat is %s", n, w.chat(g.ID).State)
	}
}

func TestAnonymousAdministrators(t *testing.T) {
	w := newWorld(t)
	g := w.fake.Supergroup("Newsroom", layla, omar)
	w.say(g.ID, layla, "/rule vienna", telegramtest.With{Anonymous: true})
	if got := w.rules(g.ID); len(got) != 1 {
		t.Errorf("an anonymous administrator was refused:\n%s", w.fake.Transcript(g.ID))
	}
}

func TestDialogInAGroupIsAReply(t *testing.T) {
	w := newWorld(t)
	g := w.fake.Supergroup("Newsroom", omar, layla)
	w.say(g.ID, omar, "/rule")
	prompt := w.last(g.ID)
	if prompt.Reply == nil || !prompt.Reply.Force || !prompt.Reply.Selective {
		t.Fatalf("the prompt forces no reply: %+v", prompt.Reply)
	}
	w.say(g.ID, layla, "her words", telegramtest.With{ReplyTo: prompt.ID}) // not her dialog
	w.say(g.ID, omar, "vienna", telegramtest.With{ReplyTo: prompt.ID})
	if got := w.rules(g.ID); len(got) != 1 || got[0].Query != "vienna" {
		t.Errorf("rules %+v\n%s", got, w.fake.Transcript(g.ID))
	}
	w.say(g.ID, omar, "/rules")
	w.press(g.ID, omar, "New rule")
	prompt = w.last(g.ID)
	w.say(g.ID, omar, "prague", telegramtest.With{ReplyTo: prompt.ID})
	if got := w.rules(g.ID); len(got) != 2 {
		t.Errorf("rules %+v\n%s", got, w.fake.Transcript(g.ID))
	}
}
