package bot

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"wirewatch/bot/telegram"
)

// latencyBuckets are in seconds, from an idle system to a morning's digest.
var latencyBuckets = []float64{.1, .3, 1, 3, 10, 30, 60, 120, 300, 900, 3600, 4 * 3600, 24 * 3600}

// Metrics are what an operator sees of the courier and of the requests to
// Telegram. A nil *Metrics counts nothing.
type Metrics struct {
	alertLatency prometheus.Histogram   // seen to sent
	newsLatency  prometheus.Histogram   // published to sent
	pages        *prometheus.CounterVec // sent, by kind
	doubts       *prometheus.CounterVec // by outcome
	duplicates   prometheus.Counter
	degradations *prometheus.CounterVec // by kind of error
	refusals     *prometheus.CounterVec // by kind of error
	drops        prometheus.Counter
	pauses       prometheus.Counter
	corrections  *prometheus.CounterVec   // by what was corrected
	requests     *prometheus.CounterVec   // by method and result
	durations    *prometheus.HistogramVec // by method
}

// NewMetrics makes the metrics and registers them; it panics when they are
// registered there already, and registers nothing when reg is nil.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	histogram := func(name, help string) prometheus.Histogram {
		return prometheus.NewHistogram(prometheus.HistogramOpts{Name: name, Help: help, Buckets: latencyBuckets})
	}
	counters := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	m := &Metrics{
		alertLatency: histogram("wirewatch_alert_latency_seconds", "From the first sight of an article to its alert in the chat."),
		newsLatency:  histogram("wirewatch_news_latency_seconds", "From the publication of an article, as its source has it, to its alert in the chat."),
		pages:        counters("wirewatch_pages_sent_total", "Messages sent by the courier.", "kind"),
		doubts:       counters("wirewatch_uncertain_total", "Requests whose outcome is unknown.", "outcome"),
		duplicates: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "wirewatch_possible_duplicates_total", Help: "Messages sent though an earlier request may have sent them."}),
		degradations: counters("wirewatch_degraded_total", "Messages sent with less than they should have had.", "kind"),
		refusals:     counters("wirewatch_refused_total", "Requests of the courier that failed.", "kind"),
		drops:        prometheus.NewCounter(prometheus.CounterOpts{Name: "wirewatch_pages_dropped_total", Help: "Messages given up."}),
		corrections:  counters("wirewatch_corrections_total", "Messages edited because their source changed or withdrew an article.", "what"),
		pauses:       prometheus.NewCounter(prometheus.CounterOpts{Name: "wirewatch_telegram_pauses_total", Help: "Pauses of all messages because Telegram refused several chats at once."}),
		requests:     counters("wirewatch_telegram_requests_total", "Requests to the Bot API.", "method", "result"),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "wirewatch_telegram_request_seconds", Help: "Time that a request to the Bot API took.", Buckets: latencyBuckets}, []string{"method"}),
	}
	if reg != nil {
		reg.MustRegister(m.alertLatency, m.newsLatency, m.pages, m.doubts, m.duplicates, m.degradations, m.refusals, m.drops, m.pauses, m.corrections, m.requests, m.durations)
	}
	return m
}

// Observe counts a request to Telegram; it is made for telegram.Options.Observe.
func (m *Metrics) Observe(method string, took time.Duration, err error) {
	if m == nil {
		return
	}
	result := "ok"
	if err != nil {
		result = telegram.KindOf(err).String()
	}
	m.requests.WithLabelValues(method, result).Inc()
	m.durations.WithLabelValues(method).Observe(took.Seconds())
}

func (m *Metrics) sent(p page, now time.Time) {
	if m == nil {
		return
	}
	m.pages.WithLabelValues(p.kind()).Inc()
	if p.maybeDup {
		m.duplicates.Inc()
	}
	if !p.alert {
		return
	}
	m.alertLatency.Observe(now.Sub(p.created).Seconds())
	if !p.published.IsZero() && !p.published.After(now) {
		m.newsLatency.Observe(now.Sub(p.published).Seconds())
	}
}

func (m *Metrics) failed(kind telegram.Kind) {
	if m != nil {
		m.refusals.WithLabelValues(kind.String()).Inc()
	}
}

func (m *Metrics) degrade(kind telegram.Kind) {
	if m != nil {
		m.degradations.WithLabelValues(kind.String()).Inc()
	}
}

func (m *Metrics) uncertain(outcome string) {
	if m != nil {
		m.doubts.WithLabelValues(outcome).Inc()
	}
}

func (m *Metrics) dropped() {
	if m != nil {
		m.drops.Inc()
	}
}

func (m *Metrics) paused() {
	if m != nil {
		m.pauses.Inc()
	}
}

func (m *Metrics) corrected(what string) {
	if m != nil {
		m.corrections.WithLabelValues(what).Inc()
	}
}
