/*
 * json_path.h: one value inside a JSON text, named as in jq: .a.b[0]["x y"]
 *
 * The part of jq's language that needs no jq: names, indices and quoted names
 * without escapes, one behind the other.  It means what it means there, but
 * what it finds keeps the bytes that it came with, and is found about as fast
 * as the text can be read.
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

/* Read a path.  Unless it is one, *p stays zeroed. */
enum json_path_verdict json_path_read(struct json_path *p,
	    struct slice text);
void	json_path_clear(struct json_path *p);

/* Find the value.  What is not there is null, as is what is inside of null.
 * 0, or -1 with *e filled when a step meets the wrong type. */
int	json_path_find(const struct json_path *p, struct slice value,
	    struct json_elem *out, struct errbuf *e);
