package telegram

import (
	"context"
	"time"
)

// Defaults of Options.
const (
	DefaultAPI         = "https://api.telegram.org"
	DefaultPollTimeout = 50 * time.Second // Telegram answers a longer poll after 50 s too
	DefaultSendTimeout = 60 * time.Second // Telegram sits on a message for 8 s and more before it says 429: never cut that short
	DefaultRate        = 28               // of the 30 a second that Telegram allows
	DefaultMaxWait     = 15 * time.Second
)

// Options tell how to reach Telegram. All but the Token have useful zero values.
type Options struct {
	Token       Secret        // from @BotFather
	APIURL      string        // "": DefaultAPI; a local Bot API server or a fake: http://127.0.0.1:8081
	Proxy       string        // http, https, socks5 or socks5h URL; "": what the environment says (HTTPS_PROXY); "direct": none
	PollTimeout time.Duration // how long an empty poll lasts, in whole seconds; 0: DefaultPollTimeout; negative: not at all
	SendTimeout time.Duration // for one request other than a poll; 0: DefaultSendTimeout
	MaxWait     time.Duration // the longest that a send waits for the limits before it gives up as RateLimited; 0: DefaultMaxWait
	Rate        float64       // messages a second over all chats; 0: DefaultRate
	Now         func() time.Time

	// Observe, when set, is called after each request with its method, how
	// long it took and its error (nil, or an *Error). Must be safe for
	// concurrent use.
	Observe func(method string, took time.Duration, err error)
}

// A Client talks to the Bot API for one bot. It is safe for concurrent use.
type Client struct {
}

// New checks the options and returns a client. It makes no request.
func New(o Options) (*Client, error) {
	return &Client{}, nil
}

// Me asks who the bot is. It is the cheapest way to try a token.
func (c *Client) Me(ctx context.Context) (User, error) { return User{}, nil }
