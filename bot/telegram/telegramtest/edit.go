package telegramtest

import (
	"reflect"
	"slices"
	"time"
)

// DeleteWindow is how long a message can be deleted by the bot.
const DeleteWindow = 48 * time.Hour

func editMessageText(c *call) (any, *apiError) {
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
	if d.markup, failure = c.markup(); failure != nil {
		return nil, failure
	}
	target, m, failure := c.editable()
	if failure != nil {
		return nil, failure
	}
	if m.Photo != "" {
		return nil, bad("there is no text in the message to edit")
	}
	if failure := d.complete(); failure != nil {
		return nil, failure
	}
	return c.edit(target, m, d)
}

func editMessageCaption(c *call) (any, *apiError) {
	d := draft{limit: MaxCaption}
	var failure *apiError
	if d.Text, d.Entities, failure = c.text("caption", "caption_entities"); failure != nil {
		return nil, failure
	}
	if d.markup, failure = c.markup(); failure != nil {
		return nil, failure
	}
	target, m, failure := c.editable()
	if failure != nil {
		return nil, failure
	}
	if m.Photo == "" {
		return nil, bad("there is no caption in the message to edit")
	}
	d.Photo = m.Photo
	if failure := d.complete(); failure != nil {
		return nil, failure
	}
	return c.edit(target, m, d)
}

func editMessageReplyMarkup(c *call) (any, *apiError) {
	mk, failure := c.markup()
	if failure != nil {
		return nil, failure
	}
	target, m, failure := c.editable()
	if failure != nil {
		return nil, failure
	}
	if failure := mk.normalise(); failure != nil {
		return nil, failure
	}
	d := draft{markup: mk}
	d.Text, d.Entities, d.Preview = m.Text, m.Entities, m.Preview
	return c.edit(target, m, d)
}

// editable finds the message to edit and checks that it is the bot's own, or a channel's post that it may edit.
func (c *call) editable() (*chat, *Message, *apiError) {
	target, failure := c.target("chat_id", false)
	if failure != nil {
		return nil, nil, failure
	}
	if c.int("message_id") == 0 {
		return nil, nil, bad("message identifier is not specified")
	}
	m := target.shown(c.int("message_id"))
	if m == nil {
		return nil, nil, bad("message to edit not found")
	}
	foreign := !m.Bot && !(target.Kind == "channel" && target.member(c.s.me.ID).may("can_edit_messages"))
	if foreign || m.Service != "" || m.Forward != 0 {
		return nil, nil, bad("message can't be edited")
	}
	return target, m, nil
}

// edit replaces what a message shows; an absent keyboard is a removed one.
func (c *call) edit(target *chat, m *Message, d draft) (any, *apiError) {
	if d.markup.reply != nil {
		return nil, bad("inline keyboard expected")
	}
	if failure := d.markup.judge(target); failure != nil {
		return nil, failure
	}
	keyboard := d.markup.inline
	if len(keyboard) == 0 {
		keyboard = nil
	}
	if m.Text == d.Text && slices.Equal(m.Entities, d.Entities) && reflect.DeepEqual(m.Keyboard, keyboard) && reflect.DeepEqual(m.Preview, d.Preview) {
		return nil, bad("message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message")
	}
	m.Versions = append(slices.Clip(m.Versions), Version{Text: m.Text, Entities: m.Entities, Keyboard: m.Keyboard})
	m.Text, m.Entities, m.Keyboard, m.Preview = d.Text, d.Entities, keyboard, d.Preview
	m.Edited = c.s.o.Now().UTC().Truncate(time.Second)
	return c.s.messageJSON(target, m), nil
}

func deleteMessage(c *call) (any, *apiError) {
	target, failure := c.target("chat_id", false)
	if failure != nil {
		return nil, failure
	}
	m := target.shown(c.int("message_id"))
	if m == nil {
		return nil, bad("message to delete not found")
	}
	me := target.member(c.s.me.ID)
	young := c.s.o.Now().Sub(m.Date) < DeleteWindow
	allowed := young && (m.Bot || target.Kind == "private") || target.Kind != "private" && me.admin() && me.may("can_delete_messages")
	if !allowed {
		return nil, bad("message can't be deleted")
	}
	m.Deleted = true
	return true, nil
}
