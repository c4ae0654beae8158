/* What cgo calls. Go memory is lent by address and length, for one call, and never inside a struct. */
#ifndef CASEWIRE_GO_H
#define CASEWIRE_GO_H

#include "casewire.h"

static inline casewire_text cw_text(const uint8_t *data, size_t size)
{
    casewire_text text = {data, size};
    return text;
}

static inline casewire_slice cw_slice(const uint8_t *data, size_t size)
{
    casewire_slice slice = {data, size};
    return slice;
}

/* In log.c: hands a line on to Go. */
void cw_log(void *user_data, uint32_t level, casewire_text message);

static inline casewire_status cw_connector_new(const uint8_t *config, size_t config_size,
                                               int has_keys, const uint8_t *public_key, size_t public_size,
                                               const uint8_t *private_key, size_t private_size,
                                               const uint8_t *client_id, size_t client_size,
                                               const uint8_t *secret, size_t secret_size, uint64_t seed,
                                               uintptr_t log, uint32_t log_level, int64_t now,
                                               casewire_connector **connector, casewire_error **error)
{
    casewire_credentials keys = {sizeof keys, cw_text(public_key, public_size), cw_text(private_key, private_size)};
    casewire_options options = {0};
    options.struct_size = sizeof options;
    options.client_id = cw_text(client_id, client_size);
    options.callback_secret = cw_text(secret, secret_size);
    options.seed = seed;
    if (log_level != 0) {
        options.log = cw_log;
        options.log_user_data = (void *)log;
        options.log_level = log_level;
    }
    return casewire_connector_new(cw_text(config, config_size), has_keys ? &keys : NULL, &options, now, connector,
                                  error);
}

static inline casewire_status cw_connector_submit(casewire_connector *connector, int is_case, const uint8_t *json,
                                                  size_t size, int64_t now, uint64_t *operation,
                                                  casewire_error **error)
{
    return is_case ? casewire_connector_submit_case(connector, cw_text(json, size), now, operation, error)
                   : casewire_connector_submit(connector, cw_text(json, size), now, operation, error);
}

/* The next step with all that it tells, in one crossing. */
static inline casewire_status cw_connector_poll(casewire_connector *connector, int64_t now, casewire_step **step,
                                                casewire_step_view *view, casewire_error **error)
{
    casewire_status status = casewire_connector_poll(connector, now, step, error);
    view->struct_size = sizeof *view;
    return status == CASEWIRE_STATUS_OK ? casewire_step_read(*step, view, error) : status;
}

static inline casewire_status cw_answer_header(casewire_answer *answer, const uint8_t *name, size_t name_size,
                                               const uint8_t *value, size_t value_size)
{
    return casewire_answer_add_header(answer, cw_text(name, name_size), cw_text(value, value_size), NULL);
}

static inline casewire_status cw_answer_body(casewire_answer *answer, const uint8_t *data, size_t size)
{
    return casewire_answer_add_body(answer, cw_slice(data, size), NULL);
}

static inline casewire_status cw_answer_stored(casewire_answer *answer, uint64_t length, const uint8_t *sha256,
                                               size_t size, casewire_error **error)
{
    return casewire_answer_set_stored(answer, length, cw_text(sha256, size), error);
}

static inline casewire_status cw_answer_failed(casewire_answer *answer, uint32_t kind, const uint8_t *why, size_t size,
                                               casewire_error **error)
{
    return casewire_answer_set_failed(answer, kind, cw_text(why, size), error);
}

static inline casewire_status cw_answer_json(casewire_answer *answer, const uint8_t *json, size_t size,
                                             casewire_error **error)
{
    return casewire_answer_set_json(answer, cw_text(json, size), cw_slice(NULL, 0), error);
}

/* The functions that need no connector. */
static inline casewire_status cw_config_validate(const uint8_t *json, size_t size, casewire_error **error)
{
    return casewire_config_validate(cw_text(json, size), error);
}

static inline casewire_status cw_case_validate(const uint8_t *json, size_t size, casewire_error **error)
{
    return casewire_case_validate(cw_text(json, size), error);
}

static inline casewire_status cw_config_preset(const uint8_t *name, size_t size, casewire_bytes **json,
                                               casewire_error **error)
{
    return casewire_config_preset(cw_text(name, size), json, error);
}

static inline casewire_status cw_case_preview(const uint8_t *config, size_t config_size, const uint8_t *catalog,
                                              size_t catalog_size, const uint8_t *document, size_t document_size,
                                              casewire_bytes **json, casewire_error **error)
{
    return casewire_case_preview(cw_text(config, config_size), cw_text(catalog, catalog_size),
                                 cw_text(document, document_size), json, error);
}

static inline casewire_status cw_mapping_suggest(const uint8_t *request, size_t size, casewire_bytes **json,
                                                 casewire_error **error)
{
    return casewire_mapping_suggest(cw_text(request, size), json, error);
}

static inline casewire_status cw_callback_verify(const uint8_t *config, size_t config_size, const uint8_t *secret,
                                                 size_t secret_size, const uint8_t *segment, size_t segment_size,
                                                 casewire_error **error)
{
    return casewire_callback_verify(cw_text(config, config_size), cw_text(secret, secret_size),
                                    cw_text(segment, segment_size), error);
}

#endif
