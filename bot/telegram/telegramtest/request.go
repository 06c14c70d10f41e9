package telegramtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Limits of a request's body in bytes.
const (
	MaxBody   = 50 << 20
	maxMemory = 10 << 20 // of a multipart body; the rest goes to temporary files
)

// decodeRequest reads the parameters of a request from its query and its body, whatever its content type.
func decodeRequest(r *http.Request) (map[string]param, error) {
	params := map[string]param{}
	addForm(params, r.URL.Query())
	if r.Method == http.MethodGet || r.Body == nil {
		return params, nil
	}
	body := http.MaxBytesReader(nil, r.Body, MaxBody)
	defer body.Close()
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		kind = ""
	}
	switch kind {
	case "application/json":
		err = decodeJSON(params, body)
	case "multipart/form-data":
		r.Body = body
		err = decodeMultipart(params, r)
	case "application/x-www-form-urlencoded":
		err = decodeForm(params, body)
	default:
		_, err = io.Copy(io.Discard, body) // no content type, no parameters
	}
	return params, err
}

func addForm(params map[string]param, values url.Values) {
	for name, v := range values {
		params[name] = param{raw: v[len(v)-1]}
	}
}

func decodeForm(params map[string]param, body io.Reader) error {
	data, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	values, err := url.ParseQuery(string(data))
	if err != nil {
		return fmt.Errorf("read form: %w", err)
	}
	addForm(params, values)
	return nil
}

func decodeJSON(params map[string]param, body io.Reader) error {
	var fields map[string]json.RawMessage
	data, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	if len(strings.TrimSpace(string(data))) == 0 {
		return nil
	}
	if err := json.Unmarshal(data, &fields); err != nil {
		return errors.New("can't parse the request body as a JSON object")
	}
	for name, raw := range fields {
		params[name] = param{raw: string(raw), native: true}
	}
	return nil
}

func decodeMultipart(params map[string]param, r *http.Request) error {
	if err := r.ParseMultipartForm(maxMemory); err != nil {
		return fmt.Errorf("read multipart form: %w", err)
	}
	defer r.MultipartForm.RemoveAll()
	addForm(params, r.MultipartForm.Value)
	for name, files := range r.MultipartForm.File {
		params[name] = param{raw: files[len(files)-1].Filename, file: true}
	}
	return nil
}

// call is one request on its way through the server.
type call struct {
	s      *Server
	method string
	params map[string]param
	record *Request // guarded by s.mu
}

// has tells whether a parameter was sent; an empty one counts as absent, as Telegram has it.
func (c *call) has(name string) bool { return c.str(name) != "" }

// str is a parameter as text: a JSON string is unquoted, other JSON stays JSON.
func (c *call) str(name string) string {
	p, ok := c.params[name]
	if !ok {
		return ""
	}
	if p.native {
		var s string
		if json.Unmarshal([]byte(p.raw), &s) == nil {
			return s
		}
	}
	return p.raw
}

// int is a parameter as a number, 0 when it is none, as Telegram reads it.
func (c *call) int(name string) int64 {
	n, _ := strconv.ParseInt(c.str(name), 10, 64)
	return n
}

func (c *call) bool(name string) bool {
	switch strings.ToLower(c.str(name)) {
	case "true", "yes", "1":
		return true
	}
	return false
}

// object decodes a parameter that holds JSON; an absent one leaves v alone.
func (c *call) object(name string, v any) error {
	if !c.has(name) {
		return nil
	}
	return json.Unmarshal([]byte(c.str(name)), v)
}

// apiError is an answer other than ok.
type apiError struct {
	code        int
	description string
	retryAfter  int
	migrateTo   int64
}

func (e *apiError) body() []byte {
	answer := map[string]any{"ok": false, "error_code": e.code, "description": e.description}
	parameters := map[string]any{}
	if e.retryAfter > 0 {
		parameters["retry_after"] = e.retryAfter
	}
	if e.migrateTo != 0 {
		parameters["migrate_to_chat_id"] = e.migrateTo
	}
	if len(parameters) > 0 {
		answer["parameters"] = parameters
	}
	data, _ := json.Marshal(answer)
	return data
}

func bad(format string, args ...any) *apiError {
	return &apiError{code: http.StatusBadRequest, description: "Bad Request: " + fmt.Sprintf(format, args...)}
}

func forbidden(format string, args ...any) *apiError {
	return &apiError{code: http.StatusForbidden, description: "Forbidden: " + fmt.Sprintf(format, args...)}
}

func tooMany(seconds int) *apiError {
	return &apiError{code: http.StatusTooManyRequests, description: fmt.Sprintf("Too Many Requests: retry after %d", seconds), retryAfter: seconds}
}
