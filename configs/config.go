package configs

import (
	"time"

	"wirewatch/bot/telegram"
	"wirewatch/filter"
)

// Config is everything an operator can decide. The zero value is not useful:
// start from [Default]. configs/wirewatch.example.yaml says what each field
// does; a test keeps the two equal.
type Config struct {
	Telegram  Telegram      `yaml:"telegram"  envPrefix:"TELEGRAM_"`
	Access    string        `yaml:"access"    env:"ACCESS"` // private | approval | open
	Store     string        `yaml:"store"     env:"STORE"`  // a file, or postgres://…
	Poll      Poll          `yaml:"poll"      envPrefix:"POLL_"`
	Rules     Rules         `yaml:"rules"     envPrefix:"RULES_"`
	Digest    Digest        `yaml:"digest"    envPrefix:"DIGEST_"`
	Retention time.Duration `yaml:"retention" env:"RETENTION"` // how long articles are kept
	HTTP      HTTP          `yaml:"http"      envPrefix:"HTTP_"`
	Log       Log           `yaml:"log"       envPrefix:"LOG_"`
	Entities  string        `yaml:"entities"  env:"ENTITIES"`  // a pack that lies over the starter entities; "" none
	Catalogue []string      `yaml:"catalogue" env:"CATALOGUE"` // languages of the starter list that enter the catalogue
	Sources   []Source      `yaml:"sources"`
}

// Telegram says how the Bot API is reached and who operates the bot.
type Telegram struct {
	Token     telegram.Secret `yaml:"token"      env:"TOKEN"`      // never printed
	TokenFile string          `yaml:"token_file" env:"TOKEN_FILE"` // read at start, white space trimmed
	APIURL    string          `yaml:"api_url"    env:"API_URL"`
	Proxy     string          `yaml:"proxy"      env:"PROXY"` // http, https, socks5, socks5h
	Operators []int64         `yaml:"operators"  env:"OPERATORS"`
	Rate      float64         `yaml:"rate"       env:"RATE"` // messages a second; 0: telegram.RateFor(Paid)
	Paid      bool            `yaml:"allow_paid_broadcast" env:"ALLOW_PAID_BROADCAST"`
	Uncertain string          `yaml:"uncertain"  env:"UNCERTAIN"` // retry | give_up
	Backlog   time.Duration   `yaml:"backlog"    env:"BACKLOG"`   // an outage after which alerts come as one digest; 0: never
}

// What becomes of a message of which nobody knows whether it arrived: the values
// of Telegram.Uncertain.
const (
	UncertainRetry  = "retry"
	UncertainGiveUp = "give_up"
)

// Poll says how sources are looked at.
type Poll struct {
	Tick         string        `yaml:"tick"          env:"TICK"`        // cron
	Every        time.Duration `yaml:"every"         env:"EVERY"`       // a new source's interval
	Min          time.Duration `yaml:"min"           env:"MIN"`         // never more often
	Max          time.Duration `yaml:"max"           env:"MAX"`         // never more seldom
	Concurrency  int           `yaml:"concurrency"   env:"CONCURRENCY"` // sources at once
	PerHost      int           `yaml:"per_host"      env:"PER_HOST"`    // requests to one host at once
	Pages        bool          `yaml:"pages"         env:"PAGES"`       // read an article's page where the feed has a teaser
	Proxy        string        `yaml:"proxy"         env:"PROXY"`
	AllowPrivate bool          `yaml:"allow_private" env:"ALLOW_PRIVATE"`
	Withdrawn    time.Duration `yaml:"withdrawn"     env:"WITHDRAWN"` // how long a page must be gone; 0: it is not looked at
}

// What Rules.Broad may be.
const (
	BroadWarn   = "warn"
	BroadRefuse = "refuse"
)

// Rules says what is done about rules that take a great part of all articles.
type Rules struct {
	Broad      string  `yaml:"broad"       env:"BROAD"`       // warn | refuse
	BroadShare float64 `yaml:"broad_share" env:"BROAD_SHARE"` // of all articles, from which on a rule is broad
}

// Digest holds what a chat has before it chooses for itself.
type Digest struct {
	Default string `yaml:"default" env:"DEFAULT"` // cron, in the chat's zone
	Zone    string `yaml:"zone"    env:"ZONE"`    // IANA name
}

// HTTP is the operator's own door: metrics and health.
type HTTP struct {
	Addr      string `yaml:"addr"       env:"ADDR"`       // host:port; empty: none
	PublicURL string `yaml:"public_url" env:"PUBLIC_URL"` // where hubs reach Addr from outside; empty: no WebSub
}

// Log says how much is logged and in which form.
type Log struct {
	Level  string `yaml:"level"  env:"LEVEL"`  // debug | info | warn | error
	Format string `yaml:"format" env:"FORMAT"` // auto | text | json
}

// Source is a feed of the operator's catalogue; loaded into the store at start.
type Source struct {
	URL     string   `yaml:"url"`
	Title   string   `yaml:"title"`
	Lang    string   `yaml:"lang"`    // BCP 47
	Country string   `yaml:"country"` // ISO 3166 alpha-2
	Tags    []string `yaml:"tags"`
}

// Default is what holds where nobody decided otherwise.
func Default() Config {
	return Config{
		Telegram: Telegram{APIURL: "https://api.telegram.org", Operators: []int64{}, Uncertain: UncertainRetry, Backlog: time.Hour},
		Access:   "private",
		Store:    "wirewatch.db",
		Poll: Poll{
			Tick:        "@every 15s",
			Every:       5 * time.Minute,
			Min:         time.Minute,
			Max:         time.Hour,
			Concurrency: 16,
			PerHost:     2,
			Pages:       true,
			Withdrawn:   5 * time.Minute,
		},
		Rules:     Rules{Broad: BroadWarn, BroadShare: filter.BroadShare},
		Digest:    Digest{Default: "0 7 * * *", Zone: "UTC"},
		Retention: 720 * time.Hour,
		HTTP:      HTTP{Addr: "127.0.0.1:8081"},
		Log:       Log{Level: "info", Format: "auto"},
		Catalogue: []string{},
		Sources:   []Source{},
	}
}
