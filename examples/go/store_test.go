package casewire

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"testing"
)

// exchange is a request to a store, with the answer of one that keeps its promise. A revision stands in both as the number
// of its commit: a store chooses its own.
type exchange struct {
	Request, Answer any
}

type promise struct {
	Promise   string
	Exchanges []exchange
}

// checker asks a store what casewire's own suite asks, which CASEWIRE_STORE_VECTORS holds as data.
type checker struct {
	revisions map[float64]any
}

func (c *checker) broken(t *testing.T, store Store) []string {
	t.Helper()
	file, err := os.Open(os.Getenv("CASEWIRE_STORE_VECTORS"))
	if err != nil {
		t.Fatal("CASEWIRE_STORE_VECTORS names no file: run `cargo xtask test --only go`: ", err)
	}
	defer file.Close()
	var broken []string
	asked := 0
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var promise promise
		if err := json.Unmarshal(lines.Bytes(), &promise); err != nil {
			t.Fatal(err)
		}
		for _, exchange := range promise.Exchanges {
			asked++
			if answer, wanted := c.ask(t, store, exchange); !reflect.DeepEqual(answer, wanted) {
				broken = append(broken, fmt.Sprintf("%s: %v and not %v", promise.Promise, answer, wanted))
			}
		}
	}
	if err := lines.Err(); err != nil || asked < 30 {
		t.Fatalf("%d requests were asked: %v", asked, err)
	}
	return broken
}

func (c *checker) ask(t *testing.T, store Store, exchange exchange) (answer, wanted any) {
	request, err := json.Marshal(c.own(exchange.Request))
	if err != nil {
		t.Fatal(err)
	}
	given, err := performStore(store, request)
	if err != nil {
		return err.Error(), exchange.Answer
	}
	text, err := json.Marshal(given)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		t.Fatal(err)
	}
	// The first time that the number of a commit comes up, it stands for the store's own revision.
	if number, isCommit := revision(exchange.Answer); isCommit {
		if own, isCommitted := revision(answer); isCommitted {
			if _, isKnown := c.revisions[number]; !isKnown {
				c.revisions[number] = own
			}
		}
	}
	return answer, c.own(exchange.Answer)
}

func revision(answer any) (float64, bool) {
	fields, _ := answer.(map[string]any)
	committed, _ := fields["committed"].(map[string]any)
	number, is := committed["revision"].(float64)
	return number, is
}

// own puts the store's revisions in the place of the numbers of commits.
func (c *checker) own(value any) any {
	switch value := value.(type) {
	case map[string]any:
		fields := map[string]any{}
		for name, field := range value {
			if number, isNumber := field.(float64); isNumber && name == "revision" {
				if own, isKnown := c.revisions[number]; isKnown {
					field = own
				}
			}
			fields[name] = c.own(field)
		}
		return fields
	case []any:
		list := make([]any, len(value))
		for i, one := range value {
			list[i] = c.own(one)
		}
		return list
	default:
		return value
	}
}

func TestTheStoreInMemoryKeepsEveryPromise(t *testing.T) {
	check := &checker{map[float64]any{}}
	for _, broken := range check.broken(t, &MemoryStore{}) {
		t.Error(broken)
	}
}

// forgetful is a store that looks at no expectation.
type forgetful struct{ MemoryStore }

func (f *forgetful) Commit(batch *Batch) (uint64, error) {
	return f.MemoryStore.Commit(&Batch{Put: batch.Put, Delete: batch.Delete})
}

func TestAStoreThatBreaksAPromiseIsFoundOut(t *testing.T) {
	check := &checker{map[float64]any{}}
	if len(check.broken(t, &forgetful{})) == 0 {
		t.Error("nothing was found")
	}
}
