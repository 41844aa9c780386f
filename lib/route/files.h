/*
 * files.h: lists of files, and patterns for them.
 *
 * A pattern contains *, ?, [set], {one,other} and, as a whole part of the path,
 * **, which stands for any number of folders.  Its files have the order of
 * Symfony, which decides which route a topic gets: by name, with numbers by
 * value, so b9 before b10; with ** byte by byte.
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

#define FILES_MAX	10000	/* files of one pattern, at most */

/* Append a path.  0, or -1 when out of memory. */
int	files_add(struct files *l, const char *path);

/* Whether the text contains a character of patterns. */
bool	files_is_pattern(const char *text);

/* Append the paths that match the pattern, each one once, including folders.  A
 * relative pattern starts at the folder of the file `beside` (NULL: here).  0,
 * or -1 with *e filled. */
int	files_find(struct files *l, const char *beside, const char *pattern,
	    struct errbuf *e);

/* Append the YAML files of a folder.  0, or -1 with *e filled. */
int	files_in(struct files *l, const char *folder, struct errbuf *e);

/*
 * Append the files for a word of a configuration or a command line.  If a file
 * has exactly that name, it is meant; otherwise the word may be a pattern.
 * Folders, and the n known files, are left out.  A pattern without a match is
 * an error.  A name without a file is appended, and opening it will fail.  0,
 * or -1 with *e filled.
 */
int	files_named(struct files *l, const char *const *known, size_t n,
	    const char *beside, const char *word, struct errbuf *e);

/* Whether the name ends like that of a YAML file. */
bool	files_is_yaml(const char *path);

/* Compare two elements of a list by their bytes, for qsort() and bsearch(). */
int	files_compare(const void *a, const void *b);

void	files_clear(struct files *l);
