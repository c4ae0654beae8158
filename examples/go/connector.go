package casewire

// #include "native.h"
import "C"

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"runtime/cgo"
	"sync"
	"time"
)

// Host is what the host brings. Store and Deliver are required.
//
// Its functions are called from many goroutines at once. A panic in one counts as its failure.
type Host struct {
	// Store keeps what must outlive a crash.
	Store Store
	// Deliver takes over what happened to tickets, durably, and knows a repeat by its ID; while it fails, it is asked again.
	Deliver func(ctx context.Context, delivery *Delivery) error
	// Transport sends requests; an [HTTPTransport] where nothing is said.
	Transport Transport
	// Credentials are the API member's keys; without them the transport adds the Authorization header.
	Credentials *Credentials
	// Open opens what a case's token stands for, and tells its length in bytes; also the content of a case that was
	// submitted by its id.
	Open func(ctx context.Context, token string) (io.ReadCloser, int64, error)
	// KeepDocument keeps a file that a technician attached, durably, under the name by which a delivery tells of it.
	KeepDocument func(ctx context.Context, name string, content io.Reader) error
	// CallbackSecret is the host's secret for its callback addresses, at least 16 bytes.
	CallbackSecret []byte
	// ClientID is the vendor's own, used where the configuration names none.
	ClientID string
	// Log takes the connector's log; it holds no secret. LogLevel is the least important level of it, LevelInfo where
	// nothing is said.
	Log      func(level Level, message string)
	LogLevel Level
}

// Credentials are the keys of an API member (System > Members > API Members > API Keys).
type Credentials struct {
	PublicKey, PrivateKey []byte
}

// String shows no key.
func (Credentials) String() string {
	return "[hidden]"
}

// GoString shows no key.
func (Credentials) GoString() string {
	return "[hidden]"
}

func (h *Host) open(ctx context.Context, token string) (io.ReadCloser, int64, error) {
	if h.Open == nil {
		return nil, 0, errors.New("this host gives no content")
	}
	return h.Open(ctx, token)
}

// Connector is a connector between the host and one ConnectWise instance. Any number of goroutines may use it.
type Connector struct {
	host   Host
	handle *C.casewire_connector
	log    cgo.Handle
	// Ends when the connector is closed; all effects hang on it.
	ctx  context.Context
	stop context.CancelFunc
	wake chan struct{}
	work sync.WaitGroup

	// Guards all below. Never held while code of the host runs.
	mutex   sync.Mutex
	changed *sync.Cond
	waiting map[uint64]chan result
	// How many are submitting, and what was over before they knew their operation's id.
	submitting int
	early      map[uint64]result
	effects    map[uint64]context.CancelFunc
	changes    uint64
	isIdle     bool
	isFreed    bool
	over       error
	// In a call with the handle, which is freed when none is left.
	calls sync.RWMutex
}

type result struct {
	outcome *Outcome
	err     error
}

// New makes a connector from a configuration without keys. It begins with what an earlier one over the same store left
// unfinished. It refuses a bad configuration with all faults at once.
func New(configuration []byte, host Host) (*Connector, error) {
	if host.Store == nil || host.Deliver == nil {
		return nil, errors.New("casewire: a host needs Store and Deliver")
	}
	if host.Transport == nil {
		host.Transport = NewHTTPTransport(nil)
	}
	ctx, stop := context.WithCancel(context.Background())
	c := &Connector{
		host:    host,
		ctx:     ctx,
		stop:    stop,
		wake:    make(chan struct{}, 1),
		waiting: map[uint64]chan result{},
		early:   map[uint64]result{},
		effects: map[uint64]context.CancelFunc{},
	}
	c.changed = sync.NewCond(&c.mutex)
	if err := c.make(configuration); err != nil {
		stop()
		return nil, err
	}
	c.host.Credentials = nil
	c.work.Add(1)
	go c.pump()
	return c, nil
}

func (c *Connector) make(configuration []byte) error {
	var seed [8]byte
	if _, err := rand.Read(seed[:]); err != nil {
		return err
	}
	var public, private []byte
	hasKeys := C.int(0)
	if keys := c.host.Credentials; keys != nil {
		public, private, hasKeys = keys.PublicKey, keys.PrivateKey, 1
	}
	level := c.host.LogLevel
	if c.host.Log != nil {
		if level == 0 {
			level = LevelInfo
		}
		c.log = cgo.NewHandle(c.host.Log)
	} else {
		level = 0
	}
	clientID, secret := []byte(c.host.ClientID), c.host.CallbackSecret
	var failure *C.casewire_error
	err := check(C.cw_connector_new(start(configuration), size(configuration), hasKeys, start(public), size(public),
		start(private), size(private), start(clientID), size(clientID), start(secret), size(secret),
		C.uint64_t(binary.LittleEndian.Uint64(seed[:])), C.uintptr_t(c.log), C.uint32_t(level), now(), &c.handle, &failure),
		failure)
	if err != nil {
		c.forgetLog()
	}
	return err
}

func (c *Connector) forgetLog() {
	if c.log != 0 {
		c.log.Delete()
		c.log = 0
	}
}

// Outcome is what came of an operation that went well.
type Outcome struct {
	// Kind says what of, such as case or poll.
	Kind string
	// Result is what became of a case: opened, updated, closed, unchanged or held.
	Result string
	// CaseID is the case that it was about; empty where it was about none.
	CaseID string
	// TicketID is the ticket's number; 0 where there is none.
	TicketID uint64
	// JSON is the whole outcome.
	JSON json.RawMessage
}

// SubmitCase brings the ticket of a case, as JSON, in step with the case as it is now, and waits for it. A bad case is
// refused with all of its faults; nothing was begun then. When the context ends, the operation is cancelled, and what it
// began in ConnectWise stays in the store and is taken up again.
func (c *Connector) SubmitCase(ctx context.Context, document []byte) (*Outcome, error) {
	return c.submit(ctx, document, 1)
}

// SubmitCaseString is SubmitCase for a string.
func (c *Connector) SubmitCaseString(ctx context.Context, document string) (*Outcome, error) {
	return c.submit(ctx, []byte(document), 1)
}

// Run performs any command, such as {"command": "poll"}, under the rules of SubmitCase.
func (c *Connector) Run(ctx context.Context, command []byte) (*Outcome, error) {
	return c.submit(ctx, command, 0)
}

// RunString is Run for a string.
func (c *Connector) RunString(ctx context.Context, command string) (*Outcome, error) {
	return c.submit(ctx, []byte(command), 0)
}

// TestConnection says which part of the connection is wrong, if any.
func (c *Connector) TestConnection(ctx context.Context) (*Outcome, error) {
	return c.RunString(ctx, `{"command": "test_connection"}`)
}

// TakeCallback judges a callback as a receiver took it in: the bytes of its body, the header x-content-signature, and the
// last segment of its path. A genuine one leads to a new reading of its ticket.
func (c *Connector) TakeCallback(ctx context.Context, body []byte, signature, segment string) (*Outcome, error) {
	command, err := json.Marshal(map[string]any{
		"command":  "take_callback",
		"callback": map[string]any{"body": body, "signature": signature, "secret": segment},
	})
	if err != nil {
		return nil, err
	}
	return c.Run(ctx, command)
}

func (c *Connector) submit(ctx context.Context, document []byte, isCase C.int) (*Outcome, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	operation, done, err := c.begin(document, isCase)
	if err != nil {
		return nil, err
	}
	c.ring()
	select {
	case over := <-done:
		return over.outcome, over.err
	case <-ctx.Done():
		c.cancel(operation)
		return nil, ctx.Err()
	}
}

// begin submits, and registers who waits for the operation. The pump may learn of its end before that.
func (c *Connector) begin(document []byte, isCase C.int) (uint64, chan result, error) {
	c.mutex.Lock()
	if c.over != nil {
		defer c.mutex.Unlock()
		return 0, nil, c.over
	}
	c.submitting++
	c.isIdle = false
	c.mutex.Unlock()

	var operation C.uint64_t
	err := c.call(func(failure **C.casewire_error) C.casewire_status {
		return C.cw_connector_submit(c.handle, isCase, start(document), size(document), now(), &operation, failure)
	})

	c.mutex.Lock()
	defer c.mutex.Unlock()
	id, done := uint64(operation), make(chan result, 1)
	if err == nil {
		if over, isOver := c.early[id]; isOver {
			done <- over
		} else if c.over != nil {
			done <- result{err: c.over}
		} else {
			c.waiting[id] = done
		}
	}
	if c.submitting--; c.submitting == 0 {
		c.early = map[uint64]result{}
	}
	return id, done, err
}

func (c *Connector) cancel(operation uint64) {
	c.mutex.Lock()
	_, isUnderWay := c.waiting[operation]
	delete(c.waiting, operation)
	c.mutex.Unlock()
	if !isUnderWay {
		return
	}
	// It may be over by now, which is as good.
	_ = c.call(func(failure **C.casewire_error) C.casewire_status {
		return C.casewire_connector_cancel(c.handle, C.uint64_t(operation), now(), failure)
	})
	c.ring()
}

// Settle waits until nothing is under way: no operation, no delivery, no repeated try.
func (c *Connector) Settle(ctx context.Context) error {
	watch := make(chan struct{})
	defer close(watch)
	go func() {
		select {
		case <-ctx.Done():
			c.mutex.Lock()
			c.changed.Broadcast()
			c.mutex.Unlock()
		case <-watch:
		}
	}()
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for !c.isIdle && c.over == nil && ctx.Err() == nil {
		c.changed.Wait()
	}
	switch {
	case c.over != nil:
		return c.over
	case c.isIdle:
		return nil
	default:
		return ctx.Err()
	}
}

// Close stops. Operations that are not over fail with [CodeCancelled] and stay in the store. When it returns, the host is no
// longer being called, so that its store may be closed; therefore a function of the host that closes the connector has to
// do so in a goroutine of its own.
func (c *Connector) Close() error {
	c.end(cancelled("the connector was closed: make a new one"))
	c.work.Wait()
	c.calls.Lock()
	defer c.calls.Unlock()
	if !c.isFreed {
		c.isFreed = true
		C.casewire_connector_free(c.handle)
		c.forgetLog()
	}
	return nil
}

// call makes a call with the handle, which is not freed meanwhile.
func (c *Connector) call(body func(failure **C.casewire_error) C.casewire_status) error {
	c.calls.RLock()
	defer c.calls.RUnlock()
	if c.isFreed {
		return cancelled("the connector was closed: make a new one")
	}
	var failure *C.casewire_error
	return check(body(&failure), failure)
}

func now() C.int64_t {
	return C.int64_t(time.Now().UnixMilli())
}
