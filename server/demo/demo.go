// Package demo fills an empty database with a made-up organisation whose answers tell a story: one department opens
// up, one closes after a go-live, one stands still, one is too small ever to be shown. Everything takes the way that
// real answers take: waves are opened, replies submitted, waves closed and counted.
package demo

import (
	"context"
	"fmt"
	"sync"
	"time"

	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/intake"
	"soundings/surveys/library"
	"soundings/surveys/packs"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/waves"
)

// Organisation is the name of the made-up organisation.
const Organisation = "Harbour Group"

// Deps is what the demo is made with. Now is its today: the last closed wave is of the quarter before.
type Deps struct {
	Store   *store.Store // migrated and empty
	Catalog *catalog.Catalog
	Intake  *intake.Intake // with a queue of the default size
	Secret  surveys.Secret // the one that Intake has
	Now     time.Time
}

// Summary is what there is after Fill.
type Summary struct {
	Departments int
	Surveys     []surveys.SurveyID // the change pulse, then the one about working with IT
	Waves       int                // closed ones
	Responses   int                // of all waves, with the few of the open one
	Comments    int
	Open        surveys.Wave // takes answers of visitors
	Code        string       // its link
	Pack        packs.Pack
}

// Path is where the open wave is answered, below the server's address.
func (s Summary) Path() string { return "/s/" + s.Code }

func (s Summary) String() string {
	return fmt.Sprintf("%s, %d departments, %d surveys, %d waves and one still open, %d responses, %d comments",
		Organisation, s.Departments, len(s.Surveys), s.Waves, s.Responses, s.Comments)
}

// atOnce is how many replies are on their way at the same time: enough that the writer of the intake, which takes
// 256 together, finds the next batch waiting when it comes back.
const atOnce = 768

// Fill makes the organisation, its surveys, eight quarterly waves of each and one open wave. The same day and secret
// give the same answers, ids and figures; only the code of the link is random. A database that holds departments or
// surveys already is an error of kind Conflict and stays as it is.
func Fill(ctx context.Context, d Deps) (Summary, error) {
	if err := d.refuseUsed(ctx); err != nil {
		return Summary{}, err
	}
	org := harbourGroup()
	plan, err := d.set(ctx, org)
	if err != nil {
		return Summary{}, err
	}
	if err := d.propose(ctx, org); err != nil {
		return Summary{}, err
	}
	if err := d.leaveOpen(ctx, org, plan); err != nil {
		return Summary{}, err
	}
	if err := d.put(ctx, org); err != nil {
		return Summary{}, err
	}
	if err := d.try(ctx, org, plan.runs); err != nil {
		return Summary{}, err
	}
	if err := d.visit(ctx, org); err != nil {
		return Summary{}, err
	}
	if err := d.carry(ctx, org); err != nil {
		return Summary{}, err
	}
	if err := d.suggest(ctx, org); err != nil {
		return Summary{}, err
	}
	if err := d.aim(ctx, org); err != nil {
		return Summary{}, err
	}
	sum := Summary{Departments: len(org.departments), Surveys: plan.surveys, Open: plan.open, Code: plan.code}
	if sum.Responses, sum.Comments, err = d.answer(ctx, newAuthor(org, d.Secret), plan.runs); err != nil {
		return Summary{}, err
	}
	for _, r := range plan.runs {
		if r.isOpen() {
			continue
		}
		if err := tally.Close(ctx, d.Store, r.questionnaire, r.wave, r.closed); err != nil {
			return Summary{}, err
		}
		sum.Waves++
	}
	if err := d.promise(ctx, org, plan.runs); err != nil {
		return Summary{}, err
	}
	sum.Pack, err = d.prepare(ctx, org, plan)
	return sum, err
}

// refuseUsed keeps made-up answers out of a database with real ones.
func (d Deps) refuseUsed(ctx context.Context) error {
	departments, err := people.Departments(ctx, d.Store)
	if err != nil {
		return err
	}
	list, err := d.Catalog.List(ctx)
	if err != nil {
		return err
	}
	if len(departments)+len(list) > 0 {
		return &surveys.Error{Kind: surveys.Conflict, Op: "demo", Message: "the demo needs an empty database; this one is in use"}
	}
	return nil
}

// plan is what was opened for answering.
type plan struct {
	surveys []surveys.SurveyID
	runs    []run
	open    surveys.Wave
	code    string
}

// set makes departments, bands and surveys and opens every wave, in one transaction.
func (d Deps) set(ctx context.Context, org *organisation) (plan, error) {
	var p plan
	err := d.Store.Transact(ctx, "demo: organisation", func(tx *store.Tx) error {
		p = plan{runs: schedule(d.Now)}
		if err := addPeople(tx, org); err != nil {
			return err
		}
		published, err := d.publish(tx, p.runs[0].opened)
		if err != nil {
			return err
		}
		for _, q := range published {
			p.surveys = append(p.surveys, q.Survey)
		}
		for i := range p.runs {
			r := &p.runs[i]
			if r.about == change && (r.quarter == laptopsAsked || r.isOpen()) {
				if published[change], err = d.askAboutLaptops(tx, published[change].Survey, r); err != nil {
					return err
				}
			}
			r.questionnaire = published[r.about]
			wave, links, err := waves.Open(tx, waves.New{Questionnaire: r.questionnaire, Label: r.label, At: r.opened, ByBand: org.byBand()})
			if err != nil {
				return err
			}
			r.wave = wave.ID
			if r.isOpen() {
				p.open, p.code = wave, links[0].Code
			}
		}
		return nil
	})
	return p, err
}

func addPeople(tx *store.Tx, org *organisation) (err error) {
	for i := range org.departments {
		dep := &org.departments[i]
		if dep.id, err = people.AddDepartment(tx, dep.name, dep.headcount()); err != nil {
			return err
		}
	}
	for i, name := range org.bandNames {
		if org.bands[i], err = people.AddBand(tx, name); err != nil {
			return err
		}
	}
	return nil
}

// publish takes both surveys from the library, in the order of subject.
func (d Deps) publish(tx *store.Tx, at time.Time) (published [subjects]*surveys.Questionnaire, err error) {
	for i, name := range [subjects]string{change: "change-pulse", workingWithIT: "working-with-it"} {
		source, err := library.Open(name)
		if err != nil {
			return published, err
		}
		if i == int(change) {
			if source, err = naming(source, ticketing); err != nil {
				return published, err
			}
		}
		if published[i], _, err = d.Catalog.Publish(tx, source, at); err != nil {
			return published, err
		}
	}
	return published, nil
}

// askAboutLaptops publishes the next version of the pulse: the same questions about another change, so its trends go on, and
// with what this change leaves open.
func (d Deps) askAboutLaptops(tx *store.Tx, survey surveys.SurveyID, r *run) (*surveys.Questionnaire, error) {
	source, err := aboutLaptops(d.Now, r.quarter)
	if err != nil {
		return nil, err
	}
	return d.Catalog.PublishVersion(tx, survey, source, r.opened)
}

// sent is one reply on its way.
type sent struct {
	run   *run
	reply surveys.Reply
}

// answer writes the replies of every wave and submits them, many at once.
func (d Deps) answer(ctx context.Context, a *author, runs []run) (responses, comments int, err error) {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	queue := make(chan sent, atOnce)
	var senders sync.WaitGroup
	for range atOnce {
		senders.Go(func() {
			for s := range queue {
				if _, err := d.Intake.Submit(ctx, s.run.wave, s.run.questionnaire.Document, s.reply); err != nil {
					fail(err) // the first one tells what happened
				}
			}
		})
	}
	for i := range runs {
		for _, reply := range a.write(&runs[i]) {
			queue <- sent{&runs[i], reply}
			responses, comments = responses+1, comments+len(reply.Texts)
		}
	}
	close(queue)
	senders.Wait()
	return responses, comments, context.Cause(ctx)
}
