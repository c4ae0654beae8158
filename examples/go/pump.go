package casewire

// #include "native.h"
import "C"

import (
	"context"
	"encoding/json"
	"errors"
)

// Delivery is something that happened, which the host takes over: a ticket was opened, a technician closed it.
type Delivery struct {
	// ID is that by which the host knows one that it was offered before.
	ID string
	// Event is what happened, such as ticket_created.
	Event string
	// CaseID is the case; empty where it is about none.
	CaseID string
	// TicketID is the ticket's number; 0 where there is none.
	TicketID uint64
	// JSON is the whole delivery.
	JSON json.RawMessage
}

func readDelivery(e *effect) (*Delivery, error) {
	var document struct{ Delivery json.RawMessage }
	if err := json.Unmarshal(text(e.view.json), &document); err != nil {
		return nil, err
	}
	var named struct{ Event struct{ Event string } }
	if err := json.Unmarshal(document.Delivery, &named); err != nil {
		return nil, err
	}
	return &Delivery{
		ID:       string(text(e.view.delivery_id)),
		Event:    named.Event.Event,
		CaseID:   string(text(e.view.case_id)),
		TicketID: uint64(e.view.ticket_id),
		JSON:     document.Delivery,
	}, nil
}

// ring has the pump poll again.
func (c *Connector) ring() {
	c.mutex.Lock()
	c.changes++
	c.mutex.Unlock()
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// pump polls until the connector is closed, and drains each time as the contract asks.
func (c *Connector) pump() {
	defer c.work.Done()
	for {
		more, err := c.step()
		if err != nil {
			c.end(err)
			return
		}
		if more && c.ctx.Err() == nil {
			continue
		}
		select {
		case <-c.wake:
		case <-c.ctx.Done():
			return
		}
	}
}

// step takes the next step, and says whether there may be another.
func (c *Connector) step() (bool, error) {
	c.mutex.Lock()
	before := c.changes
	c.mutex.Unlock()
	var step *C.casewire_step
	var view C.casewire_step_view
	err := c.call(func(failure **C.casewire_error) C.casewire_status {
		return C.cw_connector_poll(c.handle, now(), &step, &view, failure)
	})
	if err != nil {
		return false, err
	}
	switch view.kind {
	case stepIdle:
		C.casewire_step_free(step)
		c.idle(view.operations_left == 0 && view.effects_left == 0, before)
		return false, nil
	case stepFinished:
		defer C.casewire_step_free(step)
		return true, c.finish(&view)
	case stepCancel:
		c.drop(uint64(view.cancel_target))
		e, err := newEffect(step, view)
		defer e.free()
		if err == nil {
			err = e.done()
		}
		if err == nil {
			err = c.give(e)
		}
		return true, err
	default:
		return true, c.start(step, view)
	}
}

func (c *Connector) idle(isAllDone bool, before uint64) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.isIdle = isAllDone && c.changes == before && c.submitting == 0
	if c.isIdle {
		c.changed.Broadcast()
	}
}

func (c *Connector) finish(view *C.casewire_step_view) error {
	var over result
	if view.error != nil {
		over.err = errorOf(view.error)
	} else {
		var document struct{ Result struct{ Ok json.RawMessage } }
		if err := json.Unmarshal(text(view.json), &document); err != nil {
			return err
		}
		var named struct{ Kind, Outcome string }
		// An outcome that has no such fields is told without them.
		_ = json.Unmarshal(document.Result.Ok, &named)
		over.outcome = &Outcome{
			Kind:     named.Kind,
			Result:   named.Outcome,
			CaseID:   string(text(view.case_id)),
			TicketID: uint64(view.ticket_id),
			JSON:     document.Result.Ok,
		}
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	id := uint64(view.operation_id)
	if done, isAwaited := c.waiting[id]; isAwaited {
		delete(c.waiting, id)
		done <- over
	} else if c.submitting > 0 {
		c.early[id] = over
	}
	return nil
}

// start performs an effect in a goroutine of its own, which frees its step.
func (c *Connector) start(step *C.casewire_step, view C.casewire_step_view) error {
	e, err := newEffect(step, view)
	if err != nil {
		e.free()
		return err
	}
	id := uint64(view.effect_id)
	ctx, cancel := context.WithCancel(c.ctx)
	c.mutex.Lock()
	c.effects[id] = cancel
	c.mutex.Unlock()
	c.work.Add(1)
	go func() {
		defer c.work.Done()
		defer c.ring()
		defer e.free()
		defer c.drop(id)
		e.perform(ctx, &c.host)
		if err := c.give(e); err != nil {
			c.end(err)
		}
	}()
	return nil
}

// drop ends the work on an effect.
func (c *Connector) drop(id uint64) {
	c.mutex.Lock()
	cancel := c.effects[id]
	delete(c.effects, id)
	c.mutex.Unlock()
	if cancel != nil {
		cancel()
	}
}

// give hands an answer to the connector. One that is not wanted any more is dropped.
func (c *Connector) give(e *effect) error {
	err := c.call(func(failure **C.casewire_error) C.casewire_status {
		return C.casewire_connector_answer(c.handle, e.answer, now(), failure)
	})
	if errors.Is(err, CodeStaleEffect) {
		return nil
	}
	return err
}

// end makes the connector one that takes nothing any more.
func (c *Connector) end(reason error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.over == nil {
		c.over = reason
	}
	for id, done := range c.waiting {
		delete(c.waiting, id)
		done <- result{err: c.over}
	}
	c.changed.Broadcast()
	c.stop()
}
