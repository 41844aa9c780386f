/*
 * curie.h: a session's prefixes and the expansion of CURIEs (wamp1.md 1.3).
 */
#pragma once

#include <stddef.h>

#include "base/buf.h"
#include "base/slice.h"
#include "proto/wamp1.h"

struct prefix {
	char   *name;		/* owned, name_len bytes, then the URI's */
	size_t	name_len;
	size_t	uri_len;
};

/* Zeroed: no prefixes, no memory. */
struct prefixes {
	struct prefix *v;	/* owned */
	size_t	       n;
	size_t	       bytes;	/* of memory */
};

enum curie_result { CURIE_OK, CURIE_FULL, CURIE_NOMEM };

/* Map name to uri; an older mapping of that name is replaced.  Copies both.
 * CURIE_FULL if there would be more than `most`. */
enum curie_result prefixes_set(struct prefixes *p, struct slice name,
	    struct slice uri, size_t most);

/* How many bytes of memory a mapping takes. */
size_t	prefix_size(struct slice name, struct slice uri);

void	prefixes_clear(struct prefixes *p);

/*
 * Expand s.  If no prefix applies, *out is s itself (borrowed), else the
 * expansion in *scratch, which is reset first. spec: the mapped URI and the
 * rest are joined unchanged. oro: a "#" is inserted unless the URI ends in "#"
 * or "/", and text that contains http:// or https:// is never a CURIE.  The
 * part after the first colon is kept whole. s must not be in *scratch.  0 or -1
 * when out of memory.
 */
int	curie_expand(struct slice *out, const struct prefixes *p,
	    struct slice s, enum wamp_compat compat, struct buf *scratch);
