package configs

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"wirewatch/bot/telegram"
)

// EnvPrefix begins the name of every variable that [Load] reads.
const EnvPrefix = "WIREWATCH_"

// MaxFile bounds a configuration file, in bytes.
const MaxFile = 1 << 20

// Error is a configuration that cannot be used. Its text is for the operator:
// where, what is wrong, what would be right.
type Error struct{ Text string }

func (e *Error) Error() string { return e.Text }

// Load reads the file at path (none when path is empty), then the environment
// (a list of NAME=value, as os.Environ gives it) over the defaults. Flags are
// the caller's: set them on the result, then call [Config.Check].
//
// A file that is there and wrong is an *[Error]; one that cannot be read is not.
func Load(path string, environ []string) (Config, error) {
	c := Default()
	if path != "" {
		if err := c.readFile(path); err != nil {
			return c, err
		}
	}
	if err := c.readEnv(environ); err != nil {
		return c, err
	}
	return c, c.readToken()
}

// readFile lays the file at path over c.
func (c *Config) readFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read configuration: %w", err)
	}
	defer f.Close()
	doc, err := io.ReadAll(io.LimitReader(f, MaxFile+1))
	if err != nil {
		return fmt.Errorf("read configuration: %w", err)
	}
	if len(doc) > MaxFile {
		return &Error{fmt.Sprintf("%s: larger than %d bytes; is it a configuration file?", path, MaxFile)}
	}
	if err := c.parse(doc); err != nil {
		return &Error{path + ": " + masked(err.Error())}
	}
	return nil
}

// parse lays a YAML document over c. An unknown key, a wrong type, a key given
// twice and a value out of range are refused with their line and a caret.
func (c *Config) parse(doc []byte) (err error) {
	doc = bytes.TrimPrefix(doc, []byte("\ufeff")) // as editors on Windows write it
	defer func() {                                // the YAML library panics at tags without a value
		if r := recover(); r != nil {
			err = errors.New("this YAML cannot be read; take the tags (!), anchors (&) and aliases (*) out, no option needs them")
		}
	}()
	file, err := parser.ParseBytes(doc, 0)
	if err != nil {
		return explain(err)
	}
	if len(file.Docs) > 1 {
		return errors.New("one YAML document is wanted; take out the lines ---")
	}
	if len(file.Docs) == 0 || isNull(file.Docs[0].Body) { // empty, or nothing but comments
		return nil
	}
	body := file.Docs[0].Body
	dropNulls(body)
	if err := yaml.NodeToValue(body, c, yaml.Strict()); err != nil {
		if why := badDuration(doc, reflect.TypeFor[Config](), "$"); why != nil {
			return why
		}
		return explain(err)
	}
	if err := fraction(doc, reflect.TypeFor[Config](), "$"); err != nil {
		return err
	}
	return c.checkAgainst(doc)
}

func isNull(n ast.Node) bool { return n == nil || n.Type() == ast.NullType }

// dropNulls takes the keys without a value out of a tree: "poll:" with nothing
// behind it leaves the defaults alone.
func dropNulls(n ast.Node) {
	switch n := n.(type) {
	case *ast.MappingNode:
		n.Values = slices.DeleteFunc(n.Values, func(v *ast.MappingValueNode) bool { return isNull(v.Value) })
		for _, v := range n.Values {
			dropNulls(v.Value)
		}
	case *ast.SequenceNode:
		for _, v := range n.Values {
			dropNulls(v)
		}
	}
}

// badDuration finds the first duration below path that cannot be read: the
// YAML library says neither which nor where.
func badDuration(doc []byte, t reflect.Type, at string) error {
	for i := range t.NumField() {
		f := t.Field(i)
		here := at + "." + f.Tag.Get("yaml")
		if f.Type.Kind() == reflect.Struct {
			if err := badDuration(doc, f.Type, here); err != nil {
				return err
			}
		}
		if f.Type != reflect.TypeFor[time.Duration]() {
			continue
		}
		path, err := yaml.PathString(here)
		if err != nil {
			return err
		}
		var text string
		if err := path.Read(bytes.NewReader(doc), &text); err != nil {
			continue // absent, or not a scalar: the caller's error says so
		}
		if _, err := time.ParseDuration(text); err != nil {
			node, err := path.ReadNode(bytes.NewReader(doc))
			if err != nil {
				return err
			}
			return point(wants(f.Type), node.GetToken())
		}
	}
	return nil
}

// fraction finds the first whole number below path that is written as 1.5: the
// YAML library would cut it.
func fraction(doc []byte, t reflect.Type, at string) error {
	for i := range t.NumField() {
		f := t.Field(i)
		here := at + "." + f.Tag.Get("yaml")
		switch f.Type.Kind() {
		case reflect.Struct:
			if err := fraction(doc, f.Type, here); err != nil {
				return err
			}
		case reflect.Int:
			path, err := yaml.PathString(here)
			if err != nil {
				return err
			}
			node, err := path.ReadNode(bytes.NewReader(doc))
			if err == nil && node.Type() == ast.FloatType {
				return point(wants(f.Type), node.GetToken())
			}
		}
	}
	return nil
}

// point is a message with the line and the caret of a token.
func point(msg string, tok *token.Token) error {
	return errors.New(strings.TrimRight(yaml.FormatErrorWithToken(msg, tok, false, true), "\n"))
}

// explain says what would be right where the YAML is wrong.
func explain(err error) error {
	var y yaml.Error
	if !errors.As(err, &y) {
		return err
	}
	msg := y.GetMessage()
	var (
		unknown  *yaml.UnknownFieldError
		wrong    *yaml.TypeError
		overflow *yaml.OverflowError
		node     *yaml.UnexpectedNodeTypeError
	)
	switch {
	case errors.As(err, &unknown):
		key := y.GetToken().Value
		where, keys := keysBeside(y.GetToken())
		msg = fmt.Sprintf("unknown key %q%s; %s", key, where, suggest(key, keys))
	case errors.As(err, &wrong):
		msg = "wrong type; " + wants(wrong.DstType)
	case errors.As(err, &overflow):
		msg = fmt.Sprintf("the number %s is out of range; %s", overflow.SrcNum, wants(overflow.DstType))
	case errors.As(err, &node):
		msg = fmt.Sprintf("this is a %s where a %s is wanted", strings.ToLower(node.Actual.String()), strings.ToLower(node.Expected.String()))
		msg += hint(node.Expected, y.GetToken())
	}
	return point(msg, y.GetToken())
}

// hint says what a section or a list looks like where tok stands instead.
func hint(expected ast.NodeType, tok *token.Token) string {
	key := keyOf(tok)
	switch {
	case key != "":
		return " with the keys " + strings.Join(keysOf(reflect.TypeFor[Config](), key), ", ")
	case expected == ast.SequenceType:
		return ", such as [a, b]"
	}
	if keys := keysOf(reflect.TypeFor[Config](), sectionOf(tok)); len(keys) > 0 {
		return fmt.Sprintf(", such as %s: … (there are %s)", keys[0], strings.Join(keys, ", "))
	}
	return ""
}

// keyOf is the key whose value tok is, if it is one of a section.
func keyOf(tok *token.Token) string {
	if tok.Prev == nil || tok.Prev.Prev == nil || tok.Prev.Type != token.MappingValueType {
		return ""
	}
	key := tok.Prev.Prev.Value
	if len(keysOf(reflect.TypeFor[Config](), key)) == 0 {
		return ""
	}
	return key
}

// keysBeside lists the keys that may stand where tok stands, and names the
// section it is in.
func keysBeside(tok *token.Token) (where string, keys []string) {
	section := sectionOf(tok)
	if section != "" {
		where = " in " + section
	}
	return where, keysOf(reflect.TypeFor[Config](), section)
}

// sectionOf walks the tokens back from tok to the key before the braces around
// it or, in block style, to the last section on a line above that is less
// indented; "" at the top.
func sectionOf(tok *token.Token) string {
	closed := 0 // braces and brackets passed that end before tok
	for t := tok.Prev; t != nil; t = t.Prev {
		key := t
		switch t.Type {
		case token.MappingEndType, token.SequenceEndType:
			closed++
			continue
		case token.MappingStartType, token.SequenceStartType:
			if closed > 0 {
				closed--
				continue
			}
			tok = t // they are around it: what is before them decides
			if t.Prev == nil || t.Prev.Prev == nil || t.Prev.Type != token.MappingValueType {
				continue
			}
			key = t.Prev.Prev
		default:
			outer := t.Position.Line < tok.Position.Line && t.Position.Column < tok.Position.Column
			if closed > 0 || !outer || t.Next.Type != token.MappingValueType {
				continue
			}
		}
		if len(keysOf(reflect.TypeFor[Config](), key.Value)) > 0 {
			return key.Value
		}
	}
	return ""
}

// keysOf lists the YAML keys of the struct under key section of t ("" is t itself).
func keysOf(t reflect.Type, section string) []string {
	var keys []string
	for i := range t.NumField() {
		f := t.Field(i)
		name := f.Tag.Get("yaml")
		if section == "" {
			keys = append(keys, name)
			continue
		}
		in := f.Type
		if in.Kind() == reflect.Slice {
			in = in.Elem()
		}
		if name == section && in.Kind() == reflect.Struct {
			return keysOf(in, "")
		}
	}
	return keys
}

// wants says in words what a value of type t looks like.
func wants(t reflect.Type) string {
	if t == reflect.TypeFor[time.Duration]() {
		return "a duration is wanted, such as 90s, 5m or 1h; a day is 24h"
	}
	switch t.Kind() {
	case reflect.Int, reflect.Int64:
		return "a whole number is wanted, such as 16"
	case reflect.Bool:
		return "true or false is wanted"
	case reflect.String:
		return `a text is wanted, such as "example"`
	case reflect.Slice:
		return "a list is wanted, such as [a, b]"
	case reflect.Struct:
		return "a section with these keys is wanted: " + strings.Join(keysOf(t, ""), ", ")
	}
	return "a " + t.String() + " is wanted"
}

// readEnv lays WIREWATCH_* variables over c. A variable that no option has is
// refused: a misspelt one would be silently without effect.
func (c *Config) readEnv(environ []string) error {
	vars := map[string]string{}
	for _, kv := range environ {
		if name, value, ok := strings.Cut(kv, "="); ok && strings.HasPrefix(name, EnvPrefix) {
			vars[name] = value
		}
	}
	opts := env.Options{Prefix: EnvPrefix, Environment: vars}
	known, err := env.GetFieldParamsWithOptions(c, opts)
	if err != nil {
		return fmt.Errorf("read environment: %w", err)
	}
	var names []string
	for _, p := range known {
		if p.OwnKey != "" {
			names = append(names, p.Key)
		}
	}
	for name := range vars {
		if !knownVariable(name, names) {
			return &Error{fmt.Sprintf("environment: unknown variable %s; %s", name, suggest(name, names))}
		}
	}
	if err := env.ParseWithOptions(c, opts); err != nil {
		return &Error{"environment: " + envReason(err)}
	}
	return nil
}

// knownVariable tells whether name is an option's variable, or one of those
// that configure the tests of this program.
func knownVariable(name string, names []string) bool {
	if strings.HasPrefix(name, EnvPrefix+"TEST_") || name == EnvPrefix+"CONFIG" {
		return true
	}
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}

// envReason names the variable and what it should hold. The value itself is
// not repeated: it may be a secret.
func envReason(err error) string {
	var agg env.AggregateError
	if errors.As(err, &agg) && len(agg.Errors) > 0 {
		err = agg.Errors[0]
	}
	var parse env.ParseError
	if errors.As(err, &parse) {
		return fmt.Sprintf("%s cannot be read; %s", variableOf(parse.Name), wants(parse.Type))
	}
	return err.Error()
}

// variableOf finds the full variable of the struct field called name.
func variableOf(name string) string {
	var find func(t reflect.Type, prefix string) string
	find = func(t reflect.Type, prefix string) string {
		for i := range t.NumField() {
			f := t.Field(i)
			if p := f.Tag.Get("envPrefix"); p != "" {
				if v := find(f.Type, prefix+p); v != "" {
					return v
				}
			} else if f.Name == name && f.Tag.Get("env") != "" {
				return prefix + f.Tag.Get("env")
			}
		}
		return ""
	}
	if v := find(reflect.TypeFor[Config](), EnvPrefix); v != "" {
		return v
	}
	return name
}

// readToken takes the token from its file where none was given directly.
func (c *Config) readToken() error {
	if c.Telegram.Token != "" || c.Telegram.TokenFile == "" {
		return nil
	}
	b, err := os.ReadFile(c.Telegram.TokenFile)
	if err != nil {
		// The path may be the token itself, put into the wrong option.
		return &Error{fmt.Sprintf("telegram.token_file: %s; put the token from @BotFather into that file, or correct the path", masked(err.Error()))}
	}
	c.Telegram.Token = telegram.Secret(strings.TrimSpace(string(b)))
	return nil
}
