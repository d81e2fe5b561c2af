package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/analytics"
	"soundings/analytics/chart"
	"soundings/analytics/stats"
	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/pitches"
)

// trialView is two texts as a wave tries them on a department, or has tried them.
type trialView struct {
	*speech
	ID       string
	Sentence string
	Wave     surveys.WaveID
	Running  bool
	Rows     []trialRow // the first text, then the second
	Reason   string     // why nothing of the halves is told
	Between  string     // the difference with its interval
	Smallest string
}

// trialRow is one of the texts and how open those are who read it.
type trialRow struct {
	pitchText
	Told bool
	opennessCell
}

// trialOffer is what an author needs for trying a second text on a department.
type trialOffer struct {
	Outlook  string        // what a trial could show
	Can      bool          // the department is large enough
	Fields   []changeField // the second text, in the languages of the first
	Version  int           // from which it is made
	Waiting  bool          // it waits for the next wave
	Refused  string
	Previews []pitchPreview
}

// trials tells what waves have tried of a change, or are trying, as far as this person sees it: the newest first, all, or of one
// department.
func (s *Server) trials(ctx context.Context, b *pitchBook, department surveys.DepartmentID) ([]trialView, error) {
	list, err := s.Results.Trials(ctx, b.change.ID)
	if err != nil {
		return nil, err
	}
	var views []trialView
	for i := range slices.Backward(list) {
		t := &list[i]
		if b.user.Sees(t.Department.ID) && (department == 0 || department == t.Department.ID) {
			views = append(views, b.trial(t))
		}
	}
	return views, b.err
}

func (b *pitchBook) trial(t *analytics.Trial) trialView {
	names := []any{"Department", t.Department.Name, "Wave", t.Wave.Label}
	id := "trial-" + idText(int64(t.Wave.ID)) + "-" + idText(int64(t.Department.ID))
	v := trialView{speech: b.speech, ID: id, Wave: t.Wave.ID, Running: !t.Ended()}
	key := "trial_untold"
	switch {
	case v.Running:
		key = "trial_running"
	case t.Told() && t.Between.Verdict == stats.NotComparable:
		key = "trial_alike"
	case t.Told():
		key = "trial_" + t.Between.Verdict.String()
	default:
		v.Reason = b.hidden(t.A.Reason)
	}
	v.Sentence = b.say(key, names...)
	for i, half := range []analytics.Group{t.A, t.B} {
		name := b.say([]string{"trial_first", "trial_second"}[i])
		row := trialRow{pitchText: b.text("", name, []*pitches.Pitch{&t.Trial.A, &t.Trial.B}[i]), Told: half.Shown()}
		if row.Told {
			row.opennessCell = opennessCell{Cell: chart.Class(half.Mean), Mean: whole(half.Mean), Interval: b.intervalOf(half), Count: b.count("change_answers", half.N)}
		}
		v.Rows = append(v.Rows, row)
	}
	if difference, interval, _ := b.between(t.Between); difference != "" && t.Told() {
		v.Between = b.say("trial_between", "Difference", difference, "Range", interval)
	}
	if t.Between.Smallest > 0 {
		v.Smallest = b.say("trial_smallest", "Points", whole(t.Between.Smallest))
	}
	return v
}

// waiting lists the departments on which the next wave is going to try two texts, as far as this person sees them.
func (s *Server) waiting(ctx context.Context, b *pitchBook) (string, error) {
	planned, err := pitches.Planned(ctx, s.Store, b.change.ID)
	if err != nil {
		return "", err
	}
	var names []string
	for _, p := range planned {
		first, own := b.all.At(p.Place)
		if name, ok := b.name(p.Place); ok && own && len(p.Beside(&first)) == 0 {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return "", nil
	}
	return b.say("trial_waiting", "Departments", b.allOf(names)), b.err
}

// trialOf is the offer to try a second text on a department: typed, or else the one that waits for the next wave.
func (s *Server) trialOf(c *fiber.Ctx, b *pitchBook, department surveys.DepartmentID, typed *pitches.Pitch, faults map[string]string) (*trialOffer, error) {
	ctx := c.UserContext()
	first, ok := b.all.At(pitches.Place{Department: department})
	if !ok {
		return nil, nil
	}
	planned, err := pitches.Planned(ctx, s.Store, b.change.ID)
	if err != nil {
		return nil, err
	}
	offer := &trialOffer{}
	if offer.Version, err = pitches.SecondVersion(ctx, s.Store, b.change.ID, department); err != nil {
		return nil, err
	}
	second := pitches.Pitch{Language: first.Language}
	if waits, ok := planned.At(first.Place); ok {
		second, offer.Waiting = waits, true
		offer.Previews = b.previews(&waits)
		if lacks, faulty := b.secondFaults(surveys.Refusal("web: pitch", waits.Beside(&first))); faulty && typed == nil {
			offer.Refused, faults = b.say("trial_stale"), lacks
		}
	}
	if typed != nil {
		second = *typed
	}
	outlook, err := s.outlook(ctx, b, department)
	if err != nil {
		return nil, err
	}
	offer.Can = outlook.Enough()
	offer.Outlook = b.outlook(outlook)
	for i, lang := range first.Languages() {
		id, fault, value, label := "second", faults["text"], second.Text, b.say("trial_text")
		if i > 0 {
			path := "texts." + lang
			id, fault, value, label = "second."+lang, faults[path], second.Translations[lang].Text, b.say("trial_in", "Language", nameOf(lang))
		}
		offer.Fields = append(offer.Fields, changeField{ID: id, Label: label, Hint: b.say("trial_text_hint", "Most", b.Number(pitches.Longest)),
			Value: value, Fault: fault, Lang: lang, Most: pitches.Longest, Rows: 6})
	}
	return offer, b.err
}

func (s *Server) outlook(ctx context.Context, b *pitchBook, department surveys.DepartmentID) (analytics.Outlook, error) {
	list, err := people.Departments(ctx, s.Store)
	at := slices.IndexFunc(list, func(d surveys.Department) bool { return d.ID == department })
	if err != nil || at < 0 {
		return analytics.Outlook{}, err
	}
	return s.Results.Outlook(ctx, list[at])
}

// outlook says how many answers each half may give, where that is taken from, and what it could show.
func (b *pitchBook) outlook(o analytics.Outlook) string {
	source := b.say("trial_from_headcount")
	if o.Asked.ID != 0 {
		source = b.say("trial_from_wave", "Wave", o.Asked.Label)
	}
	pairs := []any{"Source", source, "Points", whole(o.Smallest), "Least", b.Number(analytics.TrialHalf)}
	switch {
	case o.Enough():
		return b.count("trial_outlook", o.Each, pairs...)
	case o.Smallest == 0:
		return b.say("trial_nobody", pairs...)
	}
	return b.count("trial_small", o.Each, pairs...)
}

// typedSecond reads the form of a second text.
func typedSecond(form surveys.Form, b *pitchBook, place pitches.Place) pitches.Pitch {
	p := pitches.Pitch{Change: b.change.ID, Place: place, Version: versionOf(form), Text: tidy(form.First("second")), Translations: map[string]pitches.Translation{}}
	for field, values := range form {
		if lang, ok := strings.CutPrefix(field, "second."); ok && len(values) > 0 {
			p.Translations[lang] = pitches.Translation{Text: tidy(values[0])}
		}
	}
	return p
}

// secondAt is the department of a form about a second text.
func (s *Server) secondAt(c *fiber.Ctx) (surveys.Form, *pitchBook, pitches.Place, string, error) {
	form, err := staffForm(c)
	if err != nil {
		return nil, nil, pitches.Place{}, "", err
	}
	b, place, name, err := s.pitchAt(c, form.First("department"), "0")
	if err == nil {
		audited(c).Subject += ", department " + idText(int64(place.Department))
	}
	return form, b, place, name, err
}

func (s *Server) postPitchTry(c *fiber.Ctx) error {
	form, b, place, name, err := s.secondAt(c)
	if err != nil {
		return err
	}
	outlook, err := s.outlook(c.UserContext(), b, place.Department)
	if err != nil {
		return err
	}
	if !outlook.Enough() {
		return &surveys.Error{Kind: surveys.Conflict, Code: "trial_small", Op: "web: pitch", Message: "This department is too small for two texts to be tried on it."}
	}
	typed := typedSecond(form, b, place)
	if _, err := pitches.Try(c.UserContext(), s.Store, typed, surveys.Stamp(s.stamp(c))); err != nil {
		return s.refuseSecond(c, b, name, typed, err)
	}
	return c.Redirect(pitchAddress(b.change.ID, place)+"#trial", http.StatusSeeOther)
}

func (s *Server) postPitchUntry(c *fiber.Ctx) error {
	form, b, place, _, err := s.secondAt(c)
	if err != nil {
		return err
	}
	if err := pitches.Untry(c.UserContext(), s.Store, b.change.ID, place.Department, versionOf(form), surveys.Stamp(s.stamp(c))); err != nil {
		return err
	}
	return c.Redirect(pitchAddress(b.change.ID, place)+"#trial", http.StatusSeeOther)
}

// refuseSecond shows the pitch of a department once more, with the second text as it was typed, and its faults beside it or what
// somebody else has saved meanwhile.
func (s *Server) refuseSecond(c *fiber.Ctx, b *pitchBook, name string, typed pitches.Pitch, refusal error) error {
	faults, faulty := b.secondFaults(refusal)
	first, ok := b.all.At(typed.Place)
	if !ok || !faulty && (surveys.KindOf(refusal) != surveys.Conflict || failureOf(refusal).Code != "") {
		return refusal
	}
	page, err := s.pitchPage(c, b, name, first, nil)
	if err != nil {
		return err
	}
	offer, err := s.trialOf(c, b, typed.Department, &typed, faults)
	if err != nil {
		return err
	}
	if faulty {
		offer.Refused = b.count("change_refused", len(faults))
	} else {
		offer.Refused = b.say("trial_late")
	}
	page.Offer = offer
	c.Status(failureOf(refusal).Status)
	return s.finish(c, "staff/pitch", &b.phrases, page)
}

func (b *pitchBook) secondFaults(err error) (map[string]string, bool) {
	faults, ok := b.changeFaults(err)
	for _, f := range failureOf(err).Faults {
		if f.Code == pitches.FaultAlike {
			faults[f.Path] = b.say("trial_same_text")
		}
	}
	return faults, ok
}
