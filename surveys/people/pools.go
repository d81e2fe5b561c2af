package people

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
)

// Pools says with which department each one's people and answers count from now on: itself, or the one it is pooled
// into. Archived departments are in it too, because invitations and links to them may still be about.
type Pools map[surveys.DepartmentID]surveys.DepartmentID

// PoolsOf reads the pools off a list of all departments.
func PoolsOf(all []surveys.Department) Pools {
	pools := make(Pools, len(all))
	for _, d := range all {
		pools[d.ID] = d.ID
		if d.PooledInto != 0 {
			pools[d.ID] = d.PooledInto
		}
	}
	return pools
}

// Of is the department that counts for one; 0, which means nobody in particular, and unknown ones stay what they are.
func (p Pools) Of(id surveys.DepartmentID) surveys.DepartmentID {
	if target, ok := p[id]; ok {
		return target
	}
	return id
}

// Targets lists the departments that count for the given ones, each once, in their order.
func (p Pools) Targets(departments []surveys.DepartmentID) []surveys.DepartmentID {
	var targets []surveys.DepartmentID
	for _, id := range departments {
		if target := p.Of(id); !slices.Contains(targets, target) {
			targets = append(targets, target)
		}
	}
	return targets
}

// Members lists the given departments and those that count with them, in the order of their ids.
func (p Pools) Members(departments []surveys.DepartmentID) []surveys.DepartmentID {
	var members []surveys.DepartmentID
	for id, target := range p {
		if slices.Contains(departments, target) || slices.Contains(departments, id) {
			members = append(members, id)
		}
	}
	slices.Sort(members)
	return members
}

// Offered lists the departments that a new survey offers, by name: those neither archived nor pooled into another. A
// headcount holds the people pooled into the department. It is 0, not known, if it is for one of those; a department
// without a headcount of its own into which others are pooled counts as having nobody else.
func Offered(ctx context.Context, s *store.Store) ([]surveys.Department, error) {
	return OfferedIn(s.Read(ctx))
}

// OfferedIn is Offered within a transaction.
func OfferedIn(db *gorm.DB) ([]surveys.Department, error) {
	all, err := DepartmentsIn(db)
	if err != nil {
		return nil, err
	}
	return OfferedOf(all), nil
}

// OfferedOf is Offered of a list of all departments.
func OfferedOf(all []surveys.Department) []surveys.Department {
	pooled, unknown := map[surveys.DepartmentID]int{}, map[surveys.DepartmentID]bool{}
	for _, d := range all {
		if d.Archived || d.PooledInto == 0 {
			continue
		}
		pooled[d.PooledInto] += d.Headcount
		unknown[d.PooledInto] = unknown[d.PooledInto] || d.Headcount == 0
	}
	var list []surveys.Department
	for _, d := range all {
		if !d.Asked() {
			continue
		}
		d.Headcount += pooled[d.ID]
		if unknown[d.ID] {
			d.Headcount = 0
		}
		list = append(list, d)
	}
	return list
}

// PoolsIn reads the pools within a transaction.
func PoolsIn(db *gorm.DB) (Pools, error) {
	all, err := DepartmentsIn(db)
	return PoolsOf(all), err
}
