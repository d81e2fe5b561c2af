package web

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/analytics/chart"
	"soundings/surveys/waves"
)

// figure is a chart with all that belongs to it: {{template "figure" .Figure}}. It shows the live chart where scripts
// run and the server's picture where they do not, and leads to its table, to files of it and to paper. A page with
// figures has {{template "figure-scripts"}} among its scripts. Begin one with frame.figure.
type figure struct {
	*speech
	ID      string // of the element on the page
	Title   string // what is drawn, in a line
	Note    string // how to read it
	Of      string // of whom and of when it is; the page around it says so, a file has to say it itself
	Alt     string // the chart in a sentence, for those who do not see it
	Options string // address of the chart's options (.json)
	SVG     string // address of the same chart as a picture (.svg), with the same query
	Name    string // of the files that are downloaded, without an ending
	Table   string // id of the table on the page that says the same
	Size    chart.Size
	// Elsewhere is the address of the table, where it stands on another page.
	Elsewhere string
	Papers    bool // the chart is laid out differently on a phone
}

// usual is the size of a picture of a chart over time.
var usual = chart.Size{Width: 1000, Height: 420}

// figure begins a figure: address is that of its chart without the ending ("/trend/chart").
func (f frame) figure(id, address string, query url.Values) figure {
	q := ""
	if len(query) > 0 {
		q = "?" + query.Encode()
	}
	return figure{speech: f.speech, ID: id, Options: address + ".json" + q, SVG: address + ".svg" + q, Name: id, Size: usual}
}

// File is the address of the picture with its caption, and FileOptions of its options.
func (f figure) File() string        { return onPaperOf(f.SVG, paperFile) }
func (f figure) FileOptions() string { return onPaperOf(f.Options, paperFile) }

// paperFile is the paper of a picture that leaves the page: with its caption.
const paperFile = "file"

func onPaperOf(address, paper string) string {
	if strings.Contains(address, "?") {
		return address + "&paper=" + paper
	}
	return address + "?paper=" + paper
}

// Stills are the pictures for other papers than the usual: phones, dark pages, and both.
func (f figure) Stills() []still {
	return []still{
		{"(max-width: 600px) and (prefers-color-scheme: dark)", onPaperOf(f.SVG, "phone-dark")},
		{"(max-width: 600px)", onPaperOf(f.SVG, "phone")},
		{"(prefers-color-scheme: dark)", onPaperOf(f.SVG, "dark")},
	}
}

type still struct{ Media, Address string }

// phoneWidth is the width of a phone, in CSS pixels.
const phoneWidth = 360

// onPaper fits a size to the paper that the address asks for.
func onPaper(c *fiber.Ctx, size chart.Size) (chart.Size, error) {
	switch c.Query("paper") {
	case "", paperFile:
	case "dark":
		size.Dark = true
	case "phone":
		size.Width = phoneWidth
	case "phone-dark":
		size.Width, size.Dark = phoneWidth, true
	default:
		return size, badQuery("paper", "unknown", "must be dark, phone, phone-dark or file")
	}
	return size, nil
}

// chartAnswer answers both addresses of a chart, /...chart.json and /...chart.svg, from the options that build makes, so
// that they cannot disagree. The figure has the size of the picture, and what it says of itself as a file.
func (s *Server) chartAnswer(c *fiber.Ctx, f figure, build func() (options []byte, err error)) error {
	size, err := onPaper(c, f.Size)
	if err != nil {
		return err
	}
	options, err := build()
	if err != nil {
		return err
	}
	if c.Query("paper") == paperFile {
		caption, err := s.caption(f)
		if err != nil {
			return err
		}
		if options, size, err = chart.Captioned(options, size, caption); err != nil {
			return err
		}
	}
	c.Set(fiber.HeaderCacheControl, "private, no-cache") // what the gate shows may change with the next wave
	if strings.HasSuffix(c.Path(), ".json") {
		c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
		return c.Send(options)
	}
	svg, err := s.Charts.SVG(c.UserContext(), options, size)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(svg)
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	c.Set(fiber.HeaderETag, tag) // a page asks for the same picture twice: for the screen, and for paper
	c.Set(fiber.HeaderContentType, "image/svg+xml")
	// A picture needs nothing from anywhere, and may run nothing when it is opened as a page.
	c.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	if c.Get(fiber.HeaderIfNoneMatch) == tag {
		return c.SendStatus(http.StatusNotModified)
	}
	return c.Send(svg)
}

// caption is what a figure says where no page is around it.
func (s *Server) caption(f figure) (chart.Caption, error) {
	house := s.house()
	p := &phrases{speech: f.speech}
	of := p.say("figure_of", "Organisation", house.Name, "Of", f.Of)
	if f.Of == "" {
		of = house.Name
	}
	caption := chart.Caption{Title: f.Title, Of: of, Note: f.Note}
	caption.Source = p.say("figure_source", "Date", p.date(waves.LocalOf(s.Now(), house.Zone).Wall()))
	return caption, p.err
}
