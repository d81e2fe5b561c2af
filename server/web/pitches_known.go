package web

import (
	"context"
	"fmt"
	"slices"

	"github.com/gofiber/fiber/v2"

	"soundings/analytics"
	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/people"
	"soundings/surveys/pitches"
)

// knownOf is what a pitch to a department is written beside: the same as on the department's own page.
func (s *Server) knownOf(c *fiber.Ctx, department surveys.DepartmentID) (*profilePage, error) {
	v, err := s.profileFor(c, department)
	if err != nil {
		return nil, err
	}
	page := &profilePage{frame: v.frame, Department: v.department.Name, State: "none"}
	n := len(v.trend.Waves)
	if n == 0 {
		return page, nil
	}
	if err := v.readWave(c.UserContext(), v.trend.Waves[n-1].ID); err != nil {
		return nil, err
	}
	unit := slices.IndexFunc(v.res.Units, func(u analytics.Unit) bool { return u.Department.ID == department })
	if unit < 0 {
		page.State = "unasked"
		return page, nil
	}
	page.State = ""
	if err := v.fill(c, page, unit); err != nil {
		return nil, err
	}
	return page, v.err
}

// earlierPitches tells how other changes were put to the people of a place, and how open they were to them: what worked
// before, and what did not.
func (s *Server) earlierPitches(ctx context.Context, b *pitchBook, place pitches.Place, about map[string]*enquiry) ([]earlierPitch, error) {
	list, err := s.changesFor(ctx, b.user)
	if err != nil {
		return nil, err
	}
	var earlier []earlierPitch
	for _, change := range slices.Backward(list) {
		if change.ID == b.change.ID || about[change.Name] == nil || !change.Concerns(place.Department) {
			continue
		}
		only := change
		only.Everybody, only.Departments = false, []surveys.DepartmentID{place.Department}
		tables, err := s.openness(ctx, &b.phrases, b.user, &only, about[change.Name])
		if err != nil {
			return nil, err
		}
		text, _ := change.In(b.Spoken)
		line := earlierPitch{ID: change.ID, Title: text.Title}
		for _, table := range tables {
			if err := s.addStretches(ctx, b, place, &line, change.ID, table); err != nil {
				return nil, err
			}
		}
		if len(line.Stretches) > 0 {
			earlier = append(earlier, line)
		}
	}
	return earlier, b.err
}

// addStretches puts the waves in which the same words stood first together.
func (s *Server) addStretches(ctx context.Context, b *pitchBook, place pitches.Place, line *earlierPitch, change changes.ID, table opennessTable) error {
	var last pitches.Pitch
	for i, label := range table.Waves {
		book, err := pitches.Before(ctx, s.Store, change, table.opened[i])
		if err != nil {
			return err
		}
		p, ok := book.For(place)
		if i == 0 || p.Place != last.Place || p.Version != last.Version {
			stretch := earlierStretch{}
			if ok {
				shown := b.text("", "", &p)
				stretch.Text = &shown
			}
			line.Stretches, last = append(line.Stretches, stretch), p
		}
		at := &line.Stretches[len(line.Stretches)-1]
		at.Waves = append(at.Waves, earlierWave{label, table.Rows[0].Cells[i]})
	}
	return nil
}

// pitchHistory is every version of a place, with the waves about the change that were open while it stood.
func (s *Server) pitchHistory(ctx context.Context, b *pitchBook, place pitches.Place, about *enquiry) ([]shownPitch, error) {
	versions, err := pitches.Versions(ctx, s.Store, b.change.ID, place)
	if err != nil {
		return nil, err
	}
	waves := map[int][]surveys.Wave{}
	if about != nil {
		for _, survey := range about.Surveys {
			for _, w := range survey.Waves {
				for _, p := range versions.Between(w.Opened, w.Closed) {
					waves[p.Version] = append(waves[p.Version], w)
				}
			}
		}
	}
	var history []shownPitch
	for i := range slices.Backward(versions) {
		p := &versions[i]
		history = append(history, shownPitch{b.text(fmt.Sprintf("version-%d", p.Version), b.say("pitch_version", "Number", b.Number(p.Version)), p), p.Text == "", b.askedIn(waves[p.Version])})
	}
	return history, b.err
}

// apiPitch is how a change is put to a place.
type apiPitch struct {
	Department   *string           `json:"department"` // null: everyone
	Band         *string           `json:"band"`       // null: all of the department
	Version      int               `json:"version"`
	Language     string            `json:"language"`
	Text         string            `json:"text"`
	Translations map[string]string `json:"translations,omitempty"`
}

func apiPitches(book pitches.Book, departments map[surveys.DepartmentID]string, bands map[surveys.BandID]string) []apiPitch {
	items := []apiPitch{}
	for _, p := range book {
		if p.Band != 0 && bands[p.Band] == "" {
			continue // nobody can have a band that was deleted
		}
		item := apiPitch{Version: p.Version, Language: p.Language, Text: p.Text}
		if name, ok := departments[p.Department]; ok {
			item.Department = &name
		}
		if name, ok := bands[p.Band]; ok {
			item.Band = &name
		}
		for lang, t := range p.Translations {
			if item.Translations == nil {
				item.Translations = map[string]string{}
			}
			item.Translations[lang] = t.Text
		}
		items = append(items, item)
	}
	return items
}

// pitchesOf reads the pitches of all changes, and the names of bands.
func (s *Server) pitchesOf(ctx context.Context) (map[changes.ID]pitches.Book, map[surveys.BandID]string, error) {
	books, err := pitches.List(ctx, s.Store)
	if err != nil {
		return nil, nil, err
	}
	bands, err := people.Bands(ctx, s.Store)
	names := map[surveys.BandID]string{}
	for _, b := range bands {
		names[b.ID] = b.Name
	}
	return books, names, err
}
