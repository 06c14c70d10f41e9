package telegramtest

import (
	"encoding/json"
	"slices"
	"strings"
)

// Limits of keyboards.
const (
	MaxButtons      = 100
	MaxRow          = 8
	MaxCallbackData = 64       // bytes
	MaxMarkup       = 10 << 10 // bytes of JSON
	MaxCommands     = 100
)

// markup is a decoded reply_markup: an inline keyboard or something for the reply keyboard.
type markup struct {
	inline [][]Button // not nil for an inline keyboard, even an empty one
	reply  *ReplyMarkup
	size   int // bytes of JSON
}

// rawMarkup is every reply_markup at once.
type rawMarkup struct {
	Inline      [][]map[string]json.RawMessage `json:"inline_keyboard"`
	Keyboard    [][]map[string]json.RawMessage `json:"keyboard"`
	Remove      bool                           `json:"remove_keyboard"`
	Force       bool                           `json:"force_reply"`
	Persistent  bool                           `json:"is_persistent"`
	OneTime     bool                           `json:"one_time_keyboard"`
	Selective   bool                           `json:"selective"`
	Placeholder string                         `json:"input_field_placeholder"`
}

// markup decodes reply_markup as far as its form goes; checkMarkup looks at the contents later.
func (c *call) markup() (markup, *apiError) {
	var raw rawMarkup
	if !c.has("reply_markup") {
		return markup{}, nil
	}
	if c.object("reply_markup", &raw) != nil {
		return markup{}, bad("object expected as reply markup")
	}
	m := markup{size: len(c.str("reply_markup"))}
	switch {
	case raw.Inline != nil:
		m.inline = [][]Button{}
		for _, row := range raw.Inline {
			buttons, failure := c.inlineRow(row)
			if failure != nil {
				return m, failure
			}
			if len(buttons) > 0 {
				m.inline = append(m.inline, buttons)
			}
		}
	case raw.Keyboard != nil, raw.Remove, raw.Force:
		m.reply = &ReplyMarkup{Remove: raw.Remove, Force: raw.Force, Persistent: raw.Persistent, OneTime: raw.OneTime,
			Selective: raw.Selective, Placeholder: raw.Placeholder}
		for _, row := range raw.Keyboard {
			m.reply.Rows = append(m.reply.Rows, replyRow(row))
		}
	}
	return m, nil
}

// inlineRow decodes a row of inline buttons. A button without a text would vanish silently, which is never meant.
func (c *call) inlineRow(row []map[string]json.RawMessage) ([]Button, *apiError) {
	var buttons []Button
	for _, raw := range row {
		b := Button{Text: text(raw["text"]), Data: text(raw["callback_data"]), URL: text(raw["url"]), Style: text(raw["style"])}
		var copied struct{ Text string }
		if json.Unmarshal(raw["copy_text"], &copied) == nil {
			b.Copy = copied.Text
		}
		var actions []string
		for name := range raw {
			if name != "text" && name != "style" && name != "icon_custom_emoji_id" {
				actions = append(actions, name)
			}
		}
		slices.Sort(actions)
		switch {
		case b.Text == "":
			c.s.problems = append(c.s.problems, c.method+": an inline button without text is dropped silently")
			return nil, bad("strict: an inline button has no text")
		case len(actions) == 0:
			return nil, bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
		case len(actions) > 1:
			c.s.problems = append(c.s.problems, c.method+": an inline button does two things: "+strings.Join(actions, ", "))
			return nil, bad("strict: an inline button has %s", strings.Join(actions, " and "))
		case !slices.Contains([]string{"callback_data", "url", "copy_text"}, actions[0]):
			b.Other = actions[0]
		}
		buttons = append(buttons, b)
	}
	return buttons, nil
}

func replyRow(row []map[string]json.RawMessage) []ReplyButton {
	var buttons []ReplyButton
	for _, raw := range row {
		b := ReplyButton{Text: text(raw["text"]), Style: text(raw["style"])}
		for name, value := range raw {
			switch name {
			case "text", "style", "icon_custom_emoji_id":
			case "request_chat":
				b.Request = requestChat(value)
			default:
				b.Other = name
			}
		}
		buttons = append(buttons, b)
	}
	return buttons
}

func requestChat(raw json.RawMessage) *RequestChat {
	var r struct {
		ID      int64           `json:"request_id"`
		Channel bool            `json:"chat_is_channel"`
		User    map[string]bool `json:"user_administrator_rights"`
		Bot     map[string]bool `json:"bot_administrator_rights"`
	}
	if json.Unmarshal(raw, &r) != nil {
		return nil
	}
	return &RequestChat{ID: r.ID, Channel: r.Channel, UserRights: granted(r.User), BotRights: granted(r.Bot)}
}

func granted(rights map[string]bool) []string {
	var names []string
	for name, yes := range rights {
		if yes {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// normalise checks the addresses of buttons, which happens before the servers see the message.
func (m *markup) normalise() *apiError {
	for _, row := range m.inline {
		for i, b := range row {
			if b.URL == "" {
				continue
			}
			url, err := ButtonURL(b.URL)
			if err != nil {
				return bad("%s", strings.TrimPrefix(err.Error(), "Bad Request: "))
			}
			row[i].URL = url
		}
	}
	return nil
}

// judge is what Telegram's servers say to a keyboard, last of all.
func (m *markup) judge(target *chat) *apiError {
	if m.reply != nil && target.Kind == "channel" {
		return bad("inline keyboard expected")
	}
	buttons := 0
	for _, row := range m.inline {
		buttons += len(row)
		if len(row) > MaxRow {
			return bad("reply markup is too long")
		}
		for _, b := range row {
			if b.URL == "" && b.Copy == "" && b.Other == "" && (b.Data == "" || len(b.Data) > MaxCallbackData) {
				return bad("BUTTON_DATA_INVALID")
			}
		}
	}
	if m.reply != nil {
		for _, row := range m.reply.Rows {
			for _, b := range row {
				if b.Request != nil && target.Kind != "private" {
					return bad("BUTTON_TYPE_INVALID")
				}
			}
		}
	}
	if buttons > MaxButtons || m.size > MaxMarkup {
		return bad("reply markup is too long")
	}
	return nil
}
