/*
 * files.h: lists of files, and the patterns that stand for them.
 *
 * A pattern has *, ?, [set], {one,other} and, alone between slashes, **, which
 * stands for any folders below, also for none.  Its files come in the order of
 * Symfony, which decides what a topic finds first: as people count, b9 before
 * b10; with ** byte by byte.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Zeroed: none. */
struct files {
	char **v;		/* owned, as each path; in order */
	size_t n;
};

#define FILES_MAX	10000	/* that one pattern may find */

/* Append a path.  0, or -1 when out of memory. */
int	files_add(struct files *l, const char *path);

/* Whether the text has a character that makes a pattern of it. */
bool	files_is_pattern(const char *text);

/* Append what the pattern finds, each path once, folders too.  A relative one
 * starts where the file `beside` is (NULL: here).  0, or -1 with *e filled. */
int	files_find(struct files *l, const char *beside, const char *pattern,
	    struct errbuf *e);

/* Append the YAML files of a folder.  0, or -1 with *e filled. */
int	files_in(struct files *l, const char *folder, struct errbuf *e);

/*
 * Append what a configuration's or command line's word stands for: the file of
 * that very name, or else those that a pattern finds, without folders and
 * without the n that are known.  No file is an error for a pattern; a name
 * without file is appended, for whoever opens it to complain.  0, or -1 with
 * *e filled.
 */
int	files_named(struct files *l, const char *const *known, size_t n,
	    const char *beside, const char *word, struct errbuf *e);

/* Whether the name ends as a YAML file's. */
bool	files_is_yaml(const char *path);

/* Compare two elements of a list by their bytes, for qsort() and bsearch(). */
int	files_compare(const void *a, const void *b);

void	files_clear(struct files *l);
