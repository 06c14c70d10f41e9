package configs

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // zones must not depend on the machine

	"github.com/goccy/go-yaml"
	"github.com/robfig/cron/v3"

	"wirewatch/bot/telegram"
)

// problem is one value that cannot be used: the option's YAML path, and a
// sentence that says what would be right.
type problem struct{ path, text string }

// Check tells the first value that cannot be used, wherever it came from.
// The error is an *[Error].
func (c *Config) Check() error {
	if p := c.problem(); p != nil {
		return &Error{strings.TrimPrefix(p.path, "$.") + ": " + masked(p.text)}
	}
	return nil
}

// checkAgainst is Check for values that a file gave: it shows the line.
func (c *Config) checkAgainst(doc []byte) error {
	p := c.problem()
	if p == nil {
		return nil
	}
	head := strings.TrimPrefix(p.path, "$.") + ": " + p.text
	path, err := yaml.PathString(p.path)
	if err != nil {
		return fmt.Errorf("%s", head)
	}
	excerpt, err := path.AnnotateSource(doc, false)
	if err != nil { // the value is a default beside a bad bound; the file does not have it
		return fmt.Errorf("%s", head)
	}
	return fmt.Errorf("%s\n%s", head, strings.TrimRight(string(excerpt), "\n"))
}

func (c *Config) problem() *problem {
	for _, check := range []func() *problem{c.checkTelegram, c.checkAccess, c.checkPoll, c.checkRules, c.checkDigest, c.checkRest, c.checkCatalogue, c.checkSources} {
		if p := check(); p != nil {
			return p
		}
	}
	return nil
}

func (c *Config) checkTelegram() *problem {
	if !httpURL(c.Telegram.APIURL) {
		return &problem{"$.telegram.api_url", "an http or https address is wanted, such as https://api.telegram.org"}
	}
	if !proxyURL(c.Telegram.Proxy) {
		return &problem{"$.telegram.proxy", "a proxy address is wanted, such as socks5h://127.0.0.1:1080; empty for none"}
	}
	most := telegram.FreeRate
	if c.Telegram.Paid {
		most = telegram.MaxRate
	}
	if r := c.Telegram.Rate; !(r >= 0 && r <= most) { // written so that it refuses NaN
		return &problem{"$.telegram.rate", fmt.Sprintf("messages a second, 0 (automatic) to %v; above %v with allow_paid_broadcast only, to %v",
			most, telegram.FreeRate, telegram.MaxRate)}
	}
	if u := c.Telegram.Uncertain; u != UncertainRetry && u != UncertainGiveUp {
		return &problem{"$.telegram.uncertain", fmt.Sprintf("%q is neither %s nor %s", u, UncertainRetry, UncertainGiveUp)}
	}
	if c.Telegram.Backlog < 0 {
		return &problem{"$.telegram.backlog", "a duration is wanted, such as 1h; 0 for never"}
	}
	return nil
}

func (c *Config) checkAccess() *problem {
	return oneOf("$.access", c.Access, "private", "approval", "open")
}

func (c *Config) checkPoll() *problem {
	p := c.Poll
	if _, err := cron.ParseStandard(p.Tick); err != nil {
		return &problem{"$.poll.tick", `a cron expression is wanted, such as "@every 15s" or "*/1 * * * *"`}
	}
	switch {
	case p.Min < time.Second:
		return &problem{"$.poll.min", "at least 1s is wanted"}
	case p.Max < p.Min:
		return &problem{"$.poll.max", fmt.Sprintf("at least poll.min (%s) is wanted", p.Min)}
	case p.Every < p.Min || p.Every > p.Max:
		return &problem{"$.poll.every", fmt.Sprintf("a duration between poll.min (%s) and poll.max (%s) is wanted", p.Min, p.Max)}
	case p.Concurrency < 1 || p.Concurrency > 1024:
		return &problem{"$.poll.concurrency", "a number from 1 to 1024 is wanted"}
	case p.PerHost < 1 || p.PerHost > 64:
		return &problem{"$.poll.per_host", "a number from 1 to 64 is wanted"}
	case p.Withdrawn < 0:
		return &problem{"$.poll.withdrawn", "a duration is wanted, such as 5m; 0 for never"}
	case !proxyURL(p.Proxy):
		return &problem{"$.poll.proxy", "a proxy address is wanted, such as http://127.0.0.1:3128; empty for none"}
	}
	return nil
}

func (c *Config) checkRules() *problem {
	if !(c.Rules.BroadShare > 0 && c.Rules.BroadShare <= 1) {
		return &problem{"$.rules.broad_share", "a share of all articles is wanted, above 0 and at most 1, such as 0.05"}
	}
	return oneOf("$.rules.broad", c.Rules.Broad, BroadWarn, BroadRefuse)
}

func (c *Config) checkDigest() *problem {
	if _, err := cron.ParseStandard(c.Digest.Default); err != nil {
		return &problem{"$.digest.default", `a cron expression is wanted, such as "0 7 * * *" (every day at 07:00)`}
	}
	if _, err := time.LoadLocation(c.Digest.Zone); err != nil || c.Digest.Zone == "" || c.Digest.Zone == "Local" {
		return &problem{"$.digest.zone", "a time zone is wanted, such as UTC or Asia/Riyadh"}
	}
	return nil
}

func (c *Config) checkRest() *problem {
	if c.Store == "" {
		return &problem{"$.store", "a file name or postgres://… is wanted"}
	}
	if c.Retention < 24*time.Hour {
		return &problem{"$.retention", "at least 24h is wanted"}
	}
	if c.HTTP.Addr != "" {
		if _, _, err := net.SplitHostPort(c.HTTP.Addr); err != nil {
			return &problem{"$.http.addr", "host:port is wanted, such as 127.0.0.1:8081; empty for none"}
		}
	}
	if p := c.checkPublicURL(); p != nil {
		return p
	}
	if p := oneOf("$.log.level", c.Log.Level, "debug", "info", "warn", "error"); p != nil {
		return p
	}
	return oneOf("$.log.format", c.Log.Format, "auto", "text", "json")
}

func (c *Config) checkCatalogue() *problem {
	if len(c.Catalogue) == 0 {
		return nil
	}
	langs, err := OfferLanguages()
	if err != nil {
		return &problem{"$.catalogue", err.Error()}
	}
	for i, lang := range c.Catalogue {
		if lang != everyLanguage && !slices.Contains(langs, lang) {
			return &problem{fmt.Sprintf("$.catalogue[%d]", i), fmt.Sprintf("the starter list has nothing in %q; there are %s, and %s for everything",
				lang, strings.Join(langs, ", "), everyLanguage)}
		}
	}
	return nil
}

func (c *Config) checkPublicURL() *problem {
	if c.HTTP.PublicURL == "" {
		return nil
	}
	u, err := url.Parse(c.HTTP.PublicURL)
	switch {
	case err != nil || !httpURL(c.HTTP.PublicURL) || u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return &problem{"$.http.public_url", "an http or https address without query is wanted, such as https://wire.example; empty for none"}
	case c.HTTP.Addr == "":
		return &problem{"$.http.public_url", "http.addr is wanted too: it is where what comes to this address is received"}
	}
	return nil
}

func (c *Config) checkSources() *problem {
	for i, s := range c.Sources {
		if !httpURL(s.URL) {
			return &problem{fmt.Sprintf("$.sources[%d].url", i), "the http or https address of a feed is wanted"}
		}
	}
	return nil
}

func oneOf(path, value string, allowed ...string) *problem {
	if slices.Contains(allowed, value) {
		return nil
	}
	return &problem{path, fmt.Sprintf("%q is none of %s", value, strings.Join(allowed, ", "))}
}

func httpURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

func proxyURL(s string) bool {
	if s == "" {
		return true
	}
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme)
}

// suggest names the key that was probably meant, or all that there are.
func suggest(key string, keys []string) string {
	best, distance := "", 1+len(key)/2
	for _, k := range keys {
		if d := edits(key, k); d < distance {
			best, distance = k, d
		}
	}
	if best != "" && distance <= 3 {
		return fmt.Sprintf("did you mean %s?", best)
	}
	return "there are " + strings.Join(keys, ", ")
}

// edits is the Levenshtein distance of a and b, in bytes.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
