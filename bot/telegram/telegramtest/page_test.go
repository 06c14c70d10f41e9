package telegramtest

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

var shots = flag.String("shots", "", "directory for screenshots of the page")

// pageServer serves the page of a server with a private chat, a group and a channel.
func pageServer(t *testing.T) (*Server, string) {
	t.Helper()
	s := start(t, Options{})
	s.User(User{ID: 7, First: "Lina", Lang: "en"})
	s.Private(7, "")
	page := httptest.NewServer(s.Page())
	t.Cleanup(page.Close)
	return s, page.URL
}

func TestPageIsLocal(t *testing.T) {
	_, url := pageServer(t)
	ask := func(method, path, host, origin string) *http.Response {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, url+path, strings.NewReader(`{"chat":7,"text":"x"}`))
		if err != nil {
			t.Fatal(err)
		}
		if host != "" {
			r.Host = host
		}
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp
	}
	front := ask("GET", "/", "", "")
	if csp := front.Header.Get("Content-Security-Policy"); front.StatusCode != 200 || !strings.HasPrefix(csp, "default-src 'none'") {
		t.Errorf("status %d, policy %q", front.StatusCode, csp)
	}
	tests := []struct {
		method, path, host, origin string
		want                       int
	}{
		{"GET", "/page.css", "", "", 200},
		{"GET", "/view.js", "localhost:8080", "", 200},
		{"GET", "/nothing", "", "", 404},
		{"GET", "/", "rebound.example", "", 403},
		{"POST", "/api/say", "", "https://evil.example", 403},
		{"POST", "/api/say", "", "", 200},
	}
	for _, tt := range tests {
		if got := ask(tt.method, tt.path, tt.host, tt.origin).StatusCode; got != tt.want {
			t.Errorf("%s %s as %q from %q is %d, want %d", tt.method, tt.path, tt.host, tt.origin, got, tt.want)
		}
	}
}

// TestPageLoadsNothingForeign looks for addresses in what the browser gets.
func TestPageLoadsNothingForeign(t *testing.T) {
	files, err := pageFiles.ReadDir("page")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		data, err := pageFiles.ReadFile("page/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"https://", "src=\"http", "url(", "innerHTML", "insertAdjacentHTML", "document.write", "eval(", " style=\"", " onclick="} {
			if strings.Contains(string(data), bad) {
				t.Errorf("%s contains %q", f.Name(), bad)
			}
		}
	}
}

func TestPageStream(t *testing.T) {
	s, url := pageServer(t)
	r, err := http.NewRequestWithContext(soon(t), http.MethodGet, url+"/api/events?chat=7", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	events := bufio.NewScanner(resp.Body)
	next := func() pageState {
		t.Helper()
		for events.Scan() {
			if data, ok := strings.CutPrefix(events.Text(), "data: "); ok {
				var state pageState
				if err := json.Unmarshal([]byte(data), &state); err != nil && !strings.Contains(err.Error(), "Entities") {
					t.Fatal(err)
				}
				return state
			}
		}
		t.Fatal("the stream ended")
		return pageState{}
	}
	if first := next(); first.Chat == nil || len(first.Chat.Messages) != 0 || !first.Chat.Writable {
		t.Errorf("first state is %+v", first)
	}
	s.Say(7, 7, "hello")
	if second := next(); len(second.Chat.Messages) != 1 || !second.Chat.Messages[0].Own || second.Chats[0].Last != "hello" {
		t.Errorf("second state is %+v", second)
	}
}

// seedPage fills chats with everything that the page can show.
func seedPage(t *testing.T, s *Server) {
	t.Helper()
	form(t, s, "setMyCommands", "commands", []map[string]string{
		{"command": "rules", "description": "What is watched here"}, {"command": "sources", "description": "Feeds that are read"},
		{"command": "latest", "description": "The newest alerts"}, {"command": "digest", "description": "Digest now, or its times"},
		{"command": "settings", "description": "Language, zone, quiet hours"},
	}).ok(t)
	s.Say(7, 7, "/start")
	form(t, s, "sendMessage", "chat_id", 7, "parse_mode", "HTML",
		"text", "<b>Welcome to wirewatch.</b>\nI read the agencies and tell you when a story matches one of your rules.\n\nTry <code>@geneva AND @security-guarantees</code>, or /rules.",
		"reply_markup", map[string]any{"inline_keyboard": [][]map[string]string{
			{{"text": "➕ Add a rule", "callback_data": "add", "style": "primary"}, {"text": "Sources", "callback_data": "sources"}},
			{{"text": "العربية", "callback_data": "ar"}, {"text": "Help", "url": "https://example.com/help"}},
		}}).ok(t)
	said := s.Say(7, 7, "/rule @geneva AND @security-guarantees")
	form(t, s, "sendMessage", "chat_id", 7, "parse_mode", "HTML", "reply_parameters", map[string]any{"message_id": said},
		"text", "Rule <b>1</b> is on: it reads <i>Geneva</i> and <i>security guarantees</i> in six languages.").ok(t)
	form(t, s, "sendMessage", "chat_id", 7, "parse_mode", "HTML", "link_preview_options", map[string]any{"is_disabled": true},
		"text", "\u200f<b><a href=\"https://wire.example/geneva\">جنيف: الوفدان يبحثان الضمانات الأمنية في جولة ثانية</a></b>\n"+
			"\u200fوكالة \u2068Example Wire\u2069 · \u206608:42\u2069 · مصدران\n"+
			"<blockquote expandable>\u200fقال متحدث باسم الوفد إن الجولة الثانية من المحادثات بدأت صباح اليوم في جنيف.\n\u200fوأضاف أن النقاش تركز على الضمانات الأمنية وعلى جدول زمني يمتد \u206612–18\u2069 شهرًا.\n\u200fومن المقرر أن يعقد الوفدان مؤتمرًا صحفيًا مساء اليوم.\n\u200fوارتفعت السندات \u2066+3.5%\u2069 بعد الإعلان.</blockquote>\n"+
			"\u200fالقاعدة: \u2068@geneva AND @security-guarantees\u2069 («جنيف»، «الضمانات الأمنية»)",
		"reply_markup", map[string]any{"inline_keyboard": [][]map[string]string{
			{{"text": "كتم القصة", "callback_data": "mute"}, {"text": "👎", "callback_data": "down"}, {"text": "👍", "callback_data": "up"}},
		}}).ok(t)
	form(t, s, "sendMessage", "chat_id", 7, "parse_mode", "HTML", "disable_notification", true,
		"text", "<a href=\"https://news.example/talks\">Delegations meet in Geneva on guarantees</a>\nExample News · <tg-time unix=\"1795766520\" format=\"t\">08:42</tg-time>\n<blockquote>A second round of talks began in Geneva on Wednesday.</blockquote>\n<pre><code class=\"language-rule\">@geneva AND @security-guarantees</code></pre><tg-spoiler>hidden</tg-spoiler> <s>old</s> #geneva").ok(t)
	id := form(t, s, "sendMessage", "chat_id", 7, "text", "Counting…").id(t)
	form(t, s, "editMessageText", "chat_id", 7, "message_id", id, "text", "3 sources carry this story now.").ok(t)
	form(t, s, "sendMessage", "chat_id", 7, "text", "What next?", "reply_markup", map[string]any{
		"resize_keyboard": true, "input_field_placeholder": "A rule, a word or a feed's address",
		"keyboard": [][]map[string]string{{{"text": "My rules"}, {"text": "Latest"}}, {{"text": "Settings"}}},
	}).ok(t)
	group := s.Forum("Press office", 7, 8).ID
	topic := s.Topic(group, "Geneva file")
	form(t, s, "sendMessage", "chat_id", group, "message_thread_id", topic, "text", "Alerts for this file arrive here.").ok(t)
	channel := s.Channel("نشرة جنيف", "geneva_wire", 7).ID
	s.SetAdmin(channel, s.Me().ID)
	form(t, s, "sendMessage", "chat_id", channel, "text", "\u200fنشرة الصباح").ok(t)
}

// browser opens a headless Chromium, or skips the test where there is none.
func browser(t *testing.T) context.Context {
	t.Helper()
	path := "/usr/bin/chromium"
	if _, err := os.Stat(path); err != nil {
		t.Skip("no Chromium to open the page in")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("lang", "en"))
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	return ctx
}

// TestPageInBrowser drives the page as a person does: types, presses, answers, and looks at directions.
func TestPageInBrowser(t *testing.T) {
	ctx := browser(t)
	s, url := pageServer(t)
	do := func(steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, steps...); err != nil {
			t.Fatal(err)
		}
	}
	value := func(expression string) string {
		t.Helper()
		v, err := chromedp.Run(ctx, chromedp.Evaluate[string](expression))
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	do(chromedp.EmulateViewport(1100, 800), chromedp.Navigate(url), chromedp.WaitVisible("#start"))
	if banner := value(`document.getElementById("banner").textContent`); !strings.Contains(banner, "nothing leaves this computer") {
		t.Errorf("banner is %q", banner)
	}
	do(chromedp.Click("#start"), chromedp.WaitVisible(".msg.own"))
	if got := s.Messages(7); len(got) != 1 || got[0].Text != "/start" {
		t.Fatalf("START said %+v", got)
	}
	form(t, s, "setMyCommands", "commands", []map[string]string{{"command": "rules", "description": "Rules"}, {"command": "help", "description": "Help"}}).ok(t)
	form(t, s, "sendMessage", "chat_id", 7, "parse_mode", "HTML",
		"text", "\u200fخبر من \u2068Reuters\u2069\n\u2068Reuters\u2069: خبر\n12 &lt;img src=x onerror=alert(1)&gt; <a href=\"https://example.com/\">link</a>",
		"reply_markup", keyboard("كتم", "mute", "Yes", "yes")).ok(t)
	go answerPress(s)
	do(chromedp.WaitVisible(".msg.bot .ib"))
	dirs := value(`[...document.querySelectorAll(".msg.bot .line")].map((l) => l.dir).join()`)
	links := value(`document.querySelectorAll("#messages img").length + " " + document.querySelector(".msg.bot .text a").href`)
	rowDir := value(`document.querySelector(".inline").dir + [...document.querySelectorAll(".ib")].map((b) => b.textContent)`)
	do(chromedp.Click(`.ib:nth-child(2)`), chromedp.WaitVisible("#toast"))
	toast := value(`document.getElementById("toast").textContent`)
	arrives := func(text string) { // the page sends while the test goes on
		t.Helper()
		err := s.WaitUntil(soon(t), func() bool { all := s.Messages(7); return all[len(all)-1].Text == text })
		if err != nil {
			t.Fatalf("%q did not arrive: %q", text, s.Transcript(7))
		}
	}
	do(chromedp.SendKeys("#text", "/he"), chromedp.WaitVisible("#commands .chosen"), chromedp.SendKeys("#text", "\r"))
	arrives("/help")
	do(chromedp.WaitVisible(".msg.own:last-child"), chromedp.SendKeys("#text", "@geneva AND @nato\r"))
	arrives("@geneva AND @nato")
	form(t, s, "sendMessage", "chat_id", 7, "text", "What next?", "reply_markup", map[string]any{
		"keyboard": [][]map[string]string{{{"text": "My rules"}}}, "one_time_keyboard": true}).ok(t)
	do(chromedp.WaitVisible(".rb"), chromedp.Click(".rb"), chromedp.WaitNotVisible(".rb"), chromedp.Click("#theme"))
	arrives("My rules")
	if theme := value(`document.documentElement.dataset.theme`); theme != "dark" {
		t.Errorf("theme is %q after a switch from light", theme)
	}
	if dirs != "rtl,ltr,ltr" {
		t.Errorf("directions are %s, want rtl,ltr,ltr: isolates are not skipped", dirs)
	}
	if links != "0 https://example.com/" {
		t.Errorf("images and link: %s", links)
	}
	if rowDir != "ltrكتم,Yes" {
		t.Errorf("row is %s", rowDir)
	}
	if toast != "pressed yes" {
		t.Errorf("toast is %q", toast)
	}
	if p := s.Problems(); len(p) != 0 {
		t.Errorf("problems: %q", p)
	}
}

// answerPress answers the first button that is pressed, as a bot would.
func answerPress(s *Server) {
	r, err := tryForm(s, "getUpdates", "timeout", 20, "offset", -1, "allowed_updates", []string{"callback_query"})
	var updates []struct {
		Query struct{ ID, Data string } `json:"callback_query"`
	}
	for err == nil && json.Unmarshal(r.Result, &updates) == nil && (len(updates) == 0 || updates[0].Query.ID == "") {
		r, err = tryForm(s, "getUpdates", "timeout", 20, "offset", -1)
	}
	if err == nil && len(updates) > 0 {
		_, _ = tryForm(s, "answerCallbackQuery", "callback_query_id", updates[0].Query.ID, "text", "pressed "+updates[0].Query.Data)
	}
}

// TestScreenshots takes pictures for people to look at: go test -run Screenshots -shots /tmp/shots.
func TestScreenshots(t *testing.T) {
	if *shots == "" {
		t.Skip("no directory for screenshots was given")
	}
	ctx := browser(t)
	s, url := pageServer(t)
	seedPage(t, s)
	script := chromedp.Evaluate[chromedp.Void]
	views := []struct {
		name   string
		width  int64
		scheme string
		before chromedp.Action[chromedp.Void]
	}{
		{"light", 1200, "light", chromedp.WaitVisible(".msg")},
		{"dark", 1200, "dark", chromedp.WaitVisible(".msg")},
		{"phone", 390, "light", chromedp.WaitVisible(".msg")},
		{"phone-dark-menu", 390, "dark", chromedp.SendKeys("#text", "/")},
		{"top", 1200, "light", script(`document.getElementById("scroll").scrollTop = 0`)},
		{"group", 1200, "dark", chromedp.Click("li:nth-child(2) .chat")},
		{"channel", 1200, "light", chromedp.Click("li:nth-child(3) .chat")},
		{"opened", 1200, "light", script(`document.querySelector(".foldable").click(); document.querySelector(".msg.bot .reply").click(); document.querySelector(".foldable").scrollIntoView()`)},
		{"toast", 390, "dark", script(`const t = document.getElementById("toast"); t.hidden = false; t.textContent = "Muted for a day"`)},
		{"phone-list", 390, "light", chromedp.Click("#back")},
	}
	for _, v := range views {
		err := chromedp.Do(ctx, chromedp.EmulateViewport(v.width, 820, chromedp.EmulateScale(1.5)), colours(v.scheme),
			chromedp.Navigate("about:blank"), chromedp.Navigate(url), chromedp.WaitVisible(".msg"), v.before, chromedp.Sleep(300*time.Millisecond))
		if err != nil {
			t.Fatal(err)
		}
		png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(*shots, v.name+".png"), png, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// colours makes the browser prefer light or dark.
func colours(scheme string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	})
}
