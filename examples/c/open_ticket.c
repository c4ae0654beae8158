/*
 * Opens a ConnectWise ticket for a case:
 *
 *     open_ticket SITE [CASE.json]
 *
 * SITE is the address of the API, such as https://api-na.myconnectwise.net, or of the simulator. The keys are taken from
 * CASEWIRE_PUBLIC_KEY and CASEWIRE_PRIVATE_KEY; without them they are those of the simulator. Without a file it opens a
 * ticket for a case of its own. It ends with 0 when the case has a ticket, with 1 when it has none, and says why.
 *
 * A real host keeps records in a database instead of memory, and takes deliveries over durably.
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "casewire.h"

/* Names of boards, types, statuses and priorities are those of the instance. */
static const char CONFIGURATION[] =
    "{\"version\": 1, \"instance\": \"c-example\","
    " \"connection\": {\"site\": \"%s\", \"company_id\": \"acme\", \"allow_insecure_loopback\": true,"
    "   \"client_id\": \"6f1f6f0e-3c1d-4a52-9a54-0b9f5f4f9e11\"},"
    " \"companies\": {\"map\": [{\"group\": \"48Tech\", \"company\": {\"identifier\": \"BigDesign\"}}]},"
    " \"routes\": [{\"name\": \"all\", \"board\": \"Professional Services\", \"type\": \"Security\","
    "   \"status\": {\"created\": \"New (not responded)\"}}],"
    " \"status_map\": {\"Professional Services\": {"
    "   \"to_case\": {\"New (not responded)\": \"open\", \"In Progress\": \"in_progress\","
    "     \"Waiting Customer Response\": \"in_progress\", \"Closed\": \"closed\"},"
    "   \"to_ticket\": {\"open\": \"New (not responded)\", \"closed\": \"Closed\"}}},"
    " \"priority_map\": {\"critical\": \"Priority 1 - Emergency Response\","
    "   \"high\": \"Priority 2 - Quick Response\", \"medium\": \"Priority 3 - Normal Response\","
    "   \"low\": \"Priority 4 - Scheduled Maintenance\"}}";

static const char CASE[] =
    "{\"id\": \"10012\", \"number\": \"10012\", \"title\": \"Windows: Audit log cleared\","
    " \"description\": \"The audit log was cleared.\", \"severity\": \"critical\", \"status\": \"open\","
    " \"group\": {\"id\": \"48Tech\"},"
    " \"created_at\": \"2019-02-11T01:07:14Z\", \"updated_at\": \"2019-02-11T01:09:53Z\"}";

/* What the callbacks share; casewire gives it to each of them. */
struct host {
    CURL *curl;
    casewire_memory_store *store;
    int tickets;
};

/* What is being sent: the pieces of a request's body, one after the other. */
struct upload {
    const casewire_step *step;
    size_t piece;
    size_t offset;
    FILE *file;
};

static void print_text(FILE *to, casewire_text text)
{
    fwrite(text.data, 1, text.size, to);
}

static char *to_string(casewire_text text)
{
    char *string = malloc(text.size + 1);
    if (string == NULL)
        abort();
    memcpy(string, text.data, text.size);
    string[text.size] = '\0';
    return string;
}

/* Sends the next bytes of the body. An attachment's token is whatever the case said; here it is a path. */
static size_t send_body(char *buffer, size_t size, size_t count, void *context)
{
    struct upload *upload = context;
    size_t room = size * count;
    size_t filled = 0;
    while (filled == 0 && upload->piece < casewire_step_body_count(upload->step)) {
        casewire_text token = casewire_step_body_attachment(upload->step, upload->piece);
        if (token.size != 0) {
            if (upload->file == NULL) {
                char *path = to_string(token);
                upload->file = fopen(path, "rb");
                free(path);
                if (upload->file == NULL)
                    return CURL_READFUNC_ABORT;
            }
            filled = fread(buffer, 1, room, upload->file);
        } else {
            casewire_slice bytes = casewire_step_body_piece(upload->step, upload->piece);
            filled = bytes.size - upload->offset;
            if (filled > room)
                filled = room;
            memcpy(buffer, bytes.data + upload->offset, filled);
            upload->offset += filled;
        }
        if (filled == 0) {
            if (upload->file != NULL)
                fclose(upload->file);
            upload->file = NULL;
            upload->offset = 0;
            upload->piece++;
        }
    }
    return filled;
}

/* Whether every attachment of the body is there, as long as the case said. */
static int attachments_are_there(const casewire_step *step)
{
    int there = 1;
    for (size_t i = 0; i < casewire_step_body_count(step); i++) {
        casewire_text token = casewire_step_body_attachment(step, i);
        if (token.size != 0) {
            char *path = to_string(token);
            FILE *file = fopen(path, "rb");
            there = there && file != NULL && fseek(file, 0, SEEK_END) == 0 &&
                    (uint64_t)ftell(file) == casewire_step_body_piece_size(step, i);
            if (file != NULL)
                fclose(file);
            free(path);
        }
    }
    return there;
}

/* Takes a line of the answer's head: the status line, or a header. */
static size_t take_header(char *line, size_t size, size_t count, void *context)
{
    casewire_answer *answer = context;
    size_t length = size * count;
    size_t end = length;
    const char *colon = memchr(line, ':', length);
    while (end > 0 && (line[end - 1] == '\r' || line[end - 1] == '\n'))
        end--;
    if (end > 9 && strncmp(line, "HTTP/", 5) == 0) {
        const char *status = memchr(line, ' ', end);
        if (status != NULL)
            casewire_answer_set_http(answer, (uint32_t)strtoul(status, NULL, 10), NULL);
    } else if (colon != NULL) {
        casewire_text name = {(const uint8_t *)line, (size_t)(colon - line)};
        casewire_text value = {(const uint8_t *)colon + 1, end - name.size - 1};
        while (value.size > 0 && *value.data == ' ') {
            value.data++;
            value.size--;
        }
        casewire_answer_add_header(answer, name, value, NULL);
    }
    return length;
}

/* Takes bytes of the answer's body; stops the transfer when it becomes larger than it may. */
static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
    casewire_slice slice = {(const uint8_t *)bytes, size * count};
    return casewire_answer_add_body(context, slice, NULL) == CASEWIRE_STATUS_OK ? slice.size : 0;
}

static uint32_t failure_of(CURLcode code)
{
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
        return CASEWIRE_FAILURE_NOT_SENT;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
        return CASEWIRE_FAILURE_TLS;
    default:
        return CASEWIRE_FAILURE_UNANSWERED;
    }
}

static struct curl_slist *headers_of(const casewire_step *step)
{
    struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
    for (size_t i = 0; i < casewire_step_http_header_count(step); i++) {
        casewire_text name = casewire_step_http_header_name(step, i);
        casewire_text value = casewire_step_http_header_value(step, i);
        char *line = malloc(name.size + value.size + 3);
        if (line == NULL)
            abort();
        sprintf(line, "%.*s: %.*s", (int)name.size, (const char *)name.data, (int)value.size,
                (const char *)value.data);
        headers = curl_slist_append(headers, line);
        free(line);
    }
    return headers;
}

static void send_request(void *user_data, const casewire_step *step, casewire_answer *answer)
{
    struct host *host = user_data;
    struct upload upload = {step, 0, 0, NULL};
    struct curl_slist *headers;
    char *method;
    char *url;
    CURLcode code;

    if (!attachments_are_there(step)) {
        casewire_text why = casewire_text_from_string("an attachment is missing or of another length");
        casewire_answer_set_failed(answer, CASEWIRE_FAILURE_NOT_SENT, why, NULL);
        return;
    }
    headers = headers_of(step);
    method = to_string(casewire_step_http_method(step));
    url = to_string(casewire_step_http_url(step));
    curl_easy_reset(host->curl);
    curl_easy_setopt(host->curl, CURLOPT_URL, url);
    if (casewire_step_body_count(step) != 0) {
        curl_easy_setopt(host->curl, CURLOPT_POST, 1L);
        curl_easy_setopt(host->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)casewire_step_body_size(step));
        curl_easy_setopt(host->curl, CURLOPT_READFUNCTION, send_body);
        curl_easy_setopt(host->curl, CURLOPT_READDATA, &upload);
    }
    curl_easy_setopt(host->curl, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(host->curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(host->curl, CURLOPT_TIMEOUT_MS, (long)casewire_step_http_timeout_ms(step));
    curl_easy_setopt(host->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(host->curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(host->curl, CURLOPT_HEADERDATA, answer);
    curl_easy_setopt(host->curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(host->curl, CURLOPT_WRITEDATA, answer);
    code = curl_easy_perform(host->curl);
    /* An answer that was too large has stopped the transfer, and says so itself. */
    if (code != CURLE_OK && code != CURLE_WRITE_ERROR) {
        casewire_text why = casewire_text_from_string(curl_easy_strerror(code));
        casewire_answer_set_failed(answer, failure_of(code), why, NULL);
    }
    if (upload.file != NULL)
        fclose(upload.file);
    curl_slist_free_all(headers);
    free(method);
    free(url);
}

static void use_store(void *user_data, const casewire_step *step, casewire_answer *answer)
{
    struct host *host = user_data;
    casewire_memory_store_perform(host->store, step, answer, NULL);
}

/* Takes over what happened to the ticket. A real host stores it under its id before it says that it is done. */
static void take_over(void *user_data, const casewire_step *step, casewire_answer *answer)
{
    (void)user_data;
    fputs("delivered: ", stderr);
    print_text(stderr, casewire_step_json(step));
    fputc('\n', stderr);
    casewire_answer_set_done(answer, NULL);
}

static void operation_finished(void *user_data, const casewire_step *step)
{
    struct host *host = user_data;
    const casewire_error *error = casewire_step_error(step);
    uint64_t ticket = casewire_step_ticket_id(step);
    if (error != NULL) {
        print_text(stderr, casewire_error_message(error));
        fputc('\n', stderr);
    } else if (ticket != 0) {
        fputs("case ", stdout);
        print_text(stdout, casewire_step_case_id(step));
        printf(" -> ticket %llu\n", (unsigned long long)ticket);
        host->tickets++;
    }
}

static int64_t now_ms(void *user_data)
{
    struct timespec now;
    (void)user_data;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static uint32_t wait_until(void *user_data, int64_t deadline_ms)
{
    int64_t left = deadline_ms - now_ms(user_data);
    struct timespec pause = {(time_t)(left / 1000), (long)(left % 1000) * 1000000};
    if (left > 0)
        nanosleep(&pause, NULL);
    return 0;
}

/* Makes the connector, hands it the case, and lets it run until there is nothing left to do. */
static casewire_status open_ticket(struct host *host, casewire_text config, casewire_text keys[2],
                                   casewire_text case_json, casewire_error **error)
{
    casewire_credentials credentials = {sizeof credentials, keys[0], keys[1]};
    casewire_host callbacks = {0};
    casewire_connector *connector = NULL;
    uint64_t operation;
    casewire_status status;

    callbacks.struct_size = sizeof callbacks;
    callbacks.user_data = host;
    callbacks.now_ms = now_ms;
    callbacks.http = send_request;
    callbacks.store = use_store;
    callbacks.deliver = take_over;
    callbacks.wait_until = wait_until;
    callbacks.finished = operation_finished;

    status = casewire_memory_store_new(&host->store, error);
    if (status == CASEWIRE_STATUS_OK)
        status = casewire_connector_new(config, &credentials, NULL, now_ms(NULL), &connector, error);
    if (status == CASEWIRE_STATUS_OK)
        status = casewire_connector_submit_case(connector, case_json, now_ms(NULL), &operation, error);
    if (status == CASEWIRE_STATUS_OK)
        status = casewire_connector_run(connector, &callbacks, error);
    casewire_connector_free(connector);
    casewire_memory_store_free(host->store);
    return status;
}

static casewire_text key(const char *variable, const char *of_the_simulator)
{
    const char *value = getenv(variable);
    return casewire_text_from_string(value != NULL ? value : of_the_simulator);
}

/* Reads a case of up to 1 MiB. */
static casewire_text read_case(const char *path)
{
    static uint8_t bytes[1 << 20];
    casewire_text text = {bytes, 0};
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        exit(2);
    }
    text.size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    return text;
}

int main(int argc, char **argv)
{
    static char config[4096];
    struct host host = {NULL, NULL, 0};
    casewire_text keys[2];
    casewire_error *error = NULL;
    casewire_text case_json;

    if (argc < 2 || argc > 3) {
        fprintf(stderr, "usage: %s SITE [CASE.json]\n", argv[0]);
        return 2;
    }
    keys[0] = key("CASEWIRE_PUBLIC_KEY", "simulator-public");
    keys[1] = key("CASEWIRE_PRIVATE_KEY", "simulator-private");
    case_json = argc == 3 ? read_case(argv[2]) : casewire_text_from_string(CASE);
    snprintf(config, sizeof config, CONFIGURATION, argv[1]);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    host.curl = curl_easy_init();
    if (host.curl == NULL)
        return 2;

    if (open_ticket(&host, casewire_text_from_string(config), keys, case_json, &error) != CASEWIRE_STATUS_OK) {
        print_text(stderr, casewire_error_message(error));
        fputc('\n', stderr);
        casewire_error_free(error);
    }
    curl_easy_cleanup(host.curl);
    curl_global_cleanup();
    return host.tickets == 1 ? 0 : 1;
}
