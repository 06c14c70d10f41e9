package telegramtest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"unicode/utf8"
)

var (
	commandName = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)
	languages   = regexp.MustCompile(`^([a-z]{2})?$`)
)

// MaxDescription is the length of a command's description in code points.
const MaxDescription = 256

func (c *call) language() (string, *apiError) {
	if lang := c.str("language_code"); languages.MatchString(lang) {
		return lang, nil
	}
	return "", bad("invalid language code specified")
}

// scope reads a BotCommandScope as one string: its type and, where there is one, its chat and user.
func (c *call) commandKey() (commandKey, *apiError) {
	var raw struct {
		Type string      `json:"type"`
		Chat json.Number `json:"chat_id"`
		User json.Number `json:"user_id"`
	}
	lang, failure := c.language()
	if failure != nil {
		return commandKey{}, failure
	}
	if err := c.object("scope", &raw); err != nil {
		return commandKey{}, bad("can't parse BotCommandScope: %s", err)
	}
	key := commandKey{scope: raw.Type, lang: lang}
	if key.scope == "" {
		key.scope = "default"
	}
	if raw.Chat != "" {
		target := c.s.findChat(raw.Chat.String())
		if target == nil {
			return key, bad("chat not found")
		}
		key.scope += fmt.Sprintf(":%d", target.ID)
	}
	if raw.User != "" {
		key.scope += ":" + raw.User.String()
	}
	return key, nil
}

func setMyCommands(c *call) (any, *apiError) {
	key, failure := c.commandKey()
	if failure != nil {
		return nil, failure
	}
	var commands []Command
	if err := c.object("commands", &commands); err != nil {
		return nil, bad("can't parse commands JSON object")
	}
	if len(commands) > MaxCommands {
		return nil, bad("too much bot commands specified")
	}
	for _, one := range commands {
		if !commandName.MatchString(one.Command) {
			return nil, bad("BOT_COMMAND_INVALID")
		}
		if n := utf8.RuneCountInString(one.Description); n < 1 || n > MaxDescription {
			return nil, bad("BOT_COMMAND_DESCRIPTION_INVALID")
		}
	}
	if len(commands) == 0 {
		delete(c.s.profile.commands, key)
	} else {
		c.s.profile.commands[key] = commands
	}
	return true, nil
}

func getMyCommands(c *call) (any, *apiError) {
	key, failure := c.commandKey()
	if failure != nil {
		return nil, failure
	}
	if commands := c.s.profile.commands[key]; commands != nil {
		return commands, nil
	}
	return []Command{}, nil
}

func deleteMyCommands(c *call) (any, *apiError) {
	key, failure := c.commandKey()
	if failure != nil {
		return nil, failure
	}
	delete(c.s.profile.commands, key)
	return true, nil
}

// Commands returns what setMyCommands stored for a scope ("default", "all_private_chats", "chat:<id>", …) and language ("" the default).
func (s *Server) Commands(scope, lang string) []Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.profile.commands[commandKey{scope, lang}])
}

// Profile returns what setMyName, setMyDescription or setMyShortDescription stored ("name", "description",
// "short_description") for a language ("" the default).
func (s *Server) Profile(what, lang string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.profile.texts[what+"/"+lang]
}

// commandsFor returns the commands that a user's client offers in a chat: the narrowest scope that has any, in their
// language before the default one. s.mu is held.
func (s *Server) commandsFor(c *chat, user int64) []Command {
	var scopes []string
	if c.Kind == "private" {
		scopes = []string{fmt.Sprintf("chat:%d", c.ID), "all_private_chats", "default"}
	} else {
		scopes = []string{fmt.Sprintf("chat_member:%d:%d", c.ID, user)}
		if c.member(user).admin() {
			scopes = append(scopes, fmt.Sprintf("chat_administrators:%d", c.ID))
		}
		scopes = append(scopes, fmt.Sprintf("chat:%d", c.ID))
		if c.member(user).admin() {
			scopes = append(scopes, "all_chat_administrators")
		}
		scopes = append(scopes, "all_group_chats", "default")
	}
	lang := ""
	if u := s.users[user]; u != nil && len(u.Lang) >= 2 {
		lang = u.Lang[:2]
	}
	for _, scope := range scopes {
		for _, l := range []string{lang, ""} {
			if commands := s.profile.commands[commandKey{scope, l}]; len(commands) > 0 {
				return commands
			}
		}
	}
	return nil
}

func setText(what string, limit int) func(c *call) (any, *apiError) {
	return func(c *call) (any, *apiError) {
		lang, failure := c.language()
		if failure != nil {
			return nil, failure
		}
		if utf8.RuneCountInString(c.str(what)) > limit {
			return nil, bad("%s is too long", what)
		}
		c.s.profile.texts[what+"/"+lang] = c.str(what)
		return true, nil
	}
}

func getText(what string) func(c *call) (any, *apiError) {
	return func(c *call) (any, *apiError) {
		lang, failure := c.language()
		if failure != nil {
			return nil, failure
		}
		return map[string]any{what: c.s.profile.texts[what+"/"+lang]}, nil
	}
}

func setDefaultRights(c *call) (any, *apiError) {
	c.s.profile.rights[c.bool("for_channels")] = json.RawMessage(c.str("rights"))
	return true, nil
}

func getDefaultRights(c *call) (any, *apiError) {
	if raw := c.s.profile.rights[c.bool("for_channels")]; len(raw) > 0 {
		return raw, nil
	}
	rights := map[string]any{"is_anonymous": false}
	for _, r := range adminRights {
		rights[r] = false
	}
	return rights, nil
}
