package io.casewire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the transport says of requests that go wrong. */
class TransportTest {
    private static final ExecutorService THREADS = Executors.newCachedThreadPool();
    private static HttpServer server;
    private static String url;

    @BeforeAll
    static void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", TransportTest::answer);
        server.setExecutor(THREADS);
        server.start();
        url = "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @AfterAll
    static void stop() {
        server.stop(0);
        THREADS.shutdownNow();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        switch (exchange.getRequestURI().getPath()) {
            case "/redirect":
                exchange.getResponseHeaders().add("Location", "/echo");
                exchange.sendResponseHeaders(302, -1);
                break;
            case "/large":
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write(new byte[2_000]);
                break;
            case "/silent":
                pause();
                break;
            case "/stalled":
                exchange.sendResponseHeaders(200, 100);
                exchange.getResponseBody().write(new byte[10]);
                exchange.getResponseBody().flush();
                pause();
                break;
            default:
                byte[] body;
                try (InputStream in = exchange.getRequestBody()) {
                    body = in.readAllBytes();
                }
                exchange.getResponseHeaders().add("x-method", exchange.getRequestMethod());
                exchange.getResponseHeaders()
                        .add("x-length", String.valueOf(exchange.getRequestHeaders().getFirst("Content-length")));
                exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private static void pause() {
        try {
            Thread.sleep(3_000);
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private static HttpRequest request(String address, String method, byte[] body, long timeout) {
        List<HttpRequest.Piece> pieces =
                body.length == 0
                        ? List.of()
                        : List.of(
                                new HttpRequest.Piece(body, null), new HttpRequest.Piece(null, Content.of(body)));
        return new HttpRequest(
                method, address, List.of(Map.entry("accept", "*/*")), pieces, 2L * body.length, timeout, 1_000, Long.MAX_VALUE);
    }

    private static Failure.Kind kind(HttpRequest request) {
        return assertThrows(Failure.class, () -> new HttpTransport().send(request)).kind();
    }

    @Test
    void aRequestGoesOutAsItIsAndTheAnswerComesWhole() throws Exception {
        byte[] body = {'{', 0, (byte) 0xff, '}'};
        HttpAnswer answer = new HttpTransport().send(request(url + "/echo", "PATCH", body, 5_000));
        assertEquals(200, answer.status());
        assertEquals(List.of("PATCH"), answer.headers().get("x-method"));
        assertEquals(List.of("8"), answer.headers().get("x-length"));
        assertArrayEquals(new byte[] {'{', 0, (byte) 0xff, '}', '{', 0, (byte) 0xff, '}'}, answer.body());
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        HttpRequest request = request(url + "/redirect", "GET", new byte[0], 5_000);
        assertEquals(302, new HttpTransport().send(request).status());
    }

    @Test
    void anAnswerThatIsTooLargeIsGivenUp() {
        assertEquals(Failure.Kind.TOO_LARGE, kind(request(url + "/large", "GET", new byte[0], 5_000)));
    }

    @Test
    void noAnswerInTimeIsUnanswered() {
        assertEquals(Failure.Kind.UNANSWERED, kind(request(url + "/silent", "GET", new byte[0], 100)));
        assertEquals(Failure.Kind.UNANSWERED, kind(request(url + "/stalled", "GET", new byte[0], 100)));
    }

    @Test
    void whatCannotConnectHasNotBeenSent() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        for (String host : List.of("127.0.0.1:" + port, "no-such-host.invalid")) {
            assertEquals(Failure.Kind.NOT_SENT, kind(request("http://" + host + "/", "GET", new byte[0], 5_000)));
        }
    }

    @Test
    void aCertificateThatNobodyVouchesForIsRefusedAndOneThatIsTrustedIsTaken(@TempDir Path folder) throws Exception {
        SSLContext own = ownCertificate(folder.resolve("server.p12"));
        HttpsServer secure = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(own));
        secure.createContext("/", TransportTest::answer);
        secure.setExecutor(THREADS);
        secure.start();
        try {
            HttpRequest request =
                    request("https://localhost:" + secure.getAddress().getPort() + "/echo", "GET", new byte[0], 5_000);
            assertEquals(Failure.Kind.TLS, kind(request));
            assertEquals(200, new HttpTransport(own, System::currentTimeMillis).send(request).status());
        } finally {
            secure.stop(0);
        }
    }

    /** A context that has a certificate of its own for localhost, and trusts it. */
    private static SSLContext ownCertificate(Path file) throws Exception {
        char[] password = "changeit".toCharArray();
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                                "-genkeypair", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "san=dns:localhost",
                                "-validity", "2", "-storetype", "PKCS12", "-alias", "server",
                                "-keystore", file.toString(), "-storepass", new String(password))
                        .inheritIO()
                        .start();
        assertEquals(0, keytool.waitFor());
        KeyStore keys = KeyStore.getInstance(file.toFile(), password);
        KeyManagerFactory identity = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        identity.init(keys, password);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", keys.getCertificate("server"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(identity.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    @Test
    void aWriteWhoseTimeHasPassedDoesNotLeave() throws Exception {
        HttpRequest late =
                new HttpRequest("POST", url + "/echo", List.of(), List.of(), 0, 5_000, 1_000, 1_999);
        HttpTransport transport = new HttpTransport(SSLContext.getDefault(), () -> 2_000);
        assertEquals(Failure.Kind.NOT_SENT, assertThrows(Failure.class, () -> transport.send(late)).kind());
    }
}
