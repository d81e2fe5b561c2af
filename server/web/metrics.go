package web

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"soundings/surveys/intake"
)

// metrics counts requests of staff, programs and monitoring. Respondents' requests are not counted, and neither are the
// process's allocations or bytes: a figure that moves when somebody answers, read every few seconds, would be a record
// of when they did. The queue is told in steps that a single answer does not reach.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
}

// waitingStep is in what steps the length of the queue is told.
const waitingStep = 64

func newMetrics(in *intake.Intake) *metrics {
	m := &metrics{registry: prometheus.NewRegistry()}
	m.requests = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "soundings_request_seconds", Help: "Time to answer requests of staff and programs, by route.",
		Buckets: []float64{.001, .005, .02, .1, .5, 2, 10},
	}, []string{"method", "route", "status"})
	waiting := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "soundings_intake_waiting", Help: "Submissions waiting for the database, in steps of 64.",
	}, func() float64 { return float64(in.Waiting() / waitingStep * waitingStep) })
	m.registry.MustRegister(m.requests, waiting)
	return m
}

func (m *metrics) observe(method, route string, status int, d time.Duration) {
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(d.Seconds())
}

func (s *Server) showMetrics(c *fiber.Ctx) error {
	return adaptor.HTTPHandler(promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{}))(c)
}
