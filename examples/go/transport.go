package casewire

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

// Transport sends requests. It may be called from any goroutine.
type Transport interface {
	// Send gives the answer, whatever its status, without following redirects, or fails with a [*Failure]. The context ends
	// when the time for the whole exchange is over or the request is not wanted any more. The answer's body is closed by
	// whoever reads it.
	Send(ctx context.Context, request *Request) (*Response, error)
}

// Request is what is sent. Its header may hold the keys: do not log it.
type Request struct {
	Method string
	URL    string
	Header http.Header
	// Body is the whole body, attachments included; nil where there is none.
	Body io.ReadCloser
	// Size is that of the body, in bytes.
	Size int64
	// NotAfter is until when it may leave; zero where there is no such time.
	NotAfter time.Time
	// MaxAnswer is the largest body of an answer, in bytes.
	MaxAnswer int64
}

// Response is what was answered.
type Response struct {
	Status int
	Header http.Header
	Body   io.ReadCloser
}

// HTTPTransport sends by an [http.Client]: TLS 1.2 or newer, no redirects, the proxy of the environment.
type HTTPTransport struct {
	client *http.Client
}

// NewHTTPTransport makes a transport. The configuration of TLS may be nil; it is where an authority of one's own goes.
func NewHTTPTransport(config *tls.Config) *HTTPTransport {
	base := http.DefaultTransport.(*http.Transport).Clone()
	if config != nil {
		base.TLSClientConfig = config.Clone()
	} else {
		base.TLSClientConfig = &tls.Config{}
	}
	if base.TLSClientConfig.MinVersion < tls.VersionTLS12 {
		base.TLSClientConfig.MinVersion = tls.VersionTLS12
	}
	// The answer's size is bounded as it is sent.
	base.DisableCompression = true
	return &HTTPTransport{&http.Client{
		Transport:     base,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// CloseIdle closes connections that nothing uses.
func (t *HTTPTransport) CloseIdle() {
	t.client.CloseIdleConnections()
}

// path is how far a request came.
type path struct {
	connected, tlsFailed, late atomic.Bool
}

// Send is that of [Transport].
func (t *HTTPTransport) Send(ctx context.Context, request *Request) (*Response, error) {
	ctx, cancel := context.WithCancel(ctx)
	var way path
	if !request.NotAfter.IsZero() {
		// What has no connection by then must not leave at all.
		timer := time.AfterFunc(time.Until(request.NotAfter), func() {
			if !way.connected.Load() {
				way.late.Store(true)
				cancel()
			}
		})
		defer timer.Stop()
	}
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { way.connected.Store(true) },
		TLSHandshakeDone: func(_ tls.ConnectionState, err error) {
			way.tlsFailed.Store(err != nil)
		},
	})
	sent, err := http.NewRequestWithContext(traced, request.Method, request.URL, request.Body)
	if err != nil {
		cancel()
		return nil, &Failure{KindNotSent, err}
	}
	sent.Header = request.Header
	if request.Body != nil {
		sent.ContentLength = request.Size
	}
	answer, err := t.client.Do(sent)
	if err != nil {
		cancel()
		return nil, way.failure(err)
	}
	return &Response{answer.StatusCode, answer.Header, &untilClosed{answer.Body, cancel}}, nil
}

func (w *path) failure(err error) *Failure {
	switch {
	case w.connected.Load():
		return &Failure{KindUnanswered, fmt.Errorf("no complete answer: %w", err)}
	case w.late.Load():
		return &Failure{KindNotSent, fmt.Errorf("its time passed before it was sent")}
	case w.tlsFailed.Load():
		return &Failure{KindTLS, err}
	default:
		return &Failure{KindNotSent, err}
	}
}

// untilClosed keeps a context open as long as an answer is read.
type untilClosed struct {
	io.ReadCloser
	cancel context.CancelFunc
}

// Close closes the answer.
func (u *untilClosed) Close() error {
	defer u.cancel()
	return u.ReadCloser.Close()
}
