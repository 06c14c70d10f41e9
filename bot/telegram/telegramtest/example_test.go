package telegramtest_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"wirewatch/bot/telegram/telegramtest"
)

// A test plays the people; the bot under test talks to s.URL as if it were https://api.telegram.org.
func Example() {
	s := telegramtest.New(telegramtest.Options{}).Start()
	defer s.Close()
	lina := s.User(telegramtest.User{First: "Lina", Lang: "ar"})
	chat := s.Private(lina.ID, "").ID
	s.Say(chat, lina.ID, "/start")

	// This is the bot.
	resp, err := http.PostForm(s.URL+"/bot"+s.Token()+"/sendMessage", url.Values{
		"chat_id": {fmt.Sprint(chat)}, "parse_mode": {"HTML"}, "text": {`<b>Welcome.</b> See <a href="https://example.com">help</a>.`},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	resp.Body.Close()

	sent, err := s.Wait(context.Background(), chat, 1)
	fmt.Println(sent[0].Text, len(sent[0].Entities), err, s.Problems())
	fmt.Print(s.Transcript(chat))
	// Output:
	// Welcome. See help. 2 <nil> []
	// Lina:
	//   /start
	//
	// Wirewatch:
	//   Welcome. See help <https://example.com/>.
}
