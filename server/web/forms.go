package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/people"
	"soundings/surveys/pitches"
	"soundings/surveys/waves"
)

const (
	// freshness is how long a link is believed before the database is asked again: a wave that another process has
	// closed is seen to be closed within it. A submission is checked in its own transaction in any case.
	freshness = time.Second
	// lookupPatience bounds how long a known form waits for a database that hangs; then it is served as it was.
	lookupPatience = 2 * time.Second
	longestCode    = 64
	mostLinks      = 10_000
	mostPages      = 500
)

// forms holds what the form pages are made of, and the pages themselves, so that a request for a form needs neither the
// database nor a template. It also seals the receipts of thank-you pages.
type forms struct {
	server      *Server
	placeholder surveys.Receipt
	seals       sealer

	mu    sync.RWMutex
	links map[string]*knownLink
	pages map[pageKey]*readyPage
}

// pageKey names everything a form page depends on.
type pageKey struct {
	questionnaire surveys.QuestionnaireID
	language      string
	audience      [sha256.Size]byte // and the change the survey is about
	house         string
	opening       [sha256.Size]byte // what it opens with
	heard         bool              // whether there is more of it to read
	today         surveys.Day       // what is late depends on it
	variant       surveys.Variant   // of two texts that are tried
}

// knownLink is one link and when it was looked up last.
type knownLink struct {
	looking sync.Mutex // one look-up at a time
	current atomic.Pointer[linked]
}

// linked is what a link leads to. It never changes once made.
type linked struct {
	code          string
	wave          surveys.Wave
	questionnaire *surveys.Questionnaire
	audience      surveys.Audience
	fixed         string          // name of the department the link is tied to
	fixedBand     string          // name of the level an invitation is tied to
	invited       bool            // a personal address leads here, not a link: there is no code
	about         *changes.Change // what the survey is about; nil where it names none, or none that is here
	pitch         *pitches.Pitch  // how that is put to whoever comes by this link; nil where it is not
	tried         *pitches.Trial  // two texts that chance gives them one of instead; nil where none are tried on them
	languages     languages
	digest        [sha256.Size]byte // of the audience and of what the survey is about
	at            time.Time
}

func (l *linked) doc() *surveys.Document { return l.questionnaire.Document }

func newForms(s *Server) *forms {
	return &forms{server: s, placeholder: surveys.NewReceipt(), seals: newSealer(), links: map[string]*knownLink{}, pages: map[pageKey]*readyPage{}}
}

// find returns what a code leads to, at most freshness old while the database answers. While it does not, a link that
// was seen before is returned as it was.
func (f *forms) find(ctx context.Context, code string) (*linked, error) {
	if len(code) > longestCode {
		return nil, &surveys.Error{Kind: surveys.NotFound, Op: "web: link", Message: "there is no such link"}
	}
	code = strings.ToLower(code)
	f.mu.RLock()
	known := f.links[code]
	f.mu.RUnlock()
	if known == nil {
		return f.learn(ctx, code)
	}
	if l := known.current.Load(); f.fresh(l) {
		return l, nil
	}
	known.looking.Lock()
	defer known.looking.Unlock()
	old := known.current.Load()
	if f.fresh(old) {
		return old, nil
	}
	ctx, cancel := context.WithTimeout(ctx, lookupPatience)
	defer cancel()
	l, err := f.look(ctx, code)
	if surveys.KindOf(err) == surveys.Unavailable {
		kept := *old
		kept.at = f.server.Now() // so that a database that is away is asked once a second, not for every page
		l, err = &kept, nil
	}
	if err != nil {
		return nil, err
	}
	known.current.Store(l)
	return l, nil
}

func (f *forms) fresh(l *linked) bool {
	age := f.server.Now().Sub(l.at)
	return age >= 0 && age < freshness
}

// learn looks up a code for the first time. Codes that lead nowhere are not remembered: strangers could fill the memory with them.
func (f *forms) learn(ctx context.Context, code string) (*linked, error) {
	l, err := f.look(ctx, code)
	if err != nil {
		return nil, err
	}
	code = strings.Clone(code) // the router's strings do not last
	known := &knownLink{}
	known.current.Store(l)
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.links) >= mostLinks {
		clear(f.links)
	}
	f.links[code] = known
	return l, nil
}

func (f *forms) look(ctx context.Context, code string) (*linked, error) {
	at := f.server.Now()
	link, wave, err := waves.LinkByCode(ctx, f.server.Store, code)
	if err != nil {
		return nil, err
	}
	l := &linked{code: link.Code, wave: wave, at: at}
	if l.questionnaire, err = f.server.Catalog.Questionnaire(ctx, wave.Questionnaire); err != nil {
		return nil, err
	}
	departments, err := people.Departments(ctx, f.server.Store)
	if err != nil {
		return nil, err
	}
	if l.audience.Bands, err = people.Bands(ctx, f.server.Store); err != nil {
		return nil, err
	}
	offered, err := waves.OfferedIn(f.server.Store.Read(ctx), wave.ID)
	if err != nil {
		return nil, err
	}
	l.audience.Fixed, l.audience.Departments = link.Department, departments
	if offered.Frozen {
		restrict(&l.audience, offered)
	} else {
		l.audience.Departments = people.OfferedOf(departments)
		l.audience.Fixed = people.PoolsOf(departments).Of(link.Department) // pooled since the link was made
	}
	if link.Department != 0 {
		l.audience.Departments = nil
	}
	for _, d := range departments {
		if d.ID == l.audience.Fixed {
			l.fixed = d.Name
		}
	}
	if err := f.server.explain(ctx, l); err != nil {
		return nil, err
	}
	l.languages = newLanguages(l.doc().Languages())
	l.digest = digest(l)
	return l, nil
}

// restrict leaves the departments and bands that the wave was opened with: whoever reorganises meanwhile must not change
// what people are asked for.
func restrict(a *surveys.Audience, o waves.Offered) {
	a.Departments = slices.DeleteFunc(a.Departments, func(d surveys.Department) bool { return !slices.Contains(o.Departments, d.ID) })
	a.Bands = slices.DeleteFunc(a.Bands, func(b surveys.Band) bool { return !slices.Contains(o.Bands, b.ID) })
}

// digest is equal for links that get the same form of a questionnaire.
func digest(l *linked) [sha256.Size]byte {
	h := sha256.New()
	fmt.Fprintf(h, "%v %d %q %d %q\n", l.invited, l.audience.Fixed, l.fixed, l.audience.FixedBand, l.fixedBand)
	if l.about != nil {
		fmt.Fprintf(h, "change %d %d\n", l.about.ID, l.about.Version)
	}
	if l.pitch != nil {
		fmt.Fprintf(h, "pitch %v %d\n", l.pitch.Place, l.pitch.Version)
	}
	if l.tried != nil {
		fmt.Fprintf(h, "trial %v %d %d\n", l.tried.Department, l.tried.A.Version, l.tried.B.Version)
	}
	for _, d := range l.audience.Departments {
		fmt.Fprintf(h, "department %d %q\n", d.ID, d.Name)
	}
	for _, b := range l.audience.Bands {
		fmt.Fprintf(h, "band %d %q\n", b.ID, b.Name)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// ready returns the empty form of a link in a language, and with one of two texts where these are tried, rendered once.
func (f *forms) ready(ctx context.Context, l *linked, lang string, variant surveys.Variant) (*readyPage, error) {
	house := f.server.house()
	known := f.server.boards.load(ctx)
	opens := known.opening(l)
	key := pageKey{questionnaire: l.questionnaire.ID, language: lang, audience: l.digest, house: house.tag(), opening: opens.digest, heard: known.any(), variant: variant}
	if len(opens.lines) > 0 {
		key.today = surveys.DayOf(f.server.Now(), house.Zone)
	}
	f.mu.RLock()
	page := f.pages[key]
	f.mu.RUnlock()
	if page != nil {
		return page, nil
	}
	data, err := f.server.formPage(l, lang, surveys.Form{"receipt": {string(f.placeholder)}, surveys.VariantField: {variant.String()}}, nil)
	if err != nil {
		return nil, err
	}
	if data.Opening, err = f.server.openingOf(opens, lang, key.today); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := f.server.views.render(&b, "answer/form", data); err != nil {
		return nil, err
	}
	if page, err = newReadyPage(lang, b.Bytes(), f.placeholder); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.pages) >= mostPages {
		clear(f.pages)
	}
	f.pages[key] = page
	return page, nil
}
