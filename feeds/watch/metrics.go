package watch

import (
	"github.com/prometheus/client_golang/prometheus"

	"wirewatch/feeds/fetch"
	"wirewatch/store"
)

// Metrics counts what the watcher does. A nil *Metrics counts nothing.
type Metrics struct {
	fetches  *prometheus.CounterVec // by result
	articles *prometheus.CounterVec // by outcome
	pages    *prometheus.CounterVec // by result
	matches  prometheus.Counter
	owed     prometheus.Counter
}

// NewMetrics registers the watcher's metrics.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		fetches: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "wirewatch_fetches_total",
			Help: "Visits to sources, by result: ok, first, unchanged, or the kind of failure."}, []string{"result"}),
		articles: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "wirewatch_articles_total",
			Help: "Articles that a source showed for the first time, by outcome: new, duplicate."}, []string{"outcome"}),
		pages: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "wirewatch_pages_total",
			Help: "Article pages fetched because the feed has only a teaser, by result: read, lost."}, []string{"result"}),
		matches: prometheus.NewCounter(prometheus.CounterOpts{Name: "wirewatch_matches_total",
			Help: "Rules satisfied by new articles."}),
		owed: prometheus.NewCounter(prometheus.CounterOpts{Name: "wirewatch_deliveries_created_total",
			Help: "Deliveries written down because of new articles."}),
	}
	r.MustRegister(m.fetches, m.articles, m.pages, m.matches, m.owed)
	return m
}

func (m *Metrics) visited(v store.Visit, done store.Published) {
	if m == nil {
		return
	}
	m.fetches.WithLabelValues(result(v)).Inc()
	m.articles.WithLabelValues("new").Add(float64(done.New))
	m.articles.WithLabelValues("duplicate").Add(float64(done.Duplicate))
	m.owed.Add(float64(done.Deliveries))
	for _, a := range v.Articles {
		m.matches.Add(float64(len(a.Matches)))
	}
}

func (m *Metrics) paged(read, lost int) {
	if m == nil {
		return
	}
	m.pages.WithLabelValues("read").Add(float64(read))
	m.pages.WithLabelValues("lost").Add(float64(lost))
}

// failed counts a failure; f is nil when the document was at fault.
func (m *Metrics) failed(f *fetch.Error) {
	if m == nil {
		return
	}
	result := "format"
	if f != nil {
		result = f.Kind.String()
	}
	m.fetches.WithLabelValues(result).Inc()
}
