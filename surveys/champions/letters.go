package champions

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/outbox"
	"soundings/surveys/store"
)

// What the outbox calls the messages to champions. It must be told to keep them nameless: an address must not outlive its
// champion there, and the moment at which somebody volunteered is nobody's business.
const (
	LinkMail   outbox.Kind = "champion.link"   // to confirm, or with the champion's own address; its subject is the champion
	ChangeMail outbox.Kind = "champion.change" // tells of a change; its subject is a letter
)

// batchOf names the messages to one champion in the outbox.
func batchOf(id ID) string { return fmt.Sprintf("champion:%d", id) }

// queue puts a message to a champion into the outbox. Its key is random: ids of rows that are deleted come again.
func queue(tx *gorm.DB, kind outbox.Kind, c *Champion, subject int64) error {
	b := make([]byte, 16)
	rand.Read(b)
	return outbox.Add(tx, outbox.Entry{Kind: kind, Address: c.Email, Language: c.Language, Subject: subject,
		Key: string(kind) + ":" + hex.EncodeToString(b), Batch: batchOf(c.ID), Urgent: kind == LinkMail})
}

// forget drops the messages to a champion that have not left yet, and what became of the others.
func forget(tx *gorm.DB, id ID) error { return outbox.Forget(tx, batchOf(id)) }

// Delivery tells what became of the newest message to a champion.
func Delivery(ctx context.Context, s *store.Store, id ID) (outbox.Latest, error) {
	return outbox.Last(ctx, s, batchOf(id))
}

func mailLink(tx *gorm.DB, c *Champion, today surveys.Day) error {
	if err := update(tx, c.ID, map[string]any{"mailed_on": today}); err != nil {
		return err
	}
	return queue(tx, LinkMail, c, int64(c.ID))
}

// MailAgain mails a champion or volunteer their link once more, because somebody of IT asked for it.
func MailAgain(ctx context.Context, s *store.Store, id ID, today surveys.Day) error {
	_, err := write(ctx, s, "champions: mail again", id, func(tx *gorm.DB, c *Champion) error {
		if c.Withdrawn != "" {
			return nil
		}
		return mailLink(tx, c, today)
	})
	return err
}

// Tell mails the champions given about a change at the stage it has, each at most once for this change and stage, and
// returns how many are told now.
func Tell(ctx context.Context, s *store.Store, list []Champion, change changes.ID, stage changes.Stage, by string, today surveys.Day) (int, error) {
	told := 0
	err := s.Transact(ctx, "champions: tell", func(tx *gorm.DB) error {
		told = 0
		for _, c := range list {
			c, err := one(store.ForUpdate(tx), "id = ?", c.ID)
			if surveys.KindOf(err) == surveys.NotFound && err != nil || err == nil && !c.Active() {
				continue // withdrawn meanwhile
			}
			if err != nil {
				return err
			}
			var before int64
			if err := tx.Model(&letterRow{}).Where("champion_id = ? AND change_id = ? AND stage = ?", c.ID, change, stage).Count(&before).Error; err != nil {
				return err
			}
			if before > 0 {
				continue
			}
			row := letterRow{ChampionID: c.ID, ChangeID: change, Stage: stage, ToldOn: today, ToldBy: by}
			if err := tx.Create(&row).Error; err != nil {
				return err
			}
			if err := queue(tx, ChangeMail, &c, row.ID); err != nil {
				return err
			}
			if err := contacted(tx, &c, today); err != nil {
				return err
			}
			told++
		}
		return nil
	})
	return told, err
}

// contacted notes that there was contact today.
func contacted(tx *gorm.DB, c *Champion, today surveys.Day) error {
	if today <= c.LastContact {
		return nil
	}
	return update(tx, c.ID, map[string]any{"last_contact": today})
}

// Told lists who was told of a change, and at which stage; those who withdrew since are not in it.
func Told(ctx context.Context, s *store.Store, change changes.ID) ([]Letter, error) {
	return letters(s.Read(ctx).Where("change_id = ?", change))
}

func letters(query *gorm.DB) ([]Letter, error) {
	var rows []letterRow
	if err := query.Order("id").Find(&rows).Error; err != nil {
		return nil, store.Translate("champions: letters", err)
	}
	list := make([]Letter, len(rows))
	for i, r := range rows {
		list[i] = r.letter()
	}
	return list, nil
}

func (r letterRow) letter() Letter {
	return Letter{r.ChampionID, r.ChangeID, r.Stage, r.ToldOn, r.ToldBy}
}

// Due tells what an entry of the outbox is about, or that it has lost its reason since it was added: the champion has
// withdrawn, or has another address now. The letter is the zero value of a LinkMail.
func Due(ctx context.Context, s *store.Store, e outbox.Entry) (Champion, Letter, error) {
	id, letter := ID(e.Subject), Letter{}
	if e.Kind == ChangeMail {
		list, err := letters(s.Read(ctx).Where("id = ?", e.Subject))
		if err != nil {
			return Champion{}, Letter{}, err
		}
		if len(list) == 0 {
			return Champion{}, Letter{}, outbox.ErrUnneeded
		}
		letter = list[0]
		id = letter.Champion
	}
	c, err := ByID(ctx, s, id)
	if surveys.KindOf(err) == surveys.NotFound && err != nil || err == nil && (c.Withdrawn != "" || c.Email != e.Address) {
		return Champion{}, Letter{}, outbox.ErrUnneeded
	}
	return c, letter, err
}

// Tells stores what a champion reports back, which is contact too. Faults are under text.
func Tells(ctx context.Context, s *store.Store, id ID, about changes.ID, text string, today surveys.Day) error {
	const op = "champions: report"
	text = strings.TrimSpace(text)
	_, err := write(ctx, s, op, id, func(tx *gorm.DB, c *Champion) error {
		if err := surveys.Refusal(op, surveys.TextFaults("text", text, LongestReport, true)); err != nil {
			return err
		}
		if !c.Active() {
			return &surveys.Error{Kind: surveys.NotFound, Op: op, Message: "There is no such champion."}
		}
		row := reportRow{ChampionID: id, Day: today, Text: text}
		if about != 0 {
			row.ChangeID = &about
		}
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
		return contacted(tx, c, today)
	})
	return err
}

// Reports lists what champions reported back, the newest first.
func Reports(ctx context.Context, s *store.Store) ([]Report, error) {
	var rows []reportRow
	if err := s.Read(ctx).Order("day DESC, id DESC").Find(&rows).Error; err != nil {
		return nil, store.Translate("champions: reports", err)
	}
	list := make([]Report, len(rows))
	for i, r := range rows {
		list[i] = Report{Champion: r.ChampionID, Day: r.Day, Text: r.Text}
		if r.ChangeID != nil {
			list[i].Change = *r.ChangeID
		}
	}
	return list, nil
}
