package feeds

// Who publishes a source: the values of [Offer.Kind].
const (
	KindAgency       = "agency"
	KindNewspaper    = "newspaper" // on paper or not
	KindBroadcaster  = "broadcaster"
	KindGovernment   = "government"
	KindOrganisation = "organisation" // international, or of no one country
)

// OfferKinds are all kinds there are.
var OfferKinds = []string{KindAgency, KindNewspaper, KindBroadcaster, KindGovernment, KindOrganisation}

// An Offer is a source of the starter list: one that people may want and that
// is not polled before somebody does. Its Title is its own name in its own
// language, its ID is 0, its kind is the first of its Tags, its Country is "" only
// for an organisation.
type Offer struct {
	Source
	English string // its name for those who do not read its language
	Kind    string // one of OfferKinds
}
