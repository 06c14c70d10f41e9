package telegram

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// poll answers one getUpdates with a result and returns what comes of it.
func poll(t *testing.T, list string) []Update {
	t.Helper()
	a := newAPI(t, result(list))
	updates, err := newClient(t, a.URL).Updates(t.Context(), 5)
	if err != nil {
		t.Fatal(err)
	}
	return updates
}

func TestUpdatesRequest(t *testing.T) {
	a := newAPI(t, result(`[]`))
	c := newClient(t, a.URL, func(o *Options) { o.PollTimeout = 1700 * time.Millisecond })
	for _, tt := range []struct {
		offset int64
		want   string
	}{{0, ""}, {17, "17"}} {
		if _, err := c.Updates(t.Context(), tt.offset); err != nil {
			t.Fatal(err)
		}
		form := a.last(t).form
		if got := form.Get("offset"); got != tt.want {
			t.Errorf("offset %q, want %q", got, tt.want)
		}
		if got := form.Get("timeout"); got != "1" {
			t.Errorf("timeout %q, want 1", got)
		}
		if got := form.Get("allowed_updates"); got != `["message","channel_post","callback_query","my_chat_member"]` {
			t.Errorf("allowed_updates %s", got)
		}
	}
}

func TestDecodeUpdates(t *testing.T) {
	day := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	const at = `"date":1770091506`
	group := Chat{ID: -1001, Kind: "supergroup", Title: "Desk", Username: "desk", Forum: true}
	const groupJSON = `"chat":{"id":-1001,"type":"supergroup","title":"Desk","username":"desk","is_forum":true}`
	channel := Chat{ID: -1002, Kind: "channel", Title: "Wire"}
	const channelJSON = `{"id":-1002,"type":"channel","title":"Wire"}`
	amal := User{ID: 9, First: "Amal", Last: "N", Username: "amal", Lang: "ar"}
	const amalJSON = `{"id":9,"is_bot":false,"first_name":"Amal","last_name":"N","username":"amal","language_code":"ar"}`
	private := Chat{ID: 9, Kind: "private", Title: "Amal N", Username: "amal"}
	const privateJSON = `"chat":{"id":9,"type":"private","first_name":"Amal","last_name":"N","username":"amal"}`

	tests := []struct {
		name, json string
		want       Update
	}{
		{"private", `"message":{"message_id":3,` + privateJSON + `,"from":` + amalJSON + `,` + at + `,"text":"/start"}`,
			Update{Message: &Message{ID: 3, Chat: private, From: amal, Date: day, Text: "/start"}}},
		{"topic", `"message":{"message_id":3,` + groupJSON + `,"from":` + amalJSON + `,` + at + `,"text":"x","message_thread_id":44,"is_topic_message":true,
			"reply_to_message":{"message_id":44,"forum_topic_created":{"name":"Geneva"},"from":` + amalJSON + `}}`,
			Update{Message: &Message{ID: 3, Chat: group, From: amal, Date: day, Text: "x", Thread: 44, IsTopic: true}}},
		{"reply", `"message":{"message_id":3,` + groupJSON + `,"from":` + amalJSON + `,` + at + `,"text":"x","message_thread_id":40,
			"reply_to_message":{"message_id":41,"from":{"id":123456,"is_bot":true,"first_name":"W"}}}`,
			Update{Message: &Message{ID: 3, Chat: group, From: amal, Date: day, Text: "x", Thread: 40, ReplyTo: 41, ReplyFrom: 123456}}},
		{"anonymous", `"message":{"message_id":3,` + groupJSON + `,"from":{"id":1087968824,"is_bot":true,"first_name":"Group","username":"GroupAnonymousBot"},
			"sender_chat":{"id":-1001,"type":"supergroup","title":"Desk","username":"desk","is_forum":true},` + at + `,"text":"x"}`,
			Update{Message: &Message{ID: 3, Chat: group, From: User{ID: AnonymousAdmin, First: "Group", Username: "GroupAnonymousBot", Bot: true},
				SenderChat: &group, Date: day, Text: "x"}}},
		{"forward", `"message":{"message_id":3,` + privateJSON + `,"from":` + amalJSON + `,` + at + `,"caption":"c",
			"forward_origin":{"type":"channel","date":1,"chat":` + channelJSON + `,"message_id":77}}`,
			Update{Message: &Message{ID: 3, Chat: private, From: amal, Date: day, Caption: "c", Forward: &channel, ForwardPost: 77}}},
		{"old forward", `"message":{"message_id":3,` + privateJSON + `,"from":` + amalJSON + `,` + at + `,
			"forward_from_chat":` + channelJSON + `,"forward_from_message_id":77}`,
			Update{Message: &Message{ID: 3, Chat: private, From: amal, Date: day, Forward: &channel, ForwardPost: 77}}},
		{"forward from a person", `"message":{"message_id":3,` + privateJSON + `,"from":` + amalJSON + `,` + at + `,
			"forward_origin":{"type":"hidden_user","date":1,"sender_user_name":"x"}}`,
			Update{Message: &Message{ID: 3, Chat: private, From: amal, Date: day}}},
		{"migration", `"message":{"message_id":3,"chat":{"id":-7,"type":"group","title":"Old"},` + at + `,"migrate_to_chat_id":-1001}`,
			Update{Message: &Message{ID: 3, Chat: Chat{ID: -7, Kind: "group", Title: "Old"}, Date: day, MigrateTo: -1001}}},
		{"migrated", `"message":{"message_id":1,` + groupJSON + `,` + at + `,"migrate_from_chat_id":-7}`,
			Update{Message: &Message{ID: 1, Chat: group, Date: day, MigrateFrom: -7}}},
		{"shared chat", `"message":{"message_id":3,` + privateJSON + `,"from":` + amalJSON + `,` + at + `,
			"chat_shared":{"request_id":2,"chat_id":-1002,"title":"Wire","username":"wire"}}`,
			Update{Message: &Message{ID: 3, Chat: private, From: amal, Date: day,
				ChatShared: &SharedChat{Request: 2, Chat: -1002, Title: "Wire", Username: "wire"}}}},
		{"channel post", `"channel_post":{"message_id":3,"chat":` + channelJSON + `,"sender_chat":` + channelJSON + `,` + at + `,"text":"x"}`,
			Update{ChannelPost: &Message{ID: 3, Chat: channel, SenderChat: &channel, Date: day, Text: "x"}}},
		{"press", `"callback_query":{"id":"42","from":` + amalJSON + `,"chat_instance":"1","data":"r:1","message":{"message_id":3,` + privateJSON + `,` + at + `,"text":"menu"}}`,
			Update{Callback: &Callback{ID: "42", From: amal, Data: "r:1", Message: &Message{ID: 3, Chat: private, Date: day, Text: "menu"}}}},
		{"press on an old message", `"callback_query":{"id":"42","from":` + amalJSON + `,"data":"r:1","message":{"message_id":3,` + privateJSON + `,"date":0}}`,
			Update{Callback: &Callback{ID: "42", From: amal, Data: "r:1", Message: &Message{ID: 3, Chat: private, Inaccessible: true}}}},
		{"press without message", `"callback_query":{"id":"42","from":` + amalJSON + `,"inline_message_id":"z"}`,
			Update{Callback: &Callback{ID: "42", From: amal}}},
		{"made administrator", `"my_chat_member":{"chat":` + channelJSON + `,"from":` + amalJSON + `,` + at + `,
			"old_chat_member":{"status":"left","user":{"id":123456,"is_bot":true,"first_name":"W"}},
			"new_chat_member":{"status":"administrator","user":{"id":123456,"is_bot":true,"first_name":"W"},"can_post_messages":true,"can_edit_messages":false}}`,
			Update{Member: &MemberChange{Chat: channel, From: amal, Date: day,
				Old: Member{User: User{ID: 123456, First: "W", Bot: true}, Status: "left"},
				New: Member{User: User{ID: 123456, First: "W", Bot: true}, Status: "administrator", Present: true, CanPost: true}}}},
		{"kind that was not asked for", `"poll":{"id":"1"}`, Update{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := poll(t, `[{"update_id":10,`+tt.json+`}]`)
			tt.want.ID = 10
			if diff := cmp.Diff([]Update{tt.want}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTopicAndAnonymous(t *testing.T) {
	m := Message{Chat: Chat{ID: -1}, Thread: 40}
	if m.Topic() != 0 || m.Anonymous() {
		t.Errorf("a thread of replies: topic %d, anonymous %t", m.Topic(), m.Anonymous())
	}
	m.IsTopic, m.SenderChat = true, &Chat{ID: -1}
	if m.Topic() != 40 || !m.Anonymous() {
		t.Errorf("a topic: topic %d, anonymous %t", m.Topic(), m.Anonymous())
	}
	m.SenderChat = &Chat{ID: -2}
	if m.Anonymous() {
		t.Error("another channel speaks for the group")
	}
}

// One update that cannot be read costs nothing but itself.
func TestUnreadableUpdate(t *testing.T) {
	got := poll(t, `[
		{"update_id":10,"message":{"message_id":1,"chat":{"id":9,"type":"private"},"date":1,"text":"a"}},
		{"update_id":11,"message":{"message_id":"one"}},
		"nonsense",
		{"update_id":"twelve"},
		{"message":{"message_id":1}},
		{"update_id":13,"message":{"message_id":2,"chat":{"id":9,"type":"private"},"date":1,"text":"b"}}]`)
	if len(got) != 6 {
		t.Fatalf("%d updates, want 6", len(got))
	}
	for i, want := range []struct {
		id  int64
		bad bool
	}{{10, false}, {11, true}, {0, true}, {0, true}, {0, true}, {13, false}} {
		u := got[i]
		if u.ID != want.id || (u.Err != nil) != want.bad || want.bad && u.Message != nil {
			t.Errorf("update %d: %+v, want id %d, unreadable %t", i, u, want.id, want.bad)
		}
	}
	if got[5].Message.Text != "b" {
		t.Errorf("the last reads %q", got[5].Message.Text)
	}
}

func TestNext(t *testing.T) {
	tests := []struct {
		name   string
		offset int64
		ids    []int64
		want   int64
	}{
		{"none", 7, nil, 7},
		{"one", 0, []int64{7}, 8},
		{"restarted lower", 900, []int64{901, 5, 6}, 7},
		{"last has no id", 7, []int64{7, 8, 0}, 9},
		{"none has an id", 7, []int64{0}, 7},
	}
	for _, tt := range tests {
		var updates []Update
		for _, id := range tt.ids {
			updates = append(updates, Update{ID: id})
		}
		if got := Next(tt.offset, updates); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestUpdatesThatAreNoList(t *testing.T) {
	a := newAPI(t, result(`{"update_id":1}`))
	if got, err := newClient(t, a.URL).Updates(t.Context(), 0); KindOf(err) != Uncertain {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestMembers(t *testing.T) {
	tests := []struct {
		json    string
		channel bool
		want    Member
		admin   bool
	}{
		{`{"status":"creator"}`, true, Member{Status: "creator", Present: true, CanPost: true, CanEdit: true}, true},
		{`{"status":"administrator","can_post_messages":true,"can_edit_messages":true}`, true,
			Member{Status: "administrator", Present: true, CanPost: true, CanEdit: true}, true},
		{`{"status":"administrator","can_post_messages":false}`, false, Member{Status: "administrator", Present: true}, true},
		{`{"status":"administrator"}`, true, Member{Status: "administrator", Present: true}, true},
		{`{"status":"administrator"}`, false, Member{Status: "administrator", Present: true, CanPost: true}, true},
		{`{"status":"member"}`, false, Member{Status: "member", Present: true, CanPost: true}, false},
		{`{"status":"member"}`, true, Member{Status: "member", Present: true}, false},
		{`{"status":"restricted","is_member":true,"can_send_messages":true}`, false, Member{Status: "restricted", Present: true, CanPost: true}, false},
		{`{"status":"restricted","is_member":true}`, false, Member{Status: "restricted", Present: true}, false},
		{`{"status":"restricted","can_send_messages":true}`, false, Member{Status: "restricted"}, false},
		{`{"status":"left"}`, false, Member{Status: "left"}, false},
		{`{"status":"kicked"}`, false, Member{Status: "kicked"}, false},
	}
	for _, tt := range tests {
		var raw rawMember
		if err := json.Unmarshal([]byte(tt.json), &raw); err != nil {
			t.Fatal(err)
		}
		got := raw.member(tt.channel)
		if got != tt.want || got.Admin() != tt.admin {
			t.Errorf("%s (channel %t): %+v, want %+v", tt.json, tt.channel, got, tt.want)
		}
	}
}

// No answer to getUpdates makes the reading panic or lose a neighbour.
func FuzzDecodeUpdates(f *testing.F) {
	f.Add([]byte(`[{"update_id":1,"message":{"message_id":1,"chat":{"id":1},"date":1}}]`))
	f.Add([]byte(`[{"update_id":1,"callback_query":{"message":{"date":0}}},{"update_id":2,"my_chat_member":{}}]`))
	f.Add([]byte(`[null,1,"x",{"update_id":1e3},{"update_id":2,"message":{"reply_to_message":{},"chat_shared":null}}]`))
	f.Add([]byte(`[{"update_id":3,"message":{"forward_origin":{"type":"channel"},"sender_chat":{}}}]`))
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 {
			return
		}
		var elements []json.RawMessage
		valid := json.Unmarshal(data, &elements) == nil
		updates, err := decodeUpdates(data)
		if (err == nil) != valid || len(updates) != len(elements) && valid {
			t.Fatalf("%d updates of %d, error %v", len(updates), len(elements), err)
		}
		for _, u := range updates {
			if u.ID == 0 && u.Err == nil {
				t.Errorf("an update without id and error: %+v", u)
			}
			if u.Err != nil && !strings.HasPrefix(u.Err.Error(), "read update") {
				t.Errorf("error %v", u.Err)
			}
		}
		Next(0, updates)
	})
}
