package accounts

import (
	"context"

	"soundings/surveys"
	"soundings/surveys/store"
)

// Seek looks for what a secret in an address leads to; look answers with an error of kind NotFound where it leads nowhere.
// Such guesses are counted per network and kind as failed sign-ins are, and while a network is blocked for them nothing at
// all is found, which looks the same.
func (a *Accounts) Seek(ctx context.Context, kind, from string, look func() error) error {
	const op = "accounts: seek"
	tried := limit{a.subject(kind, Network(from)), freePerAddress}
	var blocked int64
	if err := a.store.Read(ctx).Model(&failure{}).Where("subject = ? AND blocked_until > ?", tried.subject, a.clock()).Count(&blocked).Error; err != nil {
		return store.Translate(op, err)
	}
	if blocked > 0 {
		return &surveys.Error{Kind: surveys.NotFound, Op: op, Message: "There is no such page."}
	}
	err := look()
	if err == nil || surveys.KindOf(err) != surveys.NotFound {
		return err
	}
	if _, counting := a.begin(ctx, op, tried); counting != nil && surveys.KindOf(counting) != surveys.TooMany {
		return counting
	}
	return err
}
