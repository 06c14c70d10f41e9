package telegramtest

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxReplyExcerpt is how much of the message replied to is shown, in code points.
const maxReplyExcerpt = 40

// Transcript renders a chat as text, as a reader sees it; the same state gives the same text, without ids and dates.
//
// A message is headed by its sender; links read "title <url>", lines of a quote begin with ▎, buttons are in brackets, and
// the reply keyboard is a line that begins with ⌨. An edited message stands where it was first sent, in its newest
// version; deleted ones are left out.
func (s *Server) Transcript(chatID int64) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[chatID]
	if c == nil {
		return ""
	}
	var b strings.Builder
	for _, m := range c.messages {
		if m.Deleted {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		s.transcribe(&b, c, m)
	}
	return b.String()
}

func (s *Server) transcribe(b *strings.Builder, c *chat, m *Message) {
	if m.Service != "" {
		fmt.Fprintf(b, "* %s\n", m.Service)
		return
	}
	b.WriteString(s.heading(c, m))
	b.WriteByte('\n')
	for _, line := range readable(m.Text, m.Entities) {
		writeLine(b, line)
	}
	if m.Preview != nil && m.Preview.URL != "" && !m.Preview.Disabled {
		writeLine(b, "(preview of "+m.Preview.URL+")")
	}
	for _, row := range m.Keyboard {
		labels := make([]string, len(row))
		for i, button := range row {
			labels[i] = "[" + button.Text + "]"
			if button.URL != "" {
				labels[i] = "[" + button.Text + " <" + button.URL + ">]"
			}
		}
		writeLine(b, strings.Join(labels, " "))
	}
	if m.Reply != nil {
		for _, row := range m.Reply.Rows {
			labels := make([]string, len(row))
			for i, button := range row {
				labels[i] = "[" + button.Text + "]"
			}
			writeLine(b, "⌨ "+strings.Join(labels, " "))
		}
	}
}

func writeLine(b *strings.Builder, line string) {
	b.WriteString(strings.TrimRight("  "+line, " "))
	b.WriteByte('\n')
}

// heading names the sender and what is special about a message.
func (s *Server) heading(c *chat, m *Message) string {
	name := c.Title
	if m.From != 0 {
		name = s.users[m.From].First
	}
	var notes []string
	if t := c.topics[m.Thread]; t != nil {
		notes = append(notes, "in «"+t.name+"»")
	}
	if from := s.chats[m.Forward]; from != nil {
		notes = append(notes, "forwarded from "+from.Title)
	}
	if reply := c.message(m.ReplyTo); reply != nil {
		first, _, _ := strings.Cut(reply.Text, "\n")
		if utf8.RuneCountInString(first) > maxReplyExcerpt {
			first = string([]rune(first)[:maxReplyExcerpt]) + "…"
		}
		notes = append(notes, "replying to «"+first+"»")
	}
	if m.Photo != "" {
		notes = append(notes, "photo <"+m.Photo+">")
	}
	if m.Silent {
		notes = append(notes, "silent")
	}
	if !m.Edited.IsZero() {
		notes = append(notes, "edited")
	}
	if len(notes) > 0 {
		name += " (" + strings.Join(notes, ", ") + ")"
	}
	return name + ":"
}

// readable lays a text out in lines: addresses behind links, quotes marked. A quote is a block of its own even where the
// text around it has no line break.
func readable(text string, entities []Entity) []string {
	behind := map[int]string{} // offset -> what is written there
	borders := map[int]bool{}
	quoted := map[int]bool{} // offsets inside quotes
	for _, e := range entities {
		switch {
		case e.Type == "text_link":
			behind[e.end()] += " <" + e.URL + ">"
		case isQuote(e.Type):
			borders[e.Offset], borders[e.end()] = true, true
			for i := e.Offset; i < e.end(); i++ {
				quoted[i] = true
			}
		}
	}
	var lines []string
	line, inQuote := "", quoted[0]
	flush := func(next int) {
		if inQuote {
			line = strings.TrimRight("▎ "+line, " ")
		}
		lines = append(lines, line)
		line, inQuote = "", quoted[next]
	}
	offset, fresh := 0, true // fresh: nothing of this line has been written
	for _, r := range text {
		line += behind[offset]
		if borders[offset] && !fresh && r != '\n' {
			flush(offset)
		}
		fresh = false
		if r == '\n' {
			flush(offset + 1)
			fresh = true
		} else {
			line += string(r)
		}
		offset += runeUnits(r)
	}
	line += behind[offset]
	if text != "" {
		flush(offset)
	}
	return lines
}
