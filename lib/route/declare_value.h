/*
 * declare_value.h: internals of declare_key.c: the values of a handler's keys.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "route/declare_table.h"
#include "route/source.h"
#include "route/yaml.h"

#define DECLARE_PROGRAM_MAX	65536	/* bytes of a jq program */

/* The handler that is being read. */
struct declare_reading {
	struct declarations *table;
	const struct source *source;
	struct handler_decl *h;
	const struct yaml_node *name;	/* in the mapping of all */
	unsigned type;			/* one bit of declare_key->types */
	bool	 programs;		/* its rights may contain programs */
};

struct declare_key;

/* Read a value that is not null into `at`. Report errors. */
typedef void declare_key_fn(struct declare_reading *r,
	    const struct declare_key *k, const struct yaml_node *n, void *at);

/* Append " VALUE", the text after " key:" in wampd.yml, or nothing if the key
 * must be left out.  0, or -1 with *e filled. */
typedef int declare_print_fn(struct buf *out, const struct handler_decl *h,
	    const void *at, struct errbuf *e);

struct declare_key {
	const char *name;
	unsigned    types;	/* a set: the types that have the key */
	declare_key_fn *read;
	declare_print_fn *print;
	size_t	    at;		/* in struct handler_decl */
	int64_t	    max;	/* declare_read_count() and _rate() */
};

/* Append the words of access lists, such as "anyone, role:NAME or user:NAME".
 * 0, or -1 when out of memory (declare_who.c). */
int	declare_who_list(struct buf *out);

/* Each stores what its comment says at `at`. */
declare_key_fn declare_read_flag;	/* bool */
declare_key_fn declare_read_text;	/* const char * */
declare_key_fn declare_read_count;	/* int64_t, from 1 to max */
declare_key_fn declare_read_size;	/* uint64_t, bytes */
declare_key_fn declare_read_duration;	/* int64_t, milliseconds */
declare_key_fn declare_read_log;	/* int, level */
declare_key_fn declare_read_overflow;	/* int, enum declare_overflow */
declare_key_fn declare_read_message;	/* const char *, JSON */
declare_key_fn declare_read_folder;	/* const char * */
declare_key_fn declare_read_right;	/* struct declare_right */
declare_key_fn declare_read_rate;	/* struct handler_decl */
declare_key_fn declare_read_retain;	/* struct handler_decl */
declare_key_fn declare_read_history;	/* struct handler_decl */
declare_key_fn declare_read_command;	/* struct declare_exec */
declare_key_fn declare_read_env;	/* struct declare_exec */
declare_key_fn declare_read_restart;	/* struct declare_exec */

/* Append the JSON schema of the values that the key's reader accepts
 * (declare_schema.c). programs: rights may contain programs.  0 or -1. */
int	declare_schema_key(struct buf *out, const struct declare_key *k,
	    bool programs);

/* The words of declare_read_overflow(). */
extern const char *const declare_overflow_words[];

/* Each prints what its reader reads (declare_print.c). */
declare_print_fn declare_print_flag;
declare_print_fn declare_print_text;
declare_print_fn declare_print_count;
declare_print_fn declare_print_size;
declare_print_fn declare_print_duration;
declare_print_fn declare_print_log;
declare_print_fn declare_print_overflow;
declare_print_fn declare_print_message;
declare_print_fn declare_print_folder;
declare_print_fn declare_print_right;
declare_print_fn declare_print_rate;
declare_print_fn declare_print_retain;
declare_print_fn declare_print_history;
declare_print_fn declare_print_command;
declare_print_fn declare_print_env;
declare_print_fn declare_print_restart;
