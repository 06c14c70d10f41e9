package telegramtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

const schemaFile = "../../../../shared/reference/botapi-schema.json"

type schemaEntry struct {
	Fields []struct {
		Name     string   `json:"name"`
		Types    []string `json:"types"`
		Required bool     `json:"required"`
	} `json:"fields"`
	Subtypes []string `json:"subtypes"`
}

// TestSchemaAgrees holds our table to a schema that others wrote.
func TestSchemaAgrees(t *testing.T) {
	data, err := os.ReadFile(schemaFile)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("no schema of the Bot API beside the repository")
	}
	if err != nil {
		t.Fatal(err)
	}
	var theirs struct{ Methods, Types map[string]schemaEntry }
	if err := json.Unmarshal(data, &theirs); err != nil {
		t.Fatal(err)
	}
	compare := func(kind string, ours map[string]map[string]field, theirs map[string]schemaEntry) {
		for name, fields := range ours {
			entry, ok := theirs[name]
			if !ok {
				t.Errorf("there is no %s %s", kind, name)
				continue
			}
			compareFields(t, name, fields, entry)
			for _, variant := range variants[name] {
				if !slices.Contains(entry.Subtypes, variant) {
					t.Errorf("%s is no kind of %s", variant, name)
				}
			}
		}
	}
	compare("method", botAPI().methods, theirs.Methods)
	compare("object", botAPI().objects, theirs.Types)
}

func compareFields(t *testing.T, name string, ours map[string]field, theirs schemaEntry) {
	t.Helper()
	seen := 0
	for _, f := range theirs.Fields {
		mine, ok := ours[f.Name]
		switch {
		case !ok && f.Required:
			t.Errorf("%s lacks the required %s", name, f.Name)
		case !ok:
			continue
		case !slices.Equal(mine.types, f.Types) || mine.required != f.Required:
			t.Errorf("%s.%s is %v %v, want %v %v", name, f.Name, mine.types, mine.required, f.Types, f.Required)
		}
		seen++
	}
	if seen != len(ours) {
		t.Errorf("%s has %d fields of which only %d exist", name, len(ours), seen)
	}
}

// TestSchemaIsComplete finds objects that are named but not described, and methods without an answer.
func TestSchemaIsComplete(t *testing.T) {
	s := botAPI()
	basic := []string{"Integer", "String", "Boolean", "InputFile"}
	for _, group := range []map[string]map[string]field{s.methods, s.objects} {
		for name, fields := range group {
			for f, spec := range fields {
				for _, one := range spec.types {
					one = strings.ReplaceAll(one, "Array of ", "")
					if !slices.Contains(basic, one) && s.objects[one] == nil {
						t.Errorf("%s.%s is a %s, which is not described", name, f, one)
					}
				}
			}
		}
	}
	for name := range s.methods {
		if _, ok := methods[name]; !ok {
			t.Errorf("%s is never answered", name)
		}
	}
	for name := range methods {
		if s.methods[name] == nil {
			t.Errorf("%s is answered but not in the schema", name)
		}
	}
}

func FuzzRequest(f *testing.F) {
	f.Add("application/json", "sendMessage", []byte(`{"chat_id":7,"text":"<b>x</b>","parse_mode":"HTML","reply_markup":{"inline_keyboard":[[{"text":"a","url":"x"}]]}}`))
	f.Add("application/x-www-form-urlencoded", "sendMessage", []byte(`chat_id=7&text=x&reply_markup=%7B%22keyboard%22%3A%5B%5B%7B%7D%5D%5D%7D`))
	f.Add("multipart/form-data; boundary=b", "sendPhoto", []byte("--b\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a\"\r\n\r\nx\r\n--b--\r\n"))
	f.Add("application/json", "setMyCommands", []byte(`{"commands":[{"command":"a","description":"b"}],"scope":{"type":"chat","chat_id":"@x"}}`))
	f.Add("application/json", "getUpdates", []byte(`{"offset":-9223372036854775808,"limit":-1,"allowed_updates":[]}`))
	f.Add("", "editMessageText", []byte("x"))
	f.Fuzz(func(t *testing.T, kind, method string, body []byte) {
		for _, lenient := range []bool{false, true} {
			s := New(Options{Lenient: lenient})
			s.Private(7, "en")
			r, err := http.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
			if err != nil {
				t.Skip()
			}
			r.Header.Set("Content-Type", kind)
			params, err := decodeRequest(r)
			if err != nil {
				continue
			}
			delete(params, "timeout")
			if _, failure := s.handle(r, s.admit(method, params)); failure != nil && (failure.code < 400 || failure.description == "") {
				t.Errorf("failure is %+v", failure)
			}
			for _, m := range s.Messages(7) {
				if !utf8.ValidString(m.Text) || utf8.RuneCountInString(m.Text) > MaxText {
					t.Errorf("text is %q", m.Text)
				}
			}
			s.Transcript(7)
		}
	})
}
