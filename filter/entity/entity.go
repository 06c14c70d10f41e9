package entity

// Kind says what sort of thing an entity is.
type Kind = string

// The kinds of entity a pack may hold.
const (
	Place   Kind = "place"   // a city, region, sea, building
	Country Kind = "country" // a state or territory
	Org     Kind = "org"     // an organisation
	Office  Kind = "office"  // an office that persons hold: "secretary of state"
	Person  Kind = "person"
	Topic   Kind = "topic" // a recurring subject: "security guarantees"
)

// Mode says how strictly a name is looked for in a text.
type Mode string

// The modes of a name; the default depends on the entity's kind.
const (
	ModeName    Mode = "name"    // clitics and case endings free, a capital letter where the script has them
	ModeExact   Mode = "exact"   // the folded words as written, nothing before or after
	ModeCaps    Mode = "caps"    // in capitals only (WHO, US), unless the whole title is in capitals
	ModePhrase  Mode = "phrase"  // every word may be inflected lightly, article free
	ModeDemonym Mode = "demonym" // "Russian": kept for display, never matched
)

// Any is the language tag of a name that belongs to every language of its script.
const Any = "*"

// Name is one way to write an entity, or a word of its context.
type Name struct {
	Lang     string // BCP 47 primary tag, or [Any]
	Text     string // as written in the pack
	Mode     Mode
	Optional bool // Arabic: the article may be absent or present; else it is as written
	Weak     bool // counts only with context: a Need word or a strong name in the same article
	Min      int  // letters that must be left after an Arabic or Hebrew clitic is taken off; 0: 3
}

// Entity is one thing in the world with its names in many languages. It is
// immutable once loaded; callers must not change it.
type Entity struct {
	Slug   string            // unique, lower-case English with hyphens: "security-guarantees"
	Kind   Kind              //
	Parent string            // slug of what it is part of; "" none
	Label  map[string]string // language -> the name to show
	Alias  []Name            // every name, in the order of the pack
	Neg    []Name            // longer strings that contain a name and must not count: "Lake Geneva"
	Need   []Name            // context that lets a weak name count
	Veto   []Name            // context that speaks for a namesake: "Illinois"

	file string // where it was read from, for messages
	line int
	key  string // what mentions are filed under; "": the slug
}

// Key is what mentions of the entity are told apart by: its slug, and for an entity
// that one reader of a [Shared] defined the slug with the reader.
func (e *Entity) Key() string {
	if e.key != "" {
		return e.key
	}
	return e.Slug
}
