package web

import (
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/pitches"
)

// pitchPage is the form of one pitch, beside what is known of those who will read it.
type pitchPage struct {
	frame
	Change    changes.Change
	Title     string
	Heading   string
	Lead      string
	Pitch     pitches.Pitch // as typed
	Exists    bool
	Fields    []changeField // the original first
	Languages []option
	More      []option // languages to add
	Open      bool     // a wave about the change is open
	Tried     bool     // and tries two texts on these people
	Refused   string
	Faults    map[string]string
	Theirs    *theirs
	Preview   []pitchPreview
	Known     *profilePage // nil for everyone
	Earlier   []earlierPitch
	History   []shownPitch // newest first
	Offer     *trialOffer  // of a second text; nil where none can be tried
	Trials    []trialView  // newest first
}

// pitchPreview is the beginning of the survey in one language.
type pitchPreview struct {
	Language, Title string
	Lang, Dir       string
	HTML            template.HTML
}

// earlierPitch is how another change was put to the same people, and how open they were to it.
type earlierPitch struct {
	ID        changes.ID
	Title     string
	Stretches []earlierStretch
}

// earlierStretch is the waves before which the same words stood.
type earlierStretch struct {
	Text  *pitchText // nil where there were none
	Waves []earlierWave
}

type earlierWave struct {
	Label string
	opennessCell
}

// shownPitch is one version, with the waves in which it could be read.
type shownPitch struct {
	pitchText
	Removed bool
	Waves   []askedIn
}

// pitchAt is a place of a change that this person may write for; department and band as given in the address or the form.
func (s *Server) pitchAt(c *fiber.Ctx, department, band string) (*pitchBook, pitches.Place, string, error) {
	change, err := s.changeOf(c)
	if err != nil {
		return nil, pitches.Place{}, "", err
	}
	d, errDepartment := strconv.ParseInt("0"+department, 10, 64)
	n, errBand := strconv.ParseInt("0"+band, 10, 64)
	place := pitches.Place{Department: surveys.DepartmentID(d), Band: surveys.BandID(n)}
	missing := &surveys.Error{Kind: surveys.NotFound, Op: "web: pitch", Message: "There is no such department or band."}
	if errDepartment != nil || errBand != nil {
		return nil, place, "", missing
	}
	f := s.frame(c, "pitch_title", "changes")
	if !mayPitch(f.User, place.Department) {
		return nil, place, "", notYours()
	}
	b, err := s.pitchBook(c.UserContext(), f, change)
	if err != nil {
		return nil, place, "", err
	}
	name, ok := b.name(place)
	if !ok {
		return nil, place, "", missing
	}
	return b, place, name, nil
}

func (s *Server) showPitch(c *fiber.Ctx) error {
	b, place, name, err := s.pitchAt(c, c.Query("department"), c.Query("band"))
	if err != nil {
		return err
	}
	p, ok := b.all.At(place)
	if !ok {
		p = pitches.Pitch{Place: place, Language: b.change.Language}
		versions, err := pitches.Versions(c.UserContext(), s.Store, b.change.ID, place)
		if err != nil {
			return err
		}
		p.Version = len(versions)
	}
	page, err := s.pitchPage(c, b, name, p, nil)
	if err != nil {
		return err
	}
	return s.finish(c, "staff/pitch", &b.phrases, page)
}

// typedPitch reads the form.
func typedPitch(form surveys.Form, change changes.ID, place pitches.Place) pitches.Pitch {
	p := pitches.Pitch{Change: change, Place: place, Version: versionOf(form), Text: tidy(form.First("text")), Language: tidy(form.First("language")), Translations: map[string]pitches.Translation{}}
	for field, values := range form {
		if lang, ok := strings.CutPrefix(field, "texts."); ok && len(values) > 0 {
			p.Translations[lang] = pitches.Translation{Text: tidy(values[0])}
		}
	}
	return p
}

func (s *Server) postPitch(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	b, place, name, err := s.pitchAt(c, form.First("department"), form.First("band"))
	if err != nil {
		return err
	}
	audited(c).Subject += pitchSubject(place)
	typed := typedPitch(form, b.change.ID, place)
	if _, err := pitches.Save(c.UserContext(), s.Store, typed, surveys.Stamp(s.stamp(c))); err != nil {
		return s.refusePitch(c, b, name, typed, err)
	}
	return c.Redirect(pitchAddress(b.change.ID, place)+"#preview", http.StatusSeeOther)
}

// pitchSubject names a place for the audit log.
func pitchSubject(place pitches.Place) string {
	return ", department " + idText(int64(place.Department)) + ", band " + idText(int64(place.Band))
}

// postPitchPreview shows what was typed as its readers would see it, with a field for one more language if that was chosen.
// It saves nothing.
func (s *Server) postPitchPreview(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	b, place, name, err := s.pitchAt(c, form.First("department"), form.First("band"))
	if err != nil {
		return err
	}
	typed := typedPitch(form, b.change.ID, place)
	if add := form.First("add"); slices.Contains(s.words.names, add) && add != typed.Language {
		typed.Translations[add] = pitches.Translation{Text: typed.Translations[add].Text}
	}
	page, err := s.pitchPage(c, b, name, typed, nil)
	if err != nil {
		return err
	}
	return s.finish(c, "staff/pitch", &b.phrases, page)
}

func (s *Server) postPitchRemove(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	b, place, name, err := s.pitchAt(c, form.First("department"), form.First("band"))
	if err != nil {
		return err
	}
	audited(c).Subject += pitchSubject(place)
	if err := pitches.Remove(c.UserContext(), s.Store, b.change.ID, place, versionOf(form), surveys.Stamp(s.stamp(c))); err != nil {
		stored, ok := b.all.At(place)
		if !ok {
			return err
		}
		return s.refusePitch(c, b, name, stored, err)
	}
	return c.Redirect(pitchesAddress(b.change.ID), http.StatusSeeOther)
}

// refusePitch shows the form once more with everything that was typed: beside its faults, or beside what somebody else has
// saved meanwhile. Saving again then overwrites that knowingly.
func (s *Server) refusePitch(c *fiber.Ctx, b *pitchBook, name string, typed pitches.Pitch, refusal error) error {
	faults, faulty := b.changeFaults(refusal)
	if !faulty && surveys.KindOf(refusal) != surveys.Conflict {
		return refusal
	}
	var beside *theirs
	if !faulty {
		versions, err := pitches.Versions(c.UserContext(), s.Store, b.change.ID, typed.Place)
		if err != nil || len(versions) == 0 {
			return refusal
		}
		stored := versions[len(versions)-1]
		typed.Version, beside = stored.Version, b.theirPitch(&typed, &stored)
	}
	page, err := s.pitchPage(c, b, name, typed, faults)
	if err != nil {
		return err
	}
	if page.Theirs = beside; faulty {
		page.Refused = b.count("change_refused", len(faults))
	}
	c.Status(failureOf(refusal).Status)
	return s.finish(c, "staff/pitch", &b.phrases, page)
}

// theirPitch lists what differs between what is typed and what is stored.
func (b *pitchBook) theirPitch(typed, stored *pitches.Pitch) *theirs {
	t := &theirs{Lead: b.say("change_theirs", "Who", stored.Saved.By, "When", b.date(stored.Saved.At))}
	if typed.Text != stored.Text {
		t.Pairs = append(t.Pairs, theirPair{nameOf(stored.Language), stored.Text})
	}
	for _, lang := range stored.Languages()[1:] {
		if text := stored.Translations[lang].Text; typed.Translations[lang].Text != text {
			t.Pairs = append(t.Pairs, theirPair{nameOf(lang), text})
		}
	}
	return t
}

func (s *Server) pitchPage(c *fiber.Ctx, b *pitchBook, name string, p pitches.Pitch, faults map[string]string) (*pitchPage, error) {
	f := s.frame(c, "pitch_title", "changes")
	text, _ := b.change.In(b.Spoken)
	page := &pitchPage{frame: f, Change: b.change, Title: text.Title, Pitch: p, Faults: faults, Heading: b.say("pitch_heading", "Title", text.Title, "Place", name)}
	_, page.Exists = b.all.At(p.Place)
	page.Lead = b.pitchLead(p.Place, page.Exists)
	page.Languages = languageOptions(s.words.names, p.Language)
	s.pitchFields(b, page)
	about, err := s.askedAbout(c.UserContext(), b.Lang)
	if err != nil {
		return nil, err
	}
	page.Open = about[b.change.Name] != nil && about[b.change.Name].Open
	if page.History, err = s.pitchHistory(c.UserContext(), b, p.Place, about[b.change.Name]); err != nil {
		return nil, err
	}
	if p.Department == 0 {
		return page, b.err
	}
	if page.Known, err = s.knownOf(c, p.Department); err != nil {
		return nil, err
	}
	if page.Earlier, err = s.earlierPitches(c.UserContext(), b, p.Place, about); err != nil || p.Band != 0 {
		return page, err
	}
	if page.Trials, err = s.trials(c.UserContext(), b, p.Department); err != nil {
		return nil, err
	}
	if page.Tried = slices.ContainsFunc(page.Trials, func(t trialView) bool { return t.Running }); !page.Tried {
		page.Offer, err = s.trialOf(c, b, p.Department, nil, nil)
	}
	return page, err
}

// pitchLead says what these people read now.
func (b *pitchBook) pitchLead(place pitches.Place, exists bool) string {
	used, ok := b.all.For(place)
	switch {
	case exists:
		return b.say("pitch_lead_own")
	case !ok:
		return b.say("pitch_lead_none")
	case used.Department == 0:
		return b.say("pitch_lead_everyone")
	}
	return b.say("pitch_lead_department")
}

// pitchFields are the texts to type: the original, its translations, and one in a language that is to be added.
func (s *Server) pitchFields(b *pitchBook, page *pitchPage) {
	p := page.Pitch
	page.Fields = []changeField{{ID: "text", Label: b.say("pitch_text"), Hint: b.say("pitch_text_hint", "Most", b.Number(pitches.Longest)), Value: p.Text, Fault: page.Faults["text"], Lang: p.Language, Most: pitches.Longest, Rows: 8}}
	langs := p.Languages()
	for _, lang := range langs[1:] {
		hint := b.say("pitch_translation_hint")
		if p.Translations[lang].Outdated {
			hint = b.say("change_stale")
		}
		id := "texts." + lang
		page.Fields = append(page.Fields, changeField{ID: id, Label: b.say("pitch_in", "Language", nameOf(lang)), Hint: hint, Value: p.Translations[lang].Text, Fault: page.Faults[id], Lang: lang, Most: pitches.Longest, Rows: 8})
	}
	page.More = s.languagesBeside(langs)
	page.Preview = b.previews(&p)
}

// previews show a pitch as its readers see it, in each language it has.
func (b *pitchBook) previews(p *pitches.Pitch) (list []pitchPreview) {
	for _, lang := range p.Languages() {
		source, _ := p.In(lang)
		if strings.TrimSpace(source) == "" {
			continue
		}
		title, _ := b.change.In(lang)
		words := writingOf(lang)
		list = append(list, pitchPreview{nameOf(lang), title.Title, words.Tag, words.Dir, b.markdown(source)})
	}
	return list
}
