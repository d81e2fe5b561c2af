package web

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"soundings/surveys/intake"
)

// metrics counts requests of staff, programs and monitoring. Respondents' requests are not counted: a counter that
// moves when somebody answers, read every few seconds, would be a record of when they did.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
}

func newMetrics(in *intake.Intake) *metrics {
	m := &metrics{registry: prometheus.NewRegistry()}
	m.requests = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "soundings_request_seconds", Help: "Time to answer requests of staff and programs, by route.",
		Buckets: []float64{.001, .005, .02, .1, .5, 2, 10},
	}, []string{"method", "route", "status"})
	waiting := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "soundings_intake_waiting", Help: "Submissions waiting for the database.",
	}, func() float64 { return float64(in.Waiting()) })
	m.registry.MustRegister(m.requests, waiting, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) observe(method, route string, status int, d time.Duration) {
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(d.Seconds())
}

func (s *Server) showMetrics(c *fiber.Ctx) error {
	return adaptor.HTTPHandler(promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{}))(c)
}
