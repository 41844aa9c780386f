/*
 * jq_api.h: internals of jq.c: the functions of libjq.
 *
 * They consume their jv arguments, except jv_copy() and those marked "borrows"
 * below.  Their results belong to the caller, except those marked "lends".
 */
#pragma once

#include <jq.h>

#include "base/err.h"

/* An inline function in jv.h refers to it, and without optimisation it
 * remains. */
#pragma weak jv_get_kind

/* The functions that are called, with the types of the header. */
struct jq_api {
	__typeof__(&jq_init)		 jq_init;
	__typeof__(&jq_teardown)	 jq_teardown;
	__typeof__(&jq_set_attr)	 jq_set_attr;
	__typeof__(&jq_set_debug_cb)	 jq_set_debug_cb;
	__typeof__(&jq_set_error_cb)	 jq_set_error_cb;
	__typeof__(&jq_set_nomem_handler) jq_set_nomem_handler;
	__typeof__(&jq_set_input_cb)	 jq_set_input_cb;
	__typeof__(&jq_util_input_free)	 jq_util_input_free;
	__typeof__(&jq_util_input_init)	 jq_util_input_init;
	__typeof__(&jq_util_input_next_input_cb) jq_util_input_next_input_cb;
	__typeof__(&jq_compile)		 jq_compile;
	__typeof__(&jq_start)		 jq_start;
	__typeof__(&jq_next)		 jq_next;
	__typeof__(&jq_halt)		 jq_halt;
	__typeof__(&jq_halted)		 jq_halted;
	__typeof__(&jq_get_error_message) jq_get_error_message;
	__typeof__(&jv_array)		 jv_array;
	__typeof__(&jv_copy)		 jv_copy;
	__typeof__(&jv_dump_string)	 jv_dump_string;
	__typeof__(&jv_free)		 jv_free;
	__typeof__(&jv_get_kind)	 jv_get_kind;	/* borrows */
	__typeof__(&jv_identical)	 jv_identical;
	__typeof__(&jv_invalid)		 jv_invalid;
	__typeof__(&jv_invalid_get_msg)	 jv_invalid_get_msg;
	__typeof__(&jv_null)		 jv_null;
	__typeof__(&jv_object)		 jv_object;
	__typeof__(&jv_object_get)	 jv_object_get;
	__typeof__(&jv_object_set)	 jv_object_set;
	__typeof__(&jv_parser_free)	 jv_parser_free;
	__typeof__(&jv_parser_new)	 jv_parser_new;
	__typeof__(&jv_parser_next)	 jv_parser_next;
	__typeof__(&jv_parser_set_buf)	 jv_parser_set_buf;
	__typeof__(&jv_string)		 jv_string;
	__typeof__(&jv_string_length_bytes) jv_string_length_bytes;
	__typeof__(&jv_string_value)	 jv_string_value; /* borrows */
};

/* Load libjq and fill the table.  0, or -1 with *e filled. */
int	jq_api_load(struct jq_api *api, struct errbuf *e);

/* A new state of libjq; version 1.6 leaves to chance what it calls when there
 * is no memory, and for "debug".  That prints nothing here: a program may run
 * several times for one event, with numbers that stand for others.  Borrows
 * api; NULL when out of memory. */
jq_state *jq_api_state(const struct jq_api *api, void (*no_memory)(void *));
