package settings

import (
	"slices"

	"gorm.io/gorm"

	"soundings/surveys"
)

// Board is whether there is a public board of ideas, and when an idea appears on it.
type Board string

const (
	BoardOff      Board = ""         // there is none
	BoardReviewed Board = "reviewed" // ideas appear once IT has looked at them
	BoardOpen     Board = "open"     // ideas appear at once
)

const boardSetting = "ideas.board"

// Boards lists every choice, the most careful first.
func Boards() []Board { return []Board{BoardOff, BoardReviewed, BoardOpen} }

// On reports whether there is a board.
func (b Board) On() bool { return b != BoardOff }

// ReadBoard reads what is set about the board of ideas; a new installation has none.
func ReadBoard(db *gorm.DB) (Board, error) {
	v, err := read(db, boardSetting)
	b := Board(v[boardSetting])
	if !slices.Contains(Boards(), b) {
		b = BoardOff // written by a newer program; no board is the careful reading
	}
	return b, err
}

// SaveBoard saves what is set about the board of ideas.
func SaveBoard(tx *gorm.DB, b Board) error {
	if !slices.Contains(Boards(), b) {
		return &surveys.Error{Kind: surveys.Invalid, Op: "settings: board", Message: "the setting of the board cannot be saved",
			Faults: surveys.Faults{fault("board", "unknown", "must be off, reviewed or open")}}
	}
	return write(tx, map[string]string{boardSetting: string(b)})
}
