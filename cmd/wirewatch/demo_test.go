package main

import (
	"bytes"
	"context"
	"log/slog"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"wirewatch/bot/telegram/telegramtest"
	"wirewatch/feeds"
)

// TestDemoOnce is the main job, from a feed to a message, as a newcomer runs it.
func TestDemoOnce(t *testing.T) {
	var out, errs bytes.Buffer
	p := &program{stdin: strings.NewReader(""), stdout: &out, stderr: &errs}
	if code := p.run(t.Context(), []string{"demo", "--once"}); code != exitOK {
		t.Fatalf("exit %d: %s\n%s", code, errs.String(), out.String())
	}
	for _, want := range []string{wireArabic, wireEnglish, wireFrench, "الضمانات الأمنية", "garanties de sécurité"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the transcript lacks %s:\n%s", want, out.String())
		}
	}
	for _, no := range []string{wireCopy, "8852", "8853", "geneva-watches"} {
		if strings.Contains(out.String(), no) {
			t.Errorf("the transcript has %s:\n%s", no, out.String())
		}
	}
}

// TestJudge: the demo's own verdict can fail.
func TestJudge(t *testing.T) {
	alert := func(url string) telegramtest.Message {
		return telegramtest.Message{Text: "x", Entities: []telegramtest.Entity{{Type: "text_link", Length: 1, URL: url}}}
	}
	good := []telegramtest.Message{{Text: "hello"}, alert(wireArabic), alert(wireEnglish), alert(wireFrench)}
	if err := judge(&bytes.Buffer{}, good); err != nil {
		t.Errorf("refused what is right: %v", err)
	}
	for name, bad := range map[string][]telegramtest.Message{
		"nothing": nil,
		"missing": good[:3],
		"doubled": append([]telegramtest.Message{alert(wireArabic)}, good...),
		"copy":    append([]telegramtest.Message{alert(wireCopy)}, good...),
	} {
		if judge(&bytes.Buffer{}, bad) == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// TestWireFeeds reads the demo's feeds before and after the news comes out.
func TestWireFeeds(t *testing.T) {
	w, err := newWire(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	count := func() (n int, encodings string) {
		for _, f := range wireFeeds {
			rec := httptest.NewRecorder()
			w.ServeHTTP(rec, httptest.NewRequest("GET", f.path, nil))
			doc, err := feeds.Parse(rec.Body.Bytes(), nil, rec.Header().Get("Content-Type"))
			if err != nil {
				t.Fatalf("%s: %v", f.path, err)
			}
			if len(doc.Warnings) > 0 {
				t.Errorf("%s: %v", f.path, doc.Warnings)
			}
			for _, a := range doc.Articles {
				if a.Published.IsZero() || a.Title == "" || a.URL == "" {
					t.Errorf("%s: an incomplete article: %+v", f.path, a)
				}
			}
			n += len(doc.Articles)
			encodings += doc.Encoding + " "
		}
		return n, encodings
	}
	if n, _ := count(); n != len(wireFeeds) {
		t.Errorf("%d articles before the news, want %d", n, len(wireFeeds))
	}
	w.release(wireItems+3, time.Now())
	n, encodings := count()
	if n != len(wireFeeds)+wireItems {
		t.Errorf("%d articles after the news, want %d", n, len(wireFeeds)+wireItems)
	}
	if !strings.Contains(encodings, "windows-1256") {
		t.Errorf("no feed is in windows-1256: %s", encodings)
	}
}

// TestDemoInABrowser opens the demo's page, sends /start, adds the rule and sees
// the Arabic alert arrive.
func TestDemoInABrowser(t *testing.T) {
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("there is no chromium on this machine: the page is not opened")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	d, err := startDemo(ctx, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer d.close()
	page := httptest.NewServer(d.fake.Page())
	t.Cleanup(page.Close) // after the browser's, whose stream it would wait for
	run, stop := context.WithCancel(ctx)
	stopped := make(chan error, 1)
	go func() { stopped <- d.sys.run(run, allRoles) }()
	go d.tell(run)

	tab := browser(t, ctx, chromium)
	err = chromedp.Do(tab,
		chromedp.Navigate(page.URL),
		chromedp.WaitVisible("#start"),
		chromedp.Click("#start"),
		chromedp.WaitVisible(".msg.bot"),
		chromedp.SendKeys("#text", "/rule "+demoRule),
		chromedp.Click("#send"),
		chromedp.WaitVisible(`.msg.bot a[href="`+wireArabic+`"]`),
	)
	if err != nil {
		t.Errorf("the alert was not seen: %v\n%s", err, d.fake.Transcript(d.english.ID))
	}
	stop()
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	if problems := d.fake.Problems(); len(problems) > 0 {
		t.Errorf("requests that Telegram would refuse: %v", problems)
	}
}

// browser starts a headless Chromium that asks nobody outside for anything.
func browser(t *testing.T, ctx context.Context, path string) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.UserDataDir(filepath.Join(t.TempDir(), "chromium")),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true))
	alloc, cancel := chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	tab, cancelTab := chromedp.NewContext(alloc)
	t.Cleanup(cancelTab)
	return tab
}
