/* A million objects are made and freed, and the process does not grow. */
#include <unistd.h>

#include "check.h"

#ifdef __SANITIZE_ADDRESS__
/* It keeps what was freed for a while, and finds what was not freed by itself. */
enum { CYCLES = 20 * 1000, CONNECTORS = 200, MEASURED = 0 };
#else
/* A connector checks its whole configuration, so that a million of them would take minutes. */
enum { CYCLES = 1000 * 1000, CONNECTORS = 5 * 1000, MEASURED = 1 };
#endif

/* What the process may grow by: what an allocator keeps. */
static const long ROOM = 1 << 20;

/* The memory that the process has, in bytes. */
static long resident(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    CHECK(file != NULL && fscanf(file, "%*s %ld", &pages) == 1);
    if (file != NULL)
        fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

static casewire_connector *connector;
static casewire_step *step;

static void an_object_of_each_kind(void)
{
    casewire_memory_store *store = NULL;
    casewire_answer *answer = NULL;
    casewire_error *error = NULL;
    if (casewire_memory_store_new(&store, NULL) != OK || casewire_answer_new(step, &answer, NULL) != OK)
        failures++;
    if (casewire_answer_set_http(answer, 1, &error) != CASEWIRE_STATUS_INVALID_VALUE)
        failures++;
    casewire_error_free(error);
    casewire_answer_free(answer);
    casewire_memory_store_free(store);
}

static void a_connector_and_its_step(void)
{
    casewire_connector *made = new_connector();
    casewire_step *first = NULL;
    CHECK_STATUS(OK, casewire_connector_poll(made, START, &first, &error));
    casewire_step_free(first);
    casewire_connector_free(made);
}

static void stays_flat(const char *what, int count, void (*cycle)(void))
{
    long before;
    long grown;
    for (int i = 0; i < count / 10; i++)
        cycle();
    before = resident();
    for (int i = 0; i < count; i++)
        cycle();
    grown = resident() - before;
    printf("%d times %s: the process grew by %ld bytes\n", count, what, grown);
    CHECK(!MEASURED || grown < ROOM);
}

int main(void)
{
    connector = new_connector();
    CHECK_STATUS(OK, casewire_connector_poll(connector, START, &step, &error));
    stays_flat("a store, an answer and an error", CYCLES, an_object_of_each_kind);
    stays_flat("a connector and a step", CONNECTORS, a_connector_and_its_step);
    casewire_step_free(step);
    casewire_connector_free(connector);
    (void)NO_BODY;
    return report("cycles");
}
