package text

// minRepeated is the number of words from which a sentence that stands there again is a
// repetition: shorter ones are headings and refrains.
const minRepeated = 5

// Twin tells the sentence of a token from all that say something else: it is the number of the
// first sentence with the same words in the same order, where there are others, and -1 where
// the sentence stands there only once or is short. What is asked first reads the whole text;
// call it after [Stream.Index] only.
func (s *Stream) Twin(tok int) int32 {
	s.twinOnce.Do(s.findTwins)
	if s.twins == nil {
		return -1
	}
	return s.twins[s.Tokens[tok].Sentence]
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
			s.setTwins(first, from)
		}
	}
}

// sameSentence reports whether the sentence at token a is that of n words at token b.
func (s *Stream) sameSentence(a, b, n int) bool {
	end := s.Tokens[a].Sentence
	for i := range n {
		if s.Tokens[a+i].Sentence != end || s.Tokens[a+i].word != s.Tokens[b+i].word {
			return false
		}
	}
	return s.Tokens[a+n].Sentence != end // b comes after a: there is such a token
}

func (s *Stream) setTwins(first, again int) {
	if s.twins == nil {
		s.twins = make([]int32, s.sentence+1)
		for i := range s.twins {
			s.twins[i] = -1
		}
	}
	number := s.Tokens[first].Sentence
	s.twins[number], s.twins[s.Tokens[again].Sentence] = number, number
}
