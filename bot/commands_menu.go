package bot

import (
	"context"
	"fmt"

	"wirewatch/bot/locale"
	"wirewatch/bot/telegram"
)

// menus are the commands that clients offer, by scope. Their descriptions are
// the sentences "commands.menu.<name>".
var menus = []struct {
	scope    string
	commands []string
}{
	{"all_private_chats", []string{"rule", "rules", "entities", "follow", "sources", "latest", "search", "digest", "channels", "settings", "pause", "resume", "help"}},
	{"all_group_chats", []string{"latest", "search", "why", "help"}},
	{"all_chat_administrators", []string{"rule", "rules", "entities", "follow", "sources", "latest", "search", "why", "digest", "here", "settings", "pause", "resume", "help"}},
}

// publishCommands gives Telegram the command menus, in every language, unless
// it has them already: the fingerprint of the last ones is stored.
func (b *Bot) publishCommands(ctx context.Context) error {
	type menu struct {
		scope, lang string
		commands    []telegram.Command
	}
	var all []menu
	for _, m := range menus {
		for i, lang := range locale.Languages() {
			l := locale.Get(lang)
			var list []telegram.Command
			for _, name := range m.commands {
				list = append(list, telegram.Command{Name: name, Description: l.T("commands.menu." + name)})
			}
			if i == 0 { // for every client whose language we do not speak
				all = append(all, menu{m.scope, "", list})
			}
			all = append(all, menu{m.scope, lang, list})
		}
	}
	hash := revision(all)
	stored, err := b.o.Store.Get(ctx, commandsHash)
	if err != nil {
		return fmt.Errorf("read the hash of the command menus: %w", err)
	}
	if stored == hash {
		return nil
	}
	for _, m := range all {
		if err := b.o.Telegram.SetCommands(ctx, m.scope, m.lang, m.commands); err != nil {
			return err
		}
	}
	if err := b.o.Store.Put(ctx, commandsHash, hash); err != nil {
		return fmt.Errorf("store the hash of the command menus: %w", err)
	}
	return nil
}
