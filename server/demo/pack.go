package demo

import (
	"context"
	"slices"
	"time"

	"soundings/analytics"
	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/packs"
	"soundings/surveys/store"
)

// packed are the departments of the planning pack: one that opens up, one that closes, the largest, and one that is too
// small to be shown.
var packed = [...]string{finance, customerService, operations, legal}

// prepare freezes a planning pack of the last closed wave of each survey, for a meeting about the laptops in three weeks.
func (d Deps) prepare(ctx context.Context, org *organisation, p plan) (packs.Pack, error) {
	ask := analytics.PackAsk{Title: "IT planning with the departments", Meeting: surveys.DayOf(d.Now.AddDate(0, 0, 21), time.UTC),
		Made: surveys.Stamp{By: planner, At: d.Now}, Day: surveys.DayOf(d.Now, time.UTC), Comments: true}
	for _, name := range packed {
		ask.Departments = append(ask.Departments, org.named(name))
	}
	var last [subjects]surveys.WaveID
	for _, r := range p.runs {
		if !r.isOpen() {
			last[r.about] = r.wave
		}
	}
	ask.Waves = last[:]
	known, err := changes.List(ctx, d.Store)
	if err != nil {
		return packs.Pack{}, err
	}
	ask.Changes = slices.DeleteFunc(known, func(c changes.Change) bool { return c.Name != laptops })
	pack, err := analytics.NewReader(d.Store, d.Catalog).Pack(ctx, ask)
	if err != nil {
		return packs.Pack{}, err
	}
	document, err := pack.Document()
	if err != nil {
		return packs.Pack{}, err
	}
	var kept packs.Pack
	err = d.Store.Transact(ctx, "demo: pack", func(tx *store.Tx) (err error) {
		kept, err = packs.Keep(tx, pack.Record(), document)
		return err
	})
	return kept, err
}
