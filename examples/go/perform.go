package casewire

// #include "native.h"
import "C"

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
	"unsafe"
)

// effect is an effect under way: its step, all that the step tells, and the answer that is made of it.
type effect struct {
	step   *C.casewire_step
	view   C.casewire_step_view
	answer *C.casewire_answer
}

func newEffect(step *C.casewire_step, view C.casewire_step_view) (*effect, error) {
	e := &effect{step: step, view: view}
	var failure *C.casewire_error
	return e, check(C.casewire_answer_new(step, &e.answer, &failure), failure)
}

func (e *effect) free() {
	C.casewire_answer_free(e.answer)
	C.casewire_step_free(e.step)
}

// perform does what the effect asks for, and fills in the answer. What fails is an answer too.
func (e *effect) perform(ctx context.Context, host *Host) {
	err := e.attempt(ctx, host)
	if err == nil {
		return
	}
	kind := KindOther
	if e.view.kind == stepHttp {
		kind = KindUnanswered
	}
	var failure *Failure
	if errors.As(err, &failure) {
		kind = failure.Kind
	}
	e.fail(kind, err)
}

func (e *effect) attempt(ctx context.Context, host *Host) (err error) {
	defer func() {
		if caught := recover(); caught != nil {
			err = fmt.Errorf("the host panicked: %v", caught)
		}
	}()
	switch e.view.kind {
	case stepHttp:
		return e.send(ctx, host)
	case stepStore:
		answer, err := performStore(host.Store, text(e.view.json))
		if err != nil {
			return err
		}
		return e.setJSON(map[string]any{"store": answer})
	case stepDeliver:
		delivery, err := readDelivery(e)
		if err == nil {
			err = host.Deliver(ctx, delivery)
		}
		if err != nil {
			return err
		}
		return e.done()
	case stepFetch:
		return e.fetch(ctx, host)
	case stepTimer:
		if err := sleepUntil(ctx, int64(e.view.deadline_ms)); err != nil {
			return err
		}
		return e.done()
	default:
		return fmt.Errorf("this version cannot perform effects of kind %d", e.view.kind)
	}
}

// sleepUntil looks at the clock at least once a minute, since it may be set and a machine may sleep.
func sleepUntil(ctx context.Context, deadline int64) error {
	for {
		left := time.Until(time.UnixMilli(deadline))
		if left <= 0 {
			return nil
		}
		if left > time.Minute {
			left = time.Minute
		}
		timer := time.NewTimer(left)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}

func (e *effect) send(ctx context.Context, host *Host) error {
	request, err := e.request(ctx, host)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Duration(e.view.http_timeout_ms)*time.Millisecond)
	defer cancel()
	if !request.NotAfter.IsZero() && time.Now().After(request.NotAfter) {
		if request.Body != nil {
			request.Body.Close()
		}
		return &Failure{KindNotSent, errors.New("its time passed before it was sent")}
	}
	response, err := host.Transport.Send(ctx, request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	var failure *C.casewire_error
	if err := check(C.casewire_answer_set_http(e.answer, C.uint32_t(response.Status), &failure), failure); err != nil {
		return err
	}
	for name, values := range response.Header {
		for _, value := range values {
			// One that is not UTF-8 may be left out.
			key, content := []byte(name), []byte(value)
			C.cw_answer_header(e.answer, start(key), size(key), start(content), size(content))
		}
	}
	if name := string(text(e.view.http_store_as)); name != "" && response.Status/100 == 2 {
		return e.store(ctx, host, name, response.Body, request.MaxAnswer)
	}
	// A byte more than is wanted makes the answer that failure by itself.
	body, err := io.ReadAll(io.LimitReader(response.Body, request.MaxAnswer+1))
	if err != nil {
		return fmt.Errorf("no complete answer: %w", err)
	}
	C.cw_answer_body(e.answer, start(body), size(body))
	return nil
}

// store streams a received file to the host.
func (e *effect) store(ctx context.Context, host *Host, name string, body io.Reader, most int64) error {
	if host.KeepDocument == nil {
		return &Failure{KindOther, errors.New("this host keeps no documents: give KeepDocument, or switch inbound.documents off")}
	}
	digest := sha256.New()
	counted := &counter{reader: io.TeeReader(body, digest), most: most}
	err := host.KeepDocument(ctx, name, counted)
	if err == nil {
		// What the host did not read belongs to the file too.
		_, err = io.Copy(io.Discard, counted)
	}
	if err != nil {
		return &Failure{counted.kind(), fmt.Errorf("the file was not stored: %w", err)}
	}
	sum := []byte(hex.EncodeToString(digest.Sum(nil)))
	var failure *C.casewire_error
	return check(C.cw_answer_stored(e.answer, C.uint64_t(counted.read), start(sum), size(sum), &failure), failure)
}

// counter counts what is read, and stops at what may be read.
type counter struct {
	reader     io.Reader
	read, most int64
	failed     error
}

var errTooLarge = errors.New("the file is larger than it may be")

// Read reads.
func (c *counter) Read(into []byte) (int, error) {
	n, err := c.reader.Read(into)
	c.read += int64(n)
	if c.read > c.most {
		err = errTooLarge
	}
	if err != nil && err != io.EOF {
		c.failed = err
	}
	return n, err
}

func (c *counter) kind() Kind {
	switch c.failed {
	case nil:
		return KindOther
	case errTooLarge:
		return KindTooLarge
	default:
		return KindUnanswered
	}
}

// request copies what is to be sent: a client that was given up may read on after the step was freed.
func (e *effect) request(ctx context.Context, host *Host) (*Request, error) {
	header := http.Header{}
	for _, one := range unsafe.Slice(e.view.headers, int(e.view.header_count)) {
		header.Add(string(text(one.name)), string(text(one.value)))
	}
	request := &Request{
		Method:    string(text(e.view.http_method)),
		URL:       string(text(e.view.http_url)),
		Header:    header,
		Size:      int64(e.view.body_size),
		MaxAnswer: int64(e.view.http_max_answer),
	}
	if notAfter := int64(e.view.http_not_after_ms); notAfter != noTime {
		request.NotAfter = time.UnixMilli(notAfter)
	}
	if e.view.piece_count == 0 {
		return request, nil
	}
	var body pieces
	for _, piece := range unsafe.Slice(e.view.pieces, int(e.view.piece_count)) {
		token := string(text(piece.attachment))
		if token == "" {
			body.readers = append(body.readers, strings.NewReader(string(copied(piece.bytes.data, piece.bytes.size))))
			continue
		}
		// Before anything is sent: an attachment that is gone, or of another length, is no half request.
		file, length, err := host.open(ctx, token)
		if err == nil {
			body.files = append(body.files, file)
			body.readers = append(body.readers, file)
			if length != int64(piece.size) {
				err = fmt.Errorf("the attachment has %d bytes, and the case says %d", length, uint64(piece.size))
			}
		}
		if err != nil {
			body.Close()
			return nil, &Failure{KindContent, err}
		}
	}
	body.Reader = io.MultiReader(body.readers...)
	request.Body = &body
	return request, nil
}

// noTime stands in a view where there is no such time.
const noTime = 1<<63 - 1

// pieces is a body, which closes its files.
type pieces struct {
	io.Reader
	readers []io.Reader
	files   []io.Closer
}

// Close closes the files.
func (p *pieces) Close() error {
	for _, file := range p.files {
		file.Close()
	}
	return nil
}

func (e *effect) fetch(ctx context.Context, host *Host) error {
	content, _, err := host.open(ctx, string(text(e.view.token)))
	if err != nil {
		return err
	}
	defer content.Close()
	bytes, err := io.ReadAll(content)
	if err != nil {
		return err
	}
	var failure *C.casewire_error
	if err := check(C.casewire_answer_set_fetched(e.answer, &failure), failure); err != nil {
		return err
	}
	C.cw_answer_body(e.answer, start(bytes), size(bytes))
	return nil
}

func (e *effect) done() error {
	var failure *C.casewire_error
	return check(C.casewire_answer_set_done(e.answer, &failure), failure)
}

func (e *effect) setJSON(value any) error {
	document, err := json.Marshal(value)
	if err != nil {
		return err
	}
	var failure *C.casewire_error
	return check(C.cw_answer_json(e.answer, start(document), size(document), &failure), failure)
}

// fail sets the failure. A message that cannot be taken leaves none.
func (e *effect) fail(kind Kind, why error) {
	message := []byte(strings.ToValidUTF8(why.Error(), "?"))
	C.cw_answer_failed(e.answer, C.uint32_t(kind), start(message), size(message), nil)
}
