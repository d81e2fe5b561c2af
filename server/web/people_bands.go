package web

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/store"
)

func (s *Server) postBand(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	name := form.First("name")
	add := func(tx *store.Tx) error {
		id, err := people.NewBand(tx, name)
		if err == nil {
			audited(c).Subject = fmt.Sprintf("band %d", id)
		}
		return err
	}
	return s.changePeople(c, add, func(p *peoplePage, faults map[string]string) { p.AddBand = bandForm{name, faults} })
}

func (s *Server) postBandName(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	name := form.First("name")
	return s.changeBand(c, name, func(tx *store.Tx, id surveys.BandID) error { return people.RenameBand(tx, id, name) })
}

func (s *Server) postBandMove(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	by := 1
	if form.First("direction") == "up" {
		by = -1
	}
	return s.changeBand(c, "", func(tx *store.Tx, id surveys.BandID) error { return people.MoveBand(tx, id, by) })
}

func (s *Server) postBandDelete(c *fiber.Ctx) error {
	return s.changeBand(c, "", func(tx *store.Tx, id surveys.BandID) error { return people.DeleteBand(tx, id) })
}

// changeBand changes the band of the address. typed is what stands in its field, if that is what was sent.
func (s *Server) changeBand(c *fiber.Ctx, typed string, change func(tx *store.Tx, id surveys.BandID) error) error {
	n, err := pathID(c, "band")
	if err != nil {
		return err
	}
	id := surveys.BandID(n)
	return s.changePeople(c, func(tx *store.Tx) error { return change(tx, id) }, func(p *peoplePage, faults map[string]string) {
		for i := range p.Bands {
			if p.Bands[i].ID != id {
				continue
			}
			p.Bands[i].Faults = faults
			if _, refused := faults["name"]; refused {
				p.Bands[i].Typed = typed
			}
		}
	})
}
