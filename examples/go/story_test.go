package casewire_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"casewire.io/casewire"
)

const inbound = `"policies": {"ticket_inbound": {"enabled": true}}`

func is(t *testing.T, what string, got, wanted any) {
	t.Helper()
	if got != wanted {
		t.Fatalf("%s is %v, not %v", what, got, wanted)
	}
}

func TestACaseGoesTheWholeWay(t *testing.T) {
	control(t, "POST", "reset", "")
	ctx := soon(t)
	config := configuration(t, `"companies": {"unmapped": {"policy": "hold"}}`, inbound,
		`"callbacks": {"url": "https://soc.example/psa"}`)
	connector, host := connect(t, config, nil)
	settle := func() {
		t.Helper()
		if err := connector.Settle(ctx); err != nil {
			t.Fatal(err)
		}
	}
	tested, err := connector.TestConnection(ctx)
	if !strings.Contains(string(must(t, tested, err).JSON), `"ok":true`) {
		t.Fatal(string(tested.JSON))
	}

	held, err := connector.SubmitCase(ctx, case10012(t, ""))
	is(t, "the outcome", must(t, held, err).Result, "held")
	is(t, "the number of tickets", len(records(t, "tickets")), 0)
	set, err := connector.RunString(ctx,
		`{"command": "set_mapping", "mappings": [{"kind": "group", "id": "48Tech", "company": {"identifier": "BigDesign"}}]}`)
	must(t, set, err)
	settle()
	is(t, "the number of tickets", len(records(t, "tickets")), 1)
	ticket := records(t, "tickets")[0].(map[string]any)["id"].(float64)

	worked := case10012(t, fmt.Sprintf(`"comments": [{"id": "c-1", "text": "Reset by héctor 😀", "created_at": "2019-02-11T01:20:00Z"}],
		"attachments": [{"id": "a-1", "file_name": "events.txt", "size": %d, "token": "file:events"}]`, len(file)))
	updated, err := connector.SubmitCase(ctx, worked)
	is(t, "the outcome", must(t, updated, err).Result, "updated")
	is(t, "the ticket", float64(updated.TicketID), ticket)
	is(t, "the case", updated.CaseID, "10012")
	if notes := fmt.Sprint(records(t, "notes")); !strings.Contains(notes, "Reset by héctor 😀") {
		t.Fatal(notes)
	}
	is(t, "the document", records(t, "documents")[0].(map[string]any)["fileName"], any("events.txt"))
	unchanged, err := connector.SubmitCaseString(ctx, string(worked))
	is(t, "the outcome", must(t, unchanged, err).Result, "unchanged")

	registered, err := connector.RunString(ctx, `{"command": "ensure_callbacks"}`)
	must(t, registered, err)
	control(t, "POST", "callbacks", "")
	technician(t, fmt.Sprintf(`{"action": "setStatus", "ticket": %v, "status": "In Progress"}`, ticket))
	technician(t, fmt.Sprintf(`{"action": "addNote", "ticket": %v, "kind": "internal", "text": "On it."}`, ticket))
	technician(t, fmt.Sprintf(`{"action": "attach", "ticket": %v, "fileName": "scan.txt", "title": "Scan", "content": [97, 108, 108]}`, ticket))
	body, signature, segment := callback(t)
	if err := casewire.VerifyCallback(config, []byte("0123456789abcdef0123456789abcdef"), segment); err != nil {
		t.Fatal(err)
	}
	forged, err := connector.TakeCallback(ctx, append([]byte(" "), body...), signature, segment)
	if !strings.Contains(string(must(t, forged, err).JSON), `"refused"`) {
		t.Fatal(string(forged.JSON))
	}
	taken, err := connector.TakeCallback(ctx, body, signature, segment)
	if !strings.Contains(string(must(t, taken, err).JSON), `"reread"`) {
		t.Fatal(string(taken.JSON))
	}
	settle()
	for _, wanted := range []string{"On it.", "in_progress", "scan.txt"} {
		if told := host.told(); !strings.Contains(told, wanted) {
			t.Fatalf("%s is not in %s", wanted, told)
		}
	}
	is(t, "the number of files", len(host.documents), 1)
	for name, content := range host.documents {
		is(t, name, content, "all")
	}

	// The technician's change is of today: what is older than that does not undo it.
	closed, err := connector.SubmitCase(ctx, case10012(t, fmt.Sprintf(`"status": "closed", "updated_at": %q`, time.Now().UTC().Format(time.RFC3339Nano))))
	is(t, "the outcome", must(t, closed, err).Result, "closed")
	settle()
	all := "," + strings.Join(host.events(), ",") + ","
	opened, ended := strings.Index(all, ",ticket_created,"), strings.Index(all, ",ticket_closed,")
	if failed := strings.Index(all, ",group_mapping_failed,"); failed < 0 || failed > opened || opened > ended {
		t.Fatal(all)
	}
	ids := map[string]bool{}
	for _, delivery := range host.deliveries {
		is(t, "a repeat", ids[delivery.ID], false)
		ids[delivery.ID] = true
	}
	is(t, "the number of tickets", len(records(t, "tickets")), 1)
	lines := host.logged()
	if !strings.Contains(lines, "debug effect") || !strings.Contains(lines, "info operation") || strings.Contains(lines, "simulator-private") {
		t.Fatal(lines)
	}
}

// callback takes the last callback that ConnectWise has under way: body, signature, and the last segment of its path.
func callback(t *testing.T) ([]byte, string, string) {
	t.Helper()
	list, _ := control(t, "POST", "callbacks", "").([]any)
	if len(list) == 0 {
		t.Fatal("there is no callback")
	}
	told := list[len(list)-1].(map[string]any)
	var body []byte
	for _, one := range told["body"].([]any) {
		body = append(body, byte(one.(float64)))
	}
	signature := ""
	for _, header := range told["headers"].([]any) {
		if pair := header.([]any); strings.EqualFold(pair[0].(string), "x-content-signature") {
			signature = pair[1].(string)
		}
	}
	path, _, _ := strings.Cut(told["url"].(string), "?")
	return body, signature, path[strings.LastIndex(path, "/")+1:]
}

func TestManyCasesSideBySideMakeOneTicketEach(t *testing.T) {
	control(t, "POST", "reset", "")
	ctx := soon(t)
	connector, _ := connect(t, configuration(t, mapped), nil)
	var wait sync.WaitGroup
	var tickets sync.Map
	for i := 0; i < 30; i++ {
		i := i
		wait.Add(1)
		go func() {
			defer wait.Done()
			outcome, err := connector.SubmitCase(ctx, case10012(t, fmt.Sprintf(`"id": "many-%d"`, i)))
			if err != nil {
				t.Error(err)
				return
			}
			tickets.Store(outcome.TicketID, true)
		}()
	}
	wait.Wait()
	count := 0
	tickets.Range(func(any, any) bool { count++; return true })
	is(t, "the number of tickets", count, 30)
	is(t, "the number of tickets", len(records(t, "tickets")), 30)
}

func TestWhatNeedsNoConnector(t *testing.T) {
	config := configuration(t, mapped)
	for _, name := range []string{"netsurion", "netwrix", "arctic-wolf", "fortisiem", "heimdal"} {
		preset, err := casewire.Preset(name)
		if err != nil || casewire.ValidateConfiguration(preset) != nil {
			t.Fatal(name, err)
		}
	}
	if _, err := casewire.Preset("nobody"); err == nil || !strings.Contains(err.Error(), "netsurion") {
		t.Fatal(err)
	}
	if err := casewire.ValidateCase(case10012(t, "")); err != nil {
		t.Fatal(err)
	}
	control(t, "POST", "reset", "")
	connector, _ := connect(t, config, nil)
	catalog, err := connector.RunString(soon(t), `{"command": "read_catalog"}`)
	must(t, catalog, err)
	preview, err := casewire.Preview(config, catalog.JSON, case10012(t, ""))
	if err != nil || !strings.Contains(string(preview), `"outcome":"ticket"`) {
		t.Fatal(err, string(preview))
	}
	suggested, err := casewire.SuggestMappings([]byte(`{"groups": [{"id": "48Tech", "name": "Big Design"}],
		"companies": [{"id": 7, "identifier": "BigDesign", "name": "Big Design, Inc."}]}`))
	if err != nil || !strings.Contains(string(suggested), `"BigDesign"`) {
		t.Fatal(err, string(suggested))
	}
	if len(strings.Split(casewire.Version(), ".")) != 3 {
		t.Fatal(casewire.Version())
	}
}
