package telegram

import "errors"

// A Keyboard is what stands under a message. Without any of the flags it is
// an inline keyboard, whose buttons belong to the message.
type Keyboard struct {
	Rows        [][]Button // empty rows are left out
	Reply       bool       // a reply keyboard instead: its buttons send their text, or share a chat
	OneTime     bool       // a reply keyboard that folds after use
	Remove      bool       // takes a reply keyboard away; Rows are ignored
	ForceReply  bool       // the client opens a reply to this message; Rows are ignored
	Selective   bool       // Reply, Remove, ForceReply: only for the person who is replied to
	Placeholder string     // shown in the input field with Reply or ForceReply, 64 characters at most
}

// A Button is one of a keyboard. An inline one has Data, URL or Copy, exactly
// one of them; one of a reply keyboard has none, or RequestChat.
type Button struct {
	Text        string
	Data        string // comes back as Callback.Data; MaxCallbackData bytes at most
	URL         string // one that ButtonURL accepts: any other makes Telegram refuse the whole message
	Copy        string // copied to the clipboard, 256 characters at most
	Style       string // danger, success, primary; "" the client's own. Old clients and servers ignore it
	RequestChat *RequestChat
}

// A RequestChat makes a button open a list of chats to share one. Listed are
// only chats in which the person and the bot may do what is asked for.
type RequestChat struct {
	ID         int64 // comes back as SharedChat.Request; 32 bits, chosen by the caller
	Channel    bool  // list channels, else groups
	UserAdmin  bool  // only where the person is an administrator
	BotMember  bool  // only where the bot is already
	BotCanPost bool  // ask to make the bot an administrator who may post, where it is not
}

// errKeyboard is a keyboard that Telegram would refuse for its form.
var errKeyboard = errors.New("an inline button needs exactly one of Data, URL and Copy")

// markup returns what goes into reply_markup: nil for no keyboard at all.
func (k *Keyboard) markup() (any, error) {
	switch {
	case k == nil:
		return nil, nil
	case k.Remove:
		return rawRemove{Remove: true, Selective: k.Selective}, nil
	case k.ForceReply:
		return rawForce{Force: true, Placeholder: k.Placeholder, Selective: k.Selective}, nil
	case k.Reply:
		return rawReply{
			Rows: k.replyRows(), Resize: true, OneTime: k.OneTime,
			Placeholder: k.Placeholder, Selective: k.Selective,
		}, nil
	}
	return k.inline()
}

// The raw keyboards have the Bot API's names.
type (
	rawRemove struct {
		Remove    bool `json:"remove_keyboard"`
		Selective bool `json:"selective,omitempty"`
	}
	rawForce struct {
		Force       bool   `json:"force_reply"`
		Placeholder string `json:"input_field_placeholder,omitempty"`
		Selective   bool   `json:"selective,omitempty"`
	}
	rawReply struct {
		Rows        [][]rawReplyButton `json:"keyboard"`
		Resize      bool               `json:"resize_keyboard"`
		OneTime     bool               `json:"one_time_keyboard,omitempty"`
		Placeholder string             `json:"input_field_placeholder,omitempty"`
		Selective   bool               `json:"selective,omitempty"`
	}
	rawReplyButton struct {
		Text    string      `json:"text"`
		Style   string      `json:"style,omitempty"`
		Request *rawRequest `json:"request_chat,omitempty"`
	}
	rawInline struct {
		Rows [][]rawInlineButton `json:"inline_keyboard"`
	}
	rawInlineButton struct {
		Text  string   `json:"text"`
		Data  string   `json:"callback_data,omitempty"`
		URL   string   `json:"url,omitempty"`
		Copy  *rawCopy `json:"copy_text,omitempty"`
		Style string   `json:"style,omitempty"`
	}
	rawCopy struct {
		Text string `json:"text"`
	}
	rawRequest struct {
		ID         int64      `json:"request_id"`
		Channel    bool       `json:"chat_is_channel"`
		UserRights *rawRights `json:"user_administrator_rights,omitempty"`
		BotRights  *rawRights `json:"bot_administrator_rights,omitempty"`
		BotMember  bool       `json:"bot_is_member,omitempty"`
		Title      bool       `json:"request_title"`
		Username   bool       `json:"request_username"`
	}
)

// rawRights is ChatAdministratorRights, of which Telegram wants all but the
// last stated.
type rawRights struct {
	Anonymous     bool `json:"is_anonymous"`
	ManageChat    bool `json:"can_manage_chat"`
	Delete        bool `json:"can_delete_messages"`
	VideoChats    bool `json:"can_manage_video_chats"`
	Restrict      bool `json:"can_restrict_members"`
	Promote       bool `json:"can_promote_members"`
	ChangeInfo    bool `json:"can_change_info"`
	Invite        bool `json:"can_invite_users"`
	PostStories   bool `json:"can_post_stories"`
	EditStories   bool `json:"can_edit_stories"`
	DeleteStories bool `json:"can_delete_stories"`
	Post          bool `json:"can_post_messages,omitempty"`
}

// inline returns the inline keyboard, or nil when no button is left.
func (k *Keyboard) inline() (any, error) {
	var rows [][]rawInlineButton
	for _, row := range k.Rows {
		var out []rawInlineButton
		for _, b := range row {
			if !b.single() {
				return nil, errKeyboard
			}
			button := rawInlineButton{Text: b.Text, Data: b.Data, URL: b.URL, Style: b.Style}
			if b.Copy != "" {
				button.Copy = &rawCopy{Text: b.Copy}
			}
			out = append(out, button)
		}
		if len(out) > 0 {
			rows = append(rows, out)
		}
	}
	if rows == nil {
		return nil, nil
	}
	return rawInline{Rows: rows}, nil
}

// single reports whether an inline button does exactly one thing.
func (b Button) single() bool {
	n := 0
	for _, s := range []string{b.Data, b.URL, b.Copy} {
		if s != "" {
			n++
		}
	}
	return n == 1 && b.RequestChat == nil
}

// replyRows returns the rows of a reply keyboard.
func (k *Keyboard) replyRows() [][]rawReplyButton {
	rows := [][]rawReplyButton{}
	for _, row := range k.Rows {
		var out []rawReplyButton
		for _, b := range row {
			out = append(out, rawReplyButton{Text: b.Text, Style: b.Style, Request: b.RequestChat.raw()})
		}
		if len(out) > 0 {
			rows = append(rows, out)
		}
	}
	return rows
}

// raw returns the Bot API's form; nil for nil. Telegram wants the bot's rights
// to be a part of the person's, so a right that is asked for the bot is asked
// for the person too.
func (r *RequestChat) raw() *rawRequest {
	if r == nil {
		return nil
	}
	out := &rawRequest{ID: r.ID, Channel: r.Channel, BotMember: r.BotMember, Title: true, Username: true}
	rights := &rawRights{ManageChat: true, Post: r.Channel}
	if r.UserAdmin || r.BotCanPost {
		out.UserRights = rights
	}
	if r.BotCanPost {
		out.BotRights = rights
	}
	return out
}
