/* What needs no connector: presets, checks, previews, replays, drift, suggestions, the path of callbacks. */
#include "check.h"

/* An instance with the board of the configuration. */
static const char CATALOG[] =
    "{\"read_at\": \"2019-02-11T00:00:00Z\", \"boards\": [{\"id\": 1, \"name\": \"Help Desk\", \"statuses\":"
    " [{\"id\": 1, \"name\": \"New\", \"default\": true}, {\"id\": 2, \"name\": \"Closed\", \"closed\": true}]}],"
    " \"priorities\": [{\"id\": 1, \"name\": \"Priority 1 - Emergency Response\"}]}";

static const char OTHER_CATALOG[] =
    "{\"read_at\": \"2019-02-12T00:00:00Z\", \"boards\": [{\"id\": 1, \"name\": \"Help Desk\", \"statuses\":"
    " [{\"id\": 1, \"name\": \"New\", \"default\": true}]}], \"priorities\": []}";

static const char TO_MAP[] =
    "{\"groups\": [{\"id\": \"48Tech\", \"name\": \"Big Design\"}],"
    " \"companies\": [{\"id\": 7, \"identifier\": \"BigDesign\", \"name\": \"Big Design, Inc.\"}]}";

static const char SECRET[] = "0123456789abcdef";

/* Whether a call made a text with this in it; the text is freed. */
#define CHECK_MADE(expected, call)                                                 \
    do {                                                                           \
        casewire_bytes *made = NULL;                                               \
        CHECK_STATUS(OK, call);                                                    \
        if (!contains(casewire_bytes_text(made), expected)) {                      \
            casewire_text text_ = casewire_bytes_text(made);                       \
            fprintf(stderr, "%s:%d: %.*s\n", __FILE__, __LINE__, (int)text_.size,  \
                    (const char *)text_.data);                                     \
            failures++;                                                            \
        }                                                                          \
        casewire_bytes_free(made);                                                 \
    } while (0)

static void presets(void)
{
    static const char *const names[] = {"netsurion", "netwrix", "arctic-wolf", "fortisiem", "heimdal"};
    casewire_error *why = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        casewire_bytes *made = NULL;
        CHECK_STATUS(OK, casewire_config_preset(TEXT(names[i]), &made, &error));
        CHECK_STATUS(OK, casewire_config_validate(casewire_bytes_text(made), &error));
        casewire_bytes_free(made);
    }
    CHECK(casewire_config_preset(TEXT("nobody"), NULL, &why) == CASEWIRE_STATUS_NULL_POINTER);
    casewire_error_free(why);
    why = NULL;
    {
        casewire_bytes *made = NULL;
        CHECK(casewire_config_preset(TEXT("nobody"), &made, &why) == CASEWIRE_STATUS_INVALID_VALUE);
        CHECK(made == NULL && contains(casewire_error_message(why), "netsurion"));
    }
    casewire_error_free(why);
}

static void previews(void)
{
    char json[1024];
    char history[4096];
    sprintf(json, CASE_FORM, "1", "It was cleared.");
    CHECK_STATUS(OK, casewire_config_check(TEXT(CONFIGURATION), TEXT(CATALOG), &error));
    CHECK_MADE("\"outcome\":\"ticket\"",
               casewire_case_preview(TEXT(CONFIGURATION), TEXT(CATALOG), TEXT(json), &made, &error));
    sprintf(history, "%s\n\n%s\nno case\n", json, json);
    CHECK_MADE("\"tickets\":1", casewire_case_replay(TEXT(CONFIGURATION), TEXT(CATALOG), TEXT(history), &made, &error));
    CHECK_MADE("\"refused\":1", casewire_case_replay(TEXT(CONFIGURATION), TEXT(CATALOG), TEXT(history), &made, &error));
    CHECK_MADE("Closed", casewire_config_drift(TEXT(CONFIGURATION), TEXT(CATALOG), TEXT(OTHER_CATALOG), &made, &error));
    CHECK_MADE("\"BigDesign\"", casewire_mapping_suggest(TEXT(TO_MAP), &made, &error));
}

/* A document that cannot be read is refused with its faults, and nothing is made. */
static void refusals(void)
{
    casewire_bytes *made = NULL;
    casewire_error *why = NULL;
    CHECK(casewire_config_check(TEXT(CONFIGURATION), TEXT(OTHER_CATALOG), &why) >= 200);
    CHECK(contains(casewire_error_json(why), "/status_map"));
    casewire_error_free(why);
    why = NULL;
    CHECK(casewire_mapping_suggest(TEXT("{\"grups\": []}"), &made, &why) != OK);
    CHECK(made == NULL && contains(casewire_error_json(why), "/grups"));
    casewire_error_free(why);
    why = NULL;
    CHECK(casewire_case_preview(TEXT(CONFIGURATION), TEXT("{}"), TEXT("{}"), &made, &why) != OK);
    CHECK(made == NULL && contains(casewire_error_json(why), "missing_key"));
    casewire_error_free(why);
    CHECK(casewire_bytes_text(NULL).size == 0);
}

static void paths_of_callbacks(void)
{
    CHECK_STATUS(CASEWIRE_STATUS_CALLBACK_SECRET_WRONG,
                 casewire_callback_verify(TEXT(CONFIGURATION), TEXT(SECRET), TEXT("guessed"), &error));
    CHECK_STATUS(CASEWIRE_STATUS_INVALID_VALUE,
                 casewire_callback_verify(TEXT(CONFIGURATION), TEXT("short"), TEXT("guessed"), &error));
}

/* A view tells what the functions of the object tell. */
static int same(casewire_text left, casewire_text right)
{
    return left.size == right.size && memcmp(left.data, right.data, left.size) == 0;
}

static void views(void)
{
    casewire_connector *connector = new_connector();
    casewire_step *step = NULL;
    casewire_error *why = NULL;
    casewire_step_view view;
    casewire_error_view told;
    memset(&view, 0, sizeof view);
    view.struct_size = sizeof view;
    CHECK_STATUS(OK, casewire_connector_poll(connector, START, &step, &error));
    CHECK_STATUS(OK, casewire_step_read(step, &view, &error));
    CHECK(view.struct_size == sizeof view && view.kind == casewire_step_kind(step));
    CHECK(view.effect_id == casewire_step_effect_id(step) && same(view.json, casewire_step_json(step)));
    CHECK(view.http_not_after_ms == INT64_MAX && view.header_count == 0 && view.error == NULL);
    view.struct_size = sizeof view - 1;
    CHECK_STATUS(CASEWIRE_STATUS_INVALID_VALUE, casewire_step_read(step, &view, &error));
    casewire_step_free(step);
    casewire_connector_free(connector);

    CHECK(casewire_case_validate(TEXT("{}"), &why) != OK);
    memset(&told, 0, sizeof told);
    told.struct_size = sizeof told;
    CHECK_STATUS(OK, casewire_error_read(why, &told, &error));
    CHECK(told.status == casewire_error_status(why) && told.can_retry == 0);
    CHECK(same(told.name, casewire_status_name(told.status)));
    CHECK(same(told.message, casewire_error_message(why)) && same(told.json, casewire_error_json(why)));
    casewire_error_free(why);
}

int main(void)
{
    presets();
    previews();
    refusals();
    paths_of_callbacks();
    views();
    (void)NO_BODY;
    return report("pure");
}
