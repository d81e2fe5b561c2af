package main

import (
	"context"
	"errors"
	"time"

	"soundings/server/accounts"
	"soundings/server/config"
)

// tried is the name of an action in the audit log where its command only tells what it would do.
func tried(action string, dryRun bool) string {
	if dryRun {
		return action + ".try"
	}
	return action
}

// withRecorded is with for a command that changes or takes away something: it also writes into the audit log how that
// ended. The work may fill in what the entry is about. A command whose entry cannot be written fails, even if its work is
// done: whoever runs it has to know that the log has a gap.
func withRecorded(ctx context.Context, c *config.Config, action string, work func(t *tools, e *accounts.Event) error) error {
	return with(ctx, c, func(t *tools) error {
		e := accounts.Event{Action: action, Origin: accounts.CommandLine}
		err := work(t, &e)
		e.Outcome = accounts.OutcomeOf(err)
		if failed := accounts.NewAudit(t.store, time.Now).Record(ctx, e); failed != nil {
			return errors.Join(err, failed)
		}
		return err
	})
}
