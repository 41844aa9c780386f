/*
 * key.h: the table of the keys of wampd.yml, and reading their values
 * (key_store.c).
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
	KEY_PATH,	/* const char *; a file, relative to the one that
			 * names it */
	KEY_SECRET,	/* as KEY_PATH; only the broker may read it */
	KEY_FOLDER,	/* as KEY_PATH; files are made in it */
	KEY_CWD,	/* as KEY_PATH; the folder in which the command of the
			 * key before runs; default: that of its file */
	KEY_MADE,	/* as KEY_PATH; the file is made and removed */
	KEY_SOCKET,	/* as KEY_PATH */
	KEY_ADDRESSES,	/* struct endpoint_list */
	KEY_PATHS,	/* struct opt_list; as KEY_PATH */
	KEY_SECRETS,	/* struct opt_list; as KEY_SECRET */
	KEY_INT,	/* int64_t, at least min */
	KEY_SIZE,	/* uint64_t, at least min */
	KEY_MEMORY,	/* the same, and may be larger */
	KEY_DURATION,	/* int64_t, ms, at least min */
	KEY_TTL,	/* int64_t, ms; -1 for the first of words */
	KEY_WORD,	/* int, index into words */
	KEY_FLAG,	/* bool */
	KEY_COMMAND,	/* struct opt_list; a program, its arguments */
	KEY_PLACES,	/* struct opt_list; paths of URLs */
	KEY_PLACE,	/* const char *; such a path, "yes" for the first of
			 * words, or "no" for NULL */
	KEY_NETWORKS,	/* struct opt_list; see network.h */
	KEY_PROXIES,	/* struct opt_list; as KEY_NETWORKS, or "unix" */
	KEY_HOSTS,	/* struct host_list; hosts and *.NAME */
	KEY_URLS,	/* struct host_list; of their hosts */
	KEY_MODE,	/* mode_t, octal */
	KEY_GROUP,	/* gid_t */
	KEY_USER,	/* struct config_user */
	KEY_PARAMETERS,	/* struct declarations *, which is read from */
	KEY_HANDLERS,	/* both together */
};

struct key {
	const char	  *name;	/* "limits.queue" */
	enum key_type	   type;
	size_t		   at;		/* offset in struct config */
	const char	  *value;	/* default; NULL: none */
	const char	  *help;	/* one line */
	long long	   min;
	const char *const *words;	/* KEY_WORD; NULL-terminated */
	bool		   live;	/* a reload applies a change of it;
					 * otherwise it needs a restart */
};

/* In the order in which -T prints them.  The keys of a section are together. */
extern const struct key keys[];
extern const size_t nkeys;

/* The words of keys that are also options. */
extern const char *const key_compat_words[];
extern const char *const key_level_words[];
extern const char *const key_format_words[];

/* The key of that name, or NULL. */
const struct key *key_find(const char *name);

/* Whether it takes a list of values. */
bool	key_is_list(const struct key *k);

/* Whether its values are paths. */
bool	key_is_path(const struct key *k);

/* Whether the files that it names hold secrets. */
bool	key_is_secret(const struct key *k);

/* Whether the files that it names are read, also by a later reload. */
bool	key_is_read(const struct key *k);

/* Whether the name of a key begins with that section and a dot. */
bool	key_is_section(const char *name);

/* How many bytes of the two names are sections that both are in, with the dots
 * after them: 4 of "tls.cert" and "tls.key". */
size_t	key_shared_sections(const char *a, const char *b);

/* Append the names that are allowed in that section, such as "cert, key".
 * section ends in a dot, or is "" for the top level.  0, or -1 when out of
 * memory. */
int	key_list(struct buf *out, const char *section);

/* The environment variable that sets a key's default, or NULL if none is set
 * (key_default.c). */
const char *key_variable(const struct key *k);

/* Append the value of a key that is not set, if there is a default
 * (key_default.c).  0, or -1 with *e filled. */
int	key_default(const struct key *k, struct buf *out, struct errbuf *e);

/* Check a value and store it in *cfg.  text must live as long as cfg.  0, or -1
 * with *e filled. */
int	key_store(struct config *cfg, const struct key *k, const char *text,
	    struct errbuf *e);

/* Empty a list.  A single value stays; the next one replaces it. */
void	key_unset(struct config *cfg, const struct key *k);
