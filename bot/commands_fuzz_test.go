package bot

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"wirewatch/bot/locale"
	"wirewatch/bot/telegram"
	"wirewatch/bot/telegram/telegramtest"
	"wirewatch/store"
	"wirewatch/store/storetest"
)

// FuzzHandle says anything in a private chat and presses anything: the bot
// must answer with what Telegram accepts, or be silent.
func FuzzHandle(f *testing.F) {
	for _, seed := range []string{
		"/start", "/rule", "/rule (", "/rule 1 name <b>", "/rule \"", "/rule 99999", "/rule 1 \u202e", "/follow http://", "/follow ://", "/follow https://example.org/a b",
		"/entity @a = b", "/entity @acme = Acme; ar: أكمي\n@b topic = x y", "/entity @acme + =WHO", "/entity a en b c", "/entity 1 delete", "v1|entity|1|0|", "v1|redefine|1|0|", "/digest 25:00", "/digest 7:00,", "/digest ,", "/zone ../../etc/passwd", "/zone Local", "/zone /", "/quiet 1:00-1:00", "/quiet -", "/pause -1", "/latest ٩٩",
		"/lang zz-", "/channel @", "/channel -100", "/why", "/export", "/@", "/", "//", "/rule@", "\u200f/rules", "قاعدة", "بحث <", "<a href='x'>", "&amp;&lt", "\x00\xff", strings.Repeat("ا", 5000),
		"v1|rule|1|0|", "v1|tier|1|9|x", "v1|help|0|-1|", "v1|rules|0|999|", "v1|zones|0|-7|", "v1|setzone|0|99|", "v1|link|-1001|0|", "v1|approve|5|0|", "v2|x|||", "||||",
	} {
		f.Add(seed)
	}
	fake := telegramtest.New(telegramtest.Options{}).Start()
	f.Cleanup(fake.Close)
	fake.User(telegramtest.User{ID: omar, First: "Omar", Lang: "ar"})
	fake.Private(omar, "ar")
	client, err := telegram.New(telegram.Options{Token: telegram.Secret(fake.Token()), APIURL: fake.URL, Proxy: "direct", Unlimited: true})
	if err != nil {
		f.Fatal(err)
	}
	db := storetest.Open(f, store.Options{})
	b, err := New(Options{Store: db, Telegram: client, Log: slog.New(slog.DiscardHandler), Discover: discover, Access: AccessOpen})
	if err != nil {
		f.Fatal(err)
	}
	in := telegram.Chat{ID: omar, Kind: "private", Title: "Omar"}
	user := telegram.User{ID: omar, First: "Omar", Lang: "ar"}
	f.Fuzz(func(t *testing.T, said string) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		m := &telegram.Message{ID: 1, Chat: in, From: user, Text: strings.ToValidUTF8(said, "\ufffd")}
		if err := b.Handle(ctx, telegram.Update{Message: m}); err != nil {
			t.Errorf("said %q: %v", said, err)
		}
		c := &telegram.Callback{ID: "0", From: user, Data: said, Message: &telegram.Message{ID: 1, Chat: in, Inaccessible: true}}
		if err := b.Handle(ctx, telegram.Update{Callback: c}); err != nil {
			t.Errorf("pressed %q: %v", said, err)
		}
		if problems := fake.Problems(); len(problems) > 0 {
			t.Fatalf("after %q: %s", said, problems[len(problems)-1])
		}
		for _, r := range fake.Requests() {
			if r.Code == 400 && r.Method == "sendMessage" {
				t.Fatalf("after %q Telegram refuses an answer: %s: %s", said, r.Description, r.Params["text"])
			}
		}
	})
}

func FuzzAlias(f *testing.F) {
	for _, seed := range []string{"القواعد", "بحث جنيف", "  rule  x", "قاعدة\nجنيف", "search"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, said string) {
		name, args, ok := alias(said)
		if _, known := commandNamed(name); ok && !known {
			t.Errorf("%q stands for a command %q that there is not", said, name)
		}
		if ok && args != "" && !strings.Contains(said, args) {
			t.Errorf("%q: the argument %q is not in it", said, args)
		}
	})
}

func TestData(t *testing.T) {
	longest := data{screen: "setdigest", id: -1 << 63, page: 99999, rev: revision("x")}
	if n := len(longest.String()); n > telegram.MaxCallbackData {
		t.Errorf("%q has %d bytes", longest, n)
	}
	if got, ok := parseData(longest.String()); !ok || got != longest {
		t.Errorf("read back as %+v, %v", got, ok)
	}
	for _, bad := range []string{"", "v1", "v1|rule|x|0|", "v2|rule|1|0|", "v1|rule|1|0|a|b", "v1|rule|1||", strings.Repeat("v", 65)} {
		if d, ok := parseData(bad); ok {
			t.Errorf("%q is read as %+v", bad, d)
		}
	}
}

func TestParseClock(t *testing.T) {
	for in, want := range map[string]int{"0:00": 0, "07:05": 425, "٢٣:٥٩": 1439, " 8:30 ": 510} {
		if got, ok := parseClock(in); !ok || got != want {
			t.Errorf("%q is %d, %v", in, got, ok)
		}
	}
	for _, bad := range []string{"", ":", "24:00", "7", "7:5", "07:60", "-1:00", "+7:00", "007:00", "7:000", "a:bc"} {
		if got, ok := parseClock(bad); ok {
			t.Errorf("%q is %d", bad, got)
		}
	}
}

func TestZoneNamed(t *testing.T) {
	for in, want := range map[string]string{
		"Asia/Riyadh": "Asia/Riyadh", "asia / riyadh": "Asia/Riyadh", "riyadh": "Asia/Riyadh", "new york": "America/New_York", "utc": "UTC",
		"europe/berlin": "Europe/Berlin", "america/argentina/buenos aires": "America/Argentina/Buenos_Aires", "gmt": "GMT",
	} {
		if got, ok := zoneNamed(in); !ok || got != want {
			t.Errorf("%q is %q, %v", in, got, ok)
		}
	}
	for _, bad := range []string{"", "local", "Local", "../../etc/passwd", "Atlantis", "/", strings.Repeat("a", 100)} {
		if got, ok := zoneNamed(bad); ok {
			t.Errorf("%q is %q", bad, got)
		}
	}
}

func TestPagesHoldTheWholeText(t *testing.T) {
	long := strings.Repeat("x", 9000) + "\n" + strings.Repeat("سطر 😀\n", 2000)
	all := pages(long, 3500)
	if strings.Join(all, "") != long {
		t.Error("something is lost")
	}
	for _, p := range all {
		if telegram.UTF16Len(p) > 3500 || !utf8.ValidString(p) {
			t.Errorf("a page of %d units", telegram.UTF16Len(p))
		}
	}
}

// Sentences whose keys are put together at run time.
func TestComposedSentencesExist(t *testing.T) {
	var keys []string
	for _, name := range aliased {
		keys = append(keys, "commands.alias."+name)
	}
	for _, m := range menus {
		for _, name := range m.commands {
			keys = append(keys, "commands.menu."+name)
			if _, ok := commandNamed(name); !ok {
				t.Errorf("the menu offers /%s, which there is not", name)
			}
		}
	}
	for _, topic := range helpTopics {
		keys = append(keys, "commands.topic."+topic, "commands.help."+topic)
	}
	for _, tier := range tiers {
		keys = append(keys, "rules.tier."+string(tier), "rules.tier_long."+string(tier), "rules.tier_set."+string(tier), "rules.word."+string(tier))
	}
	keys = append(keys, "rules.word.delete", "rules.word.name",
		"sources.unfollowed", "sources.unfollowed_shared", "sources.not_followed", "commands.home", "commands.home_paused", "commands.start", "commands.start_group",
		"commands.access.approved", "commands.access.refused", "errors.channel_bot", "errors.channel_user",
		"settings.rights_lost", "settings.removed", "settings.rights_back", "settings.here_topic", "settings.here_chat")
	for _, lang := range locale.Languages() {
		for _, key := range keys {
			if !locale.Get(lang).Has(key) {
				t.Errorf("%s: no sentence %q", lang, key)
			}
		}
	}
}

// Every help page fits a message, in every language.
func TestHelpFits(t *testing.T) {
	for _, lang := range locale.Languages() {
		tn := &turn{l: locale.Get(lang)}
		for _, topic := range helpTopics {
			text, entities, err := telegramtest.ParseHTML(tn.helpScreen(topic).html)
			if err != nil || telegram.UTF16Len(text) > telegram.MaxText || len(entities) > telegram.MaxEntities {
				t.Errorf("%s %s: %d units, %d entities, %v", lang, topic, telegram.UTF16Len(text), len(entities), err)
			}
		}
	}
}
