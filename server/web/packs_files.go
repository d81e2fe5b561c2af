package web

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/gofiber/fiber/v2"

	"soundings/analytics"
	"soundings/analytics/chart"
	"soundings/analytics/report"
	"soundings/surveys"
	"soundings/surveys/packs"
)

// takePack answers with the document as it is stored, byte for byte; those who see some of its departments only cannot
// have it.
func (s *Server) takePack(c *fiber.Ctx) error {
	id, err := pathID(c, "pack")
	if err != nil {
		return err
	}
	kept, document, err := packs.ByID(c.UserContext(), s.Store, packs.ID(id))
	if err != nil {
		return err
	}
	user := current(c).User
	if !maySee(user, kept) || slices.ContainsFunc(kept.Departments, func(d surveys.DepartmentID) bool { return !user.Sees(d) }) {
		return notYours()
	}
	if packs.Sum(document) != kept.Checksum {
		return nothingToShow()
	}
	c.Attachment(fmt.Sprintf("pack-%d.json", kept.ID))
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	return c.Send(bytes.Clone(document))
}

// packPart is the pack of the address, and the place of the wave of the address among its parts.
func (s *Server) packPart(c *fiber.Ctx) (*packBook, int, error) {
	const none = -1
	id, err := idOf[surveys.WaveID](c, "wave")
	if err != nil {
		return nil, none, err
	}
	b, damaged, err := s.packOf(c)
	if err != nil {
		return nil, none, err
	}
	if damaged != "" {
		return nil, none, nothingToShow()
	}
	at := slices.IndexFunc(b.pack.Parts, func(part analytics.PackPart) bool { return part.Results.Wave.ID == id })
	if at < 0 {
		return nil, none, nothingToShow()
	}
	return b, at, nil
}

// nothingToShow refuses files and charts of a damaged pack, and of waves that are not in one.
func nothingToShow() error {
	return &surveys.Error{Kind: surveys.NotFound, Op: "web: pack", Message: "The pack is damaged, or has nothing of this wave."}
}

// takePackBook answers with the figures of one wave of a pack as a workbook, in the language of the reader.
func (s *Server) takePackBook(c *fiber.Ctx) error {
	b, at, err := s.packPart(c)
	if err != nil {
		return err
	}
	part := b.pack.Parts[at]
	name := fileName(".xlsx", b.say("pack_file"), fmt.Sprint(b.kept.ID), b.kept.Title, part.Results.Wave.Label)
	if b.err != nil {
		return b.err
	}
	return s.download(c, name, xlsxType, func(w io.Writer) error {
		err := report.WriteWorkbook(report.OfPack(part), fileWords(&b.phrases, b.zone), w, s.bookParts(c.UserContext(), b, part.Results.Wave.ID)...)
		return cmp.Or(err, b.err)
	})
}

// packStyles are those of the departments that a frozen trend draws in colour: all, up to the most.
func packStyles(t *analytics.Trend) map[surveys.DepartmentID]chart.Style {
	styles := map[surveys.DepartmentID]chart.Style{}
	for i, line := range t.Series[:min(len(t.Series), chosenMost)] {
		styles[line.Department.ID] = chart.Styles()[i]
	}
	return styles
}

// packTrend draws the trend of one wave's survey as it is frozen.
func (s *Server) packTrend(c *fiber.Ctx) error {
	b, at, err := s.packPart(c)
	if err != nil {
		return err
	}
	part := b.pack.Parts[at]
	t := part.Trend
	if t == nil {
		return noChart()
	}
	look := chart.Look{Styles: packStyles(t), Describe: b.pointedAt, Organisation: t.Total, Everyone: b.say("trend_organisation")}
	b.draw(b.timeline(part), t, &look)
	return s.chartAnswer(c, b.trendFigure(b.views[at], part), func() ([]byte, error) {
		options, err := chart.Trend(t, look)
		return options, cmp.Or(err, b.err)
	})
}
