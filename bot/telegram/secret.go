package telegram

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"strings"
)

// redacted is what a secret looks like wherever it is printed.
const redacted = "[secret]"

// A Secret is a text that must not be printed, a bot token above all. Each way
// of formatting it, encoding it or logging it yields "[secret]"; [Secret.Reveal]
// alone gives the text. (Only the senseless %p gets around that: fmt asks no
// method there; go vet refuses it.) The zero value prints as "", so that a configuration
// shows whether a secret is set.
type Secret string

// Reveal returns the secret itself. Never pass the result to a log or an error.
func (s Secret) Reveal() string { return string(s) }

// String returns a placeholder.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return redacted
}

// GoString returns a placeholder, for %#v.
func (s Secret) GoString() string { return fmt.Sprintf("telegram.Secret(%q)", s.String()) }

// Format writes a placeholder whatever the verb: a wrong verb, such as %d,
// would otherwise print the bare string.
func (s Secret) Format(f fmt.State, verb rune) {
	switch {
	case verb == 'v' && f.Flag('#'):
		_, _ = io.WriteString(f, s.GoString())
	case verb == 'q':
		_, _ = fmt.Fprintf(f, "%q", s.String())
	default:
		_, _ = io.WriteString(f, s.String())
	}
}

// LogValue returns a placeholder.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText returns a placeholder: a configuration that is written out, as
// JSON or YAML, does not hold the secret.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// tokenForm is what @BotFather issues: the bot's user id, a colon, and 35
// characters. The length is not checked closely, it has changed before.
var tokenForm = regexp.MustCompile(`^[0-9]{1,20}:[A-Za-z0-9_-]{3,100}$`)

// checkToken tells a person what is wrong with a token, without repeating it.
func checkToken(s Secret) error {
	token := s.Reveal()
	switch {
	case token == "":
		return errors.New("no bot token: ask @BotFather for one with /newbot")
	case strings.TrimSpace(token) != token:
		return errors.New("malformed bot token: remove the white space around it")
	case strings.HasPrefix(token, "bot"):
		return errors.New(`malformed bot token: leave out the "bot" in front, it belongs to the address`)
	case !tokenForm.MatchString(token):
		return errors.New("malformed bot token: it must look like 123456789:AAF0aB-c_dE, as @BotFather shows it")
	}
	return nil
}

// redact removes the token, and its secret half alone, from a text.
func redact(text string, token Secret) string {
	whole := token.Reveal()
	if whole == "" {
		return text
	}
	text = strings.ReplaceAll(text, whole, redacted)
	if _, half, ok := strings.Cut(whole, ":"); ok && len(half) >= minSecretHalf {
		text = strings.ReplaceAll(text, half, redacted)
	}
	return text
}

// minSecretHalf keeps toy tokens of tests, such as "1:abc", from blotting out
// words of an error text.
const minSecretHalf = 8
