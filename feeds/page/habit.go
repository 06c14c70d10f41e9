package page

import (
	"crypto/sha256"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"unicode/utf8"

	"wirewatch/feeds"
	"wirewatch/filter/text"
)

// What a site repeats on its pages is about the site: sign-offs, invitations,
// notes about the author. It is told by its repetition alone, whatever its
// language, under conditions that keep news from being taken for it: see
// docs/decisions. This file judges lines; who counts them is the watcher.

// A Line is the identity of a line: the hash of its folded words.
type Line [16]byte

// A Suspect is a line that may be its site's own.
type Suspect struct {
	Line Line
	Need int // on how many pages about different things it must be seen to be believed
}

// Conditions under which a line is a suspect at all.
const (
	suspectLines = 4  // of a text; a shorter one has nothing to spare
	suspectLeast = 4  // words; a place or a name alone is none
	suspectShort = 12 // words of a line without the end of a sentence, wherever it stands
	suspectLong  = 60 // words of one at the edge of the text
	headEdge     = 2  // lines from the beginning that are its edge, no more than a quarter of all
	tailEdge     = 4  // from the end, no more than a third

	needShort = 5
	needEdge  = 8
)

// Suspects lists the lines of an article's zones that may be its site's own. A line
// that the feed's summary has is none: the publisher says that it is the news.
func Suspects(z feeds.Zones, summary string) []Suspect {
	var found []Suspect
	each(z, summary, func(_ int, s Suspect) { found = append(found, s) })
	return found
}

// each calls f for every suspect with its place among the lines of lead and body.
func each(z feeds.Zones, summary string, f func(i int, s Suspect)) {
	all := zoneLines(z)
	if len(all) < suspectLines {
		return
	}
	said := ""
	for i, l := range all {
		need := needOf(l.text, i < min(headEdge, len(all)/4) || i >= len(all)-min(tailEdge, len(all)/3))
		if need == 0 {
			continue
		}
		if said == "" {
			said = " " + text.Fold(summary) + " "
		}
		folded := text.Fold(l.text)
		if strings.Contains(said, " "+folded+" ") {
			continue
		}
		sum := sha256.Sum256([]byte(folded))
		f(i, Suspect{Line(sum[:16]), need})
	}
}

func zoneLines(z feeds.Zones) []line { return lines(z.Lead + "\n\n" + z.Body) }

// needOf says how often a line must be seen; 0: it is no suspect.
func needOf(s string, edge bool) int {
	n := words(s)
	switch {
	case n < suspectLeast:
		return 0
	case n <= suspectShort && !endsSentence(s):
		return needShort
	case edge && n <= suspectLong:
		return needEdge
	}
	return 0
}

// Without moves the suspects that are known to be the site's own to the
// boilerplate. Zones of which more than half would go stay as they are: then the
// text consists of what is repeated, and is news all the same.
func Without(z feeds.Zones, summary string, own func(Line) bool) feeds.Zones {
	gone := map[int]bool{}
	each(z, summary, func(i int, s Suspect) {
		if own(s.Line) {
			gone[i] = true
		}
	})
	if len(gone) == 0 {
		return z
	}
	all := zoneLines(z)
	lead := len(lines(z.Lead))
	var first, rest []line
	var moved []string
	size, lost := 0, 0
	for i, l := range all {
		size += len(l.text)
		switch {
		case gone[i]:
			lost += len(l.text)
			moved = append(moved, l.text)
		case i < lead:
			first = append(first, l)
		default:
			rest = append(rest, l)
		}
	}
	if 2*lost > size {
		return z
	}
	z.Lead, z.Body = join(first), join(rest)
	if len(first) == 0 {
		z.Lead, z.Body = splitLead(rest)
	}
	if z.Boilerplate != "" {
		moved = append([]string{z.Boilerplate}, moved...)
	}
	z.Boilerplate = strings.Join(moved, "\n\n")
	return z
}

// Bounds of topics.
const (
	topicWords = 16 // of a title
	topicRunes = 4  // letters of a word that says something
	alikeShare = 4  // titles are alike when the shorter shares one in so many words
)

// Topic is a sketch of what a title is about, for [Alike]: of each word four
// hexadecimal digits, sorted. "" when the title says nothing.
func Topic(title string) string {
	var marks []string
	east := ""
	for _, w := range text.Words(title) {
		r, _ := utf8.DecodeRuneInString(w)
		isEast := r >= 0x3040 && r < 0xA000 // one character a word: pairs say more
		if isEast {
			w, east = east+w, w
			if w == east {
				continue
			}
		} else {
			east = ""
			if n := utf8.RuneCountInString(w); n < topicRunes && (r < 0xAC00 || n < 2) {
				continue
			}
		}
		h := fnv.New32a()
		h.Write([]byte(w))
		sum := h.Sum32()
		marks = append(marks, fmt.Sprintf("%04x", uint16(sum>>16)^uint16(sum)))
	}
	marks = marks[:min(len(marks), topicWords)]
	slices.Sort(marks)
	return strings.Join(slices.Compact(marks), "")
}

// Alike reports whether two topics may be one: they share a quarter of the words
// of the shorter. A topic that says nothing is like any other.
func Alike(a, b string) bool {
	shared := 0
	for i, j := 0, 0; i+4 <= len(a) && j+4 <= len(b); {
		x, y := a[i:i+4], b[j:j+4]
		if x == y {
			shared++
		}
		if x <= y {
			i += 4
		}
		if y <= x {
			j += 4
		}
	}
	return shared*4*alikeShare >= min(len(a), len(b))
}
