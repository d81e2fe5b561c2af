package champions

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/store"
)

// List returns everybody who has volunteered, is a champion or has withdrawn, by id.
func List(ctx context.Context, s *store.Store) ([]Champion, error) { return listIn(s.Read(ctx)) }

func listIn(db *gorm.DB) ([]Champion, error) {
	var rows []championRow
	if err := db.Order("id").Find(&rows).Error; err != nil {
		return nil, store.Translate("champions: list", err)
	}
	list := make([]Champion, len(rows))
	for i, r := range rows {
		list[i] = r.champion()
	}
	return list, nil
}

// ByID returns one champion or volunteer; NotFound if there is none.
func ByID(ctx context.Context, s *store.Store, id ID) (Champion, error) {
	return one(s.Read(ctx), "id = ?", id)
}

// ByToken returns whom an address belongs to. Anything else, also that of somebody who has withdrawn, is NotFound. Searching
// by the hash is safe: how far a wrong one agrees with a stored one tells nothing about a token.
func ByToken(ctx context.Context, s *store.Store, token string) (Champion, error) {
	return one(s.Read(ctx), "token_hash = ?", hashOf(strings.ToLower(token)))
}

// Token is the secret of a champion's own address.
func (c *Champion) Token(secret surveys.Secret) (string, error) {
	token, err := secret.Unseal(sealPurpose, c.sealed)
	if err != nil {
		return "", &surveys.Error{Kind: surveys.Internal, Op: fmt.Sprintf("champions: token of %d", c.ID), Err: err}
	}
	return token, nil
}

// Volunteer notes that somebody would like to be a champion and mails them a link, in the language and to the words given.
// Nobody is one before Confirm. The answer is the same whether the address is known or not: a champion is mailed their own
// link again, a volunteer theirs with what was typed now; nobody is mailed twice a day. Faults are under name, email,
// department, topics and language. After MostADay on one day it is TooMany.
func Volunteer(ctx context.Context, s *store.Store, secret surveys.Secret, c Champion, today surveys.Day) error {
	const op = "champions: volunteer"
	c.tidy()
	c.Consent = Consent{Wording: c.Consent.Wording}
	return s.Transact(ctx, op, func(tx *gorm.DB) error {
		c := c
		found, err := departmentFaults(tx, c.Department, 0)
		if err != nil {
			return err
		}
		if err := surveys.Refusal(op, append(c.faults(), found...)); err != nil {
			return err
		}
		known, err := one(store.ForUpdate(tx), "email_key = ?", *emailKey(c.Email))
		if err == nil {
			return again(tx, known, c, today)
		}
		if surveys.KindOf(err) != surveys.NotFound {
			return err
		}
		var waiting int64
		if err := tx.Model(&championRow{}).Where("NOT confirmed AND withdrawn = '' AND added_on = ?", today).Count(&waiting).Error; err != nil {
			return err
		}
		if waiting >= MostADay {
			return &surveys.Error{Kind: surveys.TooMany, Op: op, Message: "Too many people have volunteered today."}
		}
		c.ID, c.Version, c.Added, c.Confirmed, c.Since, c.LastContact, c.Withdrawn, c.mailed = 0, 1, today, false, "", "", "", today
		return insert(tx, secret, &c, true)
	})
}

// again is Volunteer of an address that is known.
func again(tx *gorm.DB, known, typed Champion, today surveys.Day) error {
	if known.Waiting() {
		columns := map[string]any{"name": typed.Name, "department_id": typed.Department, "topics": strings.Join(typed.Topics, "\n"),
			"language": typed.Language, "consent_wording": typed.Consent.Wording}
		if err := update(tx, known.ID, columns); err != nil {
			return err
		}
	}
	if known.mailed == today {
		return nil
	}
	return mailLink(tx, &known, today)
}

// insert stores somebody new with a token of their own, and mails it to them if mail is set.
func insert(tx *gorm.DB, secret surveys.Secret, c *Champion, mail bool) error {
	row := c.row()
	var err error
	if row.TokenHash, row.TokenSealed, err = newToken(secret); err != nil {
		return err
	}
	if err := tx.Create(&row).Error; err != nil {
		return err
	}
	c.ID, c.sealed = row.ID, row.TokenSealed
	if !mail {
		return nil
	}
	return queue(tx, LinkMail, c, int64(c.ID))
}

// Confirm makes a volunteer a champion, by their own word. Confirming twice is harmless.
func Confirm(ctx context.Context, s *store.Store, id ID, today surveys.Day) (Champion, error) {
	return write(ctx, s, "champions: confirm", id, func(tx *gorm.DB, c *Champion) error {
		if !c.Waiting() {
			return nil
		}
		c.Confirmed, c.Since, c.Consent.On = true, today, today
		return update(tx, id, map[string]any{"confirmed": true, "since": today, "consent_on": today})
	})
}

// Add stores a champion whose consent IT has recorded, and mails them their link if mail is set. Faults are under name,
// email, department, topics, language, since, last_contact, consent_on, consent_how and consent_wording.
func Add(ctx context.Context, s *store.Store, secret surveys.Secret, c Champion, mail bool, today surveys.Day) (Champion, error) {
	const op = "champions: add"
	c.tidy()
	c.ID, c.Version, c.Added, c.Confirmed, c.Withdrawn, c.mailed = 0, 1, today, true, "", ""
	if c.Consent.Own() {
		return Champion{}, &surveys.Error{Kind: surveys.Internal, Op: op, Message: "somebody records the consent"}
	}
	if mail {
		c.mailed = today
	}
	var made Champion
	err := s.Transact(ctx, op, func(tx *gorm.DB) error {
		made = c
		found, err := made.allFaults(tx, nil, today)
		if err != nil {
			return err
		}
		if err := surveys.Refusal(op, append(found, made.consentFaults(today)...)); err != nil {
			return err
		}
		return insert(tx, secret, &made, mail)
	})
	if err != nil {
		return Champion{}, err
	}
	return made, nil
}

// Save stores what IT typed about a champion or volunteer; ID and Version say which it was made from. The consent stays as
// it was given. If somebody has saved it since, nothing is stored: the error is a Conflict, and what is stored is returned
// with it. Faults as for Add.
func Save(ctx context.Context, s *store.Store, typed Champion, today surveys.Day) (Champion, error) {
	const op = "champions: save"
	typed.tidy()
	return write(ctx, s, op, typed.ID, func(tx *gorm.DB, c *Champion) error {
		if c.Version != typed.Version {
			return &surveys.Error{Kind: surveys.Conflict, Op: op, Message: "Somebody else has saved this champion since you opened it."}
		}
		next := *c
		next.Version++
		next.Name, next.Email, next.Department, next.Topics, next.Language = typed.Name, typed.Email, typed.Department, typed.Topics, typed.Language
		if c.Confirmed {
			next.Since, next.LastContact = typed.Since, typed.LastContact
		}
		found, err := next.allFaults(tx, c, today)
		if err != nil {
			return err
		}
		if err := surveys.Refusal(op, found); err != nil {
			return err
		}
		*c = next
		return update(tx, c.ID, map[string]any{"version": c.Version, "name": c.Name, "email": c.Email, "email_key": *emailKey(c.Email),
			"department_id": c.Department, "topics": strings.Join(c.Topics, "\n"), "language": c.Language, "since": c.Since, "last_contact": c.LastContact})
	})
}

// allFaults is faults with those that only the database knows; before is what is stored, nil for somebody new.
func (c *Champion) allFaults(tx *gorm.DB, before *Champion, today surveys.Day) (surveys.Faults, error) {
	faults := c.faults()
	if c.Confirmed {
		faults = append(faults, c.dayFaults(today)...)
	}
	was := surveys.DepartmentID(0)
	if before != nil {
		was = before.Department
	}
	found, err := departmentFaults(tx, c.Department, was)
	if err != nil {
		return nil, err
	}
	faults = append(faults, found...)
	var others int64
	err = tx.Model(&championRow{}).Where("email_key = ? AND id <> ?", *emailKey(c.Email), c.ID).Count(&others).Error
	if err == nil && others > 0 {
		faults = append(faults, surveys.NewFault("email", FaultTaken, "belongs to somebody else here"))
	}
	return faults, err
}

// departmentFaults finds a department that is missing, not there, or archived and was not chosen before.
func departmentFaults(tx *gorm.DB, id, before surveys.DepartmentID) (surveys.Faults, error) {
	if id == 0 {
		return surveys.Faults{surveys.NewFault("department", FaultRequired, "choose a department")}, nil
	}
	return people.ChosenFaults(tx, "department", []surveys.DepartmentID{id}, []surveys.DepartmentID{before})
}

// SetTopics stores what a champion would like to be asked about. Faults are under topics.
func SetTopics(ctx context.Context, s *store.Store, id ID, topics []string) (Champion, error) {
	const op = "champions: topics"
	return write(ctx, s, op, id, func(tx *gorm.DB, c *Champion) error {
		if err := surveys.Refusal(op, topicFaults(topics)); err != nil {
			return err
		}
		c.Topics, c.Version = topics, c.Version+1
		return update(tx, id, map[string]any{"topics": strings.Join(topics, "\n"), "version": c.Version})
	})
}

// Contact notes that IT was in contact with a champion on a day. An older day than the one that stands changes nothing.
func Contact(ctx context.Context, s *store.Store, id ID, day, today surveys.Day) (Champion, error) {
	const op = "champions: contact"
	return write(ctx, s, op, id, func(tx *gorm.DB, c *Champion) error {
		if err := surveys.Refusal(op, pastDay("day", day, today, true)); err != nil {
			return err
		}
		if !c.Active() || day <= c.LastContact {
			return nil
		}
		c.LastContact = day
		return update(tx, id, map[string]any{"last_contact": day})
	})
}

// Withdraw ends somebody's being a champion: all that is left is that one of this department withdrew, and the day. What
// they reported goes too, and messages to them that have not left yet. Of a volunteer nothing is left. Withdrawing twice
// changes nothing.
func Withdraw(ctx context.Context, s *store.Store, id ID, today surveys.Day) error {
	_, err := write(ctx, s, "champions: withdraw", id, func(tx *gorm.DB, c *Champion) error {
		if c.Withdrawn != "" {
			return nil
		}
		if c.Waiting() {
			return erase(tx, id)
		}
		if err := eraseParts(tx, id); err != nil {
			return err
		}
		none := championRow{ID: id, Version: c.Version + 1, DepartmentID: c.Department, Confirmed: true, Withdrawn: today}
		*c = none.champion()
		return tx.Save(&none).Error
	})
	return err
}

// Remove takes a champion, a volunteer or the trace of one who withdrew out of the list, with all that belongs to them.
func Remove(ctx context.Context, s *store.Store, id ID) error {
	return s.Transact(ctx, "champions: remove", func(tx *gorm.DB) error { return erase(tx, id) })
}

func erase(tx *gorm.DB, id ID) error {
	return errors.Join(eraseParts(tx, id), tx.Delete(&championRow{}, "id = ?", id).Error)
}

func eraseParts(tx *gorm.DB, id ID) error {
	return errors.Join(forget(tx, id), tx.Delete(&reportRow{}, "champion_id = ?", id).Error, tx.Delete(&letterRow{}, "champion_id = ?", id).Error)
}

// Purge erases those who volunteered KeptUnconfirmed days ago and have not confirmed it.
func Purge(ctx context.Context, s *store.Store, today surveys.Day) error {
	const op = "champions: purge"
	var stale []ID
	err := s.Read(ctx).Model(&championRow{}).Where("NOT confirmed AND withdrawn = '' AND added_on <= ?", today.Plus(-KeptUnconfirmed)).Pluck("id", &stale).Error
	if err != nil || len(stale) == 0 {
		return store.Translate(op, err)
	}
	return s.Transact(ctx, op, func(tx *gorm.DB) error {
		for _, id := range stale {
			c, err := one(store.ForUpdate(tx), "id = ?", id)
			if err == nil && c.Waiting() {
				err = erase(tx, id)
			}
			if err != nil && surveys.KindOf(err) != surveys.NotFound {
				return err
			}
		}
		return nil
	})
}

// write applies something to a champion that is locked meanwhile. With an error it returns what is stored.
func write(ctx context.Context, s *store.Store, op string, id ID, apply func(tx *gorm.DB, c *Champion) error) (Champion, error) {
	var after Champion
	err := s.Transact(ctx, op, func(tx *gorm.DB) error {
		c, err := one(store.ForUpdate(tx), "id = ?", id)
		if err != nil {
			return err
		}
		err = apply(tx, &c)
		after = c
		return err
	})
	if err == nil {
		return after, nil
	}
	stored, lookup := ByID(ctx, s, id)
	if lookup != nil {
		return Champion{}, err
	}
	return stored, err
}
