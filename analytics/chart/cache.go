package chart

import (
	"container/list"
	"crypto/sha256"
	"sync"
)

// cache keeps what was asked for last, up to a number of bytes.
type cache struct {
	mu    sync.Mutex
	room  int // bytes that may still be kept
	byKey map[[sha256.Size]byte]*list.Element
	order list.List // of kept, the latest first
}

type kept struct {
	key   [sha256.Size]byte
	bytes []byte
}

func newCache(room int) *cache {
	return &cache{room: room, byKey: map[[sha256.Size]byte]*list.Element{}}
}

func (c *cache) get(key [sha256.Size]byte) ([]byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byKey[key]
	if !ok {
		return nil, false
	}
	c.order.MoveToFront(e)
	return e.Value.(kept).bytes, true
}

func (c *cache) put(key [sha256.Size]byte, bytes []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.byKey[key]; ok {
		return
	}
	c.byKey[key] = c.order.PushFront(kept{key, bytes})
	for c.room -= len(bytes); c.room < 0; {
		oldest := c.order.Remove(c.order.Back()).(kept)
		delete(c.byKey, oldest.key)
		c.room += len(oldest.bytes)
	}
}
