package changes

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/document"
	"soundings/surveys/languages"
	"soundings/surveys/people"
	"soundings/surveys/store"
)

var nameForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,63}$`)

// ValidName reports whether a text can be the name of a change.
func ValidName(name string) bool { return nameForm.MatchString(name) }

// ByID returns one change; NotFound if there is none.
func ByID(ctx context.Context, s *store.Store, id ID) (Change, error) {
	db := s.Read(ctx)
	return one(db, db.Where("id = ?", id), fmt.Sprintf("there is no change %d", id))
}

// ByName returns the change that survey documents call so; NotFound if there is none here.
func ByName(ctx context.Context, s *store.Store, name string) (Change, error) {
	db := s.Read(ctx)
	return one(db, db.Where("name = ?", name), "there is no change of this name")
}

// ByNameIn is ByName within a transaction.
func ByNameIn(tx *gorm.DB, name string) (Change, error) {
	return one(tx, tx.Where("name = ?", name), "there is no change of this name")
}

func one(db, query *gorm.DB, missing string) (Change, error) {
	list, err := load(db, query)
	if err != nil {
		return Change{}, err
	}
	if len(list) == 0 {
		return Change{}, &surveys.Error{Kind: surveys.NotFound, Op: "changes", Message: missing}
	}
	return list[0], nil
}

// List returns all changes, the oldest first.
func List(ctx context.Context, s *store.Store) ([]Change, error) {
	db := s.Read(ctx)
	return load(db, db)
}

// ConcernedIn tells which departments a change is for, in a transaction; NotFound if there is no such change.
func ConcernedIn(tx *gorm.DB, id ID) (everybody bool, departments []surveys.DepartmentID, err error) {
	c, err := one(tx, tx.Where("id = ?", id), fmt.Sprintf("there is no change %d", id))
	return c.Everybody, c.Departments, err
}

// GoLives lists the days on which changes reached the departments they concern, for marks on a trend; oldest first.
func GoLives(ctx context.Context, s *store.Store) ([]GoLive, error) {
	list, err := List(ctx, s)
	if err != nil {
		return nil, err
	}
	var lives []GoLive
	for _, c := range list {
		if on, ok := c.wentLive(); ok {
			lives = append(lives, GoLive{c.ID, c.Title, on.Time(), c.Departments, c.Everybody})
		}
	}
	slices.SortStableFunc(lives, func(a, b GoLive) int { return a.Date.Compare(b.Date) })
	return lives, nil
}

// Also is what else is done in the transaction that stores a new change.
type Also = func(tx *gorm.DB, made ID) error

// Create stores a new change with the first entry of its history. Without a Name it gets one made of its title. Every
// fault is told at once, under title, why, what, open, language, owner, risks, links[N], departments, golive, name, and
// stage, on and reason of the entry. today is the organisation's.
func Create(ctx context.Context, s *store.Store, c Change, first Entry, stamp surveys.Stamp, today surveys.Day, also ...Also) (Change, error) {
	const op = "changes: create"
	c.tidy()
	first.Reason, first.Said = strings.TrimSpace(first.Reason), stamp
	c.ID, c.Version, c.Saved, c.History, c.Translations = 0, 1, stamp, []Entry{first}, nil
	faults := append(c.faults(nil, today), entryFaults(nil, first, today)...)
	if c.Name != "" && !ValidName(c.Name) {
		faults = append(faults, surveys.NewFault("name", FaultUnknown, "begins with a letter, followed by letters, digits, - and _"))
	}
	var made Change
	err := s.Transact(ctx, op, func(tx *gorm.DB) error {
		made = c
		made.History = nil
		more, err := people.ChosenFaults(tx, "departments", made.Departments, nil)
		if err != nil {
			return err
		}
		if err := surveys.Refusal(op, append(slices.Clone(faults), more...)); err != nil {
			return err
		}
		if err := insert(tx, &made, first); err != nil {
			return err
		}
		for _, do := range also {
			if err := do(tx, made.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Change{}, err
	}
	return made, nil
}

func insert(tx *gorm.DB, c *Change, first Entry) error {
	if c.Name == "" {
		var taken []string
		if err := tx.Model(&changeRow{}).Pluck("name", &taken).Error; err != nil {
			return err
		}
		c.Name = document.Numbered(document.NameOf(c.Title), "change", func(name string) bool { return slices.Contains(taken, name) })
	}
	row, err := c.row()
	if err != nil {
		return err
	}
	err = tx.Create(&row).Error
	if store.IsDuplicate(err) {
		return &surveys.Error{Kind: surveys.Conflict, Op: "changes: create", Message: "There is a change of this name already.",
			Faults: surveys.Faults{surveys.NewFault("name", FaultTaken, "belongs to another change")}, Err: err}
	}
	if err != nil {
		return err
	}
	c.ID = row.ID
	if err := writeDepartments(tx, c); err != nil {
		return err
	}
	return appendEntry(tx, c, first)
}

// Save stores what was typed about a change; id and version say which it was made from. Name, history and translations
// stay. If somebody has saved it since, nothing is stored: the error is a Conflict, and what is stored is returned with it.
func Save(ctx context.Context, s *store.Store, typed Change, stamp surveys.Stamp, today surveys.Day) (Change, error) {
	const op = "changes: save"
	typed.tidy()
	return write(ctx, s, op, typed.ID, typed.Version, stamp, func(tx *gorm.DB, c *Change) error {
		before := *c
		typed := typed
		typed.Name, typed.History, typed.Translations = c.Name, c.History, c.Translations
		more, err := people.ChosenFaults(tx, "departments", typed.Departments, before.Departments)
		if err != nil {
			return err
		}
		if err := surveys.Refusal(op, append(typed.faults(&before, today), more...)); err != nil {
			return err
		}
		*c = typed
		return writeDepartments(tx, c)
	})
}

// Move appends an entry to the history. Faults are under stage, on and reason; conflicts as for Save.
func Move(ctx context.Context, s *store.Store, id ID, version int, e Entry, stamp surveys.Stamp, today surveys.Day) (Change, error) {
	const op = "changes: move"
	e.Reason, e.Said = strings.TrimSpace(e.Reason), stamp
	return write(ctx, s, op, id, version, stamp, func(tx *gorm.DB, c *Change) error {
		if err := surveys.Refusal(op, entryFaults(c.History, e, today)); err != nil {
			return err
		}
		return appendEntry(tx, c, e)
	})
}

// Translate stores the text in one more language, or takes it out where the text is empty altogether. Faults and
// conflicts as for Save.
func Translate(ctx context.Context, s *store.Store, id ID, version int, lang string, t Text, stamp surveys.Stamp) (Change, error) {
	const op = "changes: translate"
	t.tidy()
	return write(ctx, s, op, id, version, stamp, func(tx *gorm.DB, c *Change) error {
		faults := append(t.faults(), languages.Faults("language", lang)...)
		if lang == c.Language {
			faults = append(faults, surveys.NewFault("language", FaultOriginal, "is the language the change is written in"))
		}
		if t != (Text{}) && len(faults) > 0 {
			return surveys.Refusal(op, faults)
		}
		if err := tx.Delete(&textRow{}, "change_id = ? AND language = ?", id, lang).Error; err != nil || t == (Text{}) {
			return err
		}
		row := textRow{id, lang, t.Title, t.Why, t.What, t.StillOpen, c.Text.digest()}
		return tx.Create(&row).Error
	})
}

// write applies a change to the given version and stores it as the next. With an error it returns what is stored.
func write(ctx context.Context, s *store.Store, op string, id ID, version int, stamp surveys.Stamp, apply func(tx *gorm.DB, c *Change) error) (Change, error) {
	err := s.Transact(ctx, op, func(tx *gorm.DB) error {
		c, err := one(tx, store.ForUpdate(tx).Where("id = ?", id), fmt.Sprintf("there is no change %d", id))
		if err != nil {
			return err
		}
		if c.Version != version {
			return &surveys.Error{Kind: surveys.Conflict, Op: op, Message: "Somebody else has saved this change since you opened it."}
		}
		if err := apply(tx, &c); err != nil {
			return err
		}
		c.ID, c.Version, c.Saved = id, version+1, stamp
		row, err := c.row()
		if err != nil {
			return err
		}
		return tx.Save(&row).Error
	})
	stored, lookup := ByID(ctx, s, id)
	if err != nil {
		return stored, err
	}
	return stored, lookup
}

func (t *Text) tidy() {
	for _, text := range []*string{&t.Title, &t.Why, &t.What, &t.StillOpen} {
		*text = strings.TrimSpace(*text)
	}
	t.Title = strings.Join(strings.Fields(t.Title), " ")
}

func (c *Change) tidy() {
	c.Text.tidy()
	c.Owner, c.Risks = strings.TrimSpace(c.Owner), strings.TrimSpace(c.Risks)
	links := c.Links
	c.Links = nil
	for _, l := range links {
		l.Label, l.URL = strings.TrimSpace(l.Label), strings.TrimSpace(l.URL)
		if l != (Link{}) {
			c.Links = append(c.Links, l)
		}
	}
	if c.Everybody {
		c.Departments = nil
	}
	c.Departments = slices.Compact(slices.Sorted(slices.Values(c.Departments)))
}
