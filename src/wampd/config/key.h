/*
 * key.h: the table of wampd.yml's keys, and how each value is read.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct config;

enum key_type {
	KEY_STRING,	/* const char * */
	KEY_IDENT,	/* const char *; see key_store() */
	KEY_PATH,	/* const char *; relative to the file that names it */
	KEY_SOCKET,	/* as KEY_PATH */
	KEY_ADDRESSES,	/* struct endpoint_list */
	KEY_PATHS,	/* struct opt_list; as KEY_PATH */
	KEY_INT,	/* int64_t, at least min */
	KEY_SIZE,	/* uint64_t, at least min */
	KEY_MEMORY,	/* the same, and may be larger */
	KEY_DURATION,	/* int64_t, ms, at least min */
	KEY_WORD,	/* int, index into words */
	KEY_MODE,	/* mode_t, octal */
	KEY_GROUP,	/* gid_t */
	KEY_PARAMETERS,	/* struct declarations *; read as a whole, */
	KEY_HANDLERS,	/* at the same place, both together */
};

struct key {
	const char	  *name;	/* "limits.queue" */
	enum key_type	   type;
	size_t		   at;		/* offset in struct config */
	const char	  *value;	/* default; NULL: none */
	const char	  *help;	/* one line */
	long long	   min;
	const char *const *words;	/* KEY_WORD; NULL-terminated */
};

/* In the order in which -T prints them; a section's keys stand together. */
extern const struct key keys[];
extern const size_t nkeys;

/* The words of keys that options stand for, too. */
extern const char *const key_compat_words[];
extern const char *const key_level_words[];
extern const char *const key_format_words[];

/* The key of that name, or NULL. */
const struct key *key_find(const char *name);

/* Whether it takes a list of values. */
bool	key_is_list(const struct key *k);

/* Whether its values are paths. */
bool	key_is_path(const struct key *k);

/* Whether some key's name begins with that section and a dot. */
bool	key_is_section(const char *name);

/* Append what may stand in that section, or at the top for "": "cert, key".
 * section ends in a dot.  0, or -1 when out of memory. */
int	key_list(struct buf *out, const char *section);

/* The environment variable that sets a key's default, or NULL if none is set
 * (default.c). */
const char *key_variable(const struct key *k);

/* Append the value of a key that nothing has set, if it has one.  0, or -1 with
 * *e filled. */
int	key_default(const struct key *k, struct buf *out, struct errbuf *e);

/* Check one value and put it where the key says.  text lives as long as cfg.
 * 0, or -1 with *e filled. */
int	key_store(struct config *cfg, const struct key *k, const char *text,
	    struct errbuf *e);

/* Empty a list; of a single value, the next one that is stored counts. */
void	key_unset(struct config *cfg, const struct key *k);
