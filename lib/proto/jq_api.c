/*
 * jq_api.c: the functions of libjq.
 */
#include "proto/jq_api.h"

#include <stdint.h>

#include "base/library.h"
#include "proto/jq.h"

#define ROW(fn)	LIBRARY_ROW(jq_api, fn)

static const struct library_symbol jq_symbols[] = {
	ROW(jq_init), ROW(jq_teardown), ROW(jq_set_attr),
	ROW(jq_set_debug_cb), ROW(jq_set_error_cb), ROW(jq_set_input_cb),
	ROW(jq_util_input_free),
	ROW(jq_util_input_init), ROW(jq_util_input_next_input_cb),
	ROW(jq_set_nomem_handler), ROW(jq_compile), ROW(jq_start),
	ROW(jq_next), ROW(jq_halt), ROW(jq_halted),
	ROW(jq_get_error_message), ROW(jv_array),
	ROW(jv_copy), ROW(jv_dump_string), ROW(jv_free), ROW(jv_get_kind),
	ROW(jv_identical), ROW(jv_invalid), ROW(jv_invalid_get_msg),
	ROW(jv_null), ROW(jv_object), ROW(jv_object_get), ROW(jv_object_set),
	ROW(jv_parser_free), ROW(jv_parser_new), ROW(jv_parser_next),
	ROW(jv_parser_set_buf), ROW(jv_string), ROW(jv_string_length_bytes),
	ROW(jv_string_value),
	{ .name = NULL }
};

static const struct library libjq = {
	"libjq.so.1", "jq programs need libjq", jq_symbols
};

static void
on_debug(void *arg, jv message)
{
	((const struct jq_api *)arg)->jv_free(message);
}

jq_state *
jq_api_state(const struct jq_api *api, void (*no_memory)(void *))
{
	jq_state *jq = api->jq_init();

	if (jq == NULL)
		return NULL;
	api->jq_set_nomem_handler(jq, no_memory, NULL);
	api->jq_set_debug_cb(jq, on_debug, (void *)(uintptr_t)api);
	return jq;
}

int
jq_api_load(struct jq_api *api, struct errbuf *e)
{
	return library_load(api, &libjq, e);
}

int
jq_prepare(struct errbuf *e)
{
	struct jq_api api;

	return jq_api_load(&api, e);
}
