package casewire_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"casewire.io/casewire"
)

// mapped maps the group of case 10012.
const mapped = `"companies": {"map": [{"group": "48Tech", "company": {"identifier": "BigDesign"}}]}`

var file = bytes.Repeat([]byte("4624,John,ok\n"), 10_000)

func simulator(t *testing.T) string {
	t.Helper()
	url := os.Getenv("CASEWIRE_SIMULATOR")
	if url == "" {
		t.Fatal("CASEWIRE_SIMULATOR names no simulator: run `cargo xtask test --only go`")
	}
	return url
}

// control asks the simulator's own interface, and gives what it answers.
func control(t *testing.T, method, path, body string) any {
	t.Helper()
	request, err := http.NewRequest(method, simulator(t)+"/simulator/"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode/100 != 2 {
		t.Fatal(path, answer.StatusCode, string(text), err)
	}
	var value any
	if len(text) > 0 {
		if err := json.Unmarshal(text, &value); err != nil {
			t.Fatal(err)
		}
	}
	return value
}

func records(t *testing.T, name string) []any {
	t.Helper()
	list, _ := control(t, "GET", "records/"+name, "").([]any)
	return list
}

func technician(t *testing.T, act string) {
	t.Helper()
	control(t, "POST", "technician", act)
}

// configuration is one for the simulator, with more members at its end.
func configuration(t *testing.T, more ...string) []byte {
	members := append([]string{fmt.Sprintf(`"version": 1, "instance": "go",
		"connection": {"site": %q, "company_id": "acme", "allow_insecure_loopback": true,
			"client_id": "6f1f6f0e-3c1d-4a52-9a54-0b9f5f4f9e11"},
		"routes": [{"name": "all", "board": "Professional Services", "type": "Security",
			"status": {"created": "New (not responded)", "cleared": "Closed"}}],
		"status_map": {"Professional Services": {
			"to_case": {"New (not responded)": "open", "In Progress": "in_progress",
				"Waiting Customer Response": "in_progress", "Closed": "closed"},
			"to_ticket": {"open": "New (not responded)", "in_progress": "In Progress", "closed": "Closed"}}},
		"priority_map": {"critical": "Priority 1 - Emergency Response", "low": "Priority 4 - Scheduled Maintenance"}`,
		simulator(t))}, more...)
	return []byte("{" + strings.Join(members, ", ") + "}")
}

// case10012 is case 10012 of guide 000, with members changed or added.
func case10012(t *testing.T, changes string) []byte {
	t.Helper()
	document := map[string]any{
		"id": "10012", "number": "10012", "title": "Windows: Audit log cleared",
		"description": "The audit log was cleared.", "severity": "critical", "category": "windows", "kind": "audit",
		"group":      map[string]any{"id": "48Tech"},
		"created_at": "2019-02-11T01:07:14Z", "updated_at": "2019-02-11T01:09:53Z",
	}
	if err := json.Unmarshal([]byte("{"+changes+"}"), &document); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// host remembers what it was handed.
type host struct {
	mutex      sync.Mutex
	deliveries []*casewire.Delivery
	lines      []string
	documents  map[string]string
}

func (h *host) log(level casewire.Level, message string) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.lines = append(h.lines, level.String()+" "+message)
}

func (h *host) told() string {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	var all strings.Builder
	for _, delivery := range h.deliveries {
		all.Write(delivery.JSON)
	}
	return all.String()
}

func (h *host) events() []string {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	var events []string
	for _, delivery := range h.deliveries {
		events = append(events, delivery.Event)
	}
	return events
}

func (h *host) logged() string {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	return strings.Join(h.lines, "\n")
}

func keys(private string) *casewire.Credentials {
	return &casewire.Credentials{PublicKey: []byte("simulator-public"), PrivateKey: []byte(private)}
}

// connect makes a connector, which is closed at the end of the test. `change` is what is out of the ordinary.
func connect(t *testing.T, config []byte, change func(*casewire.Host)) (*casewire.Connector, *host) {
	t.Helper()
	seen := &host{documents: map[string]string{}}
	given := casewire.Host{
		Store: &casewire.MemoryStore{},
		Deliver: func(_ context.Context, delivery *casewire.Delivery) error {
			seen.mutex.Lock()
			defer seen.mutex.Unlock()
			seen.deliveries = append(seen.deliveries, delivery)
			return nil
		},
		Credentials: keys("simulator-private"),
		Open: func(_ context.Context, token string) (io.ReadCloser, int64, error) {
			if token != "file:events" {
				return nil, 0, errors.New("there is no such file")
			}
			return io.NopCloser(bytes.NewReader(file)), int64(len(file)), nil
		},
		KeepDocument: func(_ context.Context, name string, content io.Reader) error {
			bytes, err := io.ReadAll(content)
			seen.mutex.Lock()
			defer seen.mutex.Unlock()
			seen.documents[name] = string(bytes)
			return err
		},
		CallbackSecret: []byte("0123456789abcdef0123456789abcdef"),
		Log:            seen.log,
		LogLevel:       casewire.LevelDebug,
	}
	if change != nil {
		change(&given)
	}
	connector, err := casewire.New(config, given)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connector.Close() })
	return connector, seen
}

// soon ends what hangs.
func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func must(t *testing.T, outcome *casewire.Outcome, err error) *casewire.Outcome {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return outcome
}
