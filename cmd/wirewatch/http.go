package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"wirewatch/store"
)

// staleAfter is how long the poll tick may be silent before the program is not
// ready any more.
const staleAfter = 3 * time.Minute

// callbackPath is where hubs call back, below http.public_url.
const callbackPath = "/websub/"

// door is the operator's HTTP side, /metrics, /healthz and /readyz, and where
// hubs call back.
type door struct {
	db       *store.DB
	hubs     http.Handler // nil: no WebSub
	hubPath  string       // of http.public_url
	registry *prometheus.Registry
	ticked   atomic.Int64 // Unix seconds of the last poll tick; 0: this process does not poll
}

func newDoor(db *store.DB) *door {
	d := &door{db: db, registry: prometheus.NewRegistry()}
	build := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "wirewatch_build_info", Help: "Always 1; the label is the version."}, []string{"version"})
	build.WithLabelValues(versionName()).Set(1)
	d.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), build, storeCollector{db})
	return d
}

// serve answers on addr until ctx ends.
func (d *door) serve(ctx context.Context, addr string, log *slog.Logger) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("http.addr: %w; choose another address, or empty for none", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(d.registry, promhttp.HandlerOpts{Timeout: 10 * time.Second}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", d.ready)
	if d.hubs != nil {
		mux.Handle(callbackPath, d.hubs) // a proxy may take the public address's own path off, or leave it
		if d.hubPath != "" {
			mux.Handle(d.hubPath+callbackPath, d.hubs)
		}
	}
	s := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, WriteTimeout: 30 * time.Second, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	stop := context.AfterFunc(ctx, func() { s.Close() })
	defer stop()
	log.Info("listening", "addr", l.Addr().String())
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// ready says whether the program does its job: the database answers and the
// poll tick ticks.
func (d *door) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
	defer cancel()
	if err := d.db.Ping(ctx); err != nil {
		http.Error(w, "not ready: the database does not answer: "+err.Error(), http.StatusServiceUnavailable)
		return
	}
	if last := d.ticked.Load(); last != 0 {
		if silent := time.Since(time.Unix(last, 0)); silent > staleAfter {
			http.Error(w, fmt.Sprintf("not ready: no poll for %s", silent.Round(time.Second)), http.StatusServiceUnavailable)
			return
		}
	}
	fmt.Fprintln(w, "ready")
}

// storeCollector turns the store's counts into metrics at each scrape.
type storeCollector struct{ db *store.DB }

var (
	deliveriesDesc = prometheus.NewDesc("wirewatch_deliveries", "Deliveries in the store, by state.", []string{"state"}, nil)
	oldestDesc     = prometheus.NewDesc("wirewatch_delivery_oldest_seconds", "Age of the oldest delivery that is due; 0 when none is.", nil, nil)
	sourcesDesc    = prometheus.NewDesc("wirewatch_sources", "Sources, by state; failing ones are also active.", []string{"state"}, nil)
	hubsDesc       = prometheus.NewDesc("wirewatch_subscriptions", "Subscriptions to hubs (WebSub), by state.", []string{"state"}, nil)
	sizeDesc       = prometheus.NewDesc("wirewatch_db_size_bytes", "Size of the database.", nil, nil)
)

func (c storeCollector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{deliveriesDesc, oldestDesc, sourcesDesc, hubsDesc, sizeDesc} {
		out <- d
	}
}

func (c storeCollector) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	s, err := c.db.Stats(ctx)
	if err != nil {
		out <- prometheus.NewInvalidMetric(deliveriesDesc, err)
		return
	}
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	for state, n := range s.Deliveries {
		gauge(deliveriesDesc, float64(n), state)
	}
	for state, n := range s.Sources {
		gauge(sourcesDesc, float64(n), string(state))
	}
	for state, n := range s.Hubs {
		gauge(hubsDesc, float64(n), string(state))
	}
	gauge(sourcesDesc, float64(s.Failing), "failing")
	gauge(sizeDesc, float64(s.Size))
	age := 0.0
	if !s.Oldest.IsZero() {
		age = time.Since(s.Oldest).Seconds()
	}
	gauge(oldestDesc, age)
}
