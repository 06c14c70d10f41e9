// Package text is the only place that knows Unicode: it cuts any text into
// folded words, keeps where each stood in the source, tells the language, and
// says in which other forms a word may be meant (clitics, case endings,
// plurals, particles).
//
// # Words
//
// One pass tokenises and folds ([Stream.Add]). A word is a run of letters,
// marks and digits of one script; everything else breaks, the underscore, the
// apostrophe and the hyphen too, so #ضمانات_أمنية is two words and l'OTAN is
// l + otan. Acronyms with dots are one word (U.N. is un). Han characters, and
// the grapheme clusters of Thai, Lao, Khmer and Burmese, are words of their own,
// found as phrases: no segmenter is needed. Kana breaks between its two scripts.
//
// Folding lowers case, takes diacritics off Latin and Greek letters (not off й
// or ї), merges the Turkish dotless i, writes all digits as ASCII, unites the
// Arabic letters that newsrooms spell at will (أ إ آ ا, ى ي, ة ه, Persian ک ی),
// expands presentation forms, drops tatweel, vowel signs and bidirectional
// controls, and writes Traditional Han characters as Simplified ones.
//
// # Forms
//
// A text's word has several forms: itself, and what is left when something was
// taken off. Each form says which liberty was taken ([Freedom]), and a pattern
// says which it accepts, so one index serves exact and loose search. Where both
// sides are inflected (Slavic case endings, plurals) both are cut by the same
// rule and meet in the stem, in a name space of that language.
package text
