package text

// minRepeated is the number of words from which a sentence that stands there again is a
// repetition: shorter ones are headings and refrains.
const minRepeated = 5

// maxQuoted bounds how often the rarest word of a pull quote may stand in the text, so that a
// hostile one does not cost its square.
const maxQuoted = 64

// Twin tells a token that stands in a repetition from all others: it is the same number for the
// tokens of sentences with the same words in the same order, and for those of a paragraph of one
// sentence, as a pull quote is, and the words of another sentence that it repeats; -1 where
// nothing is repeated. What is asked first reads the whole text; call it after [Stream.Index] only.
func (s *Stream) Twin(tok int) int32 {
	s.twinOnce.Do(s.findTwins)
	if s.twins == nil {
		return -1
	}
	return s.twins[tok]
}

// findTwins compares the sentences; without repetitions there are no twins at all.
func (s *Stream) findTwins() {
	firsts := map[uint64]int{} // the first token of the first sentence with a hash
	for from, to := 0, 0; from < len(s.Tokens); from = to {
		hash := uint64(1)
		for to = from; to < len(s.Tokens) && s.Tokens[to].Sentence == s.Tokens[from].Sentence; to++ {
			hash = (hash ^ uint64(s.Tokens[to].word)) * 0x9E3779B97F4A7C15
			hash ^= hash >> 29
		}
		if to-from < minRepeated {
			continue
		}
		first, known := firsts[hash]
		if !known {
			firsts[hash] = from
		} else if s.sameSentence(first, from, to-from) {
			s.setTwins(first, from, to-from)
		}
	}
	s.findQuotes()
}

// sameSentence reports whether the sentence at token a is that of n words at token b.
func (s *Stream) sameSentence(a, b, n int) bool {
	return s.sameWords(a, b, n) && s.Tokens[a+n].Sentence != s.Tokens[a].Sentence // b comes after a: there is such a token
}

// sameWords reports whether the n words at token b stand at token a too, in one sentence.
func (s *Stream) sameWords(a, b, n int) bool {
	if a < 0 || a+n > len(s.Tokens) || s.Tokens[a].Sentence != s.Tokens[a+n-1].Sentence {
		return false
	}
	for i := range n {
		if s.Tokens[a+i].word != s.Tokens[b+i].word {
			return false
		}
	}
	return true
}

// setTwins makes the n tokens from first on and those from again on each other's twins.
func (s *Stream) setTwins(first, again, n int) {
	if s.twins == nil {
		s.twins = make([]int32, len(s.Tokens))
		for i := range s.twins {
			s.twins[i] = -1
		}
	}
	number := s.twins[first]
	if number < 0 {
		number = int32(first)
	}
	for i := range n {
		s.twins[first+i], s.twins[again+i] = number, number
	}
}

// findQuotes finds the paragraphs of one sentence that are a part of another sentence.
func (s *Stream) findQuotes() {
	counts := make([]int32, len(s.words))
	for i := range s.Tokens {
		counts[s.Tokens[i].word]++
	}
	for from, to := 0, 0; from < len(s.Tokens); from = to {
		for to = from; to < len(s.Tokens) && s.Tokens[to].Paragraph == s.Tokens[from].Paragraph; to++ {
		}
		if n := to - from; n >= minRepeated && s.Tokens[to-1].Sentence == s.Tokens[from].Sentence && (s.twins == nil || s.twins[from] < 0) {
			s.findQuote(from, n, counts)
		}
	}
}

// findQuote finds the sentence of which the n words at from are a part, by the rarest of them.
func (s *Stream) findQuote(from, n int, counts []int32) {
	rarest := from
	for i := from; i < from+n; i++ {
		if counts[s.Tokens[i].word] < counts[s.Tokens[rarest].word] {
			rarest = i
		}
	}
	word := s.Tokens[rarest].word
	if counts[word] < 2 || counts[word] > maxQuoted {
		return
	}
	for tok := int(s.words[word].first); tok >= 0; tok = int(s.Tokens[tok].next) {
		at := tok - (rarest - from)
		if at >= 0 && s.Tokens[at].Sentence != s.Tokens[from].Sentence && s.sameWords(at, from, n) {
			s.setTwins(at, from, n)
			return
		}
	}
}
