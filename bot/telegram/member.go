package telegram

// A Member is what a user, or the bot, is in a chat.
type Member struct {
	User    User
	Status  string // creator, administrator, member, restricted, left, kicked
	Present bool   // is in the chat now
	CanPost bool   // may write there: in a channel as an administrator with that right
	CanEdit bool   // may edit what others posted in a channel
}

// Admin reports whether the member administers the chat, or owns it.
func (m Member) Admin() bool { return m.Status == "creator" || m.Status == "administrator" }
