package web

import (
	"context"
	"fmt"
	"html/template"
	"net/url"
	"slices"

	"github.com/gofiber/fiber/v2"

	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/people"
	"soundings/surveys/pitches"
)

// pitchesPage is how a change is put to each department and band.
type pitchesPage struct {
	frame
	Change   changes.Change
	Title    string // of the change, in the reader's language
	Headline string
	Lead     string
	Bands    []string
	Rows     []pitchRow
	Texts    []pitchText
	Waiting  string // on whom the next wave tries two texts
	Trials   []trialView
}

// pitchRow is a department, or everyone: first what all of it reads, then each band.
type pitchRow struct {
	Name     string
	Everyone bool
	Cells    []pitchCell
}

// pitchCell is what a place reads.
type pitchCell struct {
	Href   string // where it is written; "" for those who may not
	Own    bool
	Text   string
	Detail string
}

// pitchText is one text as its readers see it.
type pitchText struct {
	ID, Name  string
	HTML      template.HTML
	Lang, Dir string
	Saved     string
}

func pitchesAddress(id changes.ID) string { return changeAddress(id) + "/pitches" }

func pitchAddress(id changes.ID, place pitches.Place) string {
	return pitchesAddress(id) + "/edit?" + url.Values{"department": {idText(int64(place.Department))}, "band": {idText(int64(place.Band))}}.Encode()
}

// mayPitch reports whether somebody may write what a department, or with 0 everyone, reads.
func mayPitch(u accounts.User, d surveys.DepartmentID) bool {
	return u.Role.May(accounts.EditSurveys) && (!u.Limited || d != 0 && u.Sees(d))
}

// pitchBook is the pitches of a change with the names of whom they are for.
type pitchBook struct {
	phrases
	user        accounts.User
	change      changes.Change
	all         pitches.Book
	departments []surveys.Department // that it concerns or that have a pitch, as far as this person sees them
	bands       []surveys.Band
}

func (s *Server) pitchBook(ctx context.Context, f frame, change changes.Change) (*pitchBook, error) {
	b := &pitchBook{phrases: phrases{speech: f.speech}, user: f.User, change: change}
	var err error
	if b.all, err = pitches.Of(ctx, s.Store, change.ID); err != nil {
		return nil, err
	}
	if b.bands, err = people.Bands(ctx, s.Store); err != nil {
		return nil, err
	}
	departments, err := people.Departments(ctx, s.Store)
	for _, d := range departments {
		if f.User.Sees(d.ID) && (d.Asked() && change.Concerns(d.ID) || b.own(d.ID)) {
			b.departments = append(b.departments, d)
		}
	}
	return b, err
}

// own reports whether a department reads something written for it.
func (b *pitchBook) own(d surveys.DepartmentID) bool {
	return slices.ContainsFunc(b.all, func(p pitches.Pitch) bool { return p.Department == d })
}

// name names a place; false where this person may not know of it, or it is not there any more.
func (b *pitchBook) name(place pitches.Place) (string, bool) {
	if place.Department == 0 {
		return b.say("pitches_everyone"), place.Band == 0
	}
	d := slices.IndexFunc(b.departments, func(d surveys.Department) bool { return d.ID == place.Department })
	if d < 0 {
		return "", false
	}
	if place.Band == 0 {
		return b.departments[d].Name, true
	}
	i := slices.IndexFunc(b.bands, func(band surveys.Band) bool { return band.ID == place.Band })
	if i < 0 {
		return "", false
	}
	return b.say("pitches_place", "Department", b.departments[d].Name, "Band", b.bands[i].Name), true
}

func (b *pitchBook) cell(place pitches.Place) pitchCell {
	cell := pitchCell{}
	if mayPitch(b.user, place.Department) {
		cell.Href = pitchAddress(b.change.ID, place)
	}
	p, ok := b.all.For(place)
	switch {
	case !ok:
		cell.Text = b.say("pitches_none")
	case p.Place == place:
		cell.Own, cell.Text, cell.Detail = true, b.say("pitches_own"), b.date(p.Saved.At)
		for _, t := range p.Translations {
			if t.Outdated {
				cell.Detail += " · " + b.say("change_outdated")
				break
			}
		}
	case p.Department == 0:
		cell.Text = b.say("pitches_as_everyone")
	default:
		cell.Text = b.say("pitches_as_department")
	}
	return cell
}

func (s *Server) showPitches(c *fiber.Ctx) error {
	change, err := s.changeOf(c)
	if err != nil {
		return err
	}
	f := s.frame(c, "pitches_title", "changes")
	b, err := s.pitchBook(c.UserContext(), f, change)
	if err != nil {
		return err
	}
	text, _ := change.In(b.Spoken)
	page := pitchesPage{frame: f, Change: change, Title: text.Title}
	page.Headline, page.Lead = b.headline()
	page.Rows = append(page.Rows, pitchRow{Name: b.say("pitches_everyone"), Everyone: true, Cells: []pitchCell{b.cell(pitches.Place{})}})
	for _, band := range b.bands {
		page.Bands = append(page.Bands, band.Name)
	}
	for _, d := range b.departments {
		row := pitchRow{Name: d.Name, Cells: []pitchCell{b.cell(pitches.Place{Department: d.ID})}}
		for _, band := range b.bands {
			row.Cells = append(row.Cells, b.cell(pitches.Place{Department: d.ID, Band: band.ID}))
		}
		page.Rows = append(page.Rows, row)
	}
	for i := range b.all {
		if name, ok := b.name(b.all[i].Place); ok {
			page.Texts = append(page.Texts, b.text(fmt.Sprintf("pitch-%d", i+1), name, &b.all[i]))
		}
	}
	if page.Waiting, err = s.waiting(c.UserContext(), b); err != nil {
		return err
	}
	if page.Trials, err = s.trials(c.UserContext(), b, 0); err != nil {
		return err
	}
	return s.finish(c, "staff/pitches", &b.phrases, page)
}

// text is a pitch in the reader's language, if it is there.
func (b *pitchBook) text(id, name string, p *pitches.Pitch) pitchText {
	text, lang := p.In(b.Spoken)
	words := writingOf(lang)
	return pitchText{id, name, b.markdown(text), words.Tag, words.Dir, b.say("change_said", "Who", p.Saved.By, "Date", b.date(p.Saved.At))}
}

// headline says how many departments read something of their own, and what the others read.
func (b *pitchBook) headline() (headline, lead string) {
	own := 0
	for _, d := range b.departments {
		if b.own(d.ID) {
			own++
		}
	}
	_, everyone := b.all.At(pitches.Place{})
	all := len(b.departments)
	switch {
	case own == 0 && !everyone:
		return b.say("pitches_headline_none"), b.say("pitches_lead_none")
	case own == 0:
		return b.say("pitches_headline_one"), b.say("pitches_lead")
	}
	headline = b.count("pitches_headline", own, "All", b.Number(all))
	switch {
	case own == all:
		lead = b.say("pitches_lead")
	case everyone:
		lead = b.say("pitches_others_everyone") + " " + b.say("pitches_lead")
	default:
		lead = b.say("pitches_others_nothing") + " " + b.say("pitches_lead")
	}
	return headline, lead
}

// pitchesCard is what the story of a change says about its pitches.
func (s *Server) pitchesCard(ctx context.Context, f frame, change changes.Change) (string, error) {
	b, err := s.pitchBook(ctx, f, change)
	if err != nil {
		return "", err
	}
	headline, _ := b.headline()
	return headline + ".", b.err
}
