package web

import (
	"bytes"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"soundings/surveys/store/storetest"
)

// BenchmarkSurveyPage compares the form page, with a fresh receipt in each, with a bare Fiber handler that sends the
// same number of bytes with the same headers: ratio is requests a second of the first over the second, over real
// connections of this machine, the two taking turns within one run.
func BenchmarkSurveyPage(b *testing.B) {
	const clients, each = 16, 250
	o := newOffice(b, storetest.SQLite(b)).staffed()
	o.Now = time.Now // so that looking up the link once a second is part of the price
	code, _ := o.open(pulse(b))
	for _, encoding := range []string{"gzip", "identity"} {
		b.Run(encoding, func(b *testing.B) {
			var client fasthttp.Client
			ours := o.listen() + "/s/" + code
			var first fasthttp.Response
			ask(b, &client, ours, encoding, &first)
			body := bytes.Clone(first.Body())
			theirs := bare(b, &first, body)
			b.Cleanup(client.CloseIdleConnections) // before the servers, which would wait for them
			var again fasthttp.Response
			ask(b, &client, theirs, encoding, &again)
			if len(again.Body()) != len(body) || again.Header.Len() != first.Header.Len() {
				b.Fatalf("the bare handler sends %d bytes and %d headers, the page %d and %d", len(again.Body()), again.Header.Len(), len(body), first.Header.Len())
			}
			var took [2]time.Duration
			for b.Loop() {
				for i, address := range []string{ours, theirs} {
					start := time.Now()
					var group sync.WaitGroup
					for range clients {
						group.Go(func() {
							var response fasthttp.Response
							for range each {
								ask(b, &client, address, encoding, &response)
							}
						})
					}
					group.Wait()
					took[i] += time.Since(start)
				}
			}
			n := float64(b.N * clients * each)
			b.ReportMetric(n/took[0].Seconds(), "pages/s")
			b.ReportMetric(n/took[1].Seconds(), "bare/s")
			b.ReportMetric(took[1].Seconds()/took[0].Seconds(), "ratio")
			b.ReportMetric(float64(len(body)), "bytes")
		})
	}
}

func ask(b *testing.B, client *fasthttp.Client, address, encoding string, response *fasthttp.Response) {
	request := fasthttp.AcquireRequest()
	defer fasthttp.ReleaseRequest(request)
	request.SetRequestURI(address)
	request.Header.Set("Accept-Encoding", encoding)
	request.Header.Set("Accept-Language", "de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7")
	request.Header.Set("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
	request.Header.Set("User-Agent", "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36")
	if err := client.Do(request, response); err != nil || response.StatusCode() != 200 {
		b.Errorf("%s: status %d, %v", address, response.StatusCode(), err)
	}
}

// bare serves a fixed answer: the body and the headers of the response.
func bare(b *testing.B, like *fasthttp.Response, body []byte) string {
	b.Helper()
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	header := map[string]string{}
	like.Header.VisitAll(func(key, value []byte) {
		if k := string(key); k != fiber.HeaderContentLength && k != fiber.HeaderDate {
			header[k] = string(value)
		}
	})
	app.Get("/s/:code", func(c *fiber.Ctx) error {
		for key, value := range header {
			c.Set(key, value)
		}
		return c.Send(body)
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- app.Listener(l) }()
	b.Cleanup(func() {
		if err := app.Shutdown(); err != nil {
			b.Error(err)
		}
		if err := <-served; err != nil {
			b.Error(err)
		}
	})
	return "http://" + l.Addr().String() + "/s/x"
}
