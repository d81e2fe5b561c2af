package accounts

import (
	"context"
	"errors"
	"slices"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

// Member is somebody in the list of accounts.
type Member struct {
	User
	Invited    bool // has not chosen a password yet
	SecondStep bool
	SeenAt     *time.Time // of their newest session; nil without one
}

// Members lists all accounts by e-mail.
func (a *Accounts) Members(ctx context.Context) ([]Member, error) {
	const op = "accounts: list"
	var rows []credentials
	if err := a.store.Read(ctx).Order("email").Find(&rows).Error; err != nil {
		return nil, store.Translate(op, err)
	}
	var sessions []sessionRow
	if err := a.store.Read(ctx).Select("id", "user_id", "seen_at").Order("seen_at").Find(&sessions).Error; err != nil {
		return nil, store.Translate(op, err)
	}
	seen := map[UserID]*time.Time{}
	for _, s := range sessions {
		seen[s.UserID] = &s.SeenAt
	}
	list, users := make([]Member, len(rows)), make([]*User, len(rows))
	for i, r := range rows {
		list[i] = Member{User: r.User, Invited: r.PasswordHash == "", SecondStep: r.secondStep(), SeenAt: seen[r.ID]}
		users[i] = &list[i].User
	}
	return list, store.Translate(op, loadDepartments(a.store.Read(ctx), users...))
}

// Member gives one account.
func (a *Accounts) Member(ctx context.Context, id UserID) (*Member, error) {
	const op = "accounts: find"
	var row credentials
	err := a.store.Read(ctx).Take(&row, "id = ?", id).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, noAccount(op)
	}
	m := &Member{User: row.User, Invited: row.PasswordHash == "", SecondStep: row.secondStep()}
	if err == nil {
		err = loadDepartments(a.store.Read(ctx), &m.User)
	}
	return m, store.Translate(op, err)
}

func noAccount(op string) error {
	return &surveys.Error{Kind: surveys.NotFound, Code: "no account", Op: op, Message: "There is no such account."}
}

// Invite adds somebody who is to choose their password with the link that is made and sent. Faults are as with Create.
func (a *Accounts) Invite(ctx context.Context, user User, send Send) (link Link, err error) {
	const op = "accounts: invite"
	user.Email = normalise(user.Email)
	if err := invalid(op, append(emailFaults(user.Email), roleFaults(user)...)); err != nil {
		return Link{}, err
	}
	err = a.store.Transact(ctx, op, func(tx *gorm.DB) error {
		made, err := a.insertUser(tx, user, "")
		if err != nil {
			return err
		}
		link, err = a.issue(tx, *made, Invitation, send)
		return err
	})
	return link, err
}

// NewLink makes and sends a new link for somebody invited, or for somebody who has forgotten their password.
func (a *Accounts) NewLink(ctx context.Context, id UserID, send Send) (link Link, err error) {
	const op = "accounts: new link"
	m, err := a.Member(ctx, id)
	if err != nil {
		return Link{}, err
	}
	if !m.Active() {
		return Link{}, &surveys.Error{Kind: surveys.Conflict, Code: "deactivated", Op: op, Message: "This account is deactivated."}
	}
	kind := Reset
	if m.Invited {
		kind = Invitation
	}
	err = a.store.Transact(ctx, op, func(tx *gorm.DB) error {
		var err error
		link, err = a.issue(tx, m.User, kind, send)
		return err
	})
	return link, err
}

// Change sets the role of an account and what it is limited to. Taking the last administrator's role away is a Conflict.
func (a *Accounts) Change(ctx context.Context, user User) error {
	const op = "accounts: change"
	if err := invalid(op, roleFaults(user)); err != nil {
		return err
	}
	return a.onUser(ctx, op, user.ID, func(tx *gorm.DB) error {
		if user.Role != Admin {
			if err := keepAnAdmin(tx, op, user.ID); err != nil {
				return err
			}
		}
		err := tx.Model(&credentials{}).Where("id = ?", user.ID).Updates(map[string]any{"role": user.Role, "limited": user.Limited}).Error
		if err != nil {
			return err
		}
		departments := user.Departments
		if !user.Limited {
			departments = nil
		}
		return setDepartments(tx, user.ID, departments)
	})
}

// Deactivate ends somebody's sessions and links and lets them sign in no more, until Reactivate. The last administrator
// stays (Conflict).
func (a *Accounts) Deactivate(ctx context.Context, id UserID) error {
	const op = "accounts: deactivate"
	return a.onUser(ctx, op, id, func(tx *gorm.DB) error {
		if err := keepAnAdmin(tx, op, id); err != nil {
			return err
		}
		if err := tx.Model(&credentials{}).Where("id = ? AND deactivated_at IS NULL", id).Update("deactivated_at", a.clock()).Error; err != nil {
			return err
		}
		if err := tx.Delete(&passwordLink{}, "user_id = ?", id).Error; err != nil {
			return err
		}
		return endSessions(tx, id, "")
	})
}

// Reactivate lets somebody sign in again, with the password they had.
func (a *Accounts) Reactivate(ctx context.Context, id UserID) error {
	const op = "accounts: reactivate"
	return a.onUser(ctx, op, id, func(tx *gorm.DB) error {
		return tx.Model(&credentials{}).Where("id = ?", id).Update("deactivated_at", nil).Error
	})
}

func (a *Accounts) onUser(ctx context.Context, op string, id UserID, work func(tx *gorm.DB) error) error {
	return a.store.Transact(ctx, op, func(tx *gorm.DB) error {
		var now credentials
		err := tx.Take(&now, "id = ?", id).Error
		if errors.Is(err, gorm.ErrRecordNotFound) {
			return noAccount(op)
		}
		if err != nil {
			return err
		}
		return work(tx)
	})
}

// keepAnAdmin refuses what would leave nobody to manage the accounts. It locks all administrators who can sign in, in the
// order of their ids: of two who demote each other at the same moment, the second finds only itself.
func keepAnAdmin(tx *gorm.DB, op string, without UserID) error {
	var admins []UserID
	err := store.ForUpdate(tx).Model(&credentials{}).Where("role = ? AND deactivated_at IS NULL AND password_hash <> ''", Admin).
		Order("id").Pluck("id", &admins).Error
	if err != nil {
		return err
	}
	if slices.Contains(admins, without) && len(admins) == 1 {
		return &surveys.Error{Kind: surveys.Conflict, Code: "last admin", Op: op, Message: "This is the last administrator. Make somebody else one first.",
			Faults: surveys.Faults{{Path: "role", Code: "last", Detail: "is the last administrator"}}}
	}
	return nil
}
