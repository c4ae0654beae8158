package io.casewire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;

/** A transport over {@link HttpClient}: TLS 1.2 or newer, no redirect, HTTP/1.1, connections kept. */
public final class HttpTransport implements Transport {
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final HttpClient client;
    private final LongSupplier clock;

    /** Makes one with the system's trust store. */
    public HttpTransport() {
        this(systemTls(), System::currentTimeMillis);
    }

    /** Makes one with a trust store of the host's, and its clock in milliseconds since 1970. */
    public HttpTransport(SSLContext tls, LongSupplier clock) {
        SSLParameters parameters = tls.getDefaultSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        this.clock = clock;
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(CONNECT)
                        .sslContext(tls)
                        .sslParameters(parameters)
                        .build();
    }

    private static SSLContext systemTls() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException error) {
            throw new IllegalStateException("this Java has no TLS", error);
        }
    }

    @Override
    public HttpAnswer send(HttpRequest request) throws Failure, InterruptedException {
        java.net.http.HttpRequest.Builder builder =
                java.net.http.HttpRequest.newBuilder(URI.create(request.url()));
        for (Map.Entry<String, String> header : request.headers()) {
            builder.header(header.getKey(), header.getValue());
        }
        builder.method(request.method(), publisher(request));
        if (clock.getAsLong() > request.notAfterMillis()) {
            throw new Failure(Failure.Kind.NOT_SENT, "its time passed before it was sent");
        }
        Body body = new Body(request.maxAnswer());
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(builder.build(), info -> body);
        try {
            HttpResponse<byte[]> response =
                    answer.get(request.timeoutMillis(), TimeUnit.MILLISECONDS);
            return new HttpAnswer(response.statusCode(), response.headers().map(), response.body());
        } catch (TimeoutException error) {
            String message = "no complete answer within " + request.timeoutMillis() + " ms";
            throw new Failure(Failure.Kind.UNANSWERED, message, error);
        } catch (ExecutionException error) {
            throw failure(error.getCause());
        } finally {
            // Where the answer is complete, both do nothing; else they end the connection.
            answer.cancel(true);
            body.cancel();
        }
    }

    private static BodyPublisher publisher(HttpRequest request) throws Failure {
        if (request.body().isEmpty()) {
            return BodyPublishers.noBody();
        }
        List<Content> contents = new ArrayList<>();
        for (HttpRequest.Piece piece : request.body()) {
            contents.add(piece.content());
        }
        BodyPublisher stream = BodyPublishers.ofInputStream(() -> open(contents));
        return BodyPublishers.fromPublisher(stream, request.bodySize());
    }

    /** One stream after the other; null, for which the client gives the request up, where one is gone. */
    private static InputStream open(List<Content> contents) {
        List<InputStream> streams = new ArrayList<>();
        try {
            for (Content content : contents) {
                streams.add(content.open());
            }
            return new SequenceInputStream(Collections.enumeration(streams));
        } catch (IOException gone) {
            for (InputStream stream : streams) {
                try {
                    stream.close();
                } catch (IOException ignored) {
                    // It was only read from.
                }
            }
            return null;
        }
    }

    private static Failure failure(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof Failure) {
                return (Failure) cause;
            }
            if (cause instanceof ConnectException
                    || cause instanceof HttpConnectTimeoutException
                    || cause instanceof UnresolvedAddressException
                    || cause instanceof UnknownHostException) {
                return new Failure(Failure.Kind.NOT_SENT, "no connection: " + cause, error);
            }
            if (cause instanceof SSLHandshakeException
                    || cause instanceof SSLPeerUnverifiedException) {
                return new Failure(Failure.Kind.TLS, String.valueOf(cause.getMessage()), error);
            }
        }
        return new Failure(Failure.Kind.UNANSWERED, String.valueOf(error), error);
    }

    /** Collects a body of at most so many bytes, and ends the connection at the first one above. */
    private static final class Body implements HttpResponse.BodySubscriber<byte[]> {
        private final long limit;
        private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private Flow.Subscription subscription;
        private boolean cancelled;

        Body(long limit) {
            this.limit = limit;
        }

        synchronized void cancel() {
            cancelled = true;
            if (subscription != null && !whole.isDone()) {
                subscription.cancel();
            }
        }

        @Override
        public CompletionStage<byte[]> getBody() {
            return whole;
        }

        @Override
        public synchronized void onSubscribe(Flow.Subscription subscription) {
            this.subscription = subscription;
            if (cancelled) {
                subscription.cancel();
            } else {
                subscription.request(Long.MAX_VALUE);
            }
        }

        @Override
        public synchronized void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                if (bytes.size() + (long) buffer.remaining() > limit) {
                    subscription.cancel();
                    String message = "the answer is larger than " + limit + " bytes";
                    whole.completeExceptionally(new Failure(Failure.Kind.TOO_LARGE, message));
                    return;
                }
                byte[] piece = new byte[buffer.remaining()];
                buffer.get(piece);
                bytes.write(piece, 0, piece.length);
            }
        }

        @Override
        public void onError(Throwable error) {
            whole.completeExceptionally(error);
        }

        @Override
        public void onComplete() {
            whole.complete(bytes.toByteArray());
        }
    }
}
