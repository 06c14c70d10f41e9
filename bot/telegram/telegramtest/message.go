package telegramtest

import (
	"encoding/json"
	"time"
)

// User is a person, or the bot itself.
type User struct {
	ID       int64
	First    string // "" is replaced by "User <id>"
	Last     string
	Username string // without @; "" none
	Lang     string // IETF language tag of the client, sent as language_code; "" is sent as none
	Bot      bool
}

// Chat is what identifies a chat; its state stays inside the Server.
type Chat struct {
	ID       int64
	Kind     string // private, group, supergroup, channel
	Title    string // "" in private chats
	Username string // without @; "" none
	Forum    bool   // a supergroup with topics
}

// Message is a message as the chat shows it: what a reader sees, not what was sent.
type Message struct {
	ID       int64
	Chat     int64
	Thread   int64 // forum topic, 0 in General and where there are no topics
	From     int64 // user id; 0 when a channel or chat speaks in its own name
	Bot      bool  // sent by the bot under test
	Date     time.Time
	Edited   time.Time // zero when never edited
	Text     string    // parsed and cleaned; the caption of a photo
	Entities []Entity  // offsets in UTF-16 code units
	Photo    string    // URL or file id of the photo, "" none
	Preview  *Preview  // link_preview_options as sent, nil none
	Keyboard [][]Button
	Reply    *ReplyMarkup // reply keyboard, its removal or a forced reply; nil none
	ReplyTo  int64        // message replied to, 0 none
	Forward  int64        // chat that it was forwarded from, 0 none
	Silent   bool         // disable_notification
	Deleted  bool         // no longer shown
	Service  string       // a service message in words ("upgraded to a supergroup"), "" for an ordinary message
	Versions []Version    // what it showed before each edit, oldest first

	service   map[string]any // fields of a service message in the Bot API
	forwardID int64          // id of the original of a forwarded message
}

// Version is what a message showed before an edit.
type Version struct {
	Text     string
	Entities []Entity
	Keyboard [][]Button
}

// Preview is link_preview_options.
type Preview struct {
	Disabled bool   `json:"is_disabled,omitempty"`
	URL      string `json:"url,omitempty"`
	Small    bool   `json:"prefer_small_media,omitempty"`
	Large    bool   `json:"prefer_large_media,omitempty"`
	Above    bool   `json:"show_above_text,omitempty"`
}

// Button is a button of an inline keyboard: exactly one of Data, URL and Copy is set, or Other names another kind.
type Button struct {
	Text  string
	Data  string // callback_data
	URL   string // as Telegram normalised it
	Copy  string // copy_text
	Style string // danger, success, primary or ""
	Other string // field name of another kind of button ("web_app", "pay", …)
}

// ReplyMarkup is what a message does to the reply keyboard below the text field.
type ReplyMarkup struct {
	Rows        [][]ReplyButton // nil unless it shows a keyboard
	Remove      bool            // remove_keyboard
	Force       bool            // force_reply
	OneTime     bool
	Persistent  bool
	Selective   bool
	Placeholder string
}

// ReplyButton is a button of a reply keyboard; pressing it sends its text.
type ReplyButton struct {
	Text    string
	Style   string
	Request *RequestChat // asks for a chat to be shared
	Other   string       // field name of another request ("request_contact", …)
}

// RequestChat is what a reply button asks for; see Server.Share.
type RequestChat struct {
	ID         int64 // request_id
	Channel    bool
	UserRights []string // rights that the user must have, nil none
	BotRights  []string // rights that the bot receives when the chat is shared, nil none
}

// Entity is a MessageEntity; Offset and Length count UTF-16 code units.
type Entity struct {
	Type     string
	Offset   int
	Length   int
	URL      string // text_link
	User     int64  // text_mention
	Language string // pre
	Emoji    string // custom_emoji
	Unix     int64  // date_time, seconds
	Format   string // date_time
}

// Answer is what answerCallbackQuery told the person who pressed.
type Answer struct {
	Text  string
	Alert bool
	URL   string
}

// Command is one entry of setMyCommands.
type Command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// MarshalJSON writes the entity as the Bot API does.
func (e Entity) MarshalJSON() ([]byte, error) {
	m := map[string]any{"type": e.Type, "offset": e.Offset, "length": e.Length}
	put := func(name, value string) {
		if value != "" {
			m[name] = value
		}
	}
	put("url", e.URL)
	put("language", e.Language)
	put("custom_emoji_id", e.Emoji)
	if e.User != 0 {
		m["user"] = map[string]any{"id": e.User, "is_bot": false, "first_name": ""}
	}
	if e.Unix != 0 {
		m["unix_time"] = e.Unix
		put("date_time_format", e.Format)
	}
	return json.Marshal(m)
}
