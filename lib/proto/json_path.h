/*
 * json_path.h: finds a value inside a JSON text by a path as in jq: .a.b[0]["x
 * y"]
 *
 * The part of the jq language that needs no libjq: names, indices and quoted
 * names without escapes, one after the other.  They mean the same as in jq, but
 * the value keeps its bytes, and is found about as fast as the text can be
 * read.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "proto/json.h"

struct json_step {
	size_t name;		/* where it begins in path->names, a C string;
				 * SIZE_MAX: it is an index */
	size_t index;
};

/* Zeroed: the value itself. */
struct json_path {
	struct json_step *steps;	/* owned */
	size_t		  n;
	struct buf	  names;	/* owned */
};

enum json_path_verdict {
	JSON_PATH_OK,
	JSON_PATH_OTHER,	/* another kind of jq program, or none */
	JSON_PATH_MEMORY,	/* out of memory */
};

/* Read a path.  If it is not one, *p stays zeroed. */
enum json_path_verdict json_path_read(struct json_path *p,
	    struct slice text);
void	json_path_clear(struct json_path *p);

/* Find the value.  A missing value is null, and so is anything inside null.  0,
 * or -1 with *e filled if a step meets a wrong type. */
int	json_path_find(const struct json_path *p, struct slice value,
	    struct json_elem *out, struct errbuf *e);
