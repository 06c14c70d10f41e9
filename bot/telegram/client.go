package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// Defaults of Options.
const (
	DefaultAPI         = "https://api.telegram.org"
	DefaultPollTimeout = 50 * time.Second // Telegram answers a longer poll after 50 s too
	DefaultSendTimeout = 60 * time.Second // Telegram sits on a message for 8 s and more before it says 429: never cut that short
	FreeRate           = 30.0             // messages a second that Telegram allows
	DefaultRate        = 29.5             // of them: see globalBurst
	MaxRate            = 1000.0           // that it allows those who pay
	PaidRate           = 950.0            // of them
	DefaultMaxWait     = 15 * time.Second
)

// RateFor is the number of messages a second where nobody has chosen one.
func RateFor(paid bool) float64 {
	if paid {
		return PaidRate
	}
	return DefaultRate
}

// pollMargin is what a poll may take beyond the time that Telegram was asked
// to wait.
const pollMargin = 15 * time.Second

// Options tell how to reach Telegram. All but the Token have useful zero values.
type Options struct {
	Token       Secret        // from @BotFather
	APIURL      string        // "": DefaultAPI; a local Bot API server or a fake: http://127.0.0.1:8081
	Proxy       string        // http, https, socks5 or socks5h URL; "": what the environment says (HTTPS_PROXY); "direct": none
	PollTimeout time.Duration // how long an empty poll lasts, in whole seconds; 0: DefaultPollTimeout; negative: not at all
	SendTimeout time.Duration // for one request other than a poll; 0: DefaultSendTimeout
	MaxWait     time.Duration // the longest that a send waits for the limits before it gives up as RateLimited; 0: DefaultMaxWait
	Rate        float64       // messages a second over all chats; 0: RateFor(Paid)
	Paid        bool          // what is beyond Telegram's free limit is paid for: allow_paid_broadcast on every message
	Unlimited   bool          // no limits but the pauses after a 429: for a fake, never for Telegram
	Now         func() time.Time

	// Observe, when set, is called after each request with its method, how
	// long it took and its error (nil, or an *Error). It must be safe for
	// concurrent use.
	Observe func(method string, took time.Duration, err error)
}

// withDefaults fills in what is zero.
func (o Options) withDefaults() Options {
	if o.APIURL == "" {
		o.APIURL = DefaultAPI
	}
	if o.PollTimeout == 0 {
		o.PollTimeout = DefaultPollTimeout
	}
	o.PollTimeout = max(o.PollTimeout, 0).Truncate(time.Second)
	if o.SendTimeout <= 0 {
		o.SendTimeout = DefaultSendTimeout
	}
	if o.MaxWait <= 0 {
		o.MaxWait = DefaultMaxWait
	}
	if o.Rate <= 0 {
		o.Rate = RateFor(o.Paid)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Observe == nil {
		o.Observe = func(string, time.Duration, error) {}
	}
	return o
}

// A Client talks to the Bot API for one bot. It is safe for concurrent use.
type Client struct {
	bot    func() tgbotapi.BotAPI // a copy for each call; a closure, so that formatting a Client shows no token
	http   *http.Client
	limits *limiter
	redact func(string) string // takes the token out of a text
	paid   bool

	pollTimeout, sendTimeout time.Duration
	now                      func() time.Time
	observe                  func(method string, took time.Duration, err error)
}

// New checks the options and returns a client. It makes no request.
func New(o Options) (*Client, error) {
	o = o.withDefaults()
	if err := checkToken(o.Token); err != nil {
		return nil, err
	}
	endpoint, err := endpoint(o.APIURL)
	if err != nil {
		return nil, err
	}
	transport, err := newTransport(o.Proxy)
	if err != nil {
		return nil, err
	}
	// NewBotAPI would call getMe, without a deadline; a literal does not.
	bot := tgbotapi.BotAPI{Token: o.Token.Reveal()}
	bot.SetAPIEndpoint(endpoint)
	return &Client{
		bot:         func() tgbotapi.BotAPI { return bot },
		http:        &http.Client{Transport: transport, CheckRedirect: noRedirect},
		limits:      newLimiter(o),
		redact:      func(text string) string { return redact(text, o.Token) },
		paid:        o.Paid,
		pollTimeout: o.PollTimeout,
		sendTimeout: o.SendTimeout,
		now:         o.Now,
		observe:     o.Observe,
	}, nil
}

// Close drops idle connections. The client stays usable.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// endpoint makes the library's format string, "https://host/bot%s/%s", from
// the address of an API server.
func endpoint(raw string) (string, error) {
	u, err := url.Parse(raw)
	if err != nil {
		// url.Error would repeat the address, and with it a password.
		return "", errors.New("api_url is no URL: write https://api.telegram.org or http://127.0.0.1:8081")
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return "", fmt.Errorf("api_url %q must begin with http:// or https:// and name a host", u.Redacted())
	}
	if u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf("api_url %q must not have a query or fragment", u.Redacted())
	}
	base := strings.TrimRight(u.String(), "/")
	return strings.ReplaceAll(base, "%", "%%") + "/bot%s/%s", nil
}

// Me asks who the bot is. It is the cheapest way to try a token.
func (c *Client) Me(ctx context.Context) (User, error) {
	var u rawUser
	err := c.call(ctx, "getMe", nil, &u)
	return u.user(), err
}

// call makes one request and decodes its result into result, which may be nil; files
// are uploaded with it. Its error is nil or an *Error.
func (c *Client) call(ctx context.Context, method string, p tgbotapi.Params, result any, files ...tgbotapi.RequestFile) error {
	began := c.now()
	err := c.do(ctx, method, p, result, files)
	c.observe(method, c.now().Sub(began), err)
	return err
}

// do is call without the observer.
func (c *Client) do(ctx context.Context, method string, p tgbotapi.Params, result any, files []tgbotapi.RequestFile) error {
	deadline := c.sendTimeout
	if method == "getUpdates" {
		deadline = c.pollTimeout + pollMargin
	}
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()

	x := &exchange{ctx: ctx, http: c.http, limit: bodyLimit(method)}
	bot := c.bot()
	bot.Client = x
	request := bot.MakeRequest
	if len(files) > 0 {
		request = func(method string, p tgbotapi.Params) (*tgbotapi.APIResponse, error) {
			return bot.UploadFiles(method, p, files)
		}
	}
	resp, err := request(method, p)
	if err != nil {
		return c.explain(method, x, err)
	}
	if result == nil {
		return nil
	}
	if err := json.Unmarshal(resp.Result, result); err != nil {
		// It was done, but what came of it is unreadable: a message may stand there.
		return &Error{Method: method, Kind: Uncertain, Code: x.status, Description: "unreadable result", Err: c.clean(err)}
	}
	return nil
}
