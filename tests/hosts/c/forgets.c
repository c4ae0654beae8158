/*
 * When a connector and its steps are freed, no copy of its keys is left: all memory that the process can write to is
 * searched, as who takes a dump of it would. What is searched for is never in memory itself: keys are computed letter by
 * letter, and the header's value is kept masked.
 */
#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include "check.h"

/* Freed memory begins with the allocator's own notes, so that only what lies behind them is looked for. */
enum { KEY = 48, BEHIND = 16, MASK = 0x55, HEADER = 1024, CHUNK = 1 << 20 };
enum { PUBLIC, PRIVATE, AUTHORIZATION, SECRETS };

static const char *const NAMES[SECRETS] = {"public key", "private key", "Authorization"};

/* Sanitizers map terabytes of which they use little. */
static const unsigned long LARGEST = 1UL << 32;

static unsigned char masked_header[HEADER];
static size_t header_size;

static unsigned char letter(int secret, size_t index)
{
    if (secret == AUTHORIZATION)
        return masked_header[index] ^ MASK;
    return (unsigned char)('a' + (index * 7 + index / 5 + (size_t)secret * 11) % 26);
}

static size_t size_of(int secret)
{
    return secret == AUTHORIZATION ? header_size : KEY;
}

static int is_at(int secret, const unsigned char *place)
{
    for (size_t i = BEHIND; i < size_of(secret); i++) {
        if (place[i] != letter(secret, i))
            return 0;
    }
    return 1;
}

/* Counts the copies of each secret in one mapping. */
static void search(int memory, unsigned long begin, unsigned long end, int found[SECRETS])
{
    static unsigned char chunk[CHUNK + HEADER];
    for (unsigned long at = begin; at < end; at += CHUNK) {
        size_t wanted = end - at < sizeof chunk ? end - at : sizeof chunk;
        ssize_t size = pread(memory, chunk, wanted, (off_t)at);
        for (ssize_t i = 0; i < size && i < CHUNK; i++) {
            for (int secret = 0; secret < SECRETS; secret++) {
                if ((size_t)(size - i) >= size_of(secret) && is_at(secret, chunk + i))
                    found[secret]++;
            }
        }
    }
    memset(chunk, 0, sizeof chunk);
}

static void search_all(int found[SECRETS])
{
    FILE *maps = fopen("/proc/self/maps", "r");
    int memory = open("/proc/self/mem", O_RDONLY);
    char line[4096];
    memset(found, 0, SECRETS * sizeof *found);
    CHECK(maps != NULL && memory >= 0);
    if (maps == NULL || memory < 0)
        return;
    while (fgets(line, sizeof line, maps) != NULL) {
        unsigned long begin, end;
        char read, write;
        if (sscanf(line, "%lx-%lx %c%c", &begin, &end, &read, &write) == 4 && read == 'r' && write == 'w' &&
            end - begin < LARGEST)
            search(memory, begin, end, found);
    }
    fclose(maps);
    close(memory);
}

static void wipe(volatile unsigned char *bytes, size_t size)
{
    while (size-- != 0)
        bytes[size] = 0;
}

static casewire_connector *connector_with_keys(void)
{
    unsigned char keys[2][KEY];
    casewire_connector *connector = NULL;
    casewire_credentials credentials = {0};
    for (size_t i = 0; i < KEY; i++) {
        keys[PUBLIC][i] = letter(PUBLIC, i);
        keys[PRIVATE][i] = letter(PRIVATE, i);
    }
    credentials.struct_size = sizeof credentials;
    credentials.public_key.data = keys[PUBLIC];
    credentials.public_key.size = KEY;
    credentials.private_key.data = keys[PRIVATE];
    credentials.private_key.size = KEY;
    CHECK_STATUS(OK, casewire_connector_new(TEXT(CONFIGURATION), &credentials, NULL, START, &connector, &error));
    wipe(keys[0], sizeof keys);
    return connector;
}

static void keep_header(const casewire_step *step)
{
    for (size_t i = 0; i < casewire_step_http_header_count(step); i++) {
        casewire_text value = casewire_step_http_header_value(step, i);
        if (contains(casewire_step_http_header_name(step, i), "uthorization") && value.size <= HEADER) {
            for (size_t j = 0; j < value.size; j++)
                masked_header[j] = value.data[j] ^ MASK;
            header_size = value.size;
        }
    }
}

/* Answers the question for the codebase, the only request without keys (API.md section 1). */
static casewire_status tell_codebase(casewire_answer *answer, casewire_error **why)
{
    static const char INFO[] = "{\"CompanyName\": \"Acme\", \"Codebase\": \"v2025_1/\", \"VersionCode\": \"v2025.1\","
                               " \"CompanyID\": \"acme\", \"IsCloud\": true, \"SiteUrl\": \"psa.test\"}";
    casewire_slice body = {(const uint8_t *)INFO, sizeof INFO - 1};
    casewire_status status = casewire_answer_set_http(answer, 200, why);
    if (status == OK)
        status = casewire_answer_add_header(answer, TEXT("content-type"), TEXT("application/json"), why);
    return status == OK ? casewire_answer_add_body(answer, body, why) : status;
}

/* Works until a request with the keys is at hand, which it returns. */
static casewire_step *first_request(casewire_connector *connector, casewire_memory_store *store)
{
    for (;;) {
        casewire_step *step = NULL;
        casewire_answer *answer = NULL;
        uint32_t kind;
        CHECK_STATUS(OK, casewire_connector_poll(connector, START, &step, &error));
        kind = casewire_step_kind(step);
        if (kind == CASEWIRE_STEP_HTTP)
            keep_header(step);
        if (header_size != 0 || kind == CASEWIRE_STEP_IDLE || failures != 0)
            return step;
        if (kind != CASEWIRE_STEP_FINISHED) {
            CHECK_STATUS(OK, casewire_answer_new(step, &answer, &error));
            if (kind == CASEWIRE_STEP_STORE)
                CHECK_STATUS(OK, casewire_memory_store_perform(store, step, answer, &error));
            else if (kind == CASEWIRE_STEP_HTTP)
                CHECK_STATUS(OK, tell_codebase(answer, &error));
            else
                CHECK_STATUS(OK, casewire_answer_set_done(answer, &error));
            CHECK_STATUS(OK, casewire_connector_answer(connector, answer, START, &error));
            casewire_answer_free(answer);
        }
        casewire_step_free(step);
    }
}

int main(void)
{
    int found[SECRETS];
    uint64_t operation;
    casewire_memory_store *store = NULL;
    casewire_connector *connector = connector_with_keys();
    casewire_step *step;
    CHECK_STATUS(OK, casewire_memory_store_new(&store, &error));
    CHECK_STATUS(OK, submit_case(connector, "1", 100, START, &operation, &error));
    step = first_request(connector, store);
    CHECK(casewire_step_kind(step) == CASEWIRE_STEP_HTTP && header_size > BEHIND);
    CHECK(casewire_step_json(step).size != 0);
    search_all(found);
    for (int secret = 0; secret < SECRETS; secret++)
        CHECK(found[secret] > 0);
    casewire_step_free(step);
    casewire_connector_free(connector);
    casewire_memory_store_free(store);
    search_all(found);
    for (int secret = 0; secret < SECRETS; secret++) {
        if (found[secret] != 0)
            fprintf(stderr, "%s: %d copies left\n", NAMES[secret], found[secret]);
        CHECK(found[secret] == 0);
    }
    return report("forgets");
}
