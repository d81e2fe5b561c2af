package webhooks

import (
	"time"

	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/store"
	"soundings/surveys/waves"
)

// Hooks queue the news of a wave in the transactions that open and close it.
func Hooks(c *catalog.Catalog) (opened, closed waves.Hook) {
	hook := func(event Event, at func(w surveys.Wave) time.Time) waves.Hook {
		return func(tx *store.Tx, w surveys.Wave, t waves.Terms) error {
			q, err := c.QuestionnaireIn(tx, w.Questionnaire)
			if err != nil {
				return err
			}
			return Queue(tx, News{Event: event, Wave: w.ID, Title: q.Document.Title, Label: w.Label, Opened: w.Opened, Closes: t.Closes, Closed: w.Closed}, at(w))
		}
	}
	return hook(WaveOpened, func(w surveys.Wave) time.Time { return w.Opened }),
		hook(WaveClosed, func(w surveys.Wave) time.Time { return w.Closed })
}
