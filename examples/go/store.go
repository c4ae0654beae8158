package casewire

import (
	"encoding/json"
	"fmt"
	"sort"
	"strings"
	"sync"
)

// Store keeps what must outlive a crash. It may be called from any goroutine. Where it fails, nothing is sent.
type Store interface {
	// Get gives one entry per key, in the same order and nil where there is none: all as they were at one time.
	Get(keys []string) ([]*Record, error)
	// Scan gives at most limit records whose keys begin with prefix and are greater than after, in the order of their bytes.
	Scan(prefix, after string, limit int) ([]*Record, error)
	// Commit changes all or nothing, durably, and gives the commit's revision, which only grows. It fails with [ErrConflict],
	// and changes nothing, where a key has not the revision that is expected.
	Commit(batch *Batch) (revision uint64, err error)
}

// Record is a small JSON document under a key.
type Record struct {
	Key      string `json:"key"`
	Revision uint64 `json:"revision"`
	Value    string `json:"value"`
}

// Batch is what a commit expects and changes.
type Batch struct {
	Expect []Expectation
	// Put are keys with their new values.
	Put [][2]string
	// Delete are keys, which may not exist.
	Delete []string
}

// Expectation is what a commit expects of a key.
type Expectation struct {
	Key string `json:"key"`
	// Revision is nil where the key must not exist.
	Revision *uint64 `json:"revision"`
}

// ErrConflict is how a store refuses a commit whose expectations do not hold. It is no failure.
var ErrConflict = fmt.Errorf("casewire: a record has another revision than expected")

// storeRequest is a store effect in its JSON form.
type storeRequest struct {
	Store  string        `json:"store"`
	Keys   []string      `json:"keys"`
	Prefix string        `json:"prefix"`
	After  string        `json:"after"`
	Limit  int           `json:"limit"`
	Expect []Expectation `json:"expect"`
	Put    [][2]string   `json:"put"`
	Delete []string      `json:"delete"`
}

// performStore performs a store request, and gives the answer in its JSON form.
func performStore(store Store, effect []byte) (any, error) {
	var request storeRequest
	if err := json.Unmarshal(effect, &request); err != nil {
		return nil, err
	}
	switch request.Store {
	case "get":
		records, err := store.Get(request.Keys)
		return map[string]any{"records": listed(records)}, err
	case "scan":
		page, err := store.Scan(request.Prefix, request.After, request.Limit)
		return map[string]any{"page": listed(page)}, err
	case "commit":
		revision, err := store.Commit(&Batch{request.Expect, request.Put, request.Delete})
		if err == ErrConflict {
			return "conflict", nil
		}
		return map[string]any{"committed": map[string]any{"revision": revision}}, err
	default:
		return nil, fmt.Errorf("this version cannot perform the store request %q", request.Store)
	}
}

// listed makes a list of none one that JSON has as a list.
func listed(records []*Record) []*Record {
	if records == nil {
		return []*Record{}
	}
	return records
}

// MemoryStore is for first programs and tests: a restart forgets which ticket a case has. Its zero value is an empty store.
type MemoryStore struct {
	mutex    sync.Mutex
	records  map[string]*Record
	keys     []string
	revision uint64
}

// Get is that of [Store].
func (s *MemoryStore) Get(keys []string) ([]*Record, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	found := make([]*Record, len(keys))
	for i, key := range keys {
		found[i] = s.records[key]
	}
	return found, nil
}

// Scan is that of [Store].
func (s *MemoryStore) Scan(prefix, after string, limit int) ([]*Record, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	var page []*Record
	for i := sort.SearchStrings(s.keys, prefix); i < len(s.keys) && len(page) < limit; i++ {
		key := s.keys[i]
		if !strings.HasPrefix(key, prefix) {
			break
		}
		if key > after {
			page = append(page, s.records[key])
		}
	}
	return page, nil
}

// Commit is that of [Store].
func (s *MemoryStore) Commit(batch *Batch) (uint64, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, expected := range batch.Expect {
		record := s.records[expected.Key]
		if (record == nil) != (expected.Revision == nil) || record != nil && record.Revision != *expected.Revision {
			return 0, ErrConflict
		}
	}
	s.revision++
	if s.records == nil {
		s.records = map[string]*Record{}
	}
	for _, put := range batch.Put {
		key := put[0]
		if s.records[key] == nil {
			at := sort.SearchStrings(s.keys, key)
			s.keys = append(s.keys, "")
			copy(s.keys[at+1:], s.keys[at:])
			s.keys[at] = key
		}
		// A new record each time: the one before may be in somebody's hands.
		s.records[key] = &Record{key, s.revision, put[1]}
	}
	for _, key := range batch.Delete {
		if s.records[key] != nil {
			delete(s.records, key)
			at := sort.SearchStrings(s.keys, key)
			s.keys = append(s.keys[:at], s.keys[at+1:]...)
		}
	}
	return s.revision, nil
}
