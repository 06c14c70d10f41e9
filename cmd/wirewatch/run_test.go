package main

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A program that is told to stop while it still starts, Telegram being slow to
// answer, ends as one that was running: with 0, and without an error.
func TestStopWhileStarting(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	asked := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}))
	defer asked.Close()
	path := filepath.Join(t.TempDir(), "wirewatch.yaml")
	doc := "telegram: {token: '123456:AAF0aB-c_dE', api_url: " + asked.URL + "}\nhttp: {addr: ''}\nstore: " + filepath.Join(t.TempDir(), "ww.db") + "\n"
	if err := os.WriteFile(path, []byte(doc), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	p := &program{stdin: strings.NewReader(""), stdout: &out, stderr: &errs}
	if code := p.run(ctx, []string{"run", "--config", path}); code != exitOK || strings.Contains(errs.String(), "wirewatch: ") {
		t.Errorf("exit code %d, stderr:\n%s", code, &errs)
	}
}
