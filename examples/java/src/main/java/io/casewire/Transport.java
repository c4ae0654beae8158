package io.casewire;

/** Sends requests to ConnectWise. {@link HttpTransport} is one. Any number of threads call it at the same time. */
@FunctionalInterface
public interface Transport {
    /**
     * Sends a request and reads its whole answer, whatever the status. A redirect is an answer and is not followed.
     *
     * @throws Failure where there is no answer
     * @throws InterruptedException where the connector does not want the answer any more
     */
    HttpAnswer send(HttpRequest request) throws Failure, InterruptedException;
}
