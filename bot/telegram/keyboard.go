package telegram

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
