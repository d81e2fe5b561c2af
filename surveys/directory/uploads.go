package directory

import (
	"gorm.io/gorm"

	"soundings/surveys/uploads"
)

// Outcome is what came of an upload that was taken in. Its file is no longer kept.
type Outcome struct{ Added, Changed, Unchanged, Gone, Departments int }

// Upload is a directory that waits to be confirmed, or waited.
type Upload = uploads.Upload[Field, Outcome]

// Uploads is where directories wait to be confirmed.
func Uploads() uploads.Shelf[Field, Outcome] { return uploads.Shelf[Field, Outcome]{Name: "directory"} }

// OpenUpload opens the file of an upload that waits. Close it.
func OpenUpload(db *gorm.DB, id uploads.ID) (*File, error) {
	f, err := Uploads().Open(db, id)
	return &File{f}, err
}

// Outcome is what came of a plan that was done.
func (p *Plan) Outcome() Outcome {
	return Outcome{Added: p.Added, Changed: p.Changed, Unchanged: p.Unchanged, Gone: p.Gone, Departments: len(p.New)}
}
