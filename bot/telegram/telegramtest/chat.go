package telegramtest

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// person is a user and what became of them.
type person struct {
	User
	deactivated bool
}

// chat is a chat with its people and everything said in it; guarded by Server.mu.
type chat struct {
	Chat
	members  map[int64]*member
	topics   map[int64]*topic
	messages []*Message
	nextID   *int64 // of its messages
	upgraded int64  // id of the supergroup that it became
	deleted  bool
}

type member struct {
	status string          // creator, administrator, member, restricted, left, kicked
	rights map[string]bool // of administrators: rights; of restricted members: permissions
}

type topic struct {
	name    string
	color   int64
	closed  bool
	deleted bool
}

// Rights of administrators and permissions of members, as the Bot API names them.
var (
	adminRights = []string{
		"can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members", "can_promote_members",
		"can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories",
	}
	channelRights = []string{"can_post_messages", "can_edit_messages", "can_manage_direct_messages"}
	groupRights   = []string{"can_pin_messages", "can_manage_topics", "can_manage_tags"}
	permissions   = []string{
		"can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos",
		"can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages",
		"can_add_web_page_previews", "can_react_to_messages", "can_edit_tag", "can_change_info", "can_invite_users", "can_pin_messages",
		"can_manage_topics",
	}
)

// rightsOf lists the rights that an administrator of such a chat can have.
func (c *chat) rightsOf() []string {
	if c.Kind == "channel" {
		return slices.Concat(adminRights, channelRights)
	}
	return slices.Concat(adminRights, groupRights)
}

// member returns how a user stands in a chat; nobody is a stranger: they have left.
func (c *chat) member(user int64) *member {
	m := c.members[user]
	if m == nil {
		m = &member{status: "left"}
		c.members[user] = m
	}
	return m
}

func (m *member) admin() bool { return m.status == "creator" || m.status == "administrator" }

func (m *member) present() bool {
	return m.admin() || m.status == "member" || m.status == "restricted"
}

// may tells whether a member has a right or permission: creators have all, ordinary members every permission.
func (m *member) may(right string) bool {
	switch m.status {
	case "creator":
		return true
	case "administrator":
		return m.rights[right] || strings.HasPrefix(right, "can_send_")
	case "restricted":
		return m.rights[right]
	case "member":
		return strings.HasPrefix(right, "can_send_")
	}
	return false
}

// findChat resolves a chat_id: a number, a number as text or @username of a public chat. s.mu is held.
func (s *Server) findChat(id string) *chat {
	if name, ok := strings.CutPrefix(id, "@"); ok {
		for _, c := range s.chats {
			if c.Kind != "private" && c.Username != "" && strings.EqualFold(c.Username, name) {
				return c
			}
		}
		return nil
	}
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return nil
	}
	return s.chats[n]
}

// target returns the chat that a request is about, or why the bot cannot reach it: the errors that come before anything
// about the message itself. reading is enough for what needs no membership in a public chat.
func (c *call) target(name string, reading bool) (*chat, *apiError) {
	id := c.str(name)
	if id == "" {
		return nil, bad("chat_id is empty")
	}
	found := c.s.findChat(id)
	if found == nil {
		n, _ := strconv.ParseInt(id, 10, 64)
		if c.s.users[n] != nil && n != c.s.me.ID {
			return nil, forbidden("bot can't initiate conversation with a user")
		}
		if n == c.s.me.ID && n != 0 {
			return nil, forbidden("the bot can't send messages to the bot")
		}
		return nil, bad("chat not found")
	}
	return found, c.access(found, reading)
}

func (c *call) access(target *chat, reading bool) *apiError {
	me := target.member(c.s.me.ID)
	switch {
	case target.Kind == "private":
		switch {
		case c.s.users[target.ID].deactivated:
			return forbidden("user is deactivated")
		case me.status == "kicked" && !reading:
			return forbidden("bot was blocked by the user")
		}
		return nil
	case target.upgraded != 0:
		failure := bad("group chat was upgraded to a supergroup chat")
		failure.migrateTo = target.upgraded
		return failure
	case target.deleted:
		return forbidden("the group chat was deleted")
	case me.status == "kicked":
		return forbidden("bot was kicked from the %s chat", target.Kind)
	case !me.present() && !(reading && target.Username != ""):
		return forbidden("bot is not a member of the %s chat", target.Kind)
	}
	return nil
}

// thread checks message_thread_id and returns it.
func (c *call) thread(target *chat) (int64, *apiError) {
	if !c.has("message_thread_id") || c.int("message_thread_id") == 0 {
		return 0, nil
	}
	id := c.int("message_thread_id")
	t := target.topics[id]
	if t == nil || t.deleted {
		return 0, bad("message thread not found")
	}
	if t.closed && !target.member(c.s.me.ID).may("can_manage_topics") {
		return 0, bad("TOPIC_CLOSED")
	}
	return id, nil
}

// canWrite checks the bot's rights to send a text or a photo, the last thing that is checked before the servers do.
func (c *call) canWrite(target *chat, photo bool) *apiError {
	me := target.member(c.s.me.ID)
	switch {
	case target.Kind == "private":
		return nil
	case target.Kind == "channel":
		if !me.admin() || !me.may("can_post_messages") {
			return bad("need administrator rights in the channel chat")
		}
	case photo && !me.may("can_send_photos"):
		return bad("not enough rights to send photos to the chat")
	case !photo && !me.may("can_send_messages"):
		return bad("not enough rights to send text messages to the chat")
	}
	return nil
}

func (c *chat) message(id int64) *Message {
	i, ok := slices.BinarySearchFunc(c.messages, id, func(m *Message, id int64) int { return int(m.ID - id) })
	if !ok {
		return nil
	}
	return c.messages[i]
}

// shown is message, but nil for a deleted one.
func (c *chat) shown(id int64) *Message {
	if m := c.message(id); m != nil && !m.Deleted {
		return m
	}
	return nil
}

// add stores a message under the next id.
func (c *chat) add(m Message, now time.Time) *Message {
	m.ID, m.Chat, m.Date = *c.nextID, c.ID, now.UTC().Truncate(time.Second)
	*c.nextID++
	c.messages = append(c.messages, &m)
	return &m
}

func userJSON(u User) map[string]any {
	m := map[string]any{"id": u.ID, "is_bot": u.Bot, "first_name": u.First}
	put(m, "last_name", u.Last)
	put(m, "username", u.Username)
	put(m, "language_code", u.Lang)
	return m
}

func put(m map[string]any, name, value string) {
	if value != "" {
		m[name] = value
	}
}

func (s *Server) chatJSON(c *chat) map[string]any {
	m := map[string]any{"id": c.ID, "type": c.Kind}
	if c.Kind == "private" {
		u := s.users[c.ID]
		m["first_name"] = u.First
		put(m, "last_name", u.Last)
		put(m, "username", u.Username)
		return m
	}
	m["title"] = c.Title
	put(m, "username", c.Username)
	if c.Forum {
		m["is_forum"] = true
	}
	return m
}

// memberJSON is a ChatMember.
func (s *Server) memberJSON(c *chat, user int64, m *member) map[string]any {
	out := map[string]any{"status": m.status, "user": userJSON(s.users[user].User)}
	switch m.status {
	case "creator":
		out["is_anonymous"] = false
	case "administrator":
		out["is_anonymous"], out["can_be_edited"] = m.rights["is_anonymous"], false
		for _, r := range c.rightsOf() {
			out[r] = m.rights[r]
		}
	case "restricted":
		out["is_member"], out["until_date"] = true, 0
		for _, p := range permissions {
			out[p] = m.rights[p]
		}
	case "kicked":
		out["until_date"] = 0
	}
	return out
}

// messageJSON is a Message as the Bot API shows it to the bot.
func (s *Server) messageJSON(c *chat, m *Message) map[string]any {
	out := map[string]any{"message_id": m.ID, "date": m.Date.Unix(), "chat": s.chatJSON(c)}
	if m.From != 0 {
		out["from"] = userJSON(s.users[m.From].User)
	} else {
		out["sender_chat"] = s.chatJSON(c)
		if c.Kind != "channel" {
			out["from"] = map[string]any{"id": 1087968824, "is_bot": true, "first_name": "Group", "username": "GroupAnonymousBot"}
		}
	}
	if m.Thread != 0 {
		out["message_thread_id"], out["is_topic_message"] = m.Thread, true
	}
	if !m.Edited.IsZero() {
		out["edit_date"] = m.Edited.Unix()
	}
	if m.Photo != "" {
		out["photo"] = []map[string]any{{"file_id": "photo-" + strconv.FormatInt(m.ID, 10), "file_unique_id": "u" + strconv.FormatInt(m.ID, 10), "width": 800, "height": 600}}
	}
	putText(out, m)
	if m.Preview != nil {
		out["link_preview_options"] = m.Preview
	}
	if m.Keyboard != nil {
		out["reply_markup"] = map[string]any{"inline_keyboard": keyboardJSON(m.Keyboard)}
	}
	if from := s.chats[m.Forward]; from != nil {
		out["forward_origin"] = s.originJSON(from, m)
	}
	if reply := c.message(m.ReplyTo); reply != nil && !reply.Deleted {
		short := *reply
		short.ReplyTo = 0
		out["reply_to_message"] = s.messageJSON(c, &short)
	}
	for name, value := range m.service {
		out[name] = value
	}
	return out
}

func putText(out map[string]any, m *Message) {
	text, entities := "text", "entities"
	if m.Photo != "" {
		text, entities = "caption", "caption_entities"
	}
	put(out, text, m.Text)
	if len(m.Entities) > 0 {
		out[entities] = m.Entities
	}
}

func (s *Server) originJSON(from *chat, m *Message) map[string]any {
	switch from.Kind {
	case "channel":
		return map[string]any{"type": "channel", "date": m.Date.Unix(), "chat": s.chatJSON(from), "message_id": max(m.forwardID, 1)}
	case "private":
		return map[string]any{"type": "user", "date": m.Date.Unix(), "sender_user": userJSON(s.users[from.ID].User)}
	}
	return map[string]any{"type": "chat", "date": m.Date.Unix(), "sender_chat": s.chatJSON(from)}
}

func keyboardJSON(rows [][]Button) [][]map[string]any {
	out := make([][]map[string]any, len(rows))
	for i, row := range rows {
		out[i] = make([]map[string]any, len(row))
		for j, b := range row {
			m := map[string]any{"text": b.Text}
			put(m, "callback_data", b.Data)
			put(m, "url", b.URL)
			put(m, "style", b.Style)
			if b.Copy != "" {
				m["copy_text"] = map[string]any{"text": b.Copy}
			}
			out[i][j] = m
		}
	}
	return out
}
