/* What the C tests share. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "casewire.h"

/* Counts failures and goes on, so that one run shows all of them. */
static int failures;

#define CHECK(condition)                                                           \
    do {                                                                           \
        if (!(condition)) {                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);        \
            failures++;                                                            \
        }                                                                          \
    } while (0)

/* Checks how a call ended; the call gives its error to `&error`, which is freed. */
#define CHECK_STATUS(expected, call)                                               \
    do {                                                                           \
        casewire_error *error = NULL;                                              \
        casewire_status status_ = (call);                                          \
        if (status_ != (expected)) {                                               \
            casewire_text why = casewire_error_message(error);                     \
            fprintf(stderr, "%s:%d: %s: status %d: %.*s\n", __FILE__, __LINE__,    \
                    #call, (int)status_, (int)why.size, (const char *)why.data);   \
            failures++;                                                            \
        }                                                                          \
        CHECK(casewire_error_status(error) == status_);                            \
        CHECK((error == NULL) == (status_ == CASEWIRE_STATUS_OK));                 \
        casewire_error_free(error);                                                \
    } while (0)

#define OK CASEWIRE_STATUS_OK
#define TEXT(literal) casewire_text_from_string(literal)

static const casewire_slice NO_BODY = {NULL, 0};

static const char CONFIGURATION[] =
    "{\"version\": 1, \"instance\": \"c-test\","
    " \"connection\": {\"site\": \"https://psa.test\", \"company_id\": \"acme\","
    "   \"client_id\": \"6f1f6f0e-3c1d-4a52-9a54-0b9f5f4f9e11\"},"
    " \"companies\": {\"map\": [{\"group\": \"48Tech\", \"company\": {\"identifier\": \"BigDesign\"}}]},"
    " \"routes\": [{\"name\": \"all\", \"board\": \"Help Desk\"}],"
    " \"status_map\": {\"Help Desk\": {\"to_case\": {\"New\": \"open\", \"Closed\": \"closed\"},"
    "   \"to_ticket\": {\"open\": \"New\", \"closed\": \"Closed\"}}},"
    " \"priority_map\": {\"critical\": \"Priority 1 - Emergency Response\"}}";

/* A case, all but its id and its description. */
static const char CASE_FORM[] =
    "{\"id\": \"%s\", \"title\": \"Audit log cleared\", \"description\": \"%s\", \"severity\": \"critical\","
    " \"group\": {\"id\": \"48Tech\"}, \"created_at\": \"2019-02-11T01:07:14Z\","
    " \"updated_at\": \"2019-02-11T01:09:53Z\"}";

/* The time at which tests begin, in 2019. */
static const int64_t START = 1549847234000;

static inline casewire_connector *new_connector(void)
{
    casewire_connector *connector = NULL;
    CHECK_STATUS(OK, casewire_connector_new(TEXT(CONFIGURATION), NULL, NULL, START, &connector, &error));
    if (connector == NULL)
        exit(1);
    return connector;
}

/* Submits a case with a description of `size` bytes, and tells the status. */
static inline casewire_status submit_case(casewire_connector *connector, const char *id, size_t size,
                                          int64_t now, uint64_t *operation, casewire_error **error)
{
    char *description = malloc(size + 1);
    char *json = malloc(size + sizeof CASE_FORM + strlen(id));
    casewire_status status;
    if (description == NULL || json == NULL)
        exit(1);
    memset(description, 'x', size);
    description[size] = '\0';
    sprintf(json, CASE_FORM, id, description);
    status = casewire_connector_submit_case(connector, TEXT(json), now, operation, error);
    free(description);
    free(json);
    return status;
}

/* Whether a text, which has no NUL at its end, has a string in it. */
static inline int contains(casewire_text text, const char *string)
{
    size_t length = strlen(string);
    for (size_t i = 0; i + length <= text.size; i++) {
        if (memcmp(text.data + i, string, length) == 0)
            return 1;
    }
    return 0;
}

static inline int report(const char *program)
{
    printf("%s: %d failures\n", program, failures);
    return failures == 0 ? 0 : 1;
}

#endif
