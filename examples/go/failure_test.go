package casewire_test

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"casewire.io/casewire"
)

func TestAWrongKeyIsUnauthorizedAndInNoMessage(t *testing.T) {
	control(t, "POST", "reset", "")
	connector, host := connect(t, configuration(t, mapped), func(h *casewire.Host) { h.Credentials = keys("hunter2") })
	_, err := connector.SubmitCase(soon(t), case10012(t, ""))
	var failure *casewire.Error
	if !errors.Is(err, casewire.CodeUnauthorized) || !errors.As(err, &failure) {
		t.Fatal(err)
	}
	if all := err.Error() + string(failure.JSON) + host.logged(); strings.Contains(all, "hunter2") {
		t.Fatal(all)
	}
	is(t, "the number of tickets", len(records(t, "tickets")), 0)
}

func TestAnUnmappedGroupIsRefusedAndNothingIsSent(t *testing.T) {
	control(t, "POST", "reset", "")
	connector, _ := connect(t, configuration(t, `"companies": {"unmapped": {"policy": "refuse"}}`), nil)
	_, err := connector.SubmitCase(soon(t), case10012(t, ""))
	if !errors.Is(err, casewire.CodeUnmappedGroup) || !strings.Contains(err.Error(), "48Tech") {
		t.Fatal(err)
	}
	is(t, "the number of tickets", len(records(t, "tickets")), 0)
}

func TestALostAnswerDoesNotMakeASecondTicket(t *testing.T) {
	control(t, "POST", "reset", "")
	control(t, "POST", "faults", `{"when": {"method": "POST", "path": "service/tickets"}, "fault": {"kind": "answerLost"}, "times": 1}`)
	connector, host := connect(t, configuration(t, mapped, `"limits": {"settle": "1s"}`), nil)
	opened, err := connector.SubmitCase(soon(t), case10012(t, ""))
	is(t, "the outcome", must(t, opened, err).Result, "opened")
	is(t, "the number of tickets", len(records(t, "tickets")), 1)
	if lines := host.logged(); !strings.Contains(lines, "Unanswered") {
		t.Fatal(lines)
	}
}

func TestBadInputIsRefusedWholeWithEveryFault(t *testing.T) {
	bad := strings.Replace(string(configuration(t, `"prioritymap": {}`)), `"go"`, `"Not Allowed"`, 1)
	var failure *casewire.Error
	if err := casewire.ValidateConfiguration([]byte(bad)); !errors.As(err, &failure) {
		t.Fatal(err)
	}
	places := map[string]bool{}
	for _, fault := range failure.Faults {
		places[fault.Pointer] = fault.Fix != ""
	}
	if !places["/prioritymap"] || !places["/instance"] {
		t.Fatal(places)
	}
	if _, err := casewire.New([]byte(bad), casewire.Host{Store: &casewire.MemoryStore{}, Deliver: ignore, Log: nobody}); !errors.As(err, &failure) {
		t.Fatal(err)
	}
	if err := casewire.ValidateCase([]byte("{\"\xff\"}")); !errors.Is(err, casewire.CodeInvalidUtf8) {
		t.Fatal(err)
	}
	if err := casewire.ValidateCase(nil); !errors.Is(err, casewire.CodeMalformedJson) {
		t.Fatal(err)
	}
	if _, err := casewire.New(configuration(t, mapped), casewire.Host{}); err == nil {
		t.Fatal("a host without a store")
	}
}

func ignore(context.Context, *casewire.Delivery) error { return nil }

func nobody(casewire.Level, string) {}

// fullDisk is a store that takes nothing.
type fullDisk struct{ casewire.MemoryStore }

func (*fullDisk) Commit(*casewire.Batch) (uint64, error) {
	return 0, errors.New("the disk is full")
}

// watching sends by another transport after it has looked at the request.
type watching struct {
	casewire.Transport
	look func(ctx context.Context, request *casewire.Request) error
}

func (w watching) Send(ctx context.Context, request *casewire.Request) (*casewire.Response, error) {
	if err := w.look(ctx, request); err != nil {
		return nil, err
	}
	return w.Transport.Send(ctx, request)
}

func TestAStoreThatFailsKeepsEverythingFromBeingSent(t *testing.T) {
	control(t, "POST", "reset", "")
	var writes atomic.Int32
	connector, _ := connect(t, configuration(t, mapped), func(h *casewire.Host) {
		h.Store = &fullDisk{}
		h.Transport = watching{casewire.NewHTTPTransport(nil), func(_ context.Context, request *casewire.Request) error {
			if request.Method != "GET" {
				writes.Add(1)
			}
			return nil
		}}
	})
	_, err := connector.SubmitCase(soon(t), case10012(t, ""))
	var failure *casewire.Error
	if !errors.Is(err, casewire.CodeStoreFailed) || !errors.As(err, &failure) || !failure.CanRetry || !strings.Contains(err.Error(), "the disk is full") {
		t.Fatal(err)
	}
	is(t, "the number of writes", writes.Load(), int32(0))
}

func TestWhatTheHostDidNotTakeOverIsOfferedAgainWithTheSameID(t *testing.T) {
	control(t, "POST", "reset", "")
	store := &casewire.MemoryStore{}
	refused := make(chan string, 100)
	connector, _ := connect(t, configuration(t, mapped), func(h *casewire.Host) {
		h.Store = store
		h.Deliver = func(_ context.Context, delivery *casewire.Delivery) error {
			refused <- delivery.ID
			panic("the database is away")
		}
	})
	opened, err := connector.SubmitCase(soon(t), case10012(t, ""))
	must(t, opened, err)
	id := <-refused
	connector.Close()
	next, host := connect(t, configuration(t, mapped), func(h *casewire.Host) { h.Store = store })
	if err := next.Settle(soon(t)); err != nil {
		t.Fatal(err)
	}
	is(t, "the delivery", host.deliveries[0].ID, id)
}

func TestACancelledOperationEndsAndIsTakenUpAgain(t *testing.T) {
	control(t, "POST", "reset", "")
	store := &casewire.MemoryStore{}
	ctx, cancel := context.WithCancel(soon(t))
	connector, _ := connect(t, configuration(t, mapped, `"limits": {"settle": "1s"}`), func(h *casewire.Host) {
		h.Store = store
		// The create is under way when the host cancels; it never reaches the server.
		h.Transport = watching{casewire.NewHTTPTransport(nil), func(sent context.Context, request *casewire.Request) error {
			if request.Method != "POST" {
				return nil
			}
			cancel()
			<-sent.Done()
			return &casewire.Failure{Kind: casewire.KindNotSent, Err: sent.Err()}
		}}
	})
	if _, err := connector.SubmitCase(ctx, case10012(t, "")); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if _, err := connector.SubmitCase(ctx, case10012(t, "")); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	connector.Close()
	connector.Close()
	if _, err := connector.SubmitCase(soon(t), case10012(t, "")); !errors.Is(err, casewire.CodeCancelled) {
		t.Fatal(err)
	}
	if err := connector.Settle(soon(t)); !errors.Is(err, casewire.CodeCancelled) {
		t.Fatal(err)
	}
	is(t, "the number of tickets", len(records(t, "tickets")), 0)
	next, _ := connect(t, configuration(t, mapped, `"limits": {"settle": "1s"}`), func(h *casewire.Host) { h.Store = store })
	if err := next.Settle(soon(t)); err != nil {
		t.Fatal(err)
	}
	is(t, "the number of tickets", len(records(t, "tickets")), 1)
}

func TestATransportSaysHowFarARequestCame(t *testing.T) {
	reached := make(chan struct{}, 10)
	release := make(chan struct{})
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reached <- struct{}{}
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
		case "/cut":
			panic(http.ErrAbortHandler)
		case "/slow":
			<-release
		}
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	defer close(release)
	trusting := casewire.NewHTTPTransport(server.Client().Transport.(*http.Transport).TLSClientConfig)
	defer trusting.CloseIdle()
	send := func(transport casewire.Transport, url string, notAfter time.Time) (*casewire.Response, casewire.Kind) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		// A create: the client must not send it a second time by itself.
		request := &casewire.Request{Method: "POST", URL: url, Header: http.Header{}, NotAfter: notAfter, MaxAnswer: 100,
			Body: io.NopCloser(strings.NewReader("{}")), Size: 2}
		response, err := transport.Send(ctx, request)
		var failure *casewire.Failure
		if errors.As(err, &failure) {
			return nil, failure.Kind
		}
		_, _ = io.Copy(io.Discard, response.Body)
		response.Body.Close()
		return response, 0
	}
	moved, kind := send(trusting, server.URL+"/moved", time.Time{})
	if kind != 0 || moved.Status != http.StatusFound {
		t.Fatal(moved, kind)
	}
	is(t, "the number of requests", len(reached), 1)
	_, kind = send(trusting, server.URL+"/cut", time.Time{})
	is(t, "a cut connection", kind, casewire.KindUnanswered)
	_, kind = send(trusting, server.URL+"/slow", time.Time{})
	is(t, "a time-out", kind, casewire.KindUnanswered)
	_, kind = send(casewire.NewHTTPTransport(nil), server.URL, time.Time{})
	is(t, "an unknown authority", kind, casewire.KindTLS)
	_, kind = send(trusting, "https://127.0.0.1:1", time.Time{})
	is(t, "a closed port", kind, casewire.KindNotSent)
	_, kind = send(trusting, "https://192.0.2.1", time.Now().Add(50*time.Millisecond))
	is(t, "a request whose time has passed", kind, casewire.KindNotSent)
	is(t, "the number of requests", len(reached), 3)
}

func TestCodesHaveTheNamesThatTheLibraryGivesThem(t *testing.T) {
	for code, name := range map[casewire.Code]string{
		casewire.CodeUnmappedGroup:       "unmapped_group",
		casewire.CodeCallbackSecretWrong: "callback_secret_wrong",
		casewire.CodeUnauthorized:        "unauthorized",
		casewire.CodeStoreFailed:         "store_failed",
		casewire.CodeInternal:            "internal",
	} {
		is(t, "the name", code.Error(), name)
	}
}
