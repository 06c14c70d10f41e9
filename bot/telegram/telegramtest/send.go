package telegramtest

import (
	"errors"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// methods are the answers of the Bot API; Server.mu is held. getUpdates is not among them: it waits.
var methods = map[string]func(c *call) (any, *apiError){
	"getUpdates": nil,
	"getMe": func(c *call) (any, *apiError) {
		me := userJSON(c.s.me)
		me["can_join_groups"], me["can_read_all_group_messages"], me["supports_inline_queries"] = true, false, false
		return me, nil
	},
	"deleteWebhook": deleteWebhook, "setWebhook": setWebhook, "getWebhookInfo": getWebhookInfo,
	"sendMessage": sendMessage, "sendPhoto": sendPhoto, "forwardMessage": forwardMessage, "copyMessage": copyMessage,
	"editMessageText": editMessageText, "editMessageCaption": editMessageCaption, "editMessageReplyMarkup": editMessageReplyMarkup, "deleteMessage": deleteMessage,
	"sendChatAction": sendChatAction, "answerCallbackQuery": answerCallbackQuery,
	"getChat": getChat, "getChatMember": getChatMember, "getChatAdministrators": getChatAdministrators,
	"getChatMemberCount": getChatMemberCount, "leaveChat": leaveChat,
	"createForumTopic": createForumTopic, "closeForumTopic": closeForumTopic, "reopenForumTopic": reopenForumTopic,
	"deleteForumTopic": deleteForumTopic,
	"setMyCommands":    setMyCommands, "getMyCommands": getMyCommands, "deleteMyCommands": deleteMyCommands,
	"setMyName": setText("name", 64), "getMyName": getText("name"),
	"setMyDescription": setText("description", 512), "getMyDescription": getText("description"),
	"setMyShortDescription": setText("short_description", 120), "getMyShortDescription": getText("short_description"),
	"setMyDefaultAdministratorRights": setDefaultRights, "getMyDefaultAdministratorRights": getDefaultRights,
	"setChatMenuButton": func(*call) (any, *apiError) { return true, nil },
}

// draft is a message on its way through the checks.
type draft struct {
	Message
	markup markup
	limit  int // code points of its text
}

// refuse turns an error whose text is Telegram's into an answer.
func refuse(err error) *apiError {
	return bad("%s", strings.TrimPrefix(err.Error(), "Bad Request: "))
}

// text reads the text of a request, parsed but not cleaned: the first of the checks.
func (c *call) text(name, entities string) (string, []Entity, *apiError) {
	raw := c.str(name)
	if len(raw) > MaxRawBytes {
		return "", nil, bad("text is too long")
	}
	switch strings.ToLower(c.str("parse_mode")) {
	case "html":
		text, found, err := ParseHTML(raw)
		if err != nil {
			return "", nil, refuse(err)
		}
		return text, found, nil
	case "":
	default:
		return "", nil, bad("unsupported parse_mode")
	}
	if !utf8.ValidString(raw) {
		return "", nil, bad("text must be encoded in UTF-8")
	}
	var given []givenEntity
	if c.object(entities, &given) != nil {
		return "", nil, bad("can't parse entities: expected an Array of MessageEntity")
	}
	return raw, fromGiven(given), nil
}

// givenEntity is a MessageEntity in a request.
type givenEntity struct {
	Type     string
	Offset   int
	Length   int
	URL      string
	User     struct{ ID int64 }
	Language string
	Emoji    string `json:"custom_emoji_id"`
	Unix     int64  `json:"unix_time"`
	Format   string `json:"date_time_format"`
}

// fromGiven takes the entities that a bot may set; the others are found by the server.
func fromGiven(given []givenEntity) []Entity {
	var out []Entity
	for _, g := range given {
		e := Entity{Type: g.Type, Offset: g.Offset, Length: g.Length, URL: g.URL, User: g.User.ID, Language: g.Language, Emoji: g.Emoji, Unix: g.Unix, Format: g.Format}
		if e.Length <= 0 || e.Offset < 0 || isFound(e.Type) {
			continue
		}
		if e.Type == "text_link" {
			checked, err := checkLink(e.URL)
			if err != nil {
				continue
			}
			e.URL = checked
		}
		out = append(out, e)
	}
	return out
}

func sendMessage(c *call) (any, *apiError) {
	d := draft{limit: MaxText}
	if c.object("link_preview_options", &d.Preview) != nil {
		return nil, bad("can't parse link preview options JSON object")
	}
	if c.str("text") == "" {
		return nil, bad("message text is empty")
	}
	var failure *apiError
	if d.Text, d.Entities, failure = c.text("text", "entities"); failure != nil {
		return nil, failure
	}
	return c.send(d)
}

func sendPhoto(c *call) (any, *apiError) {
	d := draft{limit: MaxCaption}
	var failure *apiError
	if d.Text, d.Entities, failure = c.text("caption", "caption_entities"); failure != nil {
		return nil, failure
	}
	photo := c.params["photo"]
	d.Photo = c.str("photo")
	if !photo.file {
		if failure := checkPhoto(d.Photo); failure != nil {
			return nil, failure
		}
	}
	return c.send(d)
}

// checkPhoto judges the address of a photo; it is not fetched: Server.Fault says what became of it.
func checkPhoto(photo string) *apiError {
	u, err := url.Parse(photo)
	switch {
	case photo == "":
		return bad("there is no photo in the request")
	case err == nil && (u.Scheme == "http" || u.Scheme == "https"):
		if _, err := checkLink(photo); err != nil {
			return bad("wrong HTTP URL specified: %s", err)
		}
		return nil
	case strings.HasPrefix(photo, "photo-"):
		return nil // a file id of this server
	}
	return bad("wrong file identifier/HTTP URL specified")
}

// send takes a draft through the checks that follow the text's, in Telegram's order, and stores it.
func (c *call) send(d draft) (any, *apiError) {
	reply, failure := c.replyParameters()
	if failure != nil {
		return nil, failure
	}
	if d.markup, failure = c.markup(); failure != nil {
		return nil, failure
	}
	target, failure := c.target("chat_id", false)
	if failure != nil {
		return nil, failure
	}
	if d.Thread, failure = c.thread(target); failure != nil {
		return nil, failure
	}
	if d.ReplyTo, failure = reply.resolve(target); failure != nil {
		return nil, failure
	}
	if failure := d.complete(); failure != nil {
		return nil, failure
	}
	if failure := c.canWrite(target, d.Photo != ""); failure != nil {
		return nil, failure
	}
	if failure := d.markup.judge(target); failure != nil {
		return nil, failure
	}
	d.Silent = c.bool("disable_notification")
	return c.s.messageJSON(target, c.store(target, d.Message, d.markup)), nil
}

// complete cleans the text, checks its length and the addresses of buttons.
func (d *draft) complete() *apiError {
	if d.Photo == "" || d.Text != "" {
		// Lengths are told last: a wrong button is reported before a text that is too long.
		text, entities, err := finish(d.Text, d.Entities, d.limit)
		if err != nil && strings.HasSuffix(err.Error(), "too long") {
			if failure := d.markup.normalise(); failure != nil {
				return failure
			}
		}
		if err != nil {
			return refuse(err)
		}
		d.Text, d.Entities = text, entities
	}
	return d.markup.normalise()
}

// store adds a message of the bot to a chat.
func (c *call) store(target *chat, m Message, mk markup) *Message {
	m.Bot = true
	if target.Kind != "channel" {
		m.From = c.s.me.ID
	}
	if len(mk.inline) > 0 {
		m.Keyboard = mk.inline
	}
	m.Reply = mk.reply
	return target.add(m, c.s.o.Now())
}

type replyParameters struct {
	ID      int64 `json:"message_id"`
	Lenient bool  `json:"allow_sending_without_reply"`
}

func (c *call) replyParameters() (*replyParameters, *apiError) {
	var r *replyParameters
	if c.object("reply_parameters", &r) != nil {
		return nil, bad("can't parse reply parameters JSON object")
	}
	return r, nil
}

// resolve returns the id of the message replied to; r may be nil.
func (r *replyParameters) resolve(target *chat) (int64, *apiError) {
	switch {
	case r == nil || r.ID == 0:
		return 0, nil
	case target.shown(r.ID) != nil:
		return r.ID, nil
	case r.Lenient:
		return 0, nil
	}
	return 0, bad("message to be replied not found")
}

func forwardMessage(c *call) (any, *apiError) {
	m, target, failure := c.original("message to forward not found")
	if failure != nil {
		return nil, failure
	}
	forwarded := Message{Text: m.Text, Entities: m.Entities, Photo: m.Photo, Preview: m.Preview, Forward: m.Chat, forwardID: m.ID,
		Silent: c.bool("disable_notification"), Thread: c.int("message_thread_id")}
	return c.s.messageJSON(target, c.store(target, forwarded, markup{})), nil
}

func copyMessage(c *call) (any, *apiError) {
	mk, failure := c.markup()
	if failure != nil {
		return nil, failure
	}
	m, target, failure := c.original("message to copy not found")
	if failure != nil {
		return nil, failure
	}
	if failure := mk.normalise(); failure != nil {
		return nil, failure
	}
	if failure := mk.judge(target); failure != nil {
		return nil, failure
	}
	copied := Message{Text: m.Text, Entities: m.Entities, Photo: m.Photo, Preview: m.Preview, Silent: c.bool("disable_notification"), Thread: c.int("message_thread_id")}
	return map[string]any{"message_id": c.store(target, copied, mk).ID}, nil
}

// original finds the message to forward or copy, and where to.
func (c *call) original(missing string) (*Message, *chat, *apiError) {
	target, failure := c.target("chat_id", false)
	if failure != nil {
		return nil, nil, failure
	}
	source, failure := c.target("from_chat_id", true)
	if failure != nil {
		return nil, nil, failure
	}
	m := source.shown(c.int("message_id"))
	if m == nil || m.Service != "" {
		return nil, nil, bad("%s", missing)
	}
	if _, failure := c.thread(target); failure != nil {
		return nil, nil, failure
	}
	return m, target, c.canWrite(target, m.Photo != "")
}

func sendChatAction(c *call) (any, *apiError) {
	if _, failure := c.target("chat_id", false); failure != nil {
		return nil, failure
	}
	return true, nil
}

// press is a button that somebody pressed.
type press struct {
	at       time.Time
	answered bool
	answer   Answer
}

// MaxAnswer is the length of a callback answer in code points.
const MaxAnswer = 200

var errTooOld = errors.New("query is too old and response timeout expired or query ID is invalid")

func answerCallbackQuery(c *call) (any, *apiError) {
	p := c.s.presses[c.str("callback_query_id")]
	if p == nil || p.answered || c.s.o.Now().Sub(p.at) > QueryLifetime {
		return nil, refuse(errTooOld)
	}
	if utf8.RuneCountInString(c.str("text")) > MaxAnswer {
		return nil, bad("MESSAGE_TOO_LONG")
	}
	p.answered = true
	p.answer = Answer{Text: c.str("text"), Alert: c.bool("show_alert"), URL: c.str("url")}
	return true, nil
}
